"""Shape `cumulative`: so many seconds below a limit within a window, also if broken up.

Dips that are each too short for a limit with a delay add up here (`clinical.md` 2.1 SPO2-CUM). A
valid sample below the limit counts for one interval of the device; seconds without a valid sample
count as nothing, neither as low nor as well. The row starts and clears at samples, so it has no
deadline: a window that nobody looked into is no reason to be calm.

    SPO2-CUM: >120 s below 90 % within 10 min; clears with <30 s in a window of which half was seen
"""

from collections import deque

from alerts.condition import Absent, Present
from monitor.chart import Chart
from monitor.detectors.base import HIGHEST, Detector, usable, x100
from monitor.rows import CumulativeRow
from monitor.stream import Sample

__all__ = ["CumulativeDetector"]


class CumulativeDetector(Detector):
    """One row of shape `cumulative`."""

    def __init__(self, row: CumulativeRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self.metric = row.metric
        self.series = chart.oximeter.series(row.metric)
        self._below = x100(row.below)
        self._window_ms = row.window_s * 1000
        # Samples below the limit: when, of which slot, for how long each one counts.
        self._low: deque[tuple[int, int, int]] = deque()
        self._low_ms = 0

    def calm(self) -> tuple[int, int] | None:
        """Values that are not low, while there is nothing to clear."""
        return None if isinstance(self.answer, Present) else (self._below, HIGHEST)

    def on_value(self, value_x100: int, sample: Sample) -> None:
        """Judge one valid value."""
        at_ms, low = sample.at_ms, self._low
        if sample.doubtful_spo2:
            return
        if low and low[-1][1] == sample.slot:
            # The later sample of a slot takes the place of the earlier one.
            self._low_ms -= low.pop()[2]
        if value_x100 < self._below:
            low.append((at_ms, sample.slot, self.chart.oximeter.interval_ms))
            self._low_ms += low[-1][2]
        self._forget(at_ms)
        if not isinstance(self.answer, Present):
            if self._low_ms > self.row.over_s * 1000:
                reason = f"{self.label}: {self._low_ms // 1000} s in {self.row.window_s // 60} min"
                self.answer = self.present(reason, value_x100, self._below)
        elif self._low_ms < self.row.clear_under_s * 1000 and usable(
            self.series, self.chart, at_ms - self._window_ms + 1, at_ms
        ):
            self.answer = Absent(f"{self._low_ms // 1000} s in {self.row.window_s // 60} min")

    def _forget(self, now_ms: int) -> None:
        """Let go what has left the window."""
        low, oldest_ms = self._low, now_ms - self._window_ms
        while low and low[0][0] <= oldest_ms:
            self._low_ms -= low.popleft()[2]
