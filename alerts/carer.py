"""What is done about each alarm: its signal, its rungs, the leases of the people who took it.

One idea: every silence ends by itself. A pause and a lease have a timer, a ladder has a next rung
or has said why it has none. This module never asks whether an alarm is right and never hears a
person itself: `alerts/system.py` tells it what became of a condition, `alerts/answers.py` what a
person said.

    care = carer.begin(line)                 -> signal on, first rung due now
    carer.end_lease(care, lease, why, at_ms) -> sound and ladder again, if nobody else has it
"""

from collections.abc import Callable, Hashable

from alerts.book import AlarmBook
from alerts.callback import Callbacks
from alerts.care import Care
from alerts.condition import Priority, Transition, rank
from alerts.contact import Contact, Role
from alerts.delivery import Delivery
from alerts.effects import AlarmChanged, AlertEffect, SignalChanged, Skipped
from alerts.escalation import Ladder, Lease, Rung, inherit, next_due_ms, restart, take_due
from alerts.post import Post
from alerts.sending import CALLBACK, REMINDER
from alerts.signal import Cue, SignalState, step
from alerts.speech import arm_speech, speak
from alerts.stand_in import stand_in
from alerts.timers import Timers
from alerts.wanted import why_needless

__all__ = ["ORDER", "Carer"]

# Alarm timers come after the rows and the session at one instant.
ORDER = 10_000


