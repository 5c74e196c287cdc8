"""Shapes `confirmed` and `derived`: a cuff reading at a limit, believed after a second one.

One reading never decides alone: the row is LOW "checking" at once, the companion is asked for a
second reading, and the row takes its full priority when that confirms it, when two attempts fail,
or when 5 min pass without one. What is not confirmed clears as "single reading" (`clinical.md`
2.3). Rows without `confirm` are full at once. Danger facts make BP-LOW2 high at once. What is
compared with what stands in `monitor/detectors/measure.py`.

    BP-SEV: SBP >=180 or DBP >=120; confirmed = mean of both meets the limit and the second is no
    more than 5 SBP (4 DBP) inside it, on the same component; >20/>15 apart: the median of three
"""

from alerts.condition import Absent, Off, Present, Priority
from monitor.chart import BpReading, Chart
from monitor.detectors.base import ABSENT, x100
from monitor.detectors.cuff import APART_MS, CuffDetector
from monitor.detectors.measure import Judged, Measure, measure_of
from monitor.facts import any_true
from monitor.rows import ConfirmedRow, DerivedRow

__all__ = ["WAIT_MS", "ConfirmedDetector"]

WAIT_MS = 5 * 60_000
_TWICE_MS = 5 * 60_000
_DIFFER = (20_00, 15_00)
_FAILURES = 2
_JOIN_MS = 15 * 60_000
_RECHECK_MS = 5 * 60_000


