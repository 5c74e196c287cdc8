"""Call-backs: a physician is asked to call the room within a time, and somebody is until one has.

A row may ask for a call-back (`clinical.md` 2.3 BP-SEV: "physician call-back <=10 min, else
backup"). It is a task with a deadline: the physician was told by the row's own message; at the
deadline the next of the two is told, with a new one, and so on until a physician says that they
have called, or the session ends. Accepting the alarm is no call, and neither is promising one.

    callbacks.ask("pressure_high@5", "BP-SEV", 600, Priority.MEDIUM, at_ms=5)  -> due 600 005
    callbacks.fire("pressure_high@5", at_ms=600_005)                 -> missed, the backup is told
"""

from collections.abc import Callable

from msgspec import Struct

from alerts.condition import Priority
from alerts.contact import Contact, Role
from alerts.effects import AlertEffect, TaskChanged, TaskState
from alerts.post import Post
from alerts.sending import CALLBACK
from alerts.timers import Timers

__all__ = ["DOCTORS", "KEEP", "CallTask", "Callbacks"]

# Who may call back, in the order in which they are asked.
DOCTORS = (Role.PHYSICIAN, Role.BACKUP)
# Bound: so many finished tasks are shown; older ones live in the journal.
KEEP = 20
_OPEN = (TaskState.OPEN, TaskState.PROMISED, TaskState.MISSED)
# Before the messages of the same instant.
_ORDER = 10_001


class CallTask(Struct):
    """One call that somebody waits for. `to`: the person asked now (empty: nobody is set).

    `passed_on`: the one before could not be reached, so that this one was asked before the time.
    """

    alarm: str
    row: str
    within_ms: int
    priority: Priority
    state: TaskState
    role: Role
    to: str
    due_ms: int
    by: str | None = None
    passed_on: bool = False

    @property
    def waits(self) -> bool:
        """Nobody has called yet."""
        return self.state in _OPEN


class Callbacks:
    """The call-backs of one session by the alarm that asks for them, oldest first."""

    def __init__(self, post: Post, timers: Timers, emit: Callable[[AlertEffect], None]) -> None:
        self._post = post
        self._timers = timers
        self._emit = emit
        self.tasks: dict[str, CallTask] = {}

    def ask(self, alarm: str, row: str, within_s: int, priority: Priority, at_ms: int) -> None:
        """Ask for a call; one that is open already is not asked for again."""
        known = self.tasks.get(alarm)
        if known is not None and known.waits:
            return
        within_ms = within_s * 1000
        role, contact = self._next(Role.BACKUP)
        task = CallTask(
            alarm=alarm,
            row=row,
            within_ms=within_ms,
            priority=priority,
            state=TaskState.OPEN,
            role=role,
            to="" if contact is None else contact.id,
            due_ms=at_ms + within_ms,
        )
        self.tasks.pop(alarm, None)
        self.tasks[alarm] = task
        self._bound()
        self._arm(task)
        self._say(task, f"{row} asks for a call within {within_s // 60} min", at_ms)

    def done(self, alarm: str, by: str, role: Role, at_ms: int) -> str | None:
        """A physician has called. Returns why that is refused, or None."""
        task = self.tasks.get(alarm)
        if role not in DOCTORS:
            return f"a {role.value} does not call back: the physician says that they have called"
        if task is None or not task.waits:
            return f"nobody waits for a call about {alarm}"
        task.state, task.by = TaskState.DONE, by
        self._timers.cancel(("callback", alarm))
        self._say(task, f"{by} has called", at_ms)
        self._post.withdrawal.cancel_stopped(alarm, at_ms, f"{by} has called")
        return None

    def promised(self, alarm: str, by: str, at_ms: int) -> str | None:
        """A person will call; the deadline stays. Returns why that means nothing, or None."""
        task = self.tasks.get(alarm)
        if task is None or not task.waits:
            return f"nobody waits for a call about {alarm}"
        task.state, task.by = TaskState.PROMISED, by
        self._say(task, f"{by} will call", at_ms)
        return None

    def declined(self, alarm: str, by: str, at_ms: int) -> str | None:
        """A person cannot call: the next one is asked at once. Returns why not, or None."""
        task = self.tasks.get(alarm)
        if task is None or not task.waits:
            return f"nobody waits for a call about {alarm}"
        self._missed(task, f"{by} cannot call", at_ms)
        return None

    def unreachable(self, alarm: str, who: str, at_ms: int) -> None:
        """No way reached the person who was asked: the other is, once before each deadline."""
        task = self.tasks.get(alarm)
        if task is not None and task.waits and not task.passed_on:
            self._missed(task, f"cannot reach {who}", at_ms)
            task.passed_on = True

    def waits(self, alarm: str) -> bool:
        """Whether a call about this alarm is still to come."""
        task = self.tasks.get(alarm)
        return task is not None and task.waits

    def fire(self, alarm: str, at_ms: int) -> None:
        """The deadline of a call has passed."""
        self._missed(self.tasks[alarm], "nobody has called in time", at_ms)

    def rename(self, old_id: str, new_id: str) -> None:
        """An alarm goes on under the id that the record gave it."""
        task = self.tasks.pop(old_id, None)
        if task is None:
            return
        task.alarm = new_id
        self.tasks[new_id] = task
        self._timers.rename(("callback", old_id), ("callback", new_id))

    def close(self, reason: str, at_ms: int) -> None:
        """The session is over: nobody waits for a call any more."""
        for task in self.tasks.values():
            if task.waits:
                task.state = TaskState.CLOSED
                self._timers.cancel(("callback", task.alarm))
                self._say(task, reason, at_ms)

    def _missed(self, task: CallTask, why: str, at_ms: int) -> None:
        role, contact = self._next(task.role)
        task.state, task.by, task.passed_on = TaskState.MISSED, None, False
        task.role, task.to = role, "" if contact is None else contact.id
        task.due_ms = at_ms + task.within_ms
        self._arm(task)
        self._say(task, why, at_ms)
        if contact is None:
            self._post.skip(task.alarm, CALLBACK, "no physician is set for this session", at_ms)
        else:
            self._post.tell(contact, task.alarm, task.priority, CALLBACK, at_ms)

    def _next(self, role: Role) -> tuple[Role, Contact | None]:
        """The other of the two, or the same one again when there is no other."""
        other = DOCTORS[1 - DOCTORS.index(role)]
        for one in (other, role):
            contact = self._post.contact_of(one)
            if contact is not None:
                return one, contact
        return other, None

    def _arm(self, task: CallTask) -> None:
        self._timers.set(("callback", task.alarm), task.due_ms, _ORDER)

    def _say(self, task: CallTask, reason: str, at_ms: int) -> None:
        self._emit(
            TaskChanged(
                at_ms=at_ms,
                alarm=task.alarm,
                row=task.row,
                state=task.state,
                to=task.to,
                due_ms=task.due_ms if task.waits else None,
                by=task.by,
                reason=reason,
            )
        )

    def _bound(self) -> None:
        done = [alarm for alarm, task in self.tasks.items() if not task.waits]
        for alarm in done[: max(0, len(done) - KEEP)]:
            del self.tasks[alarm]
