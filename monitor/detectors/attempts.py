"""Shape `attempts`: cuff attempts that failed in a row, by their number and by how long it lasts.

The count is the cuff cycle's (`monitor/cuff_cycle.py`); a reading ends the row. Being late is
another shape: a failed attempt does not move what is due.

    CUFF-FAIL: low at the second failure -> medium at the third, or 10 min after the first
"""

from alerts.condition import Absent, Present
from monitor.chart import Chart
from monitor.detectors.base import Detector
from monitor.rows import AttemptsRow, Count

__all__ = ["AttemptsDetector"]


class AttemptsDetector(Detector):
    """One row of shape `attempts`."""

    def __init__(self, row: AttemptsRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row

    def refresh(self, now_ms: int) -> None:
        """Say what holds now; idempotent until the answer's `until_ms`."""
        cycle = self.chart.cuff_cycle
        since_ms, failures = cycle.failing_since_ms, cycle.failures
        if since_ms is None:
            if isinstance(self.answer, Present):
                self.answer = Absent("a reading came")
            elif self.answer.until_ms is not None:
                self.answer = Absent()
            return
        dues = [
            (since_ms + stage.after_s * 1000, stage)
            for stage in self.row.stages
            if failures >= stage.failures
        ]
        until_ms = min((at_ms for at_ms, _ in dues if at_ms > now_ms), default=None)
        reached = [stage for at_ms, stage in dues if at_ms <= now_ms]
        highest: Count | None = max(reached, key=lambda one: one.priority.rank, default=None)
        if highest is None:
            if self.answer.until_ms != until_ms:
                self.answer = Absent(until_ms=until_ms)
            return
        reason = f"{self.label}: {failures} in a row"
        answer = self.present(reason, None, None, highest.priority, until_ms=until_ms)
        if answer != self.answer:
            self.answer = answer
