"""The alarm system of one session: lines in, signals and messages out, until a person takes it.

It puts the parts together: the book (what is wrong), the carer (signal, ladder and leases of each
alarm) and the answers of people. It decides nothing about the patient and has no clock: every call
says when, and `timers` says what is due.

    system = AlarmSystem(ladder, contacts, Timers())
    system.settle(row, Present(...), at_ms=0)    -> raised, then sends and a sound
    system.accept("oxygen@0", "ann", Role.COMPANION, at_ms=9_000)
"""

from collections.abc import Hashable

from msgspec.structs import replace

from alerts import outage
from alerts.answers import Answers
from alerts.book import Alarm, AlarmBook, RowFacts
from alerts.by_message import answered
from alerts.care import Care
from alerts.carer import ORDER, Carer
from alerts.condition import Assessment, Present, Priority, Transition
from alerts.contact import Contact, Role
from alerts.delivery import Verdict
from alerts.effects import AlarmChanged, AlertEffect, Send, Sound
from alerts.escalation import Ladder, Rung, move, restart
from alerts.renaming import rename
from alerts.sending import P0
from alerts.signal import Cue, Pattern, loudest
from alerts.speech import PRIVATE
from alerts.stand_in import hand_over
from alerts.timers import Timers

__all__ = ["ORDER", "AlarmSystem"]

_P0 = Rung(0, Role.PHYSICIAN)
_P0_BACKUP = Rung(0, Role.BACKUP)
_SILENCE: tuple[Pattern, str | None] = (Pattern.SILENT, None)
_OPENS = (Transition.RAISED, Transition.UPGRADED, Transition.JOINED)


