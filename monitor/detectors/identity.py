"""Shape `identity`: the clip was away, and what it says now may be of another person.

After a finger that was out, a device that searched, or a silence of 5 s and more, the first values
are compared with the last valid minute before (`clinical.md` 2.5 ID-CHECK). When they are far from
it, the companion is asked whose finger it is; nobody's answer within 2 min makes it medium. The
values are judged meanwhile like any others. An answer ends it, and so do 30 s of values as before.

    ID-CHECK: pulse 20 or SpO2 4 from the medians of the last valid minute, after >=5 s away
"""

from alerts.condition import Absent, Present, Priority
from devices.checkin import Clip
from devices.observation import Flag
from monitor.chart import Chart
from monitor.detectors.base import Detector, x100
from monitor.rows_window import IdentityRow
from monitor.stream import Sample

__all__ = ["IdentityDetector"]

_BEFORE_MS = 60_000
# A first value after a gap may be off: the middle of five is compared.
_FIRST = 5
_AS_BEFORE_MS = 30_000
_AWAY = frozenset({Flag.FINGER_OUT, Flag.SEARCHING})


class IdentityDetector(Detector):
    """One row of shape `identity`."""

    def __init__(self, row: IdentityRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self._away_ms = row.away_s * 1000
        self._far2 = 2 * x100(row.spo2), 2 * x100(row.pulse)
        self._last_ms: int | None = None
        self._out_ms: int | None = None
        self._valid_ms: int | None = None
        # Twice the medians of before: compared with until the question is answered.
        self._before2: tuple[int, int] | None = None
        self._first: list[tuple[int, int]] = []
        self._raised_ms = 0
        self._near_ms: int | None = None

    def on_sample(self, sample: Sample) -> None:
        """Note when the clip is away, and compare what comes after it."""
        at_ms, last_ms = sample.at_ms, self._last_ms
        self._last_ms = at_ms
        if last_ms is not None and at_ms - last_ms >= self._away_ms:
            self._left()
        if sample.flags is not None and not _AWAY.isdisjoint(sample.flags):
            self._out_ms = at_ms if self._out_ms is None else self._out_ms
            return
        if self._out_ms is not None:
            if at_ms - self._out_ms >= self._away_ms:
                self._left()
            self._out_ms = None
        if sample.spo2 is None or sample.pulse is None:
            return
        if sample.doubtful_spo2 or sample.doubtful_pulse:
            return
        if isinstance(self.answer, Present):
            self._as_before(sample, sample.spo2, sample.pulse)
        elif self._before2 is not None:
            self._compare(at_ms, sample.spo2, sample.pulse)
        self._valid_ms = at_ms

    def refresh(self, now_ms: int) -> None:
        """The companion's answer, or none for too long."""
        answer, chart = self.answer, self.chart
        if not isinstance(answer, Present):
            return
        answered = chart.clip_ms is not None and chart.clip_ms >= self._raised_ms
        if answered and chart.clip is Clip.ON:
            self._end("the companion says that it is")
        elif answered:
            if answer.until_ms is not None or answer.priority is not Priority.LOW:
                reason = f"{self.label} No: put it back"
                self.answer = self.present(reason, answer.value_x100, None)
        elif answer.until_ms is not None and now_ms >= answer.until_ms:
            reason = f"{self.label} Nobody has answered"
            self.answer = self.present(reason, answer.value_x100, None, Priority.MEDIUM)

    def _left(self) -> None:
        """The clip was away. What was compared with before goes on: it may be a stranger's now."""
        self._first = []
        if self._valid_ms is None or self._before2 is not None:
            return
        oximeter, to_ms = self.chart.oximeter, self._valid_ms
        spo2 = oximeter.spo2.median2(to_ms - _BEFORE_MS, to_ms)
        pulse = oximeter.pulse.median2(to_ms - _BEFORE_MS, to_ms)
        if spo2 is not None and pulse is not None:
            self._before2 = spo2, pulse

    def _compare(self, at_ms: int, spo2: int, pulse: int) -> None:
        self._first.append((spo2, pulse))
        if len(self._first) < _FIRST:
            return
        middle = [sorted(values)[_FIRST // 2] for values in zip(*self._first, strict=True)]
        if self._is_near(*middle):
            self._before2 = None
            return
        before = self._before2 or (0, 0)
        self._raised_ms, self._near_ms = at_ms, None
        reason = (
            f"{self.label} SpO2 {middle[0] / 100:g} and pulse {middle[1] / 100:g}, "
            f"before {before[0] / 200:g} and {before[1] / 200:g}"
        )
        until_ms = at_ms + self.row.ask_s * 1000
        self.answer = self.present(reason, middle[1], None, until_ms=until_ms)

    def _as_before(self, sample: Sample, spo2: int, pulse: int) -> None:
        if not self._is_near(spo2, pulse):
            self._near_ms = None
        elif self._near_ms is None or sample.gap_spo2:
            self._near_ms = sample.at_ms
        elif sample.at_ms - self._near_ms >= _AS_BEFORE_MS:
            self._end("the values are as before")

    def _is_near(self, spo2: int, pulse: int) -> bool:
        spo2_2, pulse_2 = self._before2 or (0, 0)
        far_spo2, far_pulse = self._far2
        return abs(2 * spo2 - spo2_2) < far_spo2 and abs(2 * pulse - pulse_2) < far_pulse

    def _end(self, reason: str) -> None:
        self._before2 = None
        self.answer = Absent(reason)
