"""Whom to tell next is a function of ladder, standing and time (`clinical.md` 1.5)."""

import pytest
from msgspec import structs

from alerts.condition import AlarmClass, Priority
from alerts.contact import Role
from alerts.escalation import (
    Ladder,
    Rung,
    Standing,
    inherit,
    move,
    next_due_ms,
    restart,
    rungs_of,
    stops,
    take_due,
)
from tests.alerts.room import BACKUP, COMPANION, HIGH, LADDER, LOW, MEDIUM, PHYSICIAN, A, E, S

LEVELS = [(LOW, None), (MEDIUM, None), (HIGH, E), (HIGH, A), (HIGH, S)]


def told(standing: Standing, *, until_s: int) -> list[str]:
    """Every rung that is due up to a time, each at its own time."""
    said = []
    while (due := next_due_ms(LADDER, standing)) is not None and due <= until_s * 1000:
        said += [f"{due // 1000} {r.to.value} {r.way}" for r in take_due(LADDER, standing, due)]
    return said


@pytest.mark.parametrize(
    ("level", "rungs"),
    list(
        zip(
            LEVELS,
            [
                ["0 companion 0", "120 companion 0", "300 companion 0", "300 companion 0"],
                [
                    "0 companion 0",
                    "30 companion 0",
                    "60 companion 1",
                    "120 physician 0",
                    "180 physician 1",
                    "300 backup 0",
                    "300 companion 1",
                ],
                [
                    "0 companion 0",
                    "0 physician 0",
                    "30 companion 1",
                    "60 physician 1",
                    "120 backup 0",
                    "300 physician 1",
                ],
                [
                    "0 companion 0",
                    "0 physician 0",
                    "30 companion 1",
                    "60 physician 1",
                    "120 backup 0",
                    "300 physician 1",
                ],
                [
                    "0 companion 0",
                    "0 physician 0",
                    "30 companion 1",
                    "60 physician 1",
                    "120 physician 2",
                    "300 backup 0",
                    "300 physician 1",
                ],
            ],
            strict=True,
        )
    ),
)
def test_the_ladder_of_each_level(
    level: tuple[Priority, AlarmClass | None], rungs: list[str]
) -> None:
    """R15: who is told when, up to the first repeat at 300 s; classes E and A are alike."""
    assert told(Standing(0, *level), until_s=300) == rungs


def test_the_repeats_come_in_turn_every_120_s() -> None:
    """The rungs of 60 s and 120 s, until accepted: there is always a next one."""
    standing = Standing(0, HIGH, A)
    told(standing, until_s=299)
    assert told(standing, until_s=700) == [
        "300 physician 1",
        "420 backup 0",
        "540 physician 1",
        "660 backup 0",
    ]
    assert next_due_ms(LADDER, standing) == 780_000


def test_repeats_wait_for_the_last_rung() -> None:
    """A ladder longer than 300 s is told to its end first."""
    ladder = Ladder((), (), (Rung(60, PHYSICIAN, again=True), Rung(400, BACKUP)))
    standing = Standing(0, HIGH, A, done=2)
    assert next_due_ms(ladder, standing) == 400_000


def test_a_ladder_without_repeats_or_rungs_has_an_end() -> None:
    """None, and never a time: no timer spins."""
    ladder = Ladder((), (), (Rung(0, PHYSICIAN),))
    standing = Standing(0, HIGH, A)
    assert take_due(ladder, standing, 0) == [Rung(0, PHYSICIAN)]
    assert next_due_ms(ladder, standing) is None
    assert next_due_ms(ladder, Standing(0, LOW, None)) is None


def test_what_fell_due_together_is_taken_together() -> None:
    """After an outage the rungs come in their order, each once."""
    standing = Standing(0, HIGH, S)
    assert [f"{r.to.value}+{r.at_s}" for r in take_due(LADDER, standing, 150_000)] == [
        "companion+0",
        "physician+0",
        "companion+30",
        "physician+60",
        "physician+120",
    ]
    assert take_due(LADDER, standing, 150_000) == []


def test_a_cleared_condition_leaves_the_rungs_but_no_repeats() -> None:
    """The ladder goes on to its end, and is then over."""
    standing = Standing(0, HIGH, A, done=4, cleared_ms=70_000)
    assert told(standing, until_s=9_999) == ["120 backup 0"]
    assert next_due_ms(LADDER, standing) is None


