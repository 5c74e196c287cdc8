"""Shape `fall`: a value far below the median of a while ago, and low in itself.

In a sudden apnoea SpO2 is falling long before a limit with a delay has passed; this row looks at
the fall (`clinical.md` 2.1 SPO2-FAST). Without enough valid samples in the window there is nothing
to compare with, and the limits alone watch.

    SPO2-FAST: >=6 points below the median of valid samples 20-60 s ago, and <=91, for 4 s
"""

from alerts.condition import Absent, Off, Present
from monitor.chart import Chart
from monitor.detectors.base import HIGHEST, Detector, clearing_level, too_short, x100
from monitor.detectors.delay import ClearTime, Delay
from monitor.rows import FallRow
from monitor.stream import Sample

__all__ = ["FallDetector"]


class FallDetector(Detector):
    """One row of shape `fall`."""

    def __init__(self, row: FallRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self.metric = row.metric
        self.series = chart.oximeter.series(row.metric)
        self._delay = Delay()
        self._clear_time = ClearTime()
        self._at_most = x100(row.at_most)
        self._points = x100(row.points)
        self._clear_at_least = x100(row.clear.at_least or 0)
        why_off = too_short(chart, row.delay_s)
        if why_off:
            self.off(why_off)

    def calm(self) -> tuple[int, int] | None:
        """Values that are not low in themselves."""
        if isinstance(self.answer, Present) or self._delay.start_ms is not None:
            return None
        return self._at_most + 1, HIGHEST

    def stayed(self, at_ms: int) -> None:
        """Take note of when a value was last inside."""
        self._delay.last_inside_ms = at_ms

    def on_value(self, value_x100: int, sample: Sample) -> None:
        """Judge one valid value."""
        at_ms = sample.at_ms
        if isinstance(self.answer, Off):
            return
        if sample.doubtful_spo2:
            self._clear_time.restart()
            return
        before2 = self._before2(at_ms) if value_x100 <= self._at_most else None
        if before2 is not None and before2 - 2 * value_x100 >= 2 * self._points:
            fires = self._delay.beyond(
                at_ms,
                sample.slot,
                self.chart.oximeter.interval_ms,
                self.row.delay_s * 1000,
                1,
            )
            if fires and not isinstance(self.answer, Present):
                limit = before2 // 2 - self._points
                reason = f"{self.label}: {value_x100 / 100:g}, was {before2 / 200:g}"
                self.answer = self.present(reason, value_x100, limit)
                self._clear_time.restart()
        else:
            self._delay.within(at_ms, sample.slot)
        if isinstance(self.answer, Present):
            self._maybe_clear(value_x100, sample)

    def _before2(self, at_ms: int) -> int | None:
        """Twice the median of the window, when at least half of its samples are there."""
        from_ms, to_ms = at_ms - self.row.to_s * 1000, at_ms - self.row.from_s * 1000
        expected = (to_ms - from_ms) // self.chart.oximeter.interval_ms
        # "usable: >=50 %" of the expected samples (`clinical.md` 2.0 "quality good").
        if 2 * self.series.count(from_ms, to_ms) < expected:
            return None
        return self.series.median2(from_ms, to_ms)

    def _maybe_clear(self, value_x100: int, sample: Sample) -> None:
        baseline = self.chart.baseline_x100.get(self.metric)
        if value_x100 < clearing_level(self._clear_at_least, self._at_most + 1_00, baseline):
            self._clear_time.restart()
        elif self._clear_time.reached(
            sample.at_ms,
            sample.gap_spo2,
            self.row.clear.for_s * 1000,
            self.chart.oximeter.interval_ms,
        ):
            self._delay.stop()
            self._clear_time.restart()
            self.answer = Absent(f"back to {value_x100 / 100:g} for {self.row.clear.for_s} s")
