"""Moves a rehearsal: sends each way's test message in its turn, takes answers, ends by deadlines.

It goes by the same post as every alarm (names, time-outs, channels), so that it proves the chain
itself. Each way of each person gets one message: the first at once, the next one 15 s after it, or
at once when it failed or the person has answered already. A message carries the highest priority
and the mark of a test; a way is tried once, because a rehearsal is to find the weak one. One
rehearsal runs at a time; an alarm is told beside it and waits for nothing here. Times are engine
timers, so that a restart changes nothing.

    rehearser.start("ann", at_ms=0)                                       -> None: it runs
    rehearser.answer("rehearsal@0", "ann", Verdict.ACCEPT, at_ms=9_000)   -> None: Ann has it
"""

from collections.abc import Callable

from alerts.condition import Priority
from alerts.contact import Contact, Role
from alerts.delivery import Delivery, DeliveryState, Verdict, is_failure
from alerts.envelope import REHEARSAL
from alerts.post import Post
from alerts.rehearsal import (
    ANSWER_MS,
    ORDER,
    ROLES,
    STEP_MS,
    PersonTrial,
    RehearsalChanged,
    Stand,
    Trial,
    WayTrial,
    rehearsal_id,
    way_stand,
)
from alerts.timers import Timers

__all__ = ["Rehearser"]


