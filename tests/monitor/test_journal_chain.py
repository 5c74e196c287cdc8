"""A record's chain of hashes: what is whole, what was changed, and what is honestly missing."""

import pytest

from monitor.events import Event, RecordGap, Tick
from monitor.journal import GENESIS, ChainFault, JournalError, Record, chain, check, decode, encode

Row = tuple[int, bytes, bytes]


def journal(events: dict[int, Event]) -> list[Row]:
    """The rows of a journal whose numbers are the keys; the chain knows no gaps."""
    rows, before = [], GENESIS
    for n, event in events.items():
        body = encode(Record(n, event))
        before = chain(before, body)
        rows.append((n, body, before))
    return rows


def ticks(*numbers: int) -> dict[int, Event]:
    """Events with these numbers."""
    return {n: Tick(at_ms=n) for n in numbers}


def gap(lost: int) -> Event:
    """What the hub says once recording works again."""
    return RecordGap(at_ms=9, from_ms=1, to_ms=2, lost=lost)


def test_a_whole_journal_has_no_fault() -> None:
    """Every record is counted and the last hash names them all; an empty one is whole too."""
    rows = journal(ticks(1, 2, 3))
    assert [check(rows), check([])] == [(3, rows[-1][2], None), (0, GENESIS, None)]


def test_a_changed_record_is_the_first_fault() -> None:
    """The records before it still stand."""
    rows = journal(ticks(1, 2, 3))
    rows[1] = (2, encode(Record(2, Tick(at_ms=77))), rows[1][2])
    what = "its bytes do not fit its hash: it, or one before it, was changed"
    assert check(rows) == (1, rows[0][2], ChainFault(2, what))


def test_a_record_that_was_taken_out_is_a_fault_of_the_next() -> None:
    """The hash after it covers it."""
    rows = journal(ticks(1, 2, 3))
    what = "its bytes do not fit its hash: it, or one before it, was changed"
    assert check([rows[0], rows[2]]) == (1, rows[0][2], ChainFault(3, what))


@pytest.mark.parametrize(("lost", "whole"), [(2, True), (5, True), (1, False), (0, False)])
def test_numbers_may_be_missing_only_where_a_gap_owns_up_to_them(lost: int, whole: bool) -> None:
    """Records that memory could not keep are missing; the RecordGap that follows says how many."""
    rows = journal(ticks(1, 4) | {5: gap(lost)} | ticks(6))
    what = "2 records are missing, and no RecordGap says that they were lost"
    fault = None if whole else ChainFault(2, what)
    assert check(rows) == (4, rows[-1][2], fault)


def test_one_gap_covers_all_that_was_lost_before_it_and_nothing_after() -> None:
    """Two holes before a gap add up; a hole after it needs a gap of its own."""
    rows = journal(ticks(1, 3, 5) | {6: gap(2)})
    later = journal(ticks(1, 3, 5) | {6: gap(2)} | ticks(8))
    what = "1 records are missing, and no RecordGap says that they were lost"
    assert [check(rows)[2], check(later)[2]] == [None, ChainFault(7, what)]


def test_words_about_a_gap_are_no_gap() -> None:
    """Only the event counts, not a text that names it."""
    rows = journal(ticks(1, 3))
    body = encode(Record(4, Tick(at_ms=4))).replace(b"{", b'{"note":"RecordGap",', 1)
    rows.append((4, body, chain(rows[-1][2], body)))
    what = "1 records are missing, and no RecordGap says that they were lost"
    assert check(rows) == (3, rows[-1][2], ChainFault(2, what))


def test_numbers_that_go_back_are_a_fault() -> None:
    """A record comes after the one before it."""
    rows = journal({1: Tick(at_ms=1), 3: gap(1), 2: Tick(at_ms=2)})
    assert check(rows) == (2, rows[1][2], ChainFault(2, "comes after record 3"))


def test_bytes_that_are_no_record_are_named() -> None:
    """Nonsense and bad UTF-8 are refused with the first bytes."""
    for body in (b"{}", b'{"n":1,"event":{"event":"Tick","at_ms":"\xff"}}', b""):
        with pytest.raises(JournalError, match="is no record"):
            decode(body)
