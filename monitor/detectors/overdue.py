"""Shape `overdue`: a cuff reading, a check-in or a tap has not come when it was due, by stages.

The due time is the schedule's (`monitor/schedule.py`); a failed attempt does not move it. This
shape lives by deadlines and clears when the due time moves, that is when the thing was done, or
when the phase asks for it no more.

    CI-MISS-C: low 2 min -> medium 4 min -> high 7 min after due (PEAK: 1/3/5)
"""

from alerts.condition import Absent, Present, Priority
from devices.observation import DeviceKind
from monitor.chart import Chart
from monitor.detectors.base import Detector
from monitor.facts import all_true
from monitor.rows import OverdueRow
from monitor.schedule import Due

__all__ = ["OverdueDetector"]


class OverdueDetector(Detector):
    """One row of shape `overdue`."""

    def __init__(self, row: OverdueRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._due_ms: int | None = None
        self._stage: Priority | None = None
        self._held_until_ms = 0
        if self._patient and not chart.plan.patient_check.required_in:
            self.off("the plan asks the patient for no tap")

    def hold(self, until_ms: int) -> None:
        """Nobody could be asked in time: a row that is not present is not so before `until_ms`.

        "overdue rows move to restart + 60 s" (design section 3). The due time stays, and with it
        how long the last rating is known.
        """
        if not isinstance(self.answer, Present):
            self._held_until_ms = until_ms

    def refresh(self, now_ms: int) -> None:
        """Say what holds now; idempotent until the answer's `until_ms`."""
        due_ms = self.due.due_ms if self._required() else None
        if due_ms != self._due_ms:
            self._due_ms = due_ms
            if self._stage is not None and (due_ms is None or due_ms > now_ms):
                self._stage = None
                self.answer = Absent("done" if self._required() else "not asked for in this phase")
        if due_ms is None:
            return
        stages = [
            stage
            for stage in self.row.stages
            if (not stage.phases or self.chart.is_in(stage.phases))
            and all_true(self.chart, stage.facts, now_ms)
        ]
        dues = [
            (max(due_ms + stage.after_s * 1000, self._held_until_ms), stage.priority)
            for stage in stages
        ]
        reached = [priority for at_ms, priority in dues if now_ms >= at_ms]
        highest = max(reached, key=lambda priority: priority.rank, default=None)
        until_ms = min((at_ms for at_ms, _ in dues if at_ms > now_ms), default=None)
        if highest is not None and (self._stage is None or highest.rank > self._stage.rank):
            self._stage = highest
            late_s = (now_ms - due_ms) // 1000
            reason = f"{self.label}: {late_s // 60} min {late_s % 60} s late"
            self.answer = self.present(reason, None, None, highest, until_ms=until_ms)
        elif isinstance(self.answer, Present):
            if self.answer.until_ms != until_ms:
                self.answer = self.present(
                    self.answer.reason, None, None, self.answer.priority, until_ms=until_ms
                )
        elif self.answer.until_ms != until_ms:
            self.answer = Absent(until_ms=until_ms)

    @property
    def due(self) -> Due:
        """The schedule that this row watches."""
        if self._patient:
            return self.chart.patient_check
        return self.chart.cuff if self.row.watches == "cuff" else self.chart.check_in

    @property
    def _patient(self) -> bool:
        return self.row.watches == "patient_check"

    def _required(self) -> bool:
        plan = self.chart.plan
        if self.row.watches == "cuff":
            return self.chart.requires(plan.cuff, DeviceKind.CUFF)
        stream = plan.patient_check if self._patient else plan.check_in
        return self.chart.requires(stream, None)