class Rehearser:
    """The rehearsals of one session. `last` is the one that runs, or that was the last."""

    def __init__(
        self, post: Post, timers: Timers, emit: Callable[[RehearsalChanged], None]
    ) -> None:
        self.post = post
        self.timers = timers
        self.emit = emit
        self.last: Trial | None = None

    @property
    def running(self) -> Trial | None:
        """The rehearsal that runs now."""
        return self.last if self.last is not None and not self.last.over else None

    def holders(self) -> tuple[Contact | None, ...]:
        """Who has each role of a rehearsal now."""
        contacts = self.post.contacts
        return tuple(next((c for c in contacts if c.role is role), None) for role in ROLES)

    def start(self, by: str, at_ms: int) -> str | None:
        """Begin a rehearsal. Returns why not, or None."""
        if self.running is not None:
            return f"{self.running.id} runs already; wait for its end"
        if self.last is not None and self.last.started_ms == at_ms:
            return f"{self.last.id} has just been; ask again"
        holders = zip(ROLES, self.holders(), strict=True)
        people = [self._part(role, who, at_ms) for role, who in holders]
        trial = self.last = Trial(rehearsal_id(at_ms), by, at_ms, people)
        self.emit(RehearsalChanged(at_ms=at_ms, id=trial.id, state=Stand.RUNNING, reason=by))
        for person in people:
            if person.ways:
                self.timers.set((*self._key(trial, person), "until"), person.until_ms, ORDER)
            else:
                self._finish(trial, person, Stand.FAILED, _nobody(person), at_ms)
        self.consider(at_ms)
        return None

    def answer(self, name: str, by: str, verdict: Verdict, at_ms: int, how: str = "") -> str | None:
        """A person answers by name: on their own page, or (`how`) by a way. Returns why not."""
        trial = self.last
        if trial is None or trial.id != name:
            return f"{name} is not the rehearsal of now: start another one"
        person = trial.of(by)
        if person is None:
            return f"{by} is nobody whom this rehearsal asks"
        if person.state is not Stand.RUNNING and not person.answered:
            return f"too late: {person.reason}; start the rehearsal again"
        if person.answered or person.state is not Stand.RUNNING:
            # Once more changes nothing; it is in the record.
            return None
        how = how or "on their page"
        if verdict is Verdict.REJECT:
            person.said_no = True
            self._finish(trial, person, Stand.FAILED, f"{by} cannot take it ({how})", at_ms)
        else:
            person.answered = how
        self.consider(at_ms)
        return None

    def by_message(
        self, delivery: Delivery, verdict: Verdict, detail: str, at_ms: int
    ) -> str | None:
        """A person answers by the very way of a message. Returns why that proves nothing."""
        if delivery.state is not DeliveryState.ANSWERED:
            self.post.report(delivery.id, DeliveryState.ANSWERED, detail, at_ms)
        delivery.verdict = verdict
        how = f"by {delivery.person.ways[delivery.way].channel}"
        return self.answer(delivery.alarm, delivery.contact, verdict, at_ms, how)

    def stop(self, reason: str, at_ms: int) -> None:
        """End the rehearsal that runs: it proves nothing."""
        trial = self.running
        if trial is None:
            return
        trial.stopped = reason
        for person in trial.people:
            if person.state is Stand.RUNNING:
                self._finish(trial, person, Stand.FAILED, reason, at_ms)
        self._end(trial, at_ms)

    def consider(self, at_ms: int) -> None:
        """News or time has come: the next ways are sent, all looked at, people judged.

        A timer of this rehearsal only wakes the engine, which then asks here.
        """
        trial = self.running
        if trial is None:
            return
        for person in trial.people:
            if person.state is Stand.RUNNING:
                over = at_ms >= person.until_ms
                if not over:
                    self._send_next(trial, person, at_ms)
                self._look(trial, person, at_ms, over=over)
                self._judge(trial, person, at_ms, over=over)
        self._end(trial, at_ms)

    # --- inside -------------------------------------------------------------------------------

    def _part(self, role: Role, who: Contact | None, at_ms: int) -> PersonTrial:
        ways = [WayTrial(way.channel) for way in who.ways] if who is not None else []
        return PersonTrial(role, who, at_ms + ANSWER_MS[role], ways)

    def _key(self, trial: Trial, person: PersonTrial) -> tuple[str, str, str]:
        return ("rehearsal", trial.id, person.name)

    def _sent(self, trial: Trial, person: PersonTrial) -> dict[int, Delivery]:
        """The message of each way to one person, as far as they were sent."""
        about = self.post.bag.about(trial.id)
        return {one.way: one for one in about if one.contact == person.name}

    def _send_next(self, trial: Trial, person: PersonTrial, at_ms: int) -> None:
        """Send the ways whose turn has come."""
        key = (*self._key(trial, person), "step")
        sent = self._sent(trial, person)
        while len(sent) < len(person.ways) and person.person is not None:
            before = sent.get(len(sent) - 1)
            if before is not None and not person.answered and not is_failure(before.state):
                due_ms = before.at_ms + STEP_MS
                if due_ms > at_ms:
                    self.timers.set(key, due_ms, ORDER)
                    return
            self.post.tell(
                person.person,
                trial.id,
                Priority.HIGH,
                REHEARSAL,
                at_ms,
                way=len(sent),
                alone=True,
            )
            sent = self._sent(trial, person)
        self.timers.cancel(key)

    def _look(self, trial: Trial, person: PersonTrial, at_ms: int, *, over: bool) -> None:
        """Follow each way's message, and say what has changed."""
        for number, delivery in self._sent(trial, person).items():
            way = person.ways[number]
            state, reason, way.done = way_stand(delivery, over=over)
            if (state, reason) == (way.state, way.reason):
                continue
            way.state, way.reason = state, reason
            self.emit(
                RehearsalChanged(
                    at_ms=at_ms,
                    id=trial.id,
                    state=state,
                    contact=person.name,
                    role=person.role,
                    way=number,
                    channel=way.channel,
                    reason=reason,
                )
            )

    def _judge(self, trial: Trial, person: PersonTrial, at_ms: int, *, over: bool) -> None:
        """A person is done when they answered and every way has had its turn, or by their time."""
        if not over and not (person.answered and all(way.done for way in person.ways)):
            return
        broken = "; ".join(person.broken)
        if not person.answered:
            waited_s = ANSWER_MS[person.role] // 1000
            words = [f"{way.channel}: {way.reason}" for way in person.ways]
            why = f"no answer of {person.name} within {waited_s} s ({'; '.join(words)})"
            self._finish(trial, person, Stand.FAILED, why, at_ms)
        elif broken:
            why = f"{person.name} answered {person.answered}, but not every way works: {broken}"
            self._finish(trial, person, Stand.FAILED, why, at_ms)
        else:
            why = f"{person.name} answered {person.answered}"
            self._finish(trial, person, Stand.PASSED, why, at_ms)

    def _finish(
        self, trial: Trial, person: PersonTrial, state: Stand, reason: str, at_ms: int
    ) -> None:
        person.state, person.reason = state, reason
        for kind in ("until", "step"):
            self.timers.cancel((*self._key(trial, person), kind))
        self.emit(
            RehearsalChanged(
                at_ms=at_ms,
                id=trial.id,
                state=state,
                contact=person.name,
                role=person.role,
                reason=reason,
            )
        )

    def _end(self, trial: Trial, at_ms: int) -> None:
        """The last person is done: what is under way is stopped, and the whole is said."""
        if trial.over or trial.state is Stand.RUNNING:
            return
        trial.over = True
        self.post.withdrawal.stop(trial.id, at_ms, "the rehearsal is over", but=())
        self.emit(
            RehearsalChanged(at_ms=at_ms, id=trial.id, state=trial.state, reason=trial.reason)
        )


def _nobody(person: PersonTrial) -> str:
    if person.person is None:
        return f"no {person.role.value} is set for this session"
    return f"{person.name} has no way to be reached"