class AlarmSystem:
    """Everything that is done about the alarms of one session. Effects gather in `out`."""

    def __init__(self, ladder: Ladder, contacts: tuple[Contact, ...], timers: Timers) -> None:
        self.out: list[AlertEffect] = []
        self.book = AlarmBook()
        self.carer = Carer(ladder, contacts, timers, self.book, self._emit)
        self.cares = self.carer.cares
        self.post = self.carer.post
        self.post.louder = self._louder
        self.callbacks = self.carer.callbacks
        self.answers = Answers(self.carer)
        self._sound = _SILENCE

    def _emit(self, effect: AlertEffect) -> None:
        self.out.append(effect)

    def _louder(self, delivery: str, priority: Priority) -> bool:
        """Raise a message that was decided by this very event; False: it is not among them."""
        for index, effect in enumerate(self.out):
            if isinstance(effect, Send) and effect.delivery == delivery:
                self.out[index] = replace(effect, priority=priority)
                return True
        return False

    # --- conditions ---------------------------------------------------------------------------

    def settle(self, row: RowFacts, answer: Assessment, at_ms: int) -> None:
        """Take one row's assessment. After `end_all` there is nobody to tell, and none is taken."""
        if self.carer.over is not None:
            return
        lines = self.book.settle(row, answer, at_ms)
        if lines:
            self._follow(lines, at_ms)
        alarm = self.book.open.get(row.family)
        if alarm is not None:
            self._level(self.cares[alarm.id], at_ms)
        if not lines:
            return
        opened = any(ln.row == row.id and ln.transition in _OPENS for ln in lines)
        if opened and alarm is not None and row.p0 and isinstance(answer, Present) and answer.full:
            # "Rows marked P0 inform the physician at 0 s whatever the priority and whoever has
            # accepted" (`clinical.md` 1.5); a ladder that does so itself is not doubled.
            self.carer.ask(self.cares[alarm.id], _P0, P0, at_ms)
            if row.p0_backup:
                self.carer.ask(self.cares[alarm.id], _P0_BACKUP, P0, at_ms)
            if row.callback_s is not None:
                priority = alarm.level[0]
                self.callbacks.ask(alarm.id, row.id, row.callback_s, priority, at_ms)

    def _follow(self, lines: list[AlarmChanged], at_ms: int) -> None:
        """Do what the lines of one alarm ask for; there is at least one."""
        for line in lines:
            self.out.append(line)
        for line in lines:
            if line.transition is Transition.RAISED:
                self.carer.begin(line)
            elif line.transition is Transition.UPGRADED:
                self._upgraded(self.cares[line.id], line)
        by_person = any(line.transition is Transition.RESET for line in lines)
        self._presence(self.cares[lines[0].id], at_ms, by_person=by_person)

    def _upgraded(self, care: Care, line: AlarmChanged) -> None:
        carer, at_ms = self.carer, line.at_ms
        restart(care.standing, at_ms, line.priority, line.alarm_class)
        care.gone_ms = None
        # "An upgrade ends pauses and leases given at a lower priority" (design section 3).
        for lease in list(care.leases.values()):
            if lease.rank < care.rank:
                carer.end_lease(care, lease, "upgraded after it was accepted", at_ms)
            else:
                carer.arm_reminder(care, lease, at_ms)
        if not care.leases:
            carer.cue(care, Cue.UPGRADED, "upgraded", at_ms)
        carer.break_pauses(care, f"{care.id} is upgraded", at_ms)
        carer.arm(care, at_ms)

    def _level(self, care: Care, at_ms: int) -> None:
        """Follow a fall of the alarm's priority, or a change of its class."""
        standing, level = care.standing, self.book.open[care.family].level
        if level == (standing.priority, standing.alarm_class):
            return
        move(self.carer.ladder, standing, at_ms, *level)
        for lease in care.leases.values():
            self.carer.arm_reminder(care, lease, at_ms)
        self.post.withdrawal.cancel_stopped(care.id, at_ms, f"now {level[0].value}, and accepted")
        self.carer.arm(care, at_ms)

    def _presence(self, care: Care, at_ms: int, *, by_person: bool) -> None:
        """Follow the coming and going of the condition as a whole."""
        alarm = self.book.by_id(care.id)
        if alarm is not None and alarm.condition_present:
            if care.gone_ms is not None:
                self._back(care, at_ms)
            return
        if alarm is None:
            self.carer.cue(care, Cue.CLOSED, "alarm is over", at_ms)
            care.closed = True
        else:
            text = "latched until a person resets it"
            self.carer.cue(care, Cue.CONDITION_GONE, text, at_ms)
        if care.gone_ms is None:
            care.gone_ms = at_ms
            # What happened once did not get better: its ladder goes on until somebody answers.
            if alarm is None or not alarm.tells_of_event:
                care.standing.cleared_ms = at_ms
        if by_person and care.closed:
            self.carer.stop(care, "reset by a person", at_ms)
        elif care.leases:
            self.carer.stop(care, "condition gone after acceptance", at_ms)
        else:
            self.carer.arm(care, at_ms)

    def _back(self, care: Care, at_ms: int) -> None:
        standing = care.standing
        care.gone_ms = standing.cleared_ms = None
        if standing.ended is not None:
            restart(standing, at_ms, standing.priority, standing.alarm_class)
        self.carer.cue(care, Cue.CONDITION_BACK, "condition is back", at_ms)
        self.carer.arm(care, at_ms)

    def saw_well(self, at_ms: int) -> None:
        """A check-in said: awake or easily woken, breathing quiet."""
        for care in list(self.cares.values()):
            alarm = self.book.by_id(care.id)
            if alarm is not None and alarm.tells_of_event:
                continue
            if care.gone_ms is not None and care.standing.ended is None:
                self.carer.stop(care, "seen awake and breathing quietly", at_ms)

    # --- people -------------------------------------------------------------------------------

    def acknowledge(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """Pause one alarm's sound. Returns why not, or None."""
        return self.answers.acknowledge(alarm_id, by, role, at_ms)

    def accept(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """A named person takes one alarm on a lease. Returns why not, or None."""
        return self.answers.accept(alarm_id, by, role, at_ms)

    def reject(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """A person cannot take it. Returns why not, or None."""
        return self.answers.reject(alarm_id, by, role, at_ms)

    def answered(self, delivery: str, verdict: Verdict, detail: str, at_ms: int) -> str | None:
        """The person of a message answered it by its own way. Returns why it means nothing."""
        return answered(self, delivery, verdict, detail, at_ms)

    def called_back(self, alarm: str, by: str, role: Role, at_ms: int) -> str | None:
        """A physician has called the room about an alarm. Returns why not, or None."""
        return self.callbacks.done(alarm, by, role, at_ms)

    def on_call(self, role: Role, contact: Contact | None, at_ms: int) -> str | None:
        """Another person is on call for this role (None: nobody). Returns why not, or None."""
        if self.carer.over is not None:
            return f"nobody needs to be on call: {self.carer.over}"
        return hand_over(self.carer, role, contact, at_ms)

    def reset(self, alarm_id: str, by: str, role: Role, at_ms: int) -> str | None:
        """End the latched rows of one alarm. Returns why not, or None."""
        care = self.answers.find(alarm_id, role)
        if isinstance(care, str):
            return care
        alarm = self.book.by_id(alarm_id)
        if alarm is None:
            return f"alarm {alarm_id} is over, nothing is latched"
        lines = self.book.reset(alarm, by, at_ms)
        if not lines:
            # "Reset is offered only while the condition is absent" (`clinical.md` 2.7.2a).
            return f"alarm {alarm_id} cannot be reset: its condition is still present"
        self._follow(lines, at_ms)
        if self.book.by_id(alarm_id) is not None:
            self._level(care, at_ms)
        return None

    # --- recovery -----------------------------------------------------------------------------

    def take_over(self, care: Care) -> None:
        """Go on with an alarm that is in the book already, from the record."""
        self.carer.take_over(care, care.standing.base_ms)

    def rename(self, alarm: Alarm, new_id: str) -> None:
        """Give an open alarm the id that the record gave it."""
        rename(self.carer, alarm.id, new_id)
        alarm.id = new_id

    def raise_level(self, alarm: Alarm, reason: str, at_ms: int) -> None:
        """An open alarm is higher in the record than it was here."""
        self._follow([self.book.line(alarm, Transition.UPGRADED, at_ms, reason)], at_ms)

    def hold(self) -> None:
        """The hub did not run: what becomes due now is record only, until `release`."""
        outage.hold(self.post)

    def release(self, at_ms: int) -> None:
        """The hub runs again."""
        outage.release(self.post, at_ms)

    # --- time ---------------------------------------------------------------------------------

    def fire(self, key: tuple[Hashable, ...], at_ms: int) -> None:
        """One of this system's timers is due."""
        if key[0] in ("timeout", "retry"):
            self.post.fire(str(key[0]), str(key[1]), at_ms)
        elif key[0] == "callback":
            self.callbacks.fire(str(key[1]), at_ms)
        else:
            self.carer.fire(key, at_ms)

    def end_all(self, reason: str, at_ms: int) -> None:
        """The session is closed: every signal off, every ladder ended and said so.

        The book keeps what was open, for the report; nobody can answer it any more.
        """
        self.carer.over = reason
        for care in list(self.cares.values()):
            self.carer.cue(care, Cue.CLOSED, reason, at_ms)
            self.carer.stop(care, reason, at_ms)
        self.callbacks.close(reason, at_ms)
        self.post.withdrawal.stop_all(at_ms, reason)

    def update_sound(self, at_ms: int) -> None:
        """Say what the speaker plays if that has changed. Called once an event."""
        if not self.cares and self._sound == _SILENCE:
            return
        sound = loudest(care.shown for care in self.cares.values() if not self._private(care))
        if sound != self._sound:
            self._sound = sound
            self.out.append(Sound(at_ms=at_ms, pattern=sound[0], alarm=sound[1]))

    def _private(self, care: Care) -> bool:
        """Whether only rows of the private card are open: it never sounds (`cards.md` card 11)."""
        alarm = self.book.by_id(care.id)
        return alarm is not None and PRIVATE.issuperset(alarm.rows)

    @property
    def sound(self) -> tuple[Pattern, str | None]:
        """What the speaker plays now, and for which alarm."""
        return self._sound
