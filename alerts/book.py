"""One cause, one alarm: rows of a family become one alarm with one id, upgraded in place.

The book answers one question: given a row's new assessment, what happened to its family's alarm?
It never decides whether a row is present, never keeps time beyond counting returns, and never
tells anybody; `alerts/system.py` does that with the lines it gets from here.

    book.settle(row, Present(Priority.MEDIUM, ...), at_ms=1000) -> [raised oxygen@1000]
    book.settle(crit, Present(Priority.HIGH, ...), at_ms=4000)  -> [upgraded oxygen@1000]

Rules, all of `clinical.md` 2.7: the alarm's priority is that of the highest row present or latched;
it falls only when that row has cleared and, if it latches, a person has reset it; a row latches
only from its full priority; Unknown and Off change nothing.
"""

from alerts.alarm import Alarm, RowFacts, RowState, urgency
from alerts.condition import Absent, Assessment, Present, Transition, rank
from alerts.effects import AlarmChanged

__all__ = ["RETURN_MS", "THIRD_RETURN_MS", "Alarm", "AlarmBook", "RowFacts", "RowState"]

RETURN_MS = 5 * 60_000
THIRD_RETURN_MS = 15 * 60_000


class AlarmBook:
    """All open alarms of one session, by family; `raised` has the id of every one that ever was."""

    def __init__(self) -> None:
        self.open: dict[str, Alarm] = {}
        self.raised: set[str] = set()
        self._returns: dict[str, list[int]] = {}
        self._closed_ms: dict[str, int] = {}

    def by_id(self, alarm_id: str) -> Alarm | None:
        """The open alarm of this id."""
        return next((alarm for alarm in self.open.values() if alarm.id == alarm_id), None)

    def settle(self, row: RowFacts, answer: Assessment, at_ms: int) -> list[AlarmChanged]:
        """Take a row's assessment; return what it did to the family's alarm, oldest first."""
        if isinstance(answer, Present):
            return self._present(row, answer, at_ms)
        if isinstance(answer, Absent):
            return self._absent(row, answer, at_ms)
        return []

    def reset(self, alarm: Alarm, by: str, at_ms: int) -> list[AlarmChanged]:
        """End the latched rows whose condition is gone; empty when there is none."""
        gone = [state for state in alarm.rows.values() if state.latched]
        before = alarm.rank
        lines = []
        for state in gone:
            del alarm.rows[state.facts.id]
            lines.append(_line(alarm, state, Transition.RESET, at_ms, f"reset by {by}", by=by))
        return lines + self._after_loss(alarm, before, at_ms) if gone else []

    def line(
        self, alarm: Alarm, transition: Transition, at_ms: int, reason: str, by: str | None = None
    ) -> AlarmChanged:
        """One line about the alarm as a whole, in the name of its highest row."""
        return _line(alarm, alarm.top, transition, at_ms, reason, by=by)

    def _present(self, row: RowFacts, answer: Present, at_ms: int) -> list[AlarmChanged]:
        alarm = self.open.get(row.family)
        if alarm is None:
            return self._raise(row, answer, at_ms)
        before = alarm.rank
        state = alarm.rows.get(row.id)
        was_present = state is not None and state.present
        if was_present and state is not None and state.answer == answer:
            return []
        if state is None:
            state = alarm.rows[row.id] = RowState(row, answer, at_ms)
        elif not state.present:
            state.present, state.since_ms = True, at_ms
        old = state.answer
        state.answer = answer
        _keep(state)
        after = alarm.rank
        if after > before:
            return [_line(alarm, state, Transition.UPGRADED, at_ms, answer.reason)]
        if after < before:
            return [_line(alarm, alarm.top, Transition.DOWNGRADED, at_ms, answer.reason)]
        if not was_present or _rose(old, answer):
            return [_line(alarm, state, Transition.JOINED, at_ms, answer.reason)]
        return []

    def _raise(self, row: RowFacts, answer: Present, at_ms: int) -> list[AlarmChanged]:
        alarm = Alarm(id=f"{row.family}@{at_ms}", family=row.family, raised_ms=at_ms, rows={})
        closed_ms = self._closed_ms.get(row.family)
        returned = closed_ms is not None and at_ms - closed_ms <= RETURN_MS
        if returned:
            earlier = self._returns.get(row.family, [])
            returns = [t for t in earlier if at_ms - t <= THIRD_RETURN_MS] + [at_ms]
            self._returns[row.family] = returns
            alarm.returns = len(returns)
        state = alarm.rows[row.id] = RowState(row, answer, at_ms)
        _keep(state)
        self.open[row.family] = alarm
        self.raised.add(alarm.id)
        lines = [_line(alarm, state, Transition.RAISED, at_ms, answer.reason)]
        if returned:
            text = f"return {alarm.returns} within 15 min"
            lines.append(_line(alarm, state, Transition.REPEATED, at_ms, text))
        return lines

    def _absent(self, row: RowFacts, answer: Absent, at_ms: int) -> list[AlarmChanged]:
        alarm = self.open.get(row.family)
        state = alarm.rows.get(row.id) if alarm is not None else None
        if alarm is None or state is None or not state.present:
            return []
        before = alarm.rank
        state.present = False
        if state.kept is not None:
            lines = [_line(alarm, state, Transition.LATCHED, at_ms, answer.reason)]
        else:
            del alarm.rows[row.id]
            lines = [_line(alarm, state, Transition.CLEARED, at_ms, answer.reason)]
        return lines + self._after_loss(alarm, before, at_ms)

    def _after_loss(self, alarm: Alarm, before: int, at_ms: int) -> list[AlarmChanged]:
        if not alarm.rows:
            del self.open[alarm.family]
            self._closed_ms[alarm.family] = at_ms
            return []
        if alarm.rank < before:
            top = alarm.top
            return [_line(alarm, top, Transition.DOWNGRADED, at_ms, top.shown.reason)]
        return []


def _keep(state: RowState) -> None:
    """A row latches only from its full priority."""
    answer, latch_from = state.answer, state.facts.latch_from
    if latch_from is None or not answer.full or answer.priority.rank < latch_from.rank:
        return
    kept = state.kept
    if kept is None or rank(answer.priority, answer.alarm_class) >= rank(
        kept.priority, kept.alarm_class
    ):
        state.kept = answer


def _rose(old: Present, new: Present) -> bool:
    return (urgency(new.priority, new.alarm_class), new.full) > (
        urgency(old.priority, old.alarm_class),
        old.full,
    )


def _line(
    alarm: Alarm,
    state: RowState,
    transition: Transition,
    at_ms: int,
    reason: str,
    by: str | None = None,
) -> AlarmChanged:
    priority, alarm_class = alarm.level if alarm.rows else alarm.priority_of(state)
    return AlarmChanged(
        at_ms=at_ms,
        id=alarm.id,
        family=alarm.family,
        row=state.facts.id,
        transition=transition,
        priority=priority,
        alarm_class=alarm_class,
        kind=state.facts.kind,
        value_x100=state.answer.value_x100,
        limit_x100=state.answer.limit_x100,
        reason=reason,
        by=by,
    )
