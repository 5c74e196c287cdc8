"""Shape `frozen`: the oximeter repeats itself to the last digit.

SpO2 may well stand still for minutes; SpO2, pulse and perfusion index together may not
(`clinical.md` 2.4 FROZEN). A device or gateway that goes on repeating its last values looks
healthier than any patient. A report that comes a second time as a whole is known as a duplicate
before it reaches any row, and then the silence rows speak. The row starts and clears at samples;
without a perfusion index nobody can tell, and it is Unknown.

    FROZEN: all three identical for 60 s: low, 120 s: medium; clears at a change
"""

from alerts.condition import Absent, Priority, Unknown
from devices.observation import DeviceKind
from monitor.chart import Chart
from monitor.detectors.base import ABSENT, Detector
from monitor.rows import FrozenRow
from monitor.stream import Sample

__all__ = ["FrozenDetector"]


class FrozenDetector(Detector):
    """One row of shape `frozen`."""

    def __init__(self, row: FrozenRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._oximeter = chart.oximeter
        self._first_ms = row.stages[0].after_s * 1000
        self._stage: Priority | None = None
        self._risen_ms = 0
        if chart.promised(DeviceKind.OXIMETER):
            self.answer = Unknown("no sample with SpO2, pulse and perfusion index yet")
        else:
            self.off("the recording has no oximeter")

    def on_sample(self, sample: Sample) -> None:
        """Judge what has come, valid or not: a device may hold a value and say so."""
        oximeter, at_ms = self._oximeter, sample.at_ms
        since_ms = oximeter.same_since_ms
        if since_ms is None or oximeter.same_ms != at_ms:
            return
        if self._stage is not None:
            changed_ms = oximeter.changed_ms
            if changed_ms is not None and changed_ms > self._risen_ms:
                self._end("the values change again")
        elif at_ms - since_ms < self._first_ms:
            if isinstance(self.answer, Unknown):
                self.answer = ABSENT
            return
        self._rise(at_ms, at_ms - since_ms)

    def refresh(self, now_ms: int) -> None:  # noqa: ARG002 - the phase changed, no value did
        """The row is over when the phase does not need the oximeter."""
        if self._stage is not None and not self._required():
            self._end("the phase does not need the oximeter")

    def _required(self) -> bool:
        return self.chart.requires(self.chart.plan.oximeter, DeviceKind.OXIMETER)

    def _rise(self, at_ms: int, same_ms: int) -> None:
        """Take the highest stage that is reached; an inflation on the same arm holds it."""
        reached = [stage.priority for stage in self.row.stages if same_ms >= stage.after_s * 1000]
        highest = max(reached, key=lambda priority: priority.rank, default=None)
        if highest is None or (self._stage is not None and highest.rank <= self._stage.rank):
            return
        if self._required() and self.chart.held_by_cuff(at_ms) is None:
            self._stage, self._risen_ms = highest, at_ms
            reason = f"{self.label} for {same_ms // 1000} s"
            self.answer = self.present(reason, None, None, highest)

    def _end(self, reason: str) -> None:
        self._stage = None
        self.answer = Absent(reason)
