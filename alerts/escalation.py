"""Whom to tell next: the ladder as data, and where one alarm stands on it.

A ladder is a list of rungs by seconds since the alarm (`clinical.md` 1.5); where an alarm stands is
a function of (ladder, state, now). Nothing here keeps a timer or sends anything. Only a named
person's acceptance stops rungs: acknowledging does not, "sent" does not.

    stand = Standing(base_ms=0, priority=Priority.MEDIUM, alarm_class=None)
    next_due_ms(ladder, stand)                 -> 0
    take_due(ladder, stand, now_ms=0)          -> [companion, first way]
"""

from typing import Annotated

from msgspec import Meta, Struct

from alerts.condition import AlarmClass, Priority
from alerts.contact import Role

__all__ = [
    "Ladder",
    "Lease",
    "Rung",
    "Speech",
    "Standing",
    "inherit",
    "move",
    "next_due_ms",
    "restart",
    "rungs_now",
    "rungs_of",
    "speech_due_ms",
    "stops",
    "take_due",
]


# Bounds of a plan's times: a zero would ring without end, a day without an answer is no ladder.
_Seconds = Annotated[int, Meta(ge=1, le=86_400)]


class Rung(Struct, frozen=True, omit_defaults=True):
    """Tell `to` by their way number `way`, `at_s` seconds after the alarm.

    `classes` limits a rung of the high ladder to alarms of these classes (empty: all);
    `again` marks the rungs that are repeated in turn after the last one.
    """

    at_s: Annotated[int, Meta(ge=0, le=86_400)]
    to: Role
    way: Annotated[int, Meta(ge=0, le=9)] = 0
    classes: tuple[AlarmClass, ...] = ()
    again: bool = False


class Speech(Struct, frozen=True, omit_defaults=True):
    """The hub says the first line of the card, `at_s` seconds after a high alarm.

    `classes` limits it to alarms of these classes (empty: all); `call`: it also says to call the
    emergency number.
    """

    at_s: Annotated[int, Meta(ge=0, le=86_400)]
    classes: tuple[AlarmClass, ...] = ()
    call: bool = False


class Ladder(Struct, frozen=True, omit_defaults=True):
    """The rungs by priority, the lease of an acceptance and the bounds of pauses, in seconds.

    `speak` is for high alarms only: below that nothing is ever said aloud beside the patient.
    """

    low: tuple[Rung, ...]
    medium: tuple[Rung, ...]
    high: tuple[Rung, ...]
    speak: tuple[Speech, ...] = ()
    again_from_s: _Seconds = 300
    again_every_s: _Seconds = 120
    lease_s: _Seconds = 300
    # "pauses the sound for a bounded time (<= 120 s)" (design, words).
    acknowledge_s: Annotated[int, Meta(ge=1, le=120)] = 120
    reminder_low_s: _Seconds = 900
    reminder_medium_s: _Seconds = 300
    reminder_high_s: _Seconds = 120

    def reminder_ms(self, priority: Priority) -> int:
        """How long after an acceptance the condition is named again if it is still there."""
        seconds = {
            Priority.LOW: self.reminder_low_s,
            Priority.MEDIUM: self.reminder_medium_s,
            Priority.HIGH: self.reminder_high_s,
        }
        return seconds[priority] * 1000


class Lease(Struct, frozen=True):
    """One person's acceptance until `until_ms`, given at `given_ms` when the alarm had `rank`."""

    by: str
    role: Role
    given_ms: int
    until_ms: int
    rank: int


class Standing(Struct):
    """Where one alarm stands. `done` counts rungs taken; `rounds` counts repeats after the end.

    `cleared_ms`: the condition is gone and the ladder only goes on to its end. `ended` says why
    no rung will come any more. `spoken` counts what the hub has said aloud. `local`: nobody but the
    companion is told.
    """

    base_ms: int
    priority: Priority
    alarm_class: AlarmClass | None
    done: int = 0
    rounds: int = 0
    cleared_ms: int | None = None
    ended: str | None = None
    spoken: int = 0
    local: bool = False


def rungs_of(
    ladder: Ladder, priority: Priority, alarm_class: AlarmClass | None, *, local: bool = False
) -> tuple[Rung, ...]:
    """The rungs for an alarm of this priority and class, in order.

    `local`: only the companion's, unless the alarm is high.
    """
    local = local and priority is not Priority.HIGH
    rungs = {
        Priority.LOW: ladder.low,
        Priority.MEDIUM: ladder.medium,
        Priority.HIGH: ladder.high,
    }[priority]
    return tuple(
        r
        for r in rungs
        if (not r.classes or alarm_class in r.classes) and (not local or r.to is Role.COMPANION)
    )


