"""Spells of rows and alarms, and which of two runs' spells belong together."""

from hypothesis import given
from hypothesis import strategies as st

from alerts.condition import Kind, Priority, Transition
from monitor.effects import AlarmChanged
from monitor.what_if.compare import APART_MS, Change, Half, compared
from monitor.what_if.spells import Spell, spells_of
from tests.effort import tries

HIGH, MEDIUM, LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
BODY = Kind.PHYSIOLOGICAL


def line(
    at_ms: int, row: str, transition: Transition, priority: Priority = HIGH, family: str = "oxygen"
) -> AlarmChanged:
    """One line of an alarm's life."""
    return AlarmChanged(
        at_ms=at_ms,
        id=f"{family}@1",
        family=family,
        row=row,
        transition=transition,
        priority=priority,
        alarm_class=None,
        kind=BODY,
    )


def spell(from_ms: int, to_ms: int, priority: Priority = HIGH, name: str = "oxygen") -> Spell:
    """One time of presence."""
    return Spell(name, BODY, priority, from_ms, to_ms)


def test_a_row_is_present_from_its_first_line_until_it_is_cleared_or_latched() -> None:
    """An alarm as long as any row of it; each has the highest priority that the alarm had."""
    found = spells_of(
        [
            line(10, "SPO2-WARN", Transition.RAISED, MEDIUM),
            line(20, "SPO2-LOW", Transition.UPGRADED, HIGH),
            line(25, "SPO2-LOW", Transition.ACCEPTED, HIGH),
            line(30, "SPO2-WARN", Transition.CLEARED, HIGH),
            line(40, "SPO2-LOW", Transition.LATCHED, HIGH),
            line(60, "SPO2-LOW", Transition.RESET, HIGH),
            line(70, "SPO2-WARN", Transition.RAISED, MEDIUM),
        ],
        100,
    )
    assert found.rows == (
        spell(10, 30, HIGH, "SPO2-WARN"),
        spell(20, 40, HIGH, "SPO2-LOW"),
        spell(70, 100, MEDIUM, "SPO2-WARN"),
    )
    assert found.alarms == (spell(10, 40, HIGH), spell(70, 100, MEDIUM))


def test_a_line_about_a_row_that_is_present_already_begins_nothing() -> None:
    """Nor does the end of one that is not; what is open at the end ends there."""
    found = spells_of(
        [
            line(5, "SPO2-LOW", Transition.RESET),
            line(10, "SPO2-LOW", Transition.RAISED, MEDIUM),
            line(20, "SPO2-LOW", Transition.UPGRADED, HIGH),
        ],
        20,
    )
    assert found.rows == (spell(10, 20, HIGH, "SPO2-LOW"),)


def test_spells_a_minute_apart_are_one_happening() -> None:
    """A run that breaks one alarm into two has still the same alarm."""
    before = [spell(0, 100_000)]
    after = [spell(20_000, 40_000, MEDIUM), spell(40_000 + APART_MS, 110_000, MEDIUM)]
    assert compared(before, after) == [
        Change("oxygen", BODY, Half(0, 100_000, HIGH), Half(20_000, 110_000, MEDIUM))
    ]
    (change,) = compared(before, after)
    assert (change.shift_ms, change.step, change.is_gained, change.is_lost) == (
        20_000,
        MEDIUM.rank - HIGH.rank,
        False,
        False,
    )


def test_what_only_one_run_has_is_gained_or_lost() -> None:
    """It has no shift and no step; everything comes in the order of its beginning."""
    far_ms = 100 + APART_MS
    found = compared(
        [spell(0, 99), spell(5, 9, LOW, "pulse")],
        [spell(far_ms, far_ms + 1), spell(7, 8, name="x")],
    )
    assert found == [
        Change("oxygen", BODY, Half(0, 99, HIGH), None),
        Change("pulse", BODY, Half(5, 9, LOW), None),
        Change("x", BODY, None, Half(7, 8, HIGH)),
        Change("oxygen", BODY, None, Half(far_ms, far_ms + 1, HIGH)),
    ]
    assert [(one.is_gained, one.is_lost, one.shift_ms, one.step) for one in found] == [
        (False, True, None, 0),
        (False, True, None, 0),
        (True, False, None, 0),
        (True, False, None, 0),
    ]


SPELLS = st.lists(
    st.builds(
        lambda name, from_ms, ms, priority: spell(from_ms, from_ms + ms, priority, name),
        st.sampled_from(["oxygen", "pulse"]),
        st.integers(0, 400_000),
        st.integers(0, 100_000),
        st.sampled_from([LOW, MEDIUM, HIGH]),
    ),
    max_size=8,
)


@tries(60)
@given(SPELLS, SPELLS)
def test_what_one_way_gains_the_other_way_loses(before: list[Spell], after: list[Spell]) -> None:
    """The comparison looks at both runs alike, and nothing is left out or counted twice."""
    there, back = compared(before, after), compared(after, before)
    assert back == [Change(one.name, one.kind, one.after, one.before) for one in there]
    names = {one.name for one in (*before, *after)}
    assert {one.name for one in there} == names
    assert all(change.before is not None or change.after is not None for change in there)
    same = compared(before, before)
    assert {(one.shift_ms, one.step) for one in same} <= {(0, 0)}
