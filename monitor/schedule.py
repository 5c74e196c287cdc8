"""When the next reading or check-in is due: fixed minutes after the dose, then every so many.

A due time stands until it is satisfied; a new phase can bring it nearer, never push it away. This
module keeps no timer and asks nobody.

>>> from monitor.plan import Schedule
>>> due = Due(Schedule(at_min=(5, 10)))
>>> due.enter(Phase.ONSET, 0, dose_ms=0)
>>> due.due_ms
300000
"""

from typing import TYPE_CHECKING

from monitor.session import Phase

if TYPE_CHECKING:
    from monitor.plan import Schedule

__all__ = ["Due"]


class Due:
    """The next due time of one kind of reading, and why then; None when nothing is due."""

    PLANNED = "schedule"
    __slots__ = ("_at_min", "_phase", "_schedule", "due_ms", "reason")

    def __init__(self, schedule: "Schedule") -> None:
        self._schedule = schedule
        self._at_min = schedule.at_min
        self._phase: Phase | None = None
        self.due_ms: int | None = None
        self.reason = self.PLANNED

    def enter(self, phase: Phase, now_ms: int, dose_ms: int | None) -> None:
        """A phase begins: what it asks for may be due earlier than what was."""
        self._phase = phase
        next_ms = self._next_ms(now_ms, dose_ms)
        if self.due_ms is None or (next_ms is not None and next_ms < self.due_ms):
            self.due_ms, self.reason = next_ms, self.PLANNED

    def satisfy(self, now_ms: int, dose_ms: int | None) -> None:
        """A reading came: the due times that it covers are done."""
        self.due_ms = self._next_ms(now_ms + self._schedule.early_s * 1000, dose_ms, now_ms)
        self.reason = self.PLANNED

    def add_high_risk(self, now_ms: int, dose_ms: int | None) -> None:
        """From now on the further minutes of a patient at high risk count too."""
        self._at_min = tuple(sorted({*self._schedule.at_min, *self._schedule.high_risk_min}))
        if self._phase is not None:
            self.enter(self._phase, now_ms, dose_ms)

    def stop(self) -> None:
        """Nothing is due any more."""
        self.due_ms = None

    def at_latest(self, due_ms: int, reason: str = PLANNED) -> None:
        """Ask earlier than planned, and say why."""
        if self.due_ms is None or due_ms < self.due_ms:
            self.due_ms, self.reason = due_ms, reason

    def not_before(self, may_ms: int) -> None:
        """What would come too soon is due when it may be done."""
        if self.due_ms is not None and self.due_ms < may_ms:
            self.due_ms = may_ms

    def _next_ms(
        self, after_ms: int, dose_ms: int | None, from_ms: int | None = None
    ) -> int | None:
        candidates: list[int] = []
        if dose_ms is not None:
            fixed = (dose_ms + minute * 60_000 for minute in self._at_min)
            candidates.extend(at_ms for at_ms in fixed if at_ms > after_ms)
        every = self._schedule.every_min.get(self._phase) if self._phase else None
        if every:
            candidates.append((after_ms if from_ms is None else from_ms) + every * 60_000)
        return min(candidates, default=None)