def rungs_now(ladder: Ladder, standing: Standing) -> tuple[Rung, ...]:
    """The rungs of an alarm as it stands."""
    return rungs_of(ladder, standing.priority, standing.alarm_class, local=standing.local)


def next_due_ms(ladder: Ladder, standing: Standing) -> int | None:
    """When the next rung is due, or None when no rung will come any more."""
    if standing.ended is not None:
        return None
    rungs = rungs_now(ladder, standing)
    if standing.done < len(rungs):
        return standing.base_ms + rungs[standing.done].at_s * 1000
    if standing.cleared_ms is not None or not _again(rungs):
        return None
    # "from 300 s on the rungs of 60 s and 120 s are repeated in turn every 120 s until accepted"
    first_s = max(ladder.again_from_s, rungs[-1].at_s)
    return standing.base_ms + (first_s + standing.rounds * ladder.again_every_s) * 1000


def take_due(ladder: Ladder, standing: Standing, now_ms: int) -> list[Rung]:
    """Take every rung due at or before `now_ms` and return them in order."""
    taken: list[Rung] = []
    while (due := next_due_ms(ladder, standing)) is not None and due <= now_ms:
        rungs = rungs_now(ladder, standing)
        if standing.done < len(rungs):
            taken.append(rungs[standing.done])
            standing.done += 1
        else:
            groups = _again(rungs)
            taken.extend(groups[standing.rounds % len(groups)])
            standing.rounds += 1
    return taken


def restart(
    standing: Standing, now_ms: int, priority: Priority, alarm_class: AlarmClass | None
) -> None:
    """Begin the ladder again from its first rung: after an upgrade or the end of a lease."""
    standing.base_ms, standing.priority, standing.alarm_class = now_ms, priority, alarm_class
    standing.done = standing.rounds = standing.spoken = 0
    standing.ended = standing.cleared_ms = None


def move(
    ladder: Ladder,
    standing: Standing,
    now_ms: int,
    priority: Priority,
    alarm_class: AlarmClass | None,
) -> None:
    """Go on at a lower priority or another class; what was told already is not told again.

    At the same priority the first rung that was never taken comes next, even if its time is past
    (class A has a rung that class S has not). At a lower priority the rungs whose time is past are
    behind; the one that is due at this very instant still comes.
    """
    before = rungs_now(ladder, standing)[: standing.done]
    same = priority is standing.priority
    standing.priority, standing.alarm_class = priority, alarm_class
    rungs = rungs_now(ladder, standing)
    standing.done = 0
    if same:
        while standing.done < len(rungs) and rungs[standing.done] in before:
            standing.done += 1
        return
    standing.rounds = 0
    standing.done = sum(standing.base_ms + rung.at_s * 1000 < now_ms for rung in rungs)
    while (due := next_due_ms(ladder, standing)) is not None and due < now_ms:
        standing.rounds += 1


def inherit(standing: Standing, old: Standing) -> None:
    """A returning alarm goes on where its own lingering ladder stood.

    Else a condition that comes and goes would begin at the foot each time, and never reach the
    physician.
    """
    standing.base_ms, standing.done = old.base_ms, max(standing.done, old.done)
    standing.spoken = max(standing.spoken, old.spoken)


def speech_due_ms(ladder: Ladder, standing: Standing) -> tuple[int, Speech] | None:
    """When the hub speaks next and how, while the condition is there; None: not any more."""
    if standing.priority is not Priority.HIGH or standing.cleared_ms is not None:
        return None
    said = [s for s in ladder.speak if not s.classes or standing.alarm_class in s.classes]
    if standing.spoken >= len(said):
        return None
    speech = said[standing.spoken]
    return standing.base_ms + speech.at_s * 1000, speech


def stops(lease_role: Role, priority: Priority, to: Role) -> bool:
    """Whether an acceptance by this role stops rungs to `to` (`clinical.md` 1.5, who ends what)."""
    if lease_role in (Role.PHYSICIAN, Role.BACKUP) or priority is not Priority.HIGH:
        return True
    return to is Role.COMPANION


def _again(rungs: tuple[Rung, ...]) -> list[tuple[Rung, ...]]:
    """The repeated rungs, grouped by their time, in order."""
    times = sorted({rung.at_s for rung in rungs if rung.again})
    return [tuple(r for r in rungs if r.again and r.at_s == at_s) for at_s in times]
