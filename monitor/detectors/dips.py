"""Shape `dips`: SpO2 falls and comes back, again and again.

An obstructed breath after the other never stays low long enough for a limit; it shows as dips
(`clinical.md` 2.1 SPO2-ODI, and 2.0 for what a local baseline and a dip are). A dip begins at the
first valid sample so far under its local baseline, and exists from its end. What is longer than a
dip is one for the limits; the next dip can only begin after a value that is not so far down.

    SPO2-ODI: >=3 dips (>=4 points, nadir <=92, 10-90 s) within 10 min; clears after 10 min of none
"""

from collections import deque

from msgspec import Struct

from alerts.condition import Absent, Off, Present
from monitor.chart import Chart
from monitor.detectors.base import HIGHEST, Detector, too_short, usable, x100
from monitor.rows import DipsRow
from monitor.stream import Sample

__all__ = ["DipsDetector"]

_FULL = 100_00


class _Dip(Struct):
    """A dip that has begun: from which local baseline, since when, how deep so far."""

    base: int
    since_ms: int
    nadir: int


class DipsDetector(Detector):
    """One row of shape `dips`."""

    def __init__(self, row: DipsRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self.metric = row.metric
        self.series = chart.oximeter.series(row.metric)
        self._points = x100(row.points)
        # No value of the last `base_s` is above this, so no local baseline is.
        self._top = _FULL
        self._dip: _Dip | None = None
        self._armed = True
        # When the last dips ended: no more than are asked for.
        self._ends: deque[int] = deque(maxlen=row.count)
        why_off = too_short(chart, row.least_s)
        if why_off:
            self.off(why_off)

    def calm(self) -> tuple[int, int] | None:
        """Values from which no baseline is `points` away, up to the highest of late."""
        if isinstance(self.answer, Off):
            return 0, HIGHEST
        if self._dip is not None or not self._armed or isinstance(self.answer, Present):
            return None
        return self._top - self._points + 1, self._top

    def on_value(self, value_x100: int, sample: Sample) -> None:
        """Judge one valid value."""
        at_ms = sample.at_ms
        if sample.doubtful_spo2 or isinstance(self.answer, Off):
            return
        if self._dip is None:
            self._maybe_begin(value_x100, at_ms)
        else:
            self._go_on(self._dip, value_x100, at_ms)
        if isinstance(self.answer, Present):
            self._maybe_clear(at_ms)

    def _maybe_begin(self, value_x100: int, at_ms: int) -> None:
        self._top = max(self._top, value_x100)
        at_least = value_x100 + self._points
        base = self._local_baseline(at_least, at_ms) if at_least <= self._top else None
        if base is None:
            self._armed = True
        elif self._armed:
            self._armed = False
            self._dip = _Dip(base, at_ms, value_x100)

    def _local_baseline(self, at_least: int, at_ms: int) -> int | None:
        """The local baseline if it is at least so high (2.0: 90th percentile of 120 s before)."""
        from_ms = at_ms - self.row.base_s * 1000
        values = self.series.values(from_ms, at_ms - 1)
        self._top = max((*values, at_least - self._points))
        if self._top < at_least:
            return None
        if not usable(self.series, self.chart, from_ms, at_ms - 1):
            return None
        values.sort()
        base = values[-(-len(values) * self.row.percentile // 100) - 1]
        return base if base >= at_least else None

    def _go_on(self, dip: _Dip, value_x100: int, at_ms: int) -> None:
        row = self.row
        dip.nadir = min(dip.nadir, value_x100)
        depth, risen = dip.base - dip.nadir, value_x100 - dip.nadir
        lasted_ms = at_ms - dip.since_ms
        if value_x100 < dip.base - x100(row.back_points) and risen * 100 < row.back_percent * depth:
            if lasted_ms > row.most_s * 1000:
                self._dip = None
            return
        self._dip, self._armed = None, True
        long_enough = row.least_s * 1000 <= lasted_ms <= row.most_s * 1000
        if not long_enough or dip.nadir > x100(row.nadir_at_most):
            return
        self._ends.append(at_ms)
        whole = len(self._ends) == row.count and self._ends[0] > at_ms - row.window_s * 1000
        if whole and not isinstance(self.answer, Present):
            reason = f"{self.label}: {row.count} in {row.window_s // 60} min"
            self.answer = self.present(reason, dip.nadir, x100(row.nadir_at_most))

    def _maybe_clear(self, at_ms: int) -> None:
        """None of its dips is in the window any more, and half of the window was seen."""
        from_ms = at_ms - self.row.window_s * 1000
        if self._ends[-1] <= from_ms and usable(self.series, self.chart, from_ms + 1, at_ms):
            self.answer = Absent(f"none in {self.row.window_s // 60} min")
