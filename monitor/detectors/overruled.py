"""Shape `overruled`: the device looks normal, and the person beside the patient sees otherwise.

The observer wins, always (`clinical.md` 2.5 CONFLICT-OBS): no answer, blue lips or no breath beside
a normal number is the number's fault until shown otherwise. Only another look ends it, never the
device.

    CONFLICT-OBS: SpO2 92 or more, not older than 30 s, and the last check-in says "lifeless"
"""

from alerts.condition import Absent, Present
from monitor.chart import Chart
from monitor.detectors.base import Detector, x100
from monitor.facts import Fact, any_true, known
from monitor.rows_window import OverruledRow
from monitor.stream import Sample

__all__ = ["OverruledDetector"]

_FRESH_MS = 30_000


class OverruledDetector(Detector):
    """One row of shape `overruled`."""

    def __init__(self, row: OverruledRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._normal_x100 = x100(row.normal_at_least)
        # What was seen since it began: each must be looked at again, what was never seen need not.
        self._seen: tuple[Fact, ...] = ()

    def on_sample(self, sample: Sample) -> None:
        """The device may look normal only now."""
        chart = self.chart
        if chart.check is None or isinstance(self.answer, Present):
            return
        if any_true(chart, self.row.seen, sample.at_ms) is not None:
            self._compare(sample.at_ms)

    def refresh(self, now_ms: int) -> None:
        """Say what holds by the last look and the last value."""
        chart = self.chart
        if isinstance(self.answer, Present):
            self._look(now_ms)
            if all(known(chart, fact, now_ms) is False for fact in self._seen):
                self.answer = Absent("no longer seen")
            return
        if any_true(chart, self.row.seen, now_ms) is not None:
            self._compare(now_ms)

    def _compare(self, now_ms: int) -> None:
        """The companion sees it: does the device look normal beside it?"""
        value = self.chart.oximeter.spo2.latest(now_ms, _FRESH_MS)
        if value is not None and value >= self._normal_x100:
            reason = f"{self.label}: the clip says {value / 100:g} %, the companion sees otherwise"
            self._seen = ()
            self._look(now_ms)
            self.answer = self.present(reason, value, None)

    def _look(self, now_ms: int) -> None:
        """Add what is seen now."""
        self._seen = tuple(
            fact
            for fact in self.row.seen
            if fact in self._seen or known(self.chart, fact, now_ms) is True
        )
