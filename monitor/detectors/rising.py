"""Shape `rising`: a systolic pressure that rises again and again when it should turn.

Two successive rises after the peak of the drug are told while each reading alone may still be fine
(`clinical.md` 2.3 BP-TREND). Readings closer together than 5 min are one occasion: the first of
them counts. One fall ends it; the next reading is asked for sooner while it lasts.

    BP-TREND: from T+20 to T+80 min two rises of >=10 SBP, the last reading >=150
"""

from alerts.condition import Absent, Present
from monitor.chart import BpReading, Chart
from monitor.detectors.base import x100
from monitor.detectors.cuff import CuffDetector, text_of
from monitor.rows import RisingRow

__all__ = ["RisingDetector"]


class RisingDetector(CuffDetector):
    """One row of shape `rising`."""

    def __init__(self, row: RisingRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._last: BpReading | None = None
        self._rises = 0

    @property
    def every_ms(self) -> int | None:
        """How long after a reading the next is due while it rises."""
        every_min = self.row.every_min
        return every_min * 60_000 if every_min and isinstance(self.answer, Present) else None

    def on_reading(self, reading: BpReading) -> None:
        """Judge one cuff reading."""
        last = self._last
        if last is not None and reading.at_ms - last.at_ms < self.row.apart_s * 1000:
            return
        if last is not None and isinstance(self.answer, Present):
            if reading.sbp_x100 < last.sbp_x100:
                self.answer = Absent(f"fell to {text_of(reading.sbp_x100, reading.dbp_x100)}")
                self._rises = 0
        elif self._in_window(reading.at_ms):
            self._judge(last, reading)
        else:
            self._rises = 0
            self._last = None
            return
        self._last = reading

    def _in_window(self, at_ms: int) -> bool:
        dose_ms, row = self.chart.dose_ms, self.row
        if dose_ms is None:
            return False
        return row.from_min * 60_000 <= at_ms - dose_ms <= row.to_min * 60_000

    def _judge(self, last: BpReading | None, reading: BpReading) -> None:
        rose = last is not None and reading.sbp_x100 - last.sbp_x100 >= x100(self.row.by)
        self._rises = self._rises + 1 if rose else 0
        limit = x100(self.row.sbp_at_least)
        if self._rises >= self.row.rises and reading.sbp_x100 >= limit:
            text = text_of(reading.sbp_x100, reading.dbp_x100)
            reason = f"{self.label}: {text} after {self._rises} rises of {self.row.by:g} or more"
            self.answer = self.present(reason, reading.sbp_x100, limit)
