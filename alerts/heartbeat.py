"""What the hub tells its supervisor once a second, as one line of JSON.

A beat says whether a session is open, how far the record is, when something is due, and, frozen,
whom to page by which address if the hub should be silent next: the supervisor must be able to call
people although nobody can be asked any more. This module knows no pipe and imports the standard
library only.

>>> beat = Heartbeat(session_open=False)
>>> decode(encode(beat)) == beat
True
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

__all__ = ["MAX_LINE_BYTES", "MAX_PAGES", "Heartbeat", "HeartbeatError", "Page", "decode", "encode"]

MAX_LINE_BYTES: Final = 65_536
MAX_PAGES: Final = 96


class HeartbeatError(ValueError):
    """A line is no beat; the message says which field and what it must be."""


@dataclass(frozen=True, slots=True)
class Page:
    """One person to page: name, channel, address, and the mode of the session that needs them."""

    contact: str
    channel: str
    url: str
    mode: str


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One beat. `record` is the last committed record, `next_deadline_ms` hub time or None."""

    session_open: bool
    record: int = 0
    next_deadline_ms: int | None = None
    pages: tuple[Page, ...] = ()


def encode(beat: Heartbeat) -> bytes:
    r"""Return a beat as one line that ends with `\n`.

    The last pages are left out when there are more than 96, or when the line would be too long: the
    supervisor would not read it, and take the hub for dead.
    """
    fields = asdict(beat)
    fields["pages"] = fields["pages"][:MAX_PAGES]
    while True:
        line = json.dumps(fields, separators=(",", ":")).encode() + b"\n"
        if len(line) <= MAX_LINE_BYTES or not fields["pages"]:
            return line
        fields["pages"] = fields["pages"][: len(fields["pages"]) * 3 // 4]


def decode(line: bytes) -> Heartbeat:
    """Read one line.

    Raises:
        HeartbeatError: no JSON object, or a field of a wrong type.
    """
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise HeartbeatError(f"a beat is no JSON: {line[:80]!r}") from error
    if not isinstance(fields, dict):
        raise HeartbeatError(f"a beat is no JSON object: {line[:80]!r}")
    pages = _field(fields, "pages", list)
    due_ms = fields.get("next_deadline_ms")
    if due_ms is not None:
        due_ms = _field(fields, "next_deadline_ms", int)
    return Heartbeat(
        _field(fields, "session_open", bool),
        _field(fields, "record", int),
        due_ms,
        tuple(_page(page) for page in pages[:MAX_PAGES]),
    )


def _page(page: object) -> Page:
    if not isinstance(page, dict):
        raise HeartbeatError(f"a page of a beat is no JSON object: {page!r:.80}")
    return Page(*(_field(page, name, str) for name in ("contact", "channel", "url", "mode")))


def _field(fields: dict[str, Any], name: str, kind: type) -> Any:
    value = fields.get(name)
    # A JSON true is an int to Python and no number to us.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise HeartbeatError(f"field {name} of a beat is {value!r:.80}: it must be {kind.__name__}")
    return value
