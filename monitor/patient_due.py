"""When the patient is asked for a tap, "I am OK": fixed minutes after the dose, and each trial.

Only some phases ask. What falls into another one is passed over and never late: a patient in the
peak lies with closed eyes. A tap covers what is due up to `early_s` after it. Nobody is asked here.

>>> from monitor.plan import Schedule
>>> due = PatientDue(Schedule(at_min=(10, 90)), (Phase.ONSET, Phase.OFFSET))
>>> due.enter(Phase.ONSET, 0, dose_ms=0)
>>> due.due_ms
600000
>>> due.enter(Phase.PEAK, 1_200_000, dose_ms=0)
>>> due.due_ms is None
True
"""

from typing import TYPE_CHECKING

from monitor.schedule import Due
from monitor.session import Phase

if TYPE_CHECKING:
    from monitor.plan import Schedule

__all__ = ["PatientDue"]

_TRIAL = "trial of discharge"


class PatientDue(Due):
    """The next tap of the patient, and why then; None while nothing is asked."""

    __slots__ = ("_covered_ms", "_required_in")

    def __init__(self, schedule: "Schedule", required_in: tuple[Phase, ...]) -> None:
        super().__init__(schedule)
        self._required_in = required_in
        # Up to when everything that was planned is done; times of a recording may be negative.
        self._covered_ms: int | None = None

    @property
    def asks(self) -> bool:
        """Whether the phase asks for taps at all."""
        return self._phase in self._required_in

    def enter(self, phase: Phase, now_ms: int, dose_ms: int | None) -> None:
        """A phase begins: it asks from now on, goes on asking, or asks no more."""
        self._phase = phase
        if not self.asks:
            self.stop()
        elif self.due_ms is None:
            self._plan(now_ms - 1, dose_ms)

    def satisfy(self, now_ms: int, dose_ms: int | None) -> None:
        """The patient tapped, or the companion has looked instead."""
        self._covered_ms = now_ms + self._schedule.early_s * 1000
        self._plan(now_ms, dose_ms)

    def at_trial(self, now_ms: int) -> None:
        """A trial of discharge asks for a tap at once, unless one has just come."""
        if self.asks and (self._covered_ms is None or now_ms > self._covered_ms):
            self.at_latest(now_ms, _TRIAL)

    def _plan(self, after_ms: int, dose_ms: int | None) -> None:
        if self._covered_ms is not None:
            after_ms = max(after_ms, self._covered_ms)
        self.due_ms = self._next_ms(after_ms, dose_ms) if self.asks else None
        self.reason = self.PLANNED
