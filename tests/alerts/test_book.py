"""One cause, one alarm: what each assessment does to its family's alarm (`clinical.md` 2.7)."""

from hypothesis import given
from hypothesis import strategies as st

from alerts.alarm import RowFacts
from alerts.book import AlarmBook
from alerts.condition import Absent, Assessment, Kind, Off, Present, Priority, Transition, Unknown
from alerts.effects import AlarmChanged
from tests.alerts.room import CRIT, HIGH, LOW, MEDIUM, SPO2_LOW, WARN, A, E, S, short, there


def said(book: AlarmBook, row: RowFacts, answer: Assessment, at_s: int) -> list[str]:
    """One assessment, as short lines."""
    return [short(line) for line in book.settle(row, answer, at_s * 1000)]


def test_a_line_says_all_there_is_to_say() -> None:
    """R01: id, type, priority, source, onset time, cause value, limit, state."""
    assert AlarmBook().settle(CRIT, there(HIGH, E), 5) == [
        AlarmChanged(
            at_ms=5,
            id="oxygen@5",
            family="oxygen",
            row="CRIT",
            transition=Transition.RAISED,
            priority=HIGH,
            alarm_class=E,
            kind=Kind.PHYSIOLOGICAL,
            value_x100=8500,
            limit_x100=9000,
            reason="high now",
        )
    ]


def test_one_family_is_one_alarm_upgraded_in_place() -> None:
    """Each row that becomes present gives one line: raised, upgraded when higher, else joined."""
    book = AlarmBook()
    assert said(book, WARN, there(MEDIUM), 0) == ["0 raised oxygen@0 WARN medium"]
    assert said(book, WARN, there(MEDIUM), 1) == []
    assert said(book, SPO2_LOW, there(HIGH, A), 2) == ["2 upgraded oxygen@0 LOW high A"]
    assert said(book, CRIT, there(HIGH, A), 3) == ["3 joined oxygen@0 CRIT high A"]
    assert said(book, CRIT, there(HIGH, E), 4) == ["4 upgraded oxygen@0 CRIT high E"]


def test_families_do_not_meet() -> None:
    """Two causes are two alarms."""
    book = AlarmBook()
    other = RowFacts("PR", "pulse_fast", Kind.PHYSIOLOGICAL)
    assert said(book, WARN, there(MEDIUM), 0) + said(book, other, there(LOW), 0) == [
        "0 raised oxygen@0 WARN medium",
        "0 raised pulse_fast@0 PR low",
    ]
    oxygen = book.open["oxygen"]
    assert (book.by_id("oxygen@0"), book.by_id("oxygen@1")) == (oxygen, None)


def test_unknown_and_off_change_nothing() -> None:
    """Unknown never clears (R11, R13), never raises, never unlatches."""
    book = AlarmBook()
    for answer in (Unknown("no signal"), Off("never promised")):
        assert said(book, SPO2_LOW, answer, 0) == []
    said(book, SPO2_LOW, there(HIGH, A), 1)
    for answer in (Unknown("no signal"), Off("failed")):
        assert said(book, SPO2_LOW, answer, 2) == []
    assert book.open["oxygen"].condition_present
    said(book, SPO2_LOW, Absent(), 3)
    assert said(book, SPO2_LOW, Unknown("no signal"), 4) == []
    assert book.open["oxygen"].level == (HIGH, A)


def test_absent_of_what_was_not_present_is_nothing() -> None:
    """Without an alarm, without the row, and when it is latched already."""
    book = AlarmBook()
    assert said(book, WARN, Absent(), 0) == []
    said(book, SPO2_LOW, there(HIGH, A), 1)
    assert said(book, WARN, Absent(), 2) == []
    said(book, SPO2_LOW, Absent(), 3)
    assert said(book, SPO2_LOW, Absent(), 4) == []


def test_a_row_that_does_not_latch_clears_itself() -> None:
    """With the last row the alarm is over; a higher one that clears leaves the next present."""
    book = AlarmBook()
    fast = RowFacts("FAST", "oxygen", Kind.PHYSIOLOGICAL)
    said(book, WARN, there(LOW), 0)
    said(book, fast, there(MEDIUM), 1)
    assert said(book, fast, Absent(), 2) == [
        "2 cleared oxygen@0 FAST low",
        "2 downgraded oxygen@0 WARN low",
    ]
    assert said(book, WARN, Absent(), 3) == ["3 cleared oxygen@0 WARN low"]
    assert book.open == {}


def test_a_latched_row_holds_the_priority_until_a_person_resets_it() -> None:
    """2.7.2: then the alarm goes on at the next row present."""
    book = AlarmBook()
    said(book, WARN, there(MEDIUM), 0)
    said(book, SPO2_LOW, there(HIGH, A), 1)
    assert said(book, SPO2_LOW, Absent(), 2) == ["2 latched oxygen@0 LOW high A"]
    assert book.open["oxygen"].level == (HIGH, A)
    assert [short(line) for line in book.reset(book.open["oxygen"], "ann", 3_000)] == [
        "3 reset oxygen@0 LOW medium by ann",
        "3 downgraded oxygen@0 WARN medium",
    ]
    assert book.reset(book.open["oxygen"], "ann", 4_000) == []


def test_two_latched_rows_are_reset_together() -> None:
    """One tap ends the alarm."""
    book = AlarmBook()
    for row in (SPO2_LOW, CRIT):
        said(book, row, there(HIGH, A), 0)
    for row in (SPO2_LOW, CRIT):
        said(book, row, Absent(), 1)
    assert [short(line) for line in book.reset(book.open["oxygen"], "ann", 2_000)] == [
        "2 reset oxygen@0 LOW high A by ann",
        "2 reset oxygen@0 CRIT high A by ann",
    ]
    assert book.open == {}


