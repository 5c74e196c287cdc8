"""Shape `flagged`: the oximeter says something of its own signal, for a time, in some phases.

Long motion in the peak may be agitation or a seizure, so the companion looks (`clinical.md` 2.4
MOTION). The delay runs on the device's own words, in every sample that came in time; what came late
says nothing of now.

    MOTION: motion flag for 60 s in the peak; clears after 10 s of samples without it
"""

from alerts.condition import Absent, Present
from devices.observation import DeviceKind
from monitor.chart import Chart
from monitor.detectors.base import Detector
from monitor.detectors.delay import ClearTime, Delay
from monitor.rows import FlaggedRow
from monitor.stream import Sample

__all__ = ["FlaggedDetector"]


class FlaggedDetector(Detector):
    """One row of shape `flagged`."""

    def __init__(self, row: FlaggedRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._flag = row.flag
        self._delay = Delay()
        self._clear_time = ClearTime()
        self._last_ms: int | None = None
        if not chart.promised(DeviceKind.OXIMETER):
            self.off("the recording has no oximeter")

    def on_sample(self, sample: Sample) -> None:
        """Take the flags of one sample."""
        flags = sample.flags
        if flags is None:
            return
        last_ms, self._last_ms = self._last_ms, sample.at_ms
        if self._flag not in flags:
            self._delay.within(sample.at_ms, sample.slot)
            if isinstance(self.answer, Present):
                self._maybe_clear(sample.at_ms, last_ms)
            return
        self._clear_time.restart()
        if self.row.phases and not self.chart.is_in(self.row.phases):
            return
        interval_ms, delay_ms = self.chart.oximeter.interval_ms, self.row.delay_s * 1000
        fires = self._delay.beyond(sample.at_ms, sample.slot, interval_ms, delay_ms, 1)
        if fires and not isinstance(self.answer, Present):
            self.answer = self.present(f"{self.label} for {self.row.delay_s} s", None, None)

    def refresh(self, now_ms: int) -> None:  # noqa: ARG002 - the phase changed, no sample came
        """Another phase ends the row, and what had begun in it."""
        if not self.row.phases or self.chart.is_in(self.row.phases):
            return
        self._delay.stop()
        if isinstance(self.answer, Present):
            self.answer = Absent("the phase is over")

    def _maybe_clear(self, at_ms: int, last_ms: int | None) -> None:
        oximeter = self.chart.oximeter
        gap = last_ms is None or at_ms - last_ms >= oximeter.gap_ms
        clear_ms = self.row.clear_s * 1000
        if self._clear_time.reached(at_ms, gap, clear_ms, oximeter.interval_ms):
            self._delay.stop()
            self._clear_time.restart()
            self.answer = Absent(f"not so for {self.row.clear_s} s")
