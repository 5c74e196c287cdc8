"""Shape `faint`: somebody is faint or dizzy on standing, and the cuff shows that SBP has fallen.

What is said asks for a reading at once; the row is so when that reading lies far enough under the
one before (`clinical.md` 2.3 BP-ORTHO). A reading that is back ends it; words alone never do.

    BP-ORTHO: faint or dizzy on standing, SBP >=20 under the reading before
"""

from alerts.condition import Absent, Present
from monitor.chart import BpReading, Chart
from monitor.detectors.base import x100
from monitor.detectors.cuff import CuffDetector, text_of
from monitor.rows import FaintRow

__all__ = ["FaintDetector"]


class FaintDetector(CuffDetector):
    """One row of shape `faint`."""

    def __init__(self, row: FaintRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._said_ms: int | None = None
        self._last: BpReading | None = None
        self._before: BpReading | None = None

    def on_reading(self, reading: BpReading) -> None:
        """Judge one cuff reading."""
        last, self._last = self._last, reading
        before = self._before
        if before is not None:
            if before.sbp_x100 - reading.sbp_x100 < x100(self.row.fall):
                self._before = None
                self.answer = Absent(text_of(reading.sbp_x100, reading.dbp_x100))
            return
        faint_ms = self.chart.faint_ms
        if last is None or faint_ms is None:
            return
        if not 0 <= reading.at_ms - faint_ms <= self.row.within_s * 1000:
            return
        # The reading of before must be of before: a second one afterwards has fallen already.
        if last.at_ms >= faint_ms or reading.at_ms - last.at_ms > self.row.before_s * 1000:
            return
        if last.sbp_x100 - reading.sbp_x100 >= x100(self.row.fall):
            self._before = last
            old, new = (text_of(one.sbp_x100, one.dbp_x100) for one in (last, reading))
            self.answer = self.present(f"{self.label}: {old} to {new}", reading.sbp_x100, None)

    def refresh(self, now_ms: int) -> None:
        """What is said anew asks for a reading."""
        faint_ms = self.chart.faint_ms
        if faint_ms == self._said_ms:
            return
        self._said_ms = faint_ms
        if faint_ms is not None and not isinstance(self.answer, Present):
            self.wants_ms = now_ms
