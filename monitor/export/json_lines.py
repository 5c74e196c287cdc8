r"""A session's records as JSON lines: every event with its effects, as the journal holds them.

The fields are those of `docs/events.md` and `docs/effects.md`; a line is one record with its number
`n`. Nothing is added and nothing is left out.

>>> from monitor.events import Tick
>>> json_lines([Record(1, Tick(at_ms=5), ())])
b'{"n":1,"event":{"event":"Tick","at_ms":5},"effects":[]}\n'
"""

from collections.abc import Iterable

from monitor.journal import Record, encode

__all__ = ["json_lines"]


def json_lines(records: Iterable[Record]) -> bytes:
    """Return the whole file."""
    return b"".join(encode(record) + b"\n" for record in records)