def test_an_ended_ladder_has_no_next_rung() -> None:
    """Whatever was left of it."""
    assert next_due_ms(LADDER, Standing(0, HIGH, A, ended="reset")) is None


def test_a_restart_begins_at_the_foot_and_forgets_the_end() -> None:
    """After an upgrade, a lease that ended, a condition that came back."""
    standing = Standing(0, MEDIUM, None, done=5, rounds=2, cleared_ms=7, ended="end")
    restart(standing, 9_000, HIGH, E)
    assert standing == Standing(9_000, HIGH, E)


@pytest.mark.parametrize(
    ("now_s", "done", "rounds", "next_s"),
    [(5, 1, 0, 30), (29, 1, 0, 30), (30, 1, 0, 30), (100, 3, 0, 120), (310, 6, 1, 420)],
)
def test_a_lower_priority_goes_on_by_time(now_s: int, done: int, rounds: int, next_s: int) -> None:
    """What is behind in time is not told again; a rung due at this very instant still comes."""
    standing = Standing(0, HIGH, A, done=4)
    move(LADDER, standing, now_s * 1000, MEDIUM, None)
    assert standing == Standing(0, MEDIUM, None, done=done, rounds=rounds)
    assert next_due_ms(LADDER, standing) == next_s * 1000


def test_from_class_s_to_a_the_rung_that_was_never_told_comes_at_once() -> None:
    """Class A has the backup at 120 s; its time being past is no reason to leave it out."""
    standing = Standing(0, HIGH, S, done=5)
    move(LADDER, standing, 200_000, HIGH, A)
    assert standing == Standing(0, HIGH, A, done=4)
    assert take_due(LADDER, standing, 200_000) == [Rung(120, BACKUP, 0, (E, A), again=True)]


def test_from_class_e_to_a_nothing_is_told_again() -> None:
    """Their rungs are the same; the repeats go on in turn."""
    standing = Standing(0, HIGH, E, done=5, rounds=3)
    move(LADDER, standing, 600_000, HIGH, A)
    assert standing == Standing(0, HIGH, A, done=5, rounds=3)


def test_a_returning_alarm_goes_on_where_its_ladder_stood() -> None:
    """What it has told already at its return is not told again either."""
    old = Standing(1_000, MEDIUM, None, done=3, cleared_ms=50_000)
    new = Standing(70_000, MEDIUM, None, done=1)
    inherit(new, old)
    assert new == Standing(1_000, MEDIUM, None, done=3)
    fresh = Standing(70_000, MEDIUM, None, done=1)
    inherit(fresh, structs.replace(old, done=0))
    assert fresh == Standing(1_000, MEDIUM, None, done=1)


def test_who_ends_what() -> None:
    """The companion's acceptance stops all of low and medium, and of high only their own calls."""
    stopped = {
        (by.value, priority.value): [to.value for to in Role if stops(by, priority, to)]
        for by in (COMPANION, PHYSICIAN, BACKUP, Role.ADMIN)
        for priority in Priority
    }
    everyone = [role.value for role in Role]
    assert stopped == {
        ("companion", "low"): everyone,
        ("companion", "medium"): everyone,
        ("companion", "high"): ["companion"],
        ("physician", "low"): everyone,
        ("physician", "medium"): everyone,
        ("physician", "high"): everyone,
        ("backup", "low"): everyone,
        ("backup", "medium"): everyone,
        ("backup", "high"): everyone,
        ("admin", "low"): everyone,
        ("admin", "medium"): everyone,
        ("admin", "high"): ["companion"],
    }


def test_the_reminders_are_15_5_and_2_minutes() -> None:
    """How long after an acceptance the condition is named again."""
    assert [LADDER.reminder_ms(priority) for priority in Priority] == [900_000, 300_000, 120_000]


def test_rungs_of_a_class_belong_to_it_alone() -> None:
    """A rung without classes belongs to all."""
    assert len(rungs_of(LADDER, HIGH, E)) == len(rungs_of(LADDER, HIGH, A)) == 5
    assert len(rungs_of(LADDER, HIGH, S)) == 6