def test_a_row_latches_only_from_its_full_priority() -> None:
    """While it is checking, or below the priority it latches from, it clears itself."""
    for answer in (there(HIGH, A, full=False), there(MEDIUM)):
        book = AlarmBook()
        said(book, SPO2_LOW, answer, 0)
        assert [line.split()[1] for line in said(book, SPO2_LOW, Absent(), 1)] == ["cleared"]


def test_a_row_keeps_the_highest_that_latched() -> None:
    """Class E stays when A follows; the present lower one adds nothing."""
    book = AlarmBook()
    said(book, CRIT, there(HIGH, E), 0)
    assert said(book, CRIT, there(HIGH, A), 1) == []
    assert said(book, CRIT, Absent(), 2) == ["2 latched oxygen@0 CRIT high E"]


def test_a_latched_row_that_comes_back_joins_its_own_alarm() -> None:
    """Same id, still one alarm."""
    book = AlarmBook()
    said(book, SPO2_LOW, there(HIGH, A), 0)
    said(book, SPO2_LOW, Absent(), 1)
    assert said(book, SPO2_LOW, there(HIGH, A), 2) == ["2 joined oxygen@0 LOW high A"]


def test_a_row_by_itself_goes_up_down_and_becomes_full() -> None:
    """Up is an upgrade, down a downgrade, full or class A a line; the same again is none."""
    book = AlarmBook()
    steps = [
        there(LOW),
        there(MEDIUM, full=False),
        there(MEDIUM),
        there(HIGH, S),
        there(HIGH, A),
        there(HIGH, S),
        there(LOW),
    ]
    assert [said(book, WARN, answer, n) for n, answer in enumerate(steps)] == [
        ["0 raised oxygen@0 WARN low"],
        ["1 upgraded oxygen@0 WARN medium"],
        ["2 joined oxygen@0 WARN medium"],
        ["3 upgraded oxygen@0 WARN high S"],
        ["4 joined oxygen@0 WARN high A"],
        [],
        ["6 downgraded oxygen@0 WARN low"],
    ]


def cycle(book: AlarmBook, on_s: int, off_s: int) -> list[str]:
    """The alarm comes and goes once."""
    return said(book, WARN, there(MEDIUM), on_s) + said(book, WARN, Absent(), off_s)


def test_the_third_return_within_15_minutes_is_one_priority_up() -> None:
    """2.7.4: a return within 5 min is repeated, with a counter; the third is high."""
    book = AlarmBook()
    assert cycle(book, 0, 60) == [
        "0 raised oxygen@0 WARN medium",
        "60 cleared oxygen@0 WARN medium",
    ]
    assert cycle(book, 360, 400)[1] == "360 repeated oxygen@360000 WARN medium"
    assert cycle(book, 500, 600)[1] == "500 repeated oxygen@500000 WARN medium"
    assert cycle(book, 700, 800) == [
        "700 raised oxygen@700000 WARN high A",
        "700 repeated oxygen@700000 WARN high A",
        "800 cleared oxygen@700000 WARN high A",
    ]


def test_a_return_after_five_minutes_is_a_new_alarm() -> None:
    """To the millisecond."""
    book = AlarmBook()
    cycle(book, 0, 60)
    line = book.settle(WARN, there(MEDIUM), 360_001)
    assert [short(one) for one in line] == ["360.001 raised oxygen@360001 WARN medium"]


def test_returns_older_than_15_minutes_do_not_count() -> None:
    """Three returns, the first 15 min and 1 s before the third: still medium, and it says two."""
    book = AlarmBook()
    for on_s, off_s in ((0, 10), (100, 500), (700, 900)):
        cycle(book, on_s, off_s)
    lines = book.settle(WARN, there(MEDIUM), 1_001_000)
    assert [(line.priority, line.reason) for line in lines] == [
        (MEDIUM, "medium now"),
        (MEDIUM, "return 2 within 15 min"),
    ]


ANSWERS = st.one_of(
    st.builds(
        Present,
        st.sampled_from(Priority),
        st.sampled_from([A, E, S]),
        st.just("now"),
        full=st.booleans(),
    ),
    st.just(Absent()),
    st.just(Unknown("lost")),
)


@given(st.lists(st.tuples(st.sampled_from([WARN, SPO2_LOW, CRIT]), ANSWERS), max_size=40))
def test_the_book_never_contradicts_itself(steps: list[tuple[RowFacts, Assessment]]) -> None:
    """An alarm has the level of its highest row; only absence ends one."""
    book = AlarmBook()
    for n, (row, answer) in enumerate(steps):
        before = book.open.get("oxygen")
        rank_before = 0 if before is None else before.rank
        lines = book.settle(row, answer, n)
        after = book.open.get("oxygen")
        assert len(lines) <= 3
        if isinstance(answer, Unknown):
            assert (lines, after) == ([], before)
        if before is not None and after is None:
            assert isinstance(answer, Absent)
        if after is not None:
            assert after.rank == max(
                (after.priority_of(s)[0].rank * 2 + (after.priority_of(s)[1] is E))
                for s in after.rows.values()
            )
            assert all(state.present or state.latched for state in after.rows.values())
            if before is after and after.rank > rank_before:
                assert [line.transition for line in lines] == [Transition.UPGRADED]
