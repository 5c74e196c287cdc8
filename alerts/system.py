"""The alarm system of one session: lines in, signals and messages out, until a person takes it.

It puts four tables together: the book (what is wrong), the signal (how it is shown), the ladder
(whom to tell next) and the delivery (what became of a message). It decides nothing about the
patient and has no clock: every call says when, and `timers` says what is due.

    system = AlarmSystem(ladder, contacts, Timers())
    system.settle(row, Present(...), at_ms=0)    -> raised, then sends and a sound
    system.accept("oxygen@0", "ann", Role.COMPANION, at_ms=9_000)
"""

from collections.abc import Hashable

from alerts.book import AlarmBook, RowFacts
from alerts.care import MAY_ANSWER, Care
from alerts.condition import Assessment, Present, Transition
from alerts.contact import Contact, Role
from alerts.effects import AlarmChanged, AlertEffect, SignalChanged, Skipped, Sound
from alerts.escalation import Ladder, Lease, Rung, next_due_ms, restart, rungs_of, take_due
from alerts.post import Post
from alerts.signal import Cue, Pattern, SignalState, loudest, step
from alerts.timers import Timers

__all__ = ["ORDER", "AlarmSystem"]

# Alarm timers come after the rows and the session at one instant.
ORDER = 10_000
_P0 = Rung(0, Role.PHYSICIAN)
_OPENS = (Transition.RAISED, Transition.UPGRADED, Transition.JOINED)


