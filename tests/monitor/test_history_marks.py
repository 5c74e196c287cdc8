"""When which alarm stood, and the moments that explain a curve, as a trend is drawn with them."""

from typing import Any

import pytest

from alerts.condition import Kind, Priority, Transition
from alerts.contact import Role
from devices.checkin import CheckIn
from monitor.effects import AlarmChanged, Refused
from monitor.events import (
    CheckedIn,
    CuffFailed,
    DoseConfirmed,
    DoseExtra,
    Event,
    HelpCalled,
    MonitorDown,
    Tick,
)
from monitor.history_marks import Drawn, Mark, Span

SAM: dict[str, Any] = {"at_ms": 700_000, "by": "sam", "role": Role.COMPANION}
LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH


def line(at_ms: int, row: str, transition: Transition, priority: Priority) -> AlarmChanged:
    """One line of the oxygen alarm."""
    return AlarmChanged(
        at_ms=at_ms,
        id="oxygen@1",
        family="oxygen",
        row=row,
        transition=transition,
        priority=priority,
        alarm_class=None,
        kind=Kind.PHYSIOLOGICAL,
    )


def spans(*lines: AlarmChanged) -> list[tuple[Priority, int, int | None]]:
    """What is drawn of these lines."""
    drawn = Drawn()
    for one in lines:
        drawn.take(Tick(at_ms=one.at_ms), [one])
    assert all((span.alarm, span.family) == ("oxygen@1", "oxygen") for span in drawn.spans())
    return [(span.priority, span.from_ms, span.to_ms) for span in drawn.spans()]


def test_an_alarm_is_drawn_while_a_row_of_it_is_present() -> None:
    """By its priority at that time; what waits for a reset is drawn no more."""
    assert spans(
        line(1, "WARN", Transition.RAISED, MEDIUM),
        line(2, "WARN", Transition.ACCEPTED, MEDIUM),
        line(5, "LOW", Transition.UPGRADED, HIGH),
        line(7, "WARN", Transition.CLEARED, HIGH),
        line(9, "LOW", Transition.LATCHED, HIGH),
        line(12, "LOW", Transition.RESET, HIGH),
    ) == [(MEDIUM, 1, 5), (HIGH, 5, 9)]


def test_what_comes_back_before_its_reset_is_drawn_again() -> None:
    """And one that goes on has no end."""
    assert spans(
        line(1, "LOW", Transition.RAISED, HIGH),
        line(4, "LOW", Transition.LATCHED, HIGH),
        line(8, "LOW", Transition.JOINED, HIGH),
    ) == [(HIGH, 1, 4), (HIGH, 8, None)]


def test_an_open_alarm_is_a_span_without_an_end() -> None:
    """As the feed tells it."""
    drawn = Drawn()
    drawn.take(Tick(at_ms=1), [line(1, "BAT", Transition.RAISED, LOW)])
    assert (drawn.spans(), drawn.marks()) == ([Span("oxygen@1", "oxygen", LOW, 1)], [])


@pytest.mark.parametrize(
    ("event", "mark"),
    [
        (DoseConfirmed(ago_ms=60_000, **SAM), Mark(640_000, "dose")),
        (DoseExtra(ago_ms=60_000, **SAM), Mark(640_000, "extra_dose")),
        (
            CheckedIn(check=CheckIn.parse("W5 B0 C0 D0 X0"), **SAM),
            Mark(700_000, "check_in", "W5 B0 C0 D0 X0"),
        ),
        (CuffFailed(**SAM), Mark(700_000, "cuff_failed")),
        (HelpCalled(**SAM), Mark(700_000, "help")),
        (MonitorDown(at_ms=700_000, down_ms=9_000), Mark(700_000, "down")),
    ],
)
def test_a_moment_is_marked_once_and_not_when_it_was_refused(event: Event, mark: Mark) -> None:
    """A dose stands where it was taken, not where it was entered."""
    drawn = Drawn()
    drawn.take(event, [])
    drawn.take(event, [Refused(at_ms=700_000, what="x", reason="no")])
    assert drawn.marks() == [mark]
