r"""What this version cannot read of a record that another one wrote, record by record.

Events and effects gain fields and lose none lightly; where a record of an older or a later version
does not fit any more, a person must learn which one, what it was about, and what is in the way,
instead of a guess. Only the outermost shape is asked for here: number, time, kind, writer.

>>> list(unread([(1, b'{"n":1,"event":{"event":"Party","at_ms":5}}')]))
["record 1 (Party): Invalid value 'Party' - at `$.event.event`"]
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from msgspec import Struct

from monitor.journal import JournalError, decode

__all__ = ["Outline", "outline", "unread"]

_TOLD: Final = 10


class _Event(Struct, rename={"kind": "event"}):
    at_ms: int
    kind: str = ""
    software: str = ""


class Outline(Struct):
    """What every version's records have: `n`, and of the event `at_ms`, its kind, who wrote it."""

    n: int
    event: _Event


_OUTLINE: Final = msgspec.json.Decoder(Outline)


def outline(body: bytes) -> Outline | None:
    """Return the outline of a record of any version; None for what is no record at all."""
    try:
        return _OUTLINE.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def unread(records: Iterable[tuple[int, bytes]]) -> Iterator[str]:
    """Yield a line for each record that this version cannot read, ten at most; then how many more.

    Args:
        records: number and text of each.
    """
    count = 0
    for n, body in records:
        try:
            decode(body)
        except JournalError as error:
            count += 1
            if count <= _TOLD:
                yield f"record {n}{_about(body)}: {_reason(error)}"
    if count > _TOLD:
        yield f"and {count - _TOLD} more records"


def _about(body: bytes) -> str:
    found = outline(body)
    if found is None:
        return ""
    by = f", written by Vigil {found.event.software}" if found.event.software else ""
    return f" ({found.event.kind}{by})"


def _reason(error: JournalError) -> str:
    return str(error).partition(" is no record: ")[2]
