"""Shape `sign`: a high pressure and a sign that the body takes harm, whichever comes first.

Any single reading of the last 15 min decides, confirmed or not, and nothing is waited for
(`clinical.md` 2.3 BP-EMERG). Once raised it is so until a physician has closed the emergency: a
lower reading or a sign that is not tapped again ends nothing. Only a corrected check-in does.

    BP-EMERG: SBP >=160 or DBP >=100 with chest pain, worst headache, loss of sight ...
"""

from alerts.condition import Absent, Present
from monitor.chart import BpReading, Chart
from monitor.detectors.base import x100
from monitor.detectors.cuff import CuffDetector, text_of
from monitor.facts import any_true
from monitor.rows import SignRow
from monitor.session import Phase

__all__ = ["SignDetector"]


class SignDetector(CuffDetector):
    """One row of shape `sign`."""

    def __init__(self, row: SignRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._limits = x100(row.sbp_at_least), x100(row.dbp_at_least)
        self._in_emergency = False
        # What was known when it was raised or ended: only something newer raises it again.
        self._sign_ms: int | None = None
        self._read_ms: int | None = None
        self._closed = False

    def on_reading(self, reading: BpReading) -> None:
        """A reading may be what was missing."""
        self.refresh(reading.at_ms)

    def refresh(self, now_ms: int) -> None:
        """Facts, readings and the phase are looked at together."""
        if isinstance(self.answer, Present):
            self._maybe_end()
            return
        fact = any_true(self.chart, self.row.facts, now_ms)
        reading = None if fact is None else self._high(now_ms)
        if fact is None or reading is None:
            return
        known = (self.chart.sign_ms, reading.at_ms)
        if self._closed and known == (self._sign_ms, self._read_ms):
            return
        self._sign_ms, self._read_ms = known
        self._in_emergency = False
        by_sbp = reading.sbp_x100 >= self._limits[0]
        text = text_of(reading.sbp_x100, reading.dbp_x100)
        self.answer = self.present(
            f"{self.label}: {text} with {fact.value.replace('_', ' ')}",
            reading.sbp_x100 if by_sbp else reading.dbp_x100,
            self._limits[0] if by_sbp else self._limits[1],
        )

    def _maybe_end(self) -> None:
        in_emergency = self.chart.phase is Phase.EMERGENCY
        if self._is_withdrawn():
            self._end("the check-in was corrected")
        elif self._in_emergency and not in_emergency:
            self._end("the emergency was closed")
        else:
            self._in_emergency = in_emergency

    def _is_withdrawn(self) -> bool:
        """The sign that raised it was tapped wrong; one entered again later is no part of that."""
        sign_ms, raised_ms = self.chart.sign_ms, self._sign_ms
        return sign_ms is None or (raised_ms is not None and sign_ms < raised_ms)

    def _end(self, reason: str) -> None:
        self._closed = True
        self._sign_ms = self.chart.sign_ms
        self.answer = Absent(reason)

    def _high(self, now_ms: int) -> BpReading | None:
        """The newest reading of the last while that is at a limit."""
        for reading in reversed(self.chart.readings):
            if now_ms - reading.at_ms > self.row.within_s * 1000:
                return None
            if reading.sbp_x100 >= self._limits[0] or reading.dbp_x100 >= self._limits[1]:
                return reading
        return None
