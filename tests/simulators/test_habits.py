"""Habits are the figures of the sources, and impossible ones are named."""

from dataclasses import fields, replace

import pytest

from alerts.condition import Priority
from simulators.habits import ATTENTIVE, EVENING, Habits, HabitsError


def test_the_figures_of_the_sources() -> None:
    """Check-in 40 s, 3 % missed; alarms 60, 25, 12 s; ratings off in 10 % (`clinical.md` 6.4)."""
    people = Habits()
    assert (people.check_in_s, people.miss, people.rating_error, people.log_sd) == (
        40.0,
        0.03,
        0.1,
        0.8,
    )
    assert [people.answer_s[one] for one in (Priority.LOW, Priority.MEDIUM, Priority.HIGH)] == [
        60,
        25,
        12,
    ]


def test_late_in_the_evening_more_is_missed() -> None:
    """15 % of prompts, and nothing else is different."""
    differs = [
        one.name
        for one in fields(Habits)
        if getattr(EVENING, one.name) != getattr(Habits(), one.name)
    ]
    assert (differs, EVENING.miss) == (["miss"], 0.15)


def test_attentive_people_never_miss() -> None:
    """The habits of a demonstration have no misses, no errors and nobody who is late."""
    never = (ATTENTIVE.miss, ATTENTIVE.rating_error, ATTENTIVE.physician_late, ATTENTIVE.on_back)
    assert (never, set(ATTENTIVE.alarm_miss.values())) == ((0.0,) * 4, {0})


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"miss": 1.1}, "miss of a person is 1.1: use 0..1"),
        ({"check_in_s": -1.0}, "check_in_s of a person is -1.0: use 0..3600"),
        ({"log_sd": 4.0}, "log_sd of a person is 4.0: use 0..3"),
        ({"alarm_miss": {Priority.LOW: 2.0}}, "alarm_miss of a person is .*: use 0..1"),
    ],
)
def test_an_impossible_habit_is_named(wrong: dict[str, float], says: str) -> None:
    """The error says which, what was given and what is allowed."""
    with pytest.raises(HabitsError, match=says):
        replace(Habits(), **wrong)  # type: ignore[arg-type]
