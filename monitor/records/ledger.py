"""The hub's ledger: what was done with records, by whom, as a chain that shows every edit.

A session's journal says what happened in it; what happens to the journal stands here, because it
may be gone: opened and closed with which last hash, looked at, exported, backed up, restored,
deleted. So a journal that is missing is known to be deleted, or is lost. A line never says anything
about a patient but the session's name. Nothing is stored here.

>>> line = Line(wall_ms=5, what="deleted", session="s1", by="Dr Berg", last_n=7, head="aa")
>>> read(encode(line)) == line
True
"""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from monitor.journal import GENESIS, ChainFault, JournalError, chain

__all__ = ["LOOK_MS", "Ledger", "Line", "What", "check_ledger", "encode", "is_again", "read"]

What = Literal[
    "opened",
    "closed",
    "looked",
    "exported",
    "backed_up",
    "restored",
    "deleted",
]

LOOK_MS = 3_600_000
"""Who looks at the same again within an hour is not written down again."""

_Text = Annotated[str, Meta(max_length=300)]


class Line(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One act: at which wall time, what, with which session's record, and by whom.

    `last_n` and `head` name the record as it was then; `detail` says how or where to.
    """

    wall_ms: int
    what: What
    session: _Text
    by: _Text
    detail: _Text = ""
    last_n: int = 0
    head: Annotated[str, Meta(max_length=64)] = ""


_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(Line)


def encode(line: Line) -> bytes:
    """Return the canonical bytes of a line."""
    return _ENCODER.encode(line)


def read(body: bytes) -> Line:
    """Read one line.

    Raises:
        JournalError: the bytes are no line of this version.
    """
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise JournalError(f"{bytes(body[:60])!r}... is no line of a ledger: {error}") from None


def check_ledger(rows: Iterable[tuple[int, bytes, bytes]]) -> ChainFault | None:
    """Follow the ledger's chain; nothing may be missing in it."""
    expected, before = 1, GENESIS
    for n, body, digest in rows:
        if n != expected:
            return ChainFault(expected, f"is missing: line {n} comes after line {expected - 1}")
        after = chain(before, body) if isinstance(body, bytes) else b""
        if after != digest:
            what = "its bytes do not fit its hash: it, or one before it, was changed"
            return ChainFault(n, what)
        expected, before = n + 1, after
    return None


def is_again(line: Line, before: Iterable[Line]) -> bool:
    """Whether the same look stands there already, less than an hour ago."""
    if line.what != "looked":
        return False
    return any(
        (one.what, one.session, one.by, one.detail)
        == (line.what, line.session, line.by, line.detail)
        and 0 <= line.wall_ms - one.wall_ms < LOOK_MS
        for one in before
    )


class Ledger:
    """What the lines say of each session: its end, and whether it was deleted on record."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.known: dict[str, Line] = {}
        self.ended: dict[str, Line] = {}
        self.deleted: dict[str, Line] = {}
        for line in lines:
            self.known.setdefault(line.session, line)
            if line.what == "closed":
                self.ended[line.session] = line
            elif line.what == "deleted":
                self.deleted[line.session] = line
            elif line.what in ("opened", "restored"):
                self.deleted.pop(line.session, None)

    def lost(self, there: Iterable[str]) -> list[str]:
        """Return the sessions that the ledger knows, that are not there and were not deleted."""
        return sorted(set(self.known) - set(there) - set(self.deleted))
