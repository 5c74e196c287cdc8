"""Shape `slope`: a value falls steadily towards a limit that it will reach soon.

The row looks at the Theil-Sen slope of a few minutes, and forecasts with it (`clinical.md` 2.1
SPO2-TREND). Both are threshold tests in integers (`monitor/slope.py`). The points are only worked
off while the value is low enough to matter; until then they wait in the series.

    SPO2-TREND: slope <= -1.2 %/min over 240 s, forecast <90 % within 120 s, now <=94, for 30 s
"""

from alerts.condition import Absent, Off, Present
from monitor.chart import Chart
from monitor.detectors.base import HIGHEST, Detector, too_short, x100
from monitor.detectors.delay import Delay
from monitor.rows import SlopeRow
from monitor.slope import SlopeTest, falls_faster
from monitor.stream import Sample

__all__ = ["SlopeDetector"]


class SlopeDetector(Detector):
    """One row of shape `slope`."""

    def __init__(self, row: SlopeRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self.metric = row.metric
        self.series = chart.oximeter.series(row.metric)
        self._at_most = x100(row.at_most)
        self._low = x100(row.forecast_below)
        self._delay = Delay()
        self._fed = 0
        self._fed_ms: int | None = None
        self._renew()
        why_off = too_short(chart, row.delay_s)
        if why_off:
            self.off(why_off)

    def calm(self) -> tuple[int, int] | None:
        """Values above the one from which a fall matters."""
        if isinstance(self.answer, Present) or self._delay.start_ms is not None:
            return None
        return self._at_most + 1, HIGHEST

    def stayed(self, at_ms: int) -> None:
        """Take note of when a value was last inside."""
        self._delay.last_inside_ms = at_ms

    def on_value(self, value_x100: int, sample: Sample) -> None:
        """Judge one valid value."""
        if sample.doubtful_spo2 or isinstance(self.answer, Off):
            return
        if isinstance(self.answer, Present):
            self._feed()
            self._maybe_clear()
        elif self._is_steep(value_x100):
            if self._fires(sample):
                fall = -self.row.per_min
                reason = f"{self.label}: {value_x100 / 100:g}, falling {fall:g} or more a minute"
                self.answer = self.present(reason, value_x100, self._low)
        else:
            self._delay.within(sample.at_ms, sample.slot)

    def _is_steep(self, value_x100: int) -> bool:
        """Low enough, steep enough, and at this slope below the forecast's limit in time."""
        if value_x100 > self._at_most:
            return False
        self._feed()
        if self._steep.count < self.row.min_samples or not self._steep.at_most:
            return False
        room, forecast_ms = self._low - value_x100, self.row.forecast_s * 1000
        if x100(self.row.per_min) * forecast_ms < room * 60_000:
            # So near to the limit any slope that is steep enough gets there.
            return True
        return falls_faster(self._steep.points, room, forecast_ms)

    def _maybe_clear(self) -> None:
        enough = self._falling.count >= self.row.min_samples
        if enough and not self._falling.at_most:
            self._delay.stop()
            self.answer = Absent(f"not falling {-self.row.clear_per_min:g} a minute any more")

    def _fires(self, sample: Sample) -> bool:
        interval_ms = self.chart.oximeter.interval_ms
        delay_ms = self.row.delay_s * 1000
        return self._delay.beyond(sample.at_ms, sample.slot, interval_ms, delay_ms, 1)

    def _renew(self) -> None:
        window_ms = self.row.window_s * 1000
        self._steep = SlopeTest(window_ms, x100(self.row.per_min))
        self._falling = SlopeTest(window_ms, x100(self.row.clear_per_min))

    def _feed(self) -> None:
        """Work off what has come since the last look.

        The newest point of that time may have been replaced by another of its slot, so it is given
        once more. Of two values at one instant the later counts: they have no slope.
        """
        first, points = self.series.since(max(self._fed - 1, 0))
        if self._fed == 0 or first != self._fed - 1:
            self._renew()
            self._fed_ms = None
        else:
            self._fed_ms = points[0][0]
        for at_ms, value_x100 in points:
            again = at_ms == self._fed_ms
            self._steep.add(at_ms, value_x100, same_slot=again)
            self._falling.add(at_ms, value_x100, same_slot=again)
            self._fed_ms = at_ms
        self._fed = self.series.added
