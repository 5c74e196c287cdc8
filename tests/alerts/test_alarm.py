"""An open alarm is as urgent as its highest row present or latched (`clinical.md` 2.7)."""

import pytest

from alerts.alarm import Alarm, RowFacts, RowState, urgency
from alerts.condition import AlarmClass, Kind, Present, Priority
from tests.alerts.room import CRIT, HIGH, LOW, MEDIUM, SPO2_LOW, WARN, A, E, S, there


def alarm(*states: RowState, returns: int = 0) -> Alarm:
    """Return an open alarm of these rows."""
    return Alarm("oxygen@0", "oxygen", 0, {state.facts.id: state for state in states}, returns)


def test_the_highest_row_gives_the_level_and_the_earliest_of_equals_is_shown() -> None:
    """A lower row that is there as well changes nothing."""
    warn = RowState(WARN, there(MEDIUM), 0)
    low = RowState(SPO2_LOW, there(HIGH, A), 9)
    crit = RowState(CRIT, there(HIGH, A), 5)
    got = alarm(warn, low, crit)
    assert (got.top, got.level, got.rank) == (crit, (HIGH, A), 6)


def test_class_a_is_shown_before_class_s() -> None:
    """Though S came first: class A has the nearer backup."""
    slow = RowState(RowFacts("ABSENT", "companion", Kind.WORKFLOW), there(HIGH, S), 0)
    airway = RowState(RowFacts("MISSED", "companion", Kind.WORKFLOW), there(HIGH, A), 9)
    assert alarm(slow, airway).top == airway
    assert sorted(
        [urgency(HIGH, A), urgency(HIGH, E), urgency(HIGH, S), urgency(MEDIUM, None)]
    ) == [
        (4, False),
        (6, False),
        (6, True),
        (7, False),
    ]


def test_a_latched_row_counts_until_it_is_reset() -> None:
    """It keeps what it was; the alarm has no present condition then."""
    kept = there(HIGH, A)
    state = RowState(SPO2_LOW, kept, 0, present=False, kept=kept)
    got = alarm(state)
    assert (state.latched, state.shown, got.level, got.condition_present) == (
        True,
        kept,
        (HIGH, A),
        False,
    )


def test_a_row_that_has_latched_higher_shows_the_higher() -> None:
    """Present at medium now, high was kept: high is shown; and the other way round."""
    high, medium, crit = there(HIGH, A), there(MEDIUM), there(HIGH, E)
    assert RowState(SPO2_LOW, medium, 0, kept=high).shown == high
    assert RowState(SPO2_LOW, crit, 0, kept=high).shown == crit
    assert RowState(SPO2_LOW, medium, 0).shown == medium


def test_an_alarm_without_rows_has_no_rank() -> None:
    """It is about to be closed."""
    assert (alarm().rank, alarm().condition_present) == (0, False)


def test_a_class_belongs_to_high_only() -> None:
    """A medium row keeps its class in the catalogue, not in the alarm."""
    assert alarm(RowState(WARN, there(MEDIUM, E), 0)).level == (MEDIUM, None)


@pytest.mark.parametrize(
    ("kind", "family", "before", "after"),
    [
        (Kind.PHYSIOLOGICAL, "oxygen", LOW, (MEDIUM, None)),
        (Kind.PHYSIOLOGICAL, "pulse_slow", MEDIUM, (HIGH, A)),
        (Kind.PHYSIOLOGICAL, "pressure_high", MEDIUM, (HIGH, A)),
        (Kind.OBSERVER, "sedation", MEDIUM, (HIGH, A)),
        (Kind.OBSERVER, "symptom", MEDIUM, (MEDIUM, None)),
        (Kind.TECHNICAL, "no_signal", LOW, (MEDIUM, None)),
        (Kind.TECHNICAL, "no_signal", MEDIUM, (MEDIUM, None)),
        (Kind.TECHNICAL, "no_signal", HIGH, (HIGH, A)),
        (Kind.WORKFLOW, "pressure_high", MEDIUM, (MEDIUM, None)),
        (Kind.PHYSIOLOGICAL, "oxygen", HIGH, (HIGH, A)),
    ],
)
def test_the_third_return_is_one_priority_up(
    kind: Kind, family: str, before: Priority, after: tuple[Priority, AlarmClass | None]
) -> None:
    """For oxygen, pulse, pressure and sedation; all others at most to medium (2.7.4)."""
    facts = RowFacts("ROW", family, kind, None, A)
    state = RowState(facts, Present(before, None, "now"), 0)
    assert alarm(state, returns=3).level == after
    assert alarm(state, returns=2).level == (before, A if before is HIGH else None)


def test_a_row_that_is_still_checking_is_not_raised_by_returning() -> None:
    """Only a full row counts."""
    state = RowState(WARN, there(MEDIUM, full=False), 0)
    assert alarm(state, returns=3).level == (MEDIUM, None)


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("present", [True, False])
def test_what_happened_once_is_told_while_it_is_latched(once: bool, present: bool) -> None:
    """Such a row waits for a person; a state that is latched has got better by itself."""
    facts = RowFacts("ROW", "dose", Kind.WORKFLOW, MEDIUM, once=once)
    state = RowState(facts, there(MEDIUM), 0, present=present, kept=there(MEDIUM))
    assert alarm(state).tells_of_event is (once and not present)