class Carer:
    """The cares of one session by alarm id, and the timers that move them.

    `over` says why the session needs nobody any more (None: it is open).
    """

    def __init__(
        self,
        ladder: Ladder,
        contacts: tuple[Contact, ...],
        timers: Timers,
        book: AlarmBook,
        emit: Callable[[AlertEffect], None],
    ) -> None:
        self.ladder = ladder
        self.timers = timers
        self.book = book
        self.emit = emit
        self.cares: dict[str, Care] = {}
        self.over: str | None = None
        self.post = Post(contacts, timers, emit, self._why_not)
        self.post.rank_of = self._rank_of
        self.post.on_lost = self._lost
        self.callbacks = Callbacks(self.post, timers, emit)

    def begin(self, line: AlarmChanged) -> None:
        """A new alarm: signal on, and its ladder from the foot.

        An alarm of the same family may be over while its ladder goes on. At the same priority the
        new alarm goes on where that ladder stands; above it, its own ladder says more; below it,
        both go on.
        """
        at_ms = line.at_ms
        rows = self.book.open[line.family].rows.values()
        local = all(state.facts.local for state in rows)
        care = Care.raised(
            line.id, line.family, at_ms, line.priority, line.alarm_class, local=local
        )
        self.cares[care.id] = care
        self.emit(SignalChanged(at_ms=at_ms, id=care.id, state=SignalState.ON))
        self.break_pauses(care, f"new alarm {care.id}", at_ms)
        level = (care.priority, care.standing.alarm_class)
        self.take_rungs(care, at_ms)
        for old in self.lingering(care.family):
            if (old.priority, old.standing.alarm_class) == level:
                inherit(care.standing, old.standing)
                for role in old.asked:
                    care.note_asked(role)
                self.end_ladder(old, f"goes on as {care.id}", at_ms)
            elif old.rank < care.rank:
                self.end_ladder(old, f"superseded by {care.id}", at_ms)
        self.arm(care, at_ms)

    def take_over(self, care: Care, at_ms: int) -> None:
        """An alarm that only the record knows: latched, and told from the foot of its ladder."""
        self.cares[care.id] = care
        care.gone_ms = care.standing.cleared_ms = at_ms
        self.cue(care, Cue.CONDITION_GONE, "taken over from the record", at_ms)
        self.arm(care, at_ms)

    def lingering(self, family: str) -> list[Care]:
        """Alarms of a family that are over while their ladders go on."""
        return [c for c in self.cares.values() if c.closed and c.family == family]

    # --- the signal ---------------------------------------------------------------------------

    def cue(self, care: Care, cue: Cue, reason: str, at_ms: int) -> None:
        """Move one signal by its table; a step that the table lacks changes nothing."""
        state = step(care.state, cue)
        if state is None:
            return
        if state is not SignalState.ACKNOWLEDGED:
            self.timers.cancel(("pause", care.id))
        answered = cue in (Cue.ACKNOWLEDGE, Cue.ACCEPT)
        care.calmed = answered or (care.calmed and cue not in (Cue.UPGRADED, Cue.CONDITION_BACK))
        self._show(care, state, reason, at_ms, say=answered)

    def break_pauses(self, but: Care, reason: str, at_ms: int) -> None:
        """What is new or upgraded breaks the pause of every other alarm (`clinical.md` 2.7.5)."""
        for other in self.cares.values():
            if other is not but:
                self.cue(other, Cue.NEW_ALARM, reason, at_ms)

    def _show(
        self, care: Care, state: SignalState, reason: str, at_ms: int, *, say: bool = False
    ) -> None:
        until_ms = None
        if state is SignalState.ACCEPTED:
            until_ms = max(lease.until_ms for lease in care.leases.values())
        elif state is SignalState.ACKNOWLEDGED:
            until_ms = self.timers.due_ms(("pause", care.id))
        if say or (state, until_ms) != (care.state, care.until_ms):
            care.state, care.until_ms = state, until_ms
            self.emit(
                SignalChanged(
                    at_ms=at_ms, id=care.id, state=state, until_ms=until_ms, reason=reason
                )
            )

    # --- the ladder ---------------------------------------------------------------------------

    def arm(self, care: Care, at_ms: int) -> None:
        """Set the timer of the next rung and word, or end a ladder that has no rung."""
        arm_speech(self, care)
        due_ms = next_due_ms(self.ladder, care.standing)
        if due_ms is None:
            self.end_ladder(care, "end of the ladder", at_ms)
        elif care.stopped_by is not None:
            self.timers.cancel(("rung", care.id))
        else:
            self.timers.set(("rung", care.id), due_ms, ORDER + 1)

    def take_rungs(self, care: Care, at_ms: int) -> None:
        """Tell the people of every rung that is due, or say why one is not told."""
        for rung in take_due(self.ladder, care.standing, at_ms):
            name = f"{rung.to.value}+{rung.at_s}s"
            stopped_by = care.stopped_for(rung.to)
            if stopped_by is not None:
                why = f"accepted by {stopped_by}"
                self.emit(Skipped(at_ms=at_ms, alarm=care.id, rung=name, reason=why))
            else:
                self.ask(care, rung, name, at_ms)

    def ask(self, care: Care, rung: Rung, name: str, at_ms: int) -> None:
        """Tell the person of this rung; with nobody there the next person's turn has come."""
        care.note_asked(rung.to)
        if not self.post.send(care.id, care.priority, rung, name, at_ms):
            stand_in(self, care, rung.to, f"no {rung.to.value}", at_ms)

    def end_ladder(self, care: Care, reason: str, at_ms: int) -> None:
        """No rung will come any more; what is under way still goes on its way."""
        if care.standing.ended is None:
            care.standing.ended = reason
            self.emit(Skipped(at_ms=at_ms, alarm=care.id, rung="rest", reason=reason))
        self.timers.cancel(("rung", care.id))
        self.timers.cancel(("speak", care.id))
        if care.closed:
            del self.cares[care.id]

    def stop(self, care: Care, reason: str, at_ms: int) -> None:
        """Nobody needs to be told any more: the ladder ends, leases too, messages are cancelled."""
        self.end_ladder(care, reason, at_ms)
        for lease in list(care.leases.values()):
            self._drop(care, lease)
        self.post.stop(care.id, at_ms, reason)

    # --- leases -------------------------------------------------------------------------------

    def lease(self, care: Care, by: str, role: Role, at_ms: int) -> None:
        """A person takes this alarm; a second time renews their lease."""
        until_ms = at_ms + self.ladder.lease_s * 1000
        lease = Lease(by, role, at_ms, until_ms, care.rank)
        self._drop(care, lease)
        care.leases[by] = lease
        self.timers.set(("lease", care.id, by), until_ms, ORDER)
        self.arm_reminder(care, lease, at_ms)

    def end_lease(self, care: Care, lease: Lease, why: str, at_ms: int) -> None:
        """One person no longer has it: say so; with nobody left the signal is on again."""
        self._drop(care, lease)
        alarm = self.book.open[care.family]
        self.emit(self.book.line(alarm, Transition.LEASE_ENDED, at_ms, why, lease.by))
        self.post.withdrawal.cancel_stopped(care.id, at_ms, why)
        if care.leases:
            self._show(care, care.state, why, at_ms)
        else:
            self.cue(care, Cue.LEASE_OVER, why, at_ms)

    def arm_reminder(self, care: Care, lease: Lease, at_ms: int) -> None:
        """Name the condition again at whole steps after the acceptance, while the lease lasts."""
        every_ms = self.ladder.reminder_ms(care.priority)
        due_ms = at_ms + every_ms - (at_ms - lease.given_ms) % every_ms
        key = ("remind", care.id, lease.by)
        if due_ms < lease.until_ms:
            self.timers.set(key, due_ms, ORDER)
        else:
            self.timers.cancel(key)

    def _drop(self, care: Care, lease: Lease) -> None:
        care.leases.pop(lease.by, None)
        self.timers.cancel(("lease", care.id, lease.by))
        self.timers.cancel(("remind", care.id, lease.by))

    # --- time ---------------------------------------------------------------------------------

    def fire(self, key: tuple[Hashable, ...], at_ms: int) -> None:
        """A rung, a pause, a lease or a reminder is due."""
        kind, care = key[0], self.cares[str(key[1])]
        if kind == "rung":
            self.take_rungs(care, at_ms)
            self.arm(care, at_ms)
        elif kind == "speak":
            speak(self, care, at_ms)
        elif kind == "pause":
            self.cue(care, Cue.PAUSE_OVER, "pause is over", at_ms)
        elif kind == "lease":
            lease = care.leases[str(key[2])]
            why = f"lease of {lease.by} ended, the condition is still there"
            self.end_lease(care, lease, why, at_ms)
            if care.stopped_by is None:
                restart(care.standing, at_ms, care.priority, care.standing.alarm_class)
                self.arm(care, at_ms)
        else:
            lease = care.leases[str(key[2])]
            self.post.remind(care.id, care.priority, lease.by, at_ms)
            self.arm_reminder(care, lease, at_ms)

    def _why_not(self, delivery: Delivery) -> str | None:
        waits = self.callbacks.waits(delivery.alarm)
        return why_needless(self.cares.get(delivery.alarm), delivery, waits=waits)

    def _lost(self, delivery: Delivery, at_ms: int) -> None:
        """The last way to a person has failed: the next person's turn has come."""
        care = self.cares.get(delivery.alarm)
        if delivery.rung == CALLBACK:
            self.callbacks.unreachable(delivery.alarm, delivery.contact, at_ms)
        elif care is not None and delivery.rung != REMINDER:
            stand_in(self, care, delivery.person.role, delivery.contact, at_ms)

    def _rank_of(self, alarm: str, priority: Priority) -> int:
        """The rank at which a person is told now."""
        care = self.cares.get(alarm)
        return rank(priority, None) if care is None else care.rank
