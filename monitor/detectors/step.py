"""Shape `step`: a value that jumps away from the one a few seconds earlier, and stays there.

A pulse that jumps by a fifth within 6 s and holds is an arrhythmia, an artefact or a doubled count:
the companion is asked to look (`clinical.md` 2.2 PR-JUMP). The value before the jump is frozen, and
"held" is measured against it.

    PR-JUMP: >=20 % from the value 6 s earlier, held 15 s (5 s below 40 or above 140)
"""

from alerts.condition import Absent, Off, Present
from monitor.chart import Chart
from monitor.detectors.base import Detector, too_short, x100
from monitor.detectors.delay import Delay
from monitor.rows import StepRow
from monitor.stream import Sample

__all__ = ["StepDetector"]


class StepDetector(Detector):
    """One row of shape `step`."""

    def __init__(self, row: StepRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self.metric = row.metric
        self.series = chart.oximeter.series(row.metric)
        self._delay = Delay()
        self._before: int | None = None
        self._since_ms = 0
        self._not_before_ms = 0
        self._low, self._high = x100(row.urgent_below), x100(row.urgent_above)
        # Values so near to each other that none of them is a step from another, and since when all
        # have been: while that holds, nothing needs to be looked up.
        self._near = (1, 0)
        self._near_since_ms = 0
        self._looked_ms = 0
        why_off = too_short(chart, min(row.delay_s, row.urgent_delay_s))
        if why_off:
            self.off(why_off)

    def calm(self) -> tuple[int, int] | None:
        """Values near to all of those that a step could be measured from."""
        if isinstance(self.answer, Present) or self._before is not None:
            return None
        back_ms = self.row.back_s * 1000 + self.chart.oximeter.gap_ms
        at_rest = self._looked_ms >= max(self._near_since_ms + back_ms, self._not_before_ms)
        return self._near if at_rest else None

    def on_value(self, value_x100: int, sample: Sample) -> None:
        """Judge one valid value."""
        self._look(value_x100, sample.at_ms)
        if sample.doubtful_pulse or isinstance(self.answer, Off):
            return
        if isinstance(self.answer, Present):
            self._maybe_clear(value_x100, sample.at_ms)
            return
        before = self._before
        if before is None:
            if sample.at_ms < self._not_before_ms:
                return
            before = self._value_back(sample.at_ms)
            if before is None or not self._differs(value_x100, before, self.row.percent):
                return
            self._before = before
        if not self._differs(value_x100, before, self.row.percent):
            self._delay.within(sample.at_ms, sample.slot)
            if self._delay.start_ms is None:
                # The way back from a jump that did not hold is no jump of its own.
                self._before = None
                self._not_before_ms = sample.at_ms + self.row.back_s * 1000
            return
        urgent = value_x100 < self._low or value_x100 > self._high
        delay_s = self.row.urgent_delay_s if urgent else self.row.delay_s
        if self._delay.beyond(
            sample.at_ms, sample.slot, self.chart.oximeter.interval_ms, delay_s * 1000, 1
        ):
            self._since_ms = sample.at_ms
            reason = f"{self.label}: {before / 100:g} to {value_x100 / 100:g}, held {delay_s} s"
            self.answer = self.present(reason, value_x100, before)

    def _look(self, value_x100: int, at_ms: int) -> None:
        """Start a new band around a value that leaves the old one."""
        self._looked_ms = at_ms
        low, high = self._near
        if not low <= value_x100 <= high:
            percent_x100 = x100(self.row.percent)
            # The ends of this band are just less than `percent` of the lower one apart.
            reach = percent_x100 * value_x100 // (20_000 + percent_x100) - 1
            self._near = (value_x100 - reach, value_x100 + reach)
            self._near_since_ms = at_ms

    def _value_back(self, at_ms: int) -> int | None:
        back_ms = at_ms - self.row.back_s * 1000
        return self.series.at_or_before(back_ms, back_ms - self.chart.oximeter.near_ms)

    def _maybe_clear(self, value_x100: int, at_ms: int) -> None:
        before = self._before or 0
        if not self._differs(value_x100, before, self.row.clear_percent):
            self._end(f"back to {value_x100 / 100:g}")
        elif at_ms - self._since_ms >= self.row.clear_after_s * 1000:
            self._end(f"the new pulse has stood for {self.row.clear_after_s} s")

    def _end(self, reason: str) -> None:
        self._before = None
        self._delay.stop()
        self.answer = Absent(reason)

    @staticmethod
    def _differs(value_x100: int, before_x100: int, percent: float) -> bool:
        """Exactly `percent` counts as different."""
        return abs(value_x100 - before_x100) * 10_000 >= x100(percent) * before_x100