class ConfirmedDetector(CuffDetector):
    """One row of shape `confirmed` or `derived`."""

    def __init__(self, row: ConfirmedRow | DerivedRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self._checking: list[Judged] = []
        self._failures = 0
        self._first: Judged | None = None
        self._last: Judged | None = None
        self._previous: Judged | None = None
        self._clearing: Judged | None = None
        self.retune(row)

    def retune(self, row: ConfirmedRow | DerivedRow) -> None:
        """Take the row's numbers."""
        self.row = row
        self._baseline = self.chart.baseline_bp
        self._weigh(measure_of(row, self.chart))

    @property
    def every_ms(self) -> int | None:
        """How long after a reading the next is due while the row is present in full."""
        answer, row = self.answer, self.row
        if not row.every_min or not isinstance(answer, Present) or not answer.full:
            return None
        eased = row.eased_min and self._last is not None and self.measure.is_back(self._last)
        return (row.eased_min if eased else row.every_min) * 60_000

    def on_reading(self, reading: BpReading) -> None:
        """Judge one cuff reading that was accepted."""
        self._rebase()
        one = self.measure.of(reading)
        if one is None or isinstance(self.answer, Off) or self._too_early(reading):
            return
        self._previous, self._last = self._last, one
        if self._checking:
            self._second(one)
        elif isinstance(self.answer, Present):
            self._maybe_clear(one)
        elif self.measure.meets(one):
            self._start(one)
        self.refresh(reading.at_ms)

    def on_failed(self, at_ms: int) -> None:
        """An attempt at the second reading, or at the recheck, failed."""
        first = self._first
        if self._checking:
            self._failures += 1
            if self._failures >= _FAILURES:
                self._full("two attempts failed")
                return
            self.wants_ms = at_ms + APART_MS
            self._check(self._checking[-1], "checking: one attempt failed")
        elif isinstance(self.answer, Present) and first is not None and first is self._last:
            self.wants_ms = at_ms + APART_MS
            self.answer = self._present(first, "the recheck failed", self.answer.priority)

    def refresh(self, now_ms: int) -> None:
        """5 min without a second reading, or a danger sign beside the last one."""
        self._rebase()
        if self._checking and now_ms >= self._checking[-1].at_ms + WAIT_MS:
            self._full("no second reading in 5 min")
        answer, last = self.answer, self._last
        if (
            self.row.danger
            and last is not None
            and isinstance(answer, Present)
            and answer.priority is not Priority.HIGH
            and now_ms - last.at_ms <= _JOIN_MS
            and self.measure.meets(last)
        ):
            fact = any_true(self.chart, self.row.danger, now_ms)
            if fact is not None:
                self._checking = []
                self.answer = self._present(
                    last, f"with {fact.value.replace('_', ' ')}", Priority.HIGH
                )

    def _rebase(self) -> None:
        """The baseline was frozen since: limits that lean on it become numbers."""
        if self.chart.baseline_bp is not self._baseline or isinstance(self.answer, Off):
            self._baseline = self.chart.baseline_bp
            self._weigh(measure_of(self.row, self.chart))

    def _weigh(self, measure: Measure) -> None:
        self.measure = measure
        if measure.off:
            if self.answer != Off(measure.off):
                self.answer = Off(measure.off)
        elif isinstance(self.answer, Off):
            self.answer = ABSENT

    def _too_early(self, reading: BpReading) -> bool:
        """A row of later phases does not see what was measured before them."""
        after_min = self.row.after_min if isinstance(self.row, ConfirmedRow) else 0
        dose_ms = self.chart.dose_ms
        return after_min > 0 and (dose_ms is None or reading.at_ms < dose_ms + after_min * 60_000)

    def _start(self, one: Judged) -> None:
        self._first = one
        self._failures = 0
        self._clearing = None
        self.wants_ms = one.at_ms + APART_MS
        if self.row.confirm:
            self._checking = [one]
            self._check(one, "checking: one reading")
        else:
            self.answer = self._present(one, "one reading is enough")

    def _second(self, one: Judged) -> None:
        first = self._checking[0]
        if one.at_ms - self._checking[-1].at_ms < APART_MS:
            return
        self._checking.append(one)
        readings = self._checking
        if len(readings) == 2 and _differ(first.reading, one.reading):  # noqa: PLR2004 - a second
            self._failures = 0
            self.wants_ms = one.at_ms + APART_MS
            self._check(one, "checking: two readings differ, a third decides")
            return
        if len(readings) == 2:  # noqa: PLR2004 - a second reading
            confirmed = self.measure.mean_meets(first, one)
            what = "confirmed by a second reading"
        else:
            confirmed = self.measure.median_meets(readings)
            what = "confirmed by the median of three"
        if confirmed:
            self._full(what)
        else:
            self._end("single reading")

    def _check(self, one: Judged, reason: str) -> None:
        self.answer = self._present(
            one, reason, Priority.LOW, full=False, until_ms=one.at_ms + WAIT_MS
        )

    def _full(self, reason: str) -> None:
        one = self._checking[-1]
        self._checking = []
        self.wants_ms = None
        self.answer = self._present(one, reason)

    def _maybe_clear(self, one: Judged) -> None:
        first = self._first
        if not self.measure.is_back(one):
            self._clearing = None
            return
        if self._recheck_refutes(one):
            # "one more reading after 5 min"
            self.wants_ms = one.at_ms + _RECHECK_MS
            self._end(f"not confirmed: {one.text} after {(first or one).text}")
            return
        if self._clearing is None:
            self._clearing = one
        twice = one.at_ms - self._clearing.at_ms >= _TWICE_MS
        if twice or not self.row.clear_twice:
            self._end(one.text + (" after two readings" if twice else ""))

    def _recheck_refutes(self, one: Judged) -> bool:
        drop, first = self.row.recheck_drop, self._first
        # The recheck is the reading that follows; a later one clears like any other.
        if drop is None or first is None or self._previous is not first:
            return False
        if one.at_ms - first.at_ms > _RECHECK_MS:
            return False
        return self.measure.dropped(first, one, x100(drop))

    def _end(self, reason: str) -> None:
        self._checking = []
        self._clearing = None
        self.answer = Absent(reason)

    def _present(
        self,
        one: Judged,
        reason: str,
        priority: Priority | None = None,
        *,
        full: bool = True,
        until_ms: int | None = None,
    ) -> Present:
        value_x100, limit_x100 = self.measure.shown(one)
        return self.present(
            f"{self.label}: {one.text}, {reason}",
            value_x100,
            limit_x100,
            priority,
            full=full,
            until_ms=until_ms,
        )


def _differ(one: BpReading, two: BpReading) -> bool:
    return (
        abs(one.sbp_x100 - two.sbp_x100) > _DIFFER[0]
        or abs(one.dbp_x100 - two.dbp_x100) > _DIFFER[1]
    )
