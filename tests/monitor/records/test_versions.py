"""What another version wrote is named record by record, with what is in the way."""

from monitor.events import Tick
from monitor.journal import Record, encode
from monitor.records.versions import outline, unread

PARTY = b'{"n":2,"event":{"event":"Party","at_ms":5,"software":"9.1"}}'


def test_every_record_that_cannot_be_read_has_a_line() -> None:
    """With its kind and its writer, when it tells them; what can be read has none."""
    records = [(1, encode(Record(1, Tick(at_ms=1)))), (2, PARTY), (3, b"nonsense")]
    assert list(unread(records)) == [
        "record 2 (Party, written by Vigil 9.1): Invalid value 'Party' - at `$.event.event`",
        "record 3: JSON is malformed: invalid character (byte 4)",
    ]


def test_ten_are_told_and_the_rest_is_counted() -> None:
    """Nobody reads ten thousand lines."""
    lines = list(unread((n, PARTY) for n in range(1, 13)))
    assert (len(lines), lines[-1]) == (11, "and 2 more records")


def test_an_outline_is_what_every_version_has() -> None:
    """Number, time, kind; nothing of what is no record."""
    found = outline(PARTY)
    assert found is not None
    assert (found.n, found.event.at_ms, found.event.kind, found.event.software) == (
        2,
        5,
        "Party",
        "9.1",
    )
    assert outline(b"\xff") is None
