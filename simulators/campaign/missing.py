"""Every rung must tell somebody, and every failure must start the next way: what is missing.

For each alarm that nobody has taken each rung of its ladder must give the person of that rung a
message within a second; a rung that falls into a time without a hub is told once when it is back.
A way that fails while its message is still wanted must be followed by the next within a second.

    missing(story)     -> ["130.0 s: lee was not told of oxygen@1 at its rung of 60 s"]
"""

from dataclasses import dataclass

from alerts.condition import Transition
from alerts.contact import Role
from simulators.campaign.people import CONTACTS
from simulators.campaign.rules import LOCAL, rungs, stops
from simulators.campaign.story import Line, Sent, Story

__all__ = ["missing"]

_SOON_S = 1.0
_EARLY_S = 0.05
_BACK_S = 1.5
_TURN_S = 31.0
"""Two ways that each proved nothing for 15 s, before the third fails."""

_ENDS = (Transition.CLEARED, Transition.LATCHED, Transition.RESET)
_PERSON = {contact.role: contact for contact in CONTACTS}
_ROLES = {contact.id: contact.role for contact in CONTACTS}


@dataclass(slots=True)
class _Level:
    """An alarm at one level, from a line until the level changes or it is over."""

    alarm: str
    priority: str
    alarm_class: str
    begins_s: float
    ends_s: float = float("inf")


def missing(story: Story) -> list[str]:
    """Return a line for everything that should have gone out and did not."""
    return [*_rungs(story), *_next_ways(story)]


def _rungs(story: Story) -> list[str]:
    problems = []
    end_s = story.log.entries[-1].at_s if story.log.entries else 0.0
    for level in _levels(story.lines):
        local = level.alarm.partition("@")[0] in LOCAL
        for rung_s, role in rungs(level.priority, level.alarm_class):
            if local and role is not Role.COMPANION:
                continue
            due_s = level.begins_s + rung_s
            if due_s >= min(level.ends_s, end_s - _BACK_S) - _EARLY_S:
                continue
            # An answer that waited for the hub's return is the first thing it hears.
            if _stopped(story, level, role, story.next_awake(due_s)):
                continue
            if not _told(story, level.alarm, role, due_s):
                who = f"{_PERSON[role].id} was not told of {level.alarm}"
                problems.append(f"{due_s:.1f} s: {who} at its rung of {rung_s:g} s")
    return problems


def _levels(lines: list[Line]) -> list[_Level]:
    found: list[_Level] = []
    current: dict[str, _Level] = {}
    for line in lines:
        what = line.what
        if what.transition in (Transition.ACCEPTED, Transition.ACKNOWLEDGED):
            continue
        before = current.get(what.id)
        new = _Level(
            what.id,
            what.priority.value,
            what.alarm_class.value if what.alarm_class else "",
            line.at_s,
        )
        starts = what.transition in (
            Transition.RAISED,
            Transition.UPGRADED,
            Transition.LEASE_ENDED,
        )
        if before is not None and (
            starts
            or what.transition in _ENDS
            or (before.priority, before.alarm_class) != (new.priority, new.alarm_class)
        ):
            before.ends_s = min(before.ends_s, line.at_s)
            del current[what.id]
        if starts:
            current[what.id] = new
            found.append(new)
    return found


def _stopped(story: Story, level: _Level, to: Role, at_s: float) -> bool:
    """Somebody has it now who ends the calls to this person."""
    has: dict[str, bool] = {}
    for line in story.lines:
        what = line.what
        lease = what.transition in (Transition.ACCEPTED, Transition.LEASE_ENDED)
        if lease and what.id == level.alarm and what.by in _ROLES and line.at_s <= at_s + _EARLY_S:
            has[what.by] = what.transition is Transition.ACCEPTED
    return any(stops(_ROLES[by], level.priority, to) for by, held in has.items() if held)


def _told(story: Story, alarm: str, to: Role, due_s: float) -> bool:
    person = _PERSON[to].id
    until_s = due_s + _SOON_S
    awake_s = story.next_awake(due_s)
    if awake_s > due_s or not story.awake(min(until_s, due_s + 0.3)):
        # "what is due at its end goes out once per person": about any alarm.
        first_s = story.next_awake(max(awake_s, due_s + 0.3))
        return any(
            sent.out.message.person == person and due_s - _EARLY_S <= sent.at_s <= first_s + _BACK_S
            for sent in story.sent
        )
    return any(
        sent.out.message.person == person
        and sent.out.message.alarm == alarm
        and due_s - _EARLY_S <= sent.at_s <= until_s
        for sent in story.sent
    )


def _next_ways(story: Story) -> list[str]:
    problems = []
    for fail_s, delivery in story.fails:
        sent = next((one for one in story.sent if one.out.message.delivery == delivery), None)
        send = sent.send if sent else None
        away = not story.awake(fail_s) or not story.awake(fail_s + _SOON_S)
        if not sent or not send or send.attempt > 1 or away or _given_up(story, delivery, fail_s):
            continue
        role = _ROLES[send.contact]
        level = _Level(send.alarm, send.priority.value, "", 0.0)
        if _stopped(story, level, role, fail_s):
            continue
        turn = {other.send.way for other in _attempt(story, sent, fail_s) if other.send}
        next_way = (send.way + 1) % len(_PERSON[role].ways)
        followed = next_way in turn or len(turn) == len(_PERSON[role].ways) - 1
        if not followed:
            problems.append(
                f"{fail_s:.2f} s: {sent.way} to {send.contact} failed, and no next way within 1 s"
            )
    return problems


def _attempt(story: Story, sent: Sent, fail_s: float) -> list[Sent]:
    """The person's other ways of about this time: the turn before, and the second after."""
    send = sent.send
    return [
        other
        for other in story.sent
        if send is not None
        and other.send is not None
        and (other.send.contact, other.send.alarm) == (send.contact, send.alarm)
        and other.send.way != send.way
        and fail_s - _TURN_S <= other.at_s <= fail_s + _SOON_S
    ]


def _given_up(story: Story, delivery: str, at_s: float) -> bool:
    """The message was proved before it failed, or is one that goes out a second time."""
    return any(of == delivery and proof_s <= at_s for proof_s, of in story.proofs)
