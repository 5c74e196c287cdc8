"""Shape `apart`: two readings of the same minutes that cannot both be true.

A step of more than 50 SBP within 3 min is more often a moved arm than a body: one more reading is
asked for (`clinical.md` 2.5 CONFLICT-BP). The rows of pressure judge both readings as they come;
this one neither silences nor confirms any of them.

    CONFLICT-BP: SBP more than 50 apart within 180 s
"""

from alerts.condition import Absent, Present
from monitor.chart import BpReading, Chart
from monitor.detectors.base import x100
from monitor.detectors.cuff import APART_MS, CuffDetector, text_of
from monitor.rows import ApartRow

__all__ = ["ApartDetector"]


class ApartDetector(CuffDetector):
    """One row of shape `apart`."""

    def __init__(self, row: ApartRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._last: BpReading | None = None

    def on_reading(self, reading: BpReading) -> None:
        """Compare one cuff reading with the one before."""
        last, self._last = self._last, reading
        if last is None:
            return
        near = reading.at_ms - last.at_ms < self.row.within_s * 1000
        far = abs(reading.sbp_x100 - last.sbp_x100) > x100(self.row.more_than)
        if near and far:
            old, new = (text_of(one.sbp_x100, one.dbp_x100) for one in (last, reading))
            self.answer = self.present(f"{self.label}: {old}, then {new}", reading.sbp_x100, None)
            self.wants_ms = reading.at_ms + APART_MS
        elif isinstance(self.answer, Present):
            self.answer = Absent(text_of(reading.sbp_x100, reading.dbp_x100))

    def on_failed(self, at_ms: int) -> None:
        """The reading that should tell which is right failed."""
        if isinstance(self.answer, Present):
            self.wants_ms = at_ms + APART_MS