class AlarmSystem:
    """Everything that is done about the alarms of one session. Effects gather in `out`."""

    def __init__(self, ladder: Ladder, contacts: tuple[Contact, ...], timers: Timers) -> None:
        self.ladder = ladder
        self.timers = timers
        self.book = AlarmBook()
        self.cares: dict[str, Care] = {}
        self.out: list[AlertEffect] = []
        self.post = Post(contacts, timers, self.out, self._still_wanted)
        self._sound: tuple[Pattern, str | None] = (Pattern.SILENT, None)

    # --- conditions ---------------------------------------------------------------------------

    def settle(self, row: RowFacts, answer: Assessment, at_ms: int) -> None:
        """Take one row's assessment."""
        lines = self.book.settle(row, answer, at_ms)
        for line in lines:
            self.out.append(line)
            self._follow(line, at_ms)
        opened = next((ln for ln in lines if ln.row == row.id and ln.transition in _OPENS), None)
        if opened is not None and row.p0 and isinstance(answer, Present) and answer.full:
            # "Rows marked P0 inform the physician at 0 s whatever the priority and whoever has
            # accepted" (`clinical.md` 1.5); a ladder that does so itself is not doubled.
            care = self.cares[opened.id]
            self.post.send(care.id, care.priority, _P0, "P0", at_ms)

    def _follow(self, line: AlarmChanged, at_ms: int) -> None:
        if line.transition is Transition.RAISED:
            self._raised(line, at_ms)
            return
        care = self.cares[line.id]
        if line.transition is Transition.UPGRADED:
            self._upgraded(care, line, at_ms)
        elif line.transition is Transition.DOWNGRADED:
            self._downgraded(care, line, at_ms)
        alarm = self.book.open.get(line.family)
        if alarm is None or alarm.id != line.id:
            self._closed(care, line.transition is Transition.RESET, at_ms)
        elif alarm.condition_present:
            if care.gone_ms is not None:
                care.gone_ms = care.standing.cleared_ms = None
                self._cue(care, Cue.CONDITION_BACK, at_ms, "condition is back")
                self._arm_rung(care)
        elif care.gone_ms is None:
            care.gone_ms = care.standing.cleared_ms = at_ms
            self._cue(care, Cue.CONDITION_GONE, at_ms, "latched until a person resets it")
            if care.leases:
                self._end_ladder(care, "condition gone after acceptance", at_ms)

    def _raised(self, line: AlarmChanged, at_ms: int) -> None:
        for other in list(self.cares.values()):
            if other.closed and other.family == line.family:
                self._end_ladder(other, f"superseded by {line.id}", at_ms)
            elif not other.closed:
                self._cue(other, Cue.NEW_ALARM, at_ms, f"new alarm {line.id}")
        care = Care.raised(line.id, line.family, at_ms, line.priority, line.alarm_class)
        self.cares[care.id] = care
        self.out.append(SignalChanged(at_ms=at_ms, id=care.id, state=SignalState.ON))
        self._arm_rung(care)

    def _upgraded(self, care: Care, line: AlarmChanged, at_ms: int) -> None:
        # "An upgrade ends pauses and leases given at a lower priority."
        for lease in list(care.leases.values()):
            self._drop_lease(care, lease)
        care.gone_ms = None
        restart(care.standing, at_ms, line.priority, line.alarm_class)
        self._cue(care, Cue.UPGRADED, at_ms, "upgraded")
        self._arm_rung(care)

    def _downgraded(self, care: Care, line: AlarmChanged, at_ms: int) -> None:
        standing = care.standing
        standing.priority, standing.alarm_class = line.priority, line.alarm_class
        rungs = rungs_of(self.ladder, line.priority, line.alarm_class)
        past_s = (at_ms - standing.base_ms) // 1000
        standing.done = sum(rung.at_s <= past_s for rung in rungs)
        standing.rounds = 0
        while (due := next_due_ms(self.ladder, standing)) is not None and due <= at_ms:
            standing.rounds += 1
        self._arm_rung(care)

    def _closed(self, care: Care, by_person: bool, at_ms: int) -> None:
        care.closed = True
        if care.state is not SignalState.OFF:
            self._cue(care, Cue.CLOSED, at_ms, "alarm is over")
        care.gone_ms = at_ms if care.gone_ms is None else care.gone_ms
        care.standing.cleared_ms = care.gone_ms
        if by_person:
            self._end_ladder(care, "reset by a person", at_ms)
        elif care.leases:
            self._end_ladder(care, "condition gone after acceptance", at_ms)

    def saw_well(self, at_ms: int) -> None:
        """A check-in said: awake or easily woken, breathing quiet."""
        for care in list(self.cares.values()):
            if care.gone_ms is not None and care.standing.ended is None:
                self._end_ladder(care, "seen awake and breathing quietly", at_ms)

    # --- people -------------------------------------------------------------------------------

    def acknowledge(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """Pause one alarm's sound. Returns why not, or None."""
        care, why = self._answerable(alarm_id, role)
        if care is None or care.closed:
            return why or f"alarm {alarm_id} is over"
        until_ms = at_ms + self.ladder.acknowledge_s * 1000
        care.calmed = True
        alarm = self.book.open[care.family]
        self.out.append(self.book.line(alarm, Transition.ACKNOWLEDGED, at_ms, "sound paused", by))
        if care.state in (SignalState.ON, SignalState.ACKNOWLEDGED):
            care.until_ms = until_ms
            self.timers.set(("pause", care.id), until_ms, ORDER)
        self._cue(care, Cue.ACKNOWLEDGE, at_ms, f"acknowledged by {by}")
        return None

    def accept(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """A named person takes one alarm on a lease. Returns why not, or None."""
        care, why = self._answerable(alarm_id, role)
        if care is None:
            return why
        until_ms = at_ms + self.ladder.lease_s * 1000
        remind_ms = at_ms + self.ladder.reminder_ms(care.priority)
        care.leases[by] = Lease(by, role, until_ms, care.priority, remind_ms)
        care.calmed = True
        alarm = self.book.by_id(care.id)
        if alarm is not None:
            line = self.book.line(alarm, Transition.ACCEPTED, at_ms, f"accepted by {by}", by)
            self.out.append(line)
            care.until_ms = until_ms
            self._cue(care, Cue.ACCEPT, at_ms, f"accepted by {by}")
            self.timers.set(("lease", care.id, by), until_ms, ORDER)
            if remind_ms < until_ms:
                self.timers.set(("remind", care.id, by), remind_ms, ORDER)
        if care.gone_ms is not None:
            self._end_ladder(care, "condition gone after acceptance", at_ms)
            return None
        self.post.cancel_stopped(care.id, at_ms, f"accepted by {by}")
        self._arm_rung(care)
        return None

    def reject(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """A person cannot take it: their lease ends and the next rung is due now."""
        care, why = self._answerable(alarm_id, role)
        if care is None:
            return why
        lease = care.leases.get(by)
        if lease is not None:
            self._drop_lease(care, lease)
        due = next_due_ms(self.ladder, care.standing)
        if due is not None and due > at_ms:
            care.standing.base_ms -= due - at_ms
        self.out.append(
            Skipped(at_ms=at_ms, alarm=care.id, rung=by, reason=f"{by} cannot take it: next rung")
        )
        self._arm_rung(care)
        return None

    def reset(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """End the latched rows of one alarm. Returns why not, or None."""
        care, why = self._answerable(alarm_id, role)
        alarm = self.book.by_id(alarm_id)
        if care is None or alarm is None:
            return why or f"alarm {alarm_id} is over"
        lines = self.book.reset(alarm, by, at_ms)
        if not lines:
            # "Reset is offered only while the condition is absent" (`clinical.md` 2.7.2a).
            return f"alarm {alarm_id} cannot be reset: its condition is still present"
        for line in lines:
            self.out.append(line)
            self._follow(line, at_ms)
        return None

    def _answerable(self, alarm_id: str, role: Role) -> tuple[Care | None, str | None]:
        if role not in MAY_ANSWER:
            return None, f"a {role.value} may not answer alarms"
        care = self.cares.get(alarm_id)
        if care is None or (care.closed and care.standing.ended is not None):
            return None, f"no alarm {alarm_id} is open"
        return care, None

    # --- time ---------------------------------------------------------------------------------

    def fire(self, key: tuple[Hashable, ...], at_ms: int) -> None:
        """One of this system's timers is due."""
        kind, name = key[0], str(key[1])
        if kind in ("timeout", "retry"):
            self.post.fire(str(kind), name, at_ms)
            return
        care = self.cares[name]
        if kind == "rung":
            self._take_rungs(care, at_ms)
        elif kind == "pause":
            self._cue(care, Cue.PAUSE_OVER, at_ms, "pause is over")
        else:
            lease = care.leases[str(key[2])]
            if kind == "lease":
                self._lease_over(care, lease, at_ms)
            else:
                self._remind(care, lease, at_ms)

    def end_all(self, reason: str, at_ms: int) -> None:
        """The session is closed: every signal off, every ladder ended and said so."""
        for care in list(self.cares.values()):
            if care.state is not SignalState.OFF:
                self._cue(care, Cue.CLOSED, at_ms, reason)
            self._end_ladder(care, reason, at_ms)

    def update_sound(self, at_ms: int) -> None:
        """Say what the speaker plays if that has changed. Called once an event."""
        sound = loudest(care.shown for care in self.cares.values() if not care.closed)
        if sound != self._sound:
            self._sound = sound
            self.out.append(Sound(at_ms=at_ms, pattern=sound[0], alarm=sound[1]))

    @property
    def sound(self) -> tuple[Pattern, str | None]:
        """What the speaker plays now, and for which alarm."""
        return self._sound

    def _take_rungs(self, care: Care, at_ms: int) -> None:
        for rung in take_due(self.ladder, care.standing, at_ms):
            stopped_by = care.stopped_for(rung)
            name = f"{rung.to.value}+{rung.at_s}s"
            if stopped_by is not None:
                why = f"accepted by {stopped_by}"
                self.out.append(Skipped(at_ms=at_ms, alarm=care.id, rung=name, reason=why))
            else:
                self.post.send(care.id, care.priority, rung, name, at_ms)
        if next_due_ms(self.ladder, care.standing) is None:
            self._end_ladder(care, "end of the ladder", at_ms)
        else:
            self._arm_rung(care)

    def _arm_rung(self, care: Care) -> None:
        due = next_due_ms(self.ladder, care.standing)
        if due is None or care.stopped_by is not None:
            self.timers.cancel(("rung", care.id))
        else:
            self.timers.set(("rung", care.id), due, ORDER + 1)

    def _lease_over(self, care: Care, lease: Lease, at_ms: int) -> None:
        self._drop_lease(care, lease)
        alarm = self.book.open[care.family]
        why = f"lease of {lease.by} ended, the condition is still there"
        self.out.append(self.book.line(alarm, Transition.LEASE_ENDED, at_ms, why, lease.by))
        if not care.leases:
            self._cue(care, Cue.LEASE_OVER, at_ms, why)
        if care.stopped_by is None:
            restart(care.standing, at_ms, care.priority, care.standing.alarm_class)
        self._arm_rung(care)

    def _remind(self, care: Care, lease: Lease, at_ms: int) -> None:
        self.post.remind(care.id, care.priority, lease.by, at_ms)
        due = at_ms + self.ladder.reminder_ms(care.priority)
        if due < lease.until_ms:
            self.timers.set(("remind", care.id, lease.by), due, ORDER)

    def _drop_lease(self, care: Care, lease: Lease) -> None:
        del care.leases[lease.by]
        self.timers.cancel(("lease", care.id, lease.by))
        self.timers.cancel(("remind", care.id, lease.by))

    def _end_ladder(self, care: Care, reason: str, at_ms: int) -> None:
        if care.standing.ended is None:
            care.standing.ended = reason
            self.out.append(Skipped(at_ms=at_ms, alarm=care.id, rung="rest", reason=reason))
        for lease in list(care.leases.values()):
            self._drop_lease(care, lease)
        self.timers.cancel(("rung", care.id))
        self.post.cancel_stopped(care.id, at_ms, reason)
        if care.closed:
            self.cares.pop(care.id, None)

    def _still_wanted(self, alarm_id: str, role: Role) -> str | None:
        """Why a message to this role about this alarm is no longer wanted; None: it is."""
        care = self.cares.get(alarm_id)
        if care is None or care.standing.ended is not None:
            return "ladder has ended"
        stopped_by = care.stopped_for(Rung(0, role))
        return None if stopped_by is None else f"accepted by {stopped_by}"

    def _cue(self, care: Care, cue: Cue, at_ms: int, reason: str) -> None:
        state = step(care.state, cue)
        if state is None:
            return
        if state not in (SignalState.ACKNOWLEDGED, SignalState.ACCEPTED):
            care.until_ms = None
        if state is not SignalState.ACKNOWLEDGED:
            self.timers.cancel(("pause", care.id))
        changed = state is not care.state or cue in (Cue.ACKNOWLEDGE, Cue.ACCEPT)
        care.state = state
        if changed:
            self.out.append(
                SignalChanged(
                    at_ms=at_ms, id=care.id, state=state, until_ms=care.until_ms, reason=reason
                )
            )
