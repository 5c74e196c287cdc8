"""A record has one spelling, and the chain shows every edit."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.effects import RowOff
from monitor.events import RecordGap, Tick, Woke
from monitor.journal import GENESIS, ChainFault, JournalError, Record, chain, check, decode, encode

RECORDS = [Record(n, Woke(at_ms=n * 10), (RowOff(at_ms=n * 10, row="R", why="w"),)) for n in (1, 2)]


def rows(records: list[Record]) -> list[tuple[int, bytes, bytes]]:
    """Return what a journal file holds of these records."""
    found, before = [], GENESIS
    for record in records:
        body = encode(record)
        before = chain(before, body)
        found.append((record.n, body, before))
    return found


def test_a_record_is_canonical_json() -> None:
    """Fields in their written order, no spaces, defaults left out; it comes back as it was."""
    body = encode(RECORDS[0])
    assert body == (
        b'{"n":1,"event":{"event":"Woke","at_ms":10},'
        b'"effects":[{"effect":"RowOff","at_ms":10,"row":"R","why":"w"}]}'
    )
    assert decode(body) == RECORDS[0]


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b'{"n":1,"event":{"event":"Party"}}'])
def test_what_is_no_record_is_refused_with_its_beginning(body: bytes) -> None:
    """The message shows the bytes and what is wrong."""
    with pytest.raises(JournalError) as caught:
        decode(body)
    assert str(caught.value).startswith(f"{body[:60]!r}... is no record: ")


@given(st.binary(max_size=200))
def test_random_bytes_are_a_record_or_a_journal_error(body: bytes) -> None:
    """Nothing else is ever raised."""
    try:
        decode(body)
    except JournalError:
        return


def test_the_chain_is_sha_256_over_the_hash_before_and_the_bytes() -> None:
    """The first record follows 32 zero bytes."""
    assert chain(GENESIS, b"x") == hashlib.sha256(b"\0" * 32 + b"x").digest()
    found = rows(RECORDS)
    assert check(found) == (2, found[1][2], None)
    assert check([]) == (0, GENESIS, None)


def test_an_edit_shows_at_its_record() -> None:
    """The hash before it is the last good one."""
    found = rows(RECORDS)
    n, body, digest = found[1]
    edited = [found[0], (n, body.replace(b"20", b"21"), digest)]
    what = "its bytes do not fit its hash: it, or one before it, was changed"
    assert check(edited) == (1, found[0][2], ChainFault(2, what))


def test_what_is_no_bytes_is_a_change() -> None:
    """A damaged file may hold a text, or nothing."""
    what = "its bytes do not fit its hash: it, or one before it, was changed"
    for body in ("text", None):
        damaged: list[Any] = [(1, body, b"")]
        assert check(damaged) == (0, GENESIS, ChainFault(1, what))


def test_a_number_that_comes_again_shows() -> None:
    """Records count upwards."""
    found = rows([RECORDS[0], RECORDS[0]])
    assert check(found) == (1, found[0][2], ChainFault(1, "comes after record 1"))


@pytest.mark.parametrize(
    ("numbers", "lost", "fault"),
    [
        ([1, 4, 5], 2, None),
        ([1, 4, 5], 1, (2, 2)),
        ([1, 3, 4], 5, None),
        ([3, 4], 2, None),
        ([1, 2, 4], 0, (3, 1)),
    ],
    ids=["owned up to", "more than owned up to", "fewer", "from the first", "in silence"],
)
def test_numbers_are_missing_only_where_a_gap_owns_up_to_them(
    numbers: list[int], lost: int, fault: tuple[int, int] | None
) -> None:
    """The last record is the RecordGap."""
    records = [Record(n, Woke(at_ms=n), ()) for n in numbers[:-1]]
    gap = RecordGap(at_ms=99, from_ms=1, to_ms=98, lost=lost)
    found = rows([*records, Record(numbers[-1], gap, ())])
    what = None
    if fault is not None:
        n, missing = fault
        text = f"{missing} records are missing, and no RecordGap says that they were lost"
        what = ChainFault(n, text)
    assert check(found) == (len(numbers), found[-1][2], what)


def test_the_word_record_gap_in_another_record_excuses_nothing() -> None:
    """Only the event itself counts."""
    odd = Record(3, Woke(at_ms=9), (RowOff(at_ms=9, row='"RecordGap"', why="RecordGap"),))
    found = rows([Record(1, Tick(at_ms=1), ()), odd])
    body = found[1][1].replace(b'\\"RecordGap\\"', b"RecordGap")
    assert b'"RecordGap"' in body
    found[1] = (3, body, chain(found[0][2], body))
    what = "1 records are missing, and no RecordGap says that they were lost"
    assert check(found) == (2, found[1][2], ChainFault(2, what))
