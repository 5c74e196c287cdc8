"""Every message must have a cause that can be seen from outside; what has none is a problem.

A cause is a rung of the ladder at its time after a raise, an upgrade, a change of class or the end
of a lease; the failure or the silence of the way before; a retry; an informed physician; a
reminder; a call-back; or, once, the return of a hub that was away.

    unexplained(story)     -> ["12.3 s sms to lee about oxygen@1: nothing asked for it"]
"""

from collections import Counter

from alerts.condition import Transition
from simulators.campaign.people import CONTACTS
from simulators.campaign.rules import (
    CALL_BACK_S,
    DEADLINE_S,
    REMINDER_S,
    RETRIES_S,
    again_s,
    rungs,
)
from simulators.campaign.story import Sent, Story

__all__ = ["unexplained"]

_NEAR_S = 0.3
"""The intent may wait 250 ms for the disk; the rest is for the loop."""

_AFTER_GAP_S = 2.0
_STARTS = (
    Transition.RAISED,
    Transition.UPGRADED,
    Transition.DOWNGRADED,
    Transition.JOINED,
    Transition.REPEATED,
    Transition.LEASE_ENDED,
)
# An alarm that goes on at a lower level keeps the times of its start.
_ANY_RUNG = [rung for level in REMINDER_S for kind in ("", "S") for rung in rungs(level, kind)]
_ROLES = {contact.id: contact.role for contact in CONTACTS}


def unexplained(story: Story) -> list[str]:
    """Return a line for every message that nothing asked for."""
    problems = []
    repeats: Counter[tuple[float, str, str, str]] = Counter()
    times: Counter[str] = Counter()
    for sent in story.sent:
        message = sent.out.message
        what = f"{sent.at_s:.2f} s {sent.way} to {message.person} about {message.alarm}"
        times[message.delivery] += 1
        if sent.send is None:
            problems.append(f"{what}: the hub never decided it")
            continue
        marked = message.late or message.may_repeat
        if times[message.delivery] > 1 and not marked:
            problems.append(f"{what}: goes out again and is not marked")
        if marked:
            gap_s = _gap_before(story, sent.at_s)
            if gap_s is None:
                problems.append(f"{what}: is marked late or repeated, and the hub was not away")
                continue
            repeats[gap_s, message.person, sent.way, message.alarm] += 1
            continue
        if not _has_cause(story, sent):
            problems.append(f"{what} ({sent.send.rung}): nothing asked for it")
    for (gap_s, person, way, alarm), count in repeats.items():
        if count > 1:
            what = f"{person} got {count} repeats by {way} about {alarm}"
            problems.append(f"{what} after the gap to {gap_s:.1f} s")
    return problems


def _gap_before(story: Story, at_s: float) -> float | None:
    ends = [end for _, end in story.gaps if end <= at_s <= end + _AFTER_GAP_S]
    return max(ends, default=None)


def _has_cause(story: Story, sent: Sent) -> bool:
    at_s = sent.decided_s
    return (
        _a_rung(story, sent, at_s)
        or _a_way_before(story, sent, at_s)
        or _a_stand_in(story, sent, at_s)
        or _a_retry(story, sent, at_s)
        or _informed(story, sent, at_s)
        or _a_reminder(story, sent, at_s)
        or _a_call_back(story, sent, at_s)
        or _gap_before(story, at_s) is not None
    )


def _a_rung(story: Story, sent: Sent, at_s: float) -> bool:
    message = sent.out.message
    role = _ROLES[message.person]
    for line in story.lines:
        if line.at_s > at_s + _NEAR_S or line.what.family != message.alarm.partition("@")[0]:
            continue
        if line.what.transition not in _STARTS:
            continue
        since_s = at_s - line.at_s
        # An alarm that goes on at a lower level keeps the times of its start.
        ladders = {rungs(level, kind) for level in REMINDER_S for kind in ("", "S")}
        if any(
            to is role and abs(since_s - rung_s) <= _NEAR_S
            for ladder in ladders
            for rung_s, to in ladder
        ):
            return True
        if again_s(since_s):
            return True
    return False


def _a_way_before(story: Story, sent: Sent, at_s: float) -> bool:
    """Another way to the person failed now, or has proved nothing for 15 s; each has its turn."""
    message = sent.out.message
    if any(_near(at_s, ends_s + DEADLINE_S) for _, ends_s in story.gaps):
        # What became of it nobody could hear: the 15 s run from the hub's return.
        return True
    others = [
        other
        for other in story.sent
        if other.out.message.alarm == message.alarm
        and other.out.message.person == message.person
        and other.way != sent.way
    ]
    names = {other.out.message.delivery for other in others}
    return any(of in names and _near(at_s, fail_s) for fail_s, of in story.fails) or any(
        _near(at_s, other.decided_s + DEADLINE_S) for other in others
    )


def _a_stand_in(story: Story, sent: Sent, at_s: float) -> bool:
    """Another person cannot be reached: a message about the alarm to them failed just now."""
    message = sent.out.message
    others = [
        one
        for one in story.sent
        if one.out.message.alarm == message.alarm and one.out.message.person != message.person
    ]
    names = {one.out.message.delivery for one in others}
    return any(of in names and _near(at_s, fail_s) for fail_s, of in story.fails) or any(
        _near(at_s, one.decided_s + DEADLINE_S) for one in others
    )


def _a_retry(story: Story, sent: Sent, at_s: float) -> bool:
    send = sent.send
    if send is None or send.attempt == 1:
        return False
    return any(
        other.send is not None
        and (other.send.contact, other.send.way, other.send.alarm)
        == (send.contact, send.way, send.alarm)
        and any(
            _near(at_s, fail_s + wait_s)
            for fail_s, of in story.fails
            if of == other.send.delivery
            for wait_s in RETRIES_S
        )
        for other in story.sent
    )


def _informed(story: Story, sent: Sent, at_s: float) -> bool:
    """P0: "inform the physician at 0 s whatever the priority and whoever has accepted"."""
    return sent.out.message.person == "lee" and any(
        line.what.id == sent.out.message.alarm
        and line.what.transition in _STARTS
        and _near(at_s, line.at_s)
        for line in story.lines
    )


def _a_reminder(story: Story, sent: Sent, at_s: float) -> bool:
    for line in story.lines:
        taken = line.what.transition is Transition.ACCEPTED
        if not taken or line.what.id != sent.out.message.alarm or line.at_s >= at_s:
            continue
        if line.what.by != sent.out.message.person:
            continue
        for every_s in REMINDER_S.values():
            steps = round((at_s - line.at_s) / every_s)
            if steps >= 1 and _near(at_s, line.at_s + steps * every_s):
                return True
    return False


def _a_call_back(story: Story, sent: Sent, at_s: float) -> bool:
    """A physician's call-back was due: the backup is told instead, then both in turn."""
    return any(
        line.what.id == sent.out.message.alarm
        and round((at_s - line.at_s) / CALL_BACK_S) >= 1
        and _near(at_s, line.at_s + round((at_s - line.at_s) / CALL_BACK_S) * CALL_BACK_S)
        for line in story.lines
        if line.what.transition in _STARTS
    )


def _near(at_s: float, due_s: float) -> bool:
    return abs(at_s - due_s) <= _NEAR_S
