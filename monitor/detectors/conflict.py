"""Shape `conflict`: two sources count the pulse at the same time, and differ.

An oximeter may count every second beat, or every wave twice; a cuff reading or a companion's count
is a witness (`clinical.md` 2.0 "PR witness", 2.5 CONFLICT-PR). The oximeter's side is its median
around the witness, so the row is judged when the time after the witness is over: by a deadline.
Neither source is believed more, and this row clears or silences no other one. Without values of the
oximeter there is nothing to compare, and the row stays as it was.

    CONFLICT-PR: more than 15 or more than 20 % from the oximeter's median of 15 s before and after
"""

from collections import deque

from alerts.condition import Absent, Present
from devices.observation import DeviceKind
from monitor.chart import BpReading, Chart
from monitor.detectors.base import Detector, x100
from monitor.rows_window import ConflictRow

__all__ = ["ConflictDetector"]

# Witnesses that still wait for their time; a cuff takes longer than this many of them.
_WAITING = 8


class ConflictDetector(Detector):
    """One row of shape `conflict`."""

    def __init__(self, row: ConflictRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._around_ms = row.around_s * 1000
        self._waiting: deque[tuple[int, int]] = deque(maxlen=_WAITING)
        self._counted: tuple[int, int] | None = None
        if not chart.promised(DeviceKind.OXIMETER):
            self.off("the recording has no oximeter")

    def on_reading(self, reading: BpReading) -> None:
        """A cuff reading is a witness if it counted the pulse."""
        if reading.pulse_x100 is not None:
            self._waiting.append((reading.at_ms, reading.pulse_x100))
        self.refresh(reading.at_ms)

    def refresh(self, now_ms: int) -> None:
        """Judge each witness whose time is over; say until when the next one waits."""
        if not self.chart.promised(DeviceKind.OXIMETER):
            return
        counted = self.chart.counted
        if counted is not None and counted is not self._counted:
            self._counted = counted
            self._waiting.append(counted)
        while self._waiting and self._waiting[0][0] + self._around_ms <= now_ms:
            self._judge(*self._waiting.popleft())
        until_ms = self._waiting[0][0] + self._around_ms if self._waiting else None
        answer = self.answer
        if answer.until_ms != until_ms:
            if isinstance(answer, Present):
                self.answer = self.present(
                    answer.reason, answer.value_x100, answer.limit_x100, until_ms=until_ms
                )
            else:
                reason = answer.reason if isinstance(answer, Absent) else ""
                self.answer = Absent(reason, until_ms)

    def _judge(self, at_ms: int, witness_x100: int) -> None:
        series = self.chart.oximeter.pulse
        median2 = series.median2(at_ms - self._around_ms, at_ms + self._around_ms - 1)
        if median2 is None:
            return
        apart2 = abs(median2 - 2 * witness_x100)
        percent_x100 = x100(self.row.percent)
        far = apart2 > 2 * x100(self.row.points)
        if far or apart2 * 100_00 > 2 * percent_x100 * witness_x100:
            reason = f"{self.label}: {median2 / 200:g} by the clip, {witness_x100 / 100:g} counted"
            self.answer = self.present(reason, median2 // 2, witness_x100)
        elif isinstance(self.answer, Present):
            self.answer = Absent("both agree")
