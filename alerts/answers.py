"""What people do about an alarm: acknowledge, accept, reject. Each "no" says why.

Acknowledging pauses the sound for a bounded time and stops no rung. Accepting is a lease of one
named person: it stops the ladder of low and medium alarms, and of a high one only the calls to the
companion until a physician accepts (`clinical.md` 1.5). Rejecting hands it on at once. Nothing
here is done by time; `alerts/carer.py` ends pauses and leases.

    answers.accept("oxygen@0", "ann", Role.COMPANION, at_ms=9_000)   -> None: taken
    answers.accept("oxygen@0", "pat", Role.PATIENT, at_ms=9_000)     -> "a patient may not ..."
"""

from alerts.care import MAY_ANSWER, Care
from alerts.carer import ORDER, Carer
from alerts.condition import Transition
from alerts.contact import Role
from alerts.effects import Skipped
from alerts.escalation import next_due_ms, restart
from alerts.signal import Cue

__all__ = ["Answers"]


class Answers:
    """The answers of people, for all alarms of one session."""

    def __init__(self, carer: Carer) -> None:
        self.carer = carer

    def find(self, alarm_id: str, role: Role) -> Care | str:
        """Return the alarm in hand, or why this role has no say in it."""
        if role not in MAY_ANSWER:
            return f"a {role.value} may not answer alarms"
        if self.carer.over is not None:
            return f"alarm {alarm_id} needs no answer: {self.carer.over}"
        return self.carer.cares.get(alarm_id) or f"no alarm {alarm_id} is open"

    def acknowledge(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """Pause one alarm's sound. Returns why not, or None."""
        care = self.find(alarm_id, role)
        if isinstance(care, str):
            return care
        if care.closed:
            return f"alarm {alarm_id} is over, nothing sounds"
        carer = self.carer
        alarm = carer.book.open[care.family]
        carer.emit(carer.book.line(alarm, Transition.ACKNOWLEDGED, at_ms, "sound paused", by))
        # A signal that the cue does not pause (accepted, latched) drops this timer again.
        until_ms = at_ms + carer.ladder.acknowledge_s * 1000
        carer.timers.set(("pause", care.id), until_ms, ORDER)
        carer.cue(care, Cue.ACKNOWLEDGE, f"acknowledged by {by}", at_ms)
        return None

    def accept(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """A named person takes one alarm on a lease. Returns why not, or None.

        The ladder of an alarm that is over ends with it, also of earlier ones of the same family:
        the cause is in hand.
        """
        care = self.find(alarm_id, role)
        if isinstance(care, str):
            return care
        carer = self.carer
        alarm = carer.book.by_id(care.id)
        if alarm is not None:
            line = carer.book.line(alarm, Transition.ACCEPTED, at_ms, f"accepted by {by}", by)
            carer.emit(line)
            carer.lease(care, by, role, at_ms)
            carer.cue(care, Cue.ACCEPT, f"accepted by {by}", at_ms)
        for other in carer.lingering(care.family):
            carer.stop(other, f"condition gone, accepted by {by}", at_ms)
        if care.closed:
            return None
        if care.gone_ms is not None:
            carer.stop(care, f"condition gone, accepted by {by}", at_ms)
            return None
        carer.post.withdrawal.cancel_stopped(care.id, at_ms, f"accepted by {by}")
        carer.arm(care, at_ms)
        return None

    def reject(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """A person cannot take it: their lease ends and the next rung is due now.

        Returns why not, or None.
        """
        care = self.find(alarm_id, role)
        if isinstance(care, str):
            return care
        carer, standing = self.carer, care.standing
        lease = care.leases.get(by)
        if lease is not None:
            carer.end_lease(care, lease, f"{by} cannot take it", at_ms)
        due_ms = next_due_ms(carer.ladder, standing)
        if due_ms is None and care.gone_ms is None:
            restart(standing, at_ms, care.priority, standing.alarm_class)
        elif due_ms is not None:
            # The whole ladder moves, so that the rungs after the next keep their distance.
            standing.base_ms += at_ms - due_ms
        if standing.ended is not None:
            then = f"the ladder has ended: {standing.ended}"
        elif care.stopped_by is not None:
            then = f"{care.stopped_by} has it"
        else:
            then = "next rung"
            carer.arm(care, at_ms)
        why = f"{by} cannot take it: {then}"
        carer.emit(Skipped(at_ms=at_ms, alarm=care.id, rung=by, reason=why))
        return None
