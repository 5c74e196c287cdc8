"""Shape `repeated`: the cuff says so in some of its last readings, not in one alone.

A single irregular-pulse flag is often a movement; two in three readings are told to the physician
(`clinical.md` 2.2 PR-IRREG). A reading that a person typed carries no flag and counts as none. A
sign of danger raises the row while it is present; it does not fall again before it ends.

    PR-IRREG: irregular-pulse flag in 2 of 3 readings; medium with pulse >120 or a symptom
"""

from collections import deque

from alerts.condition import Absent, Off, Present
from monitor.chart import BpReading, Chart
from monitor.detectors.base import Detector
from monitor.facts import any_true
from monitor.rows import RepeatedRow

__all__ = ["RepeatedDetector"]


class RepeatedDetector(Detector):
    """One row of shape `repeated`."""

    def __init__(self, row: RepeatedRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._last: deque[bool] = deque(maxlen=max(row.of, row.clear_after))
        if chart.fibrillation:
            self.off("the patient's plan knows of atrial fibrillation")

    def on_reading(self, reading: BpReading) -> None:
        """Judge one cuff reading."""
        if isinstance(self.answer, Off) or reading.irregular is None:
            return
        self._last.append(reading.irregular)
        last = list(self._last)
        count = sum(last[-self.row.of :])
        if not isinstance(self.answer, Present):
            if count >= self.row.count:
                reason = f"{self.label}: in {count} of {min(len(last), self.row.of)} readings"
                self.answer = self.present(reason, reading.pulse_x100, None)
        elif not any(last[-self.row.clear_after :]):
            self.answer = Absent(f"{self.row.clear_after} readings without it")
        self.refresh(reading.at_ms)

    def refresh(self, now_ms: int) -> None:
        """A sign of danger makes a present row higher."""
        answer, higher = self.answer, self.row.danger_priority
        if not isinstance(answer, Present) or answer.priority.rank >= higher.rank:
            return
        fact = any_true(self.chart, self.row.danger, now_ms)
        if fact is not None:
            reason = f"{answer.reason}, {fact.value}"
            self.answer = self.present(reason, answer.value_x100, None, higher)
