"""What makes a journal whole: chain, numbers, times, commits; and what a claim of others says."""

from collections.abc import Sequence
from typing import Any

import pytest

from monitor.events import RecordGap, Tick
from monitor.journal import GENESIS, ChainFault, Record, chain, encode
from monitor.records.checking import Claim, Commit, Stored, Verdict, compare, examine, seal_of
from tests.sessions import opened

FITS_NOT = "its bytes do not fit its hash: it, or one before it, was changed"


def stored(records: Sequence[Record]) -> list[Stored]:
    """What a file holds of these records."""
    rows, before = [], GENESIS
    for record in records:
        body = encode(record)
        before = chain(before, body)
        rows.append(Stored(record.n, record.event.at_ms, body, before))
    return rows


def sealed(first: Stored, last: Stored, **clocks: Any) -> Commit:
    """The commit of these records, with its seal."""
    commit = Commit(first.n, last.n, last.at_ms, "b", last.at_ms, 0, 0)._replace(**clocks)
    return commit._replace(seal=seal_of(last.digest, commit))


def edited(row: Any, **columns: Any) -> Any:
    """Change columns, also to what no writer would put there."""
    return row._replace(**columns)


ROWS = stored([Record(n, Tick(at_ms=n * 10)) for n in (1, 2, 3, 4)])
COMMITS = [sealed(ROWS[0], ROWS[2]), sealed(ROWS[3], ROWS[3])]


def fault(rows: Sequence[Stored], commits: Sequence[Commit], file_format: int = 2) -> Any:
    """What is wrong, as number and words."""
    found = examine(rows, commits, file_format).fault
    return None if found is None else (found.n, found.what)


def test_a_whole_journal_is_counted_and_named_by_its_last_hash() -> None:
    """An empty one is whole too."""
    assert [examine(ROWS, COMMITS), examine([], [])] == [
        Verdict(4, 4, ROWS[3].digest, met={}),
        Verdict(met={}),
    ]


def test_the_first_record_says_whose_journal_it_is() -> None:
    """And which version wrote it."""
    rows = stored([Record(1, opened())])
    verdict = examine(rows, [sealed(rows[0], rows[0])])
    assert (verdict.session, verdict.software) == ("s1", opened().software)


def test_a_record_lies_under_its_own_number_and_time() -> None:
    """Hashes do not cover the columns beside the bytes; the bytes say both again."""
    time = [*ROWS[:3], ROWS[3]._replace(at_ms=41)]
    number = [*ROWS[:3], ROWS[3]._replace(n=9)]
    assert [fault(time, COMMITS), fault(number, COMMITS), fault(time, COMMITS, 1)] == [
        (4, "its time was changed: its bytes say 40 ms"),
        (9, "its number was changed: its bytes say record 4"),
        (4, "its time and that of its commit differ: one was changed"),
    ]


@pytest.mark.parametrize(
    ("commits", "expected"),
    [
        (COMMITS[:1], (4, "no commit of the file has it: it was added by others")),
        (COMMITS[1:], (1, "no commit of the file has it: it was added by others")),
        (
            [*COMMITS, sealed(ROWS[3], ROWS[3], first_n=5, last_n=6)],
            (6, "is missing, and its commit says it was there: the end"),
        ),
        (
            [COMMITS[0]._replace(last_n=0), COMMITS[1]],
            (1, "its commit says records 1 to 0: one of them was changed"),
        ),
        (
            [edited(COMMITS[0], last_n="many"), COMMITS[1]],
            (1, "its commit says records 1 to many: one of them was changed"),
        ),
        (
            [COMMITS[0]._replace(first_n=0), COMMITS[1]],
            (1, "its commit says records 0 to 3: one of them was changed"),
        ),
        (
            [COMMITS[0]._replace(wall_ms=7), COMMITS[1]],
            (3, "the clocks of its commit do not fit their seal"),
        ),
        (
            [edited(COMMITS[0], boot_id=b"\xff"), COMMITS[1]],
            (3, "the clocks of its commit do not fit their seal"),
        ),
        (
            [COMMITS[0]._replace(at_ms=7), COMMITS[1]],
            (3, "its time and that of its commit differ: one was changed"),
        ),
        (
            [COMMITS[0]._replace(last_n=5)],
            (5, "is missing, and its commit says it was there: the end"),
        ),
    ],
)
def test_every_record_belongs_to_one_commit(commits: Any, expected: tuple[int, str]) -> None:
    """Whose clocks are sealed with the hash of its last record."""
    assert fault(ROWS, commits) == expected


def test_a_commit_ends_with_a_record_that_is_there() -> None:
    """Numbers may be missing where a gap owns up to them, a commit's last never."""
    rows = stored([Record(1, Tick(at_ms=1)), Record(4, RecordGap(at_ms=4, from_ms=1, to_ms=2))])
    commits = [sealed(rows[0], rows[1], last_n=3)]
    assert fault(rows, commits) == (3, "is missing, and its commit says it was there")


def test_what_was_lost_is_missing_only_with_a_gap_that_says_so() -> None:
    """The disk failed and the record says how many it lost."""
    for lost, expected in (
        (2, None),
        (1, (2, "2 records are missing, and no RecordGap says that they were lost")),
    ):
        gap = RecordGap(at_ms=4, from_ms=1, to_ms=2, lost=lost)
        rows = stored([Record(1, Tick(at_ms=1)), Record(4, gap)])
        assert fault(rows, [sealed(rows[0], rows[1])]) == expected


def test_an_older_format_has_no_seals_and_gets_them_when_it_goes_on() -> None:
    """From the first seal on each commit has one; a new file has them from the beginning."""
    old = [commit._replace(seal=None) for commit in COMMITS]
    cases = [
        (old, 1),
        ([old[0], COMMITS[1]], 1),
        ([COMMITS[0], old[1]], 1),
        (old, 2),
    ]
    words = "the clocks of its commit do not fit their seal"
    assert [fault(ROWS, commits, number) for commits, number in cases] == [
        None,
        None,
        (4, words),
        (3, words),
    ]


def test_what_fits_and_is_no_record_of_this_version_is_counted() -> None:
    """The chain holds, so another version of ours wrote it; its place is checked all the same."""
    other = b'{"n":2,"event":{"event":"Party","at_ms":20}}'
    bodies = (b"{}", other)
    rows, before = [], GENESIS
    for n, body in enumerate(bodies, start=1):
        before = chain(before, body)
        rows.append(Stored(n, n * 10, body, before))
    whole = examine(rows, [sealed(rows[0], rows[1])])
    moved = [rows[0], rows[1]._replace(at_ms=21)]
    assert (whole.count, whole.fault, whole.unread) == (2, None, 2)
    assert whole.first_unread.startswith("record 1: b'{}'... is no record: ")
    assert fault(moved, [sealed(rows[0], moved[1])]) == (
        2,
        "its time was changed: its bytes say 20 ms",
    )


def test_without_the_key_the_chain_is_checked_and_nothing_more() -> None:
    """Whether missing records were lost is in the text of a record: only the key tells."""
    rows = [ROWS[0], *stored([Record(1, Tick(at_ms=10)), Record(3, Tick(at_ms=30))])[1:]]
    commits = [sealed(rows[0], rows[1])]
    assert examine(rows, commits, opener=lambda _, __: None).fault == ChainFault(
        2,
        "1 records are missing; only with the key can be read whether the record itself says"
        " that they were lost",
    )


def test_what_the_key_does_not_open_was_changed() -> None:
    """Bytes that do not fit say so by their hash; bytes that fit and do not open, by the key."""

    def opener(n: int, body: bytes) -> bytes:
        if n == 2:
            raise ValueError("its seal does not fit")
        return body

    changed = [ROWS[0], ROWS[1]._replace(body=b"x"), *ROWS[2:]]
    assert [examine(rows, COMMITS, opener=opener).fault for rows in (changed, ROWS)] == [
        ChainFault(2, FITS_NOT),
        ChainFault(2, "its seal does not fit"),
    ]


def test_what_is_no_bytes_was_changed() -> None:
    """A damaged file may hold a text, or nothing."""
    broken = [edited(ROWS[0], body="text")]
    assert fault(broken, COMMITS) == (1, FITS_NOT)


def claimed(row: Stored, *, final: bool = False, last_n: int | None = None) -> tuple[bool, str]:
    """What is said of ROWS when the watcher knows this row."""
    claim = Claim("the watcher", row.digest, last_n, final)
    return compare(examine(ROWS, COMMITS, claims=[claim]), claim)


def test_what_others_know_is_held_against_it() -> None:
    """The same end, an earlier record, an end that was cut off, a record that was made anew."""
    other = ROWS[3]._replace(digest=b"other")
    assert [
        claimed(ROWS[3], final=True),
        claimed(ROWS[1]),
        claimed(ROWS[1], final=True),
        claimed(other, last_n=9),
        claimed(other, last_n=3),
        claimed(other),
    ] == [
        (True, "it ends as the watcher says"),
        (True, "the watcher knows it up to record 2; it has gone on since"),
        (False, "it was to end with record 2, as the watcher says, and goes on after it"),
        (False, "its end is cut off: the watcher knows record 9, the file ends with record 4"),
        (False, "it was made anew: its record 3 is not the one of the watcher"),
        (False, "it has no record with the hash of the watcher: it was cut off or made anew"),
    ]
