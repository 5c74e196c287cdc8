"""Shape `confirmed`: a cuff reading at or beyond a limit, believed after a second one.

One reading never decides alone: the row is LOW "checking" at once, the companion is asked for a
second reading, and the row takes its full priority when that confirms it, when two attempts fail,
or when 5 min pass without one. What is not confirmed clears as "single reading" (`clinical.md`
2.3). Rows without `confirm` are full at once. Danger facts make BP-LOW2 high at once.

    BP-SEV: SBP >=180 or DBP >=120; confirmed = mean of both meets the limit and the second is no
    more than 5 SBP (4 DBP) inside it, on the same component; >20/>15 apart: the median of three
"""

from alerts.condition import Absent, Present, Priority
from monitor.chart import BpReading, Chart
from monitor.detectors.base import Detector, x100
from monitor.facts import any_true
from monitor.rows import ConfirmedRow

__all__ = ["WAIT_MS", "ConfirmedDetector"]

WAIT_MS = 5 * 60_000
_APART_MS = 60_000
_TWICE_MS = 5 * 60_000
_INSIDE = (5_00, 4_00)
_DIFFER = (20_00, 15_00)
_FAILURES = 2
_JOIN_MS = 15 * 60_000
_RECHECK_MS = 5 * 60_000


class ConfirmedDetector(Detector):
    """One row of shape `confirmed`. `wants_ms`: when it would like the next cuff reading."""

    def __init__(self, row: ConfirmedRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.wants_ms: int | None = None
        self._low = row.sbp_below is not None
        self.retune(row)
        self._checking: list[BpReading] = []
        self._failures = 0
        self._first: BpReading | None = None
        self._last: BpReading | None = None
        self._previous: BpReading | None = None
        self._clearing: BpReading | None = None

    def retune(self, row: ConfirmedRow) -> None:
        """Take the row's numbers."""
        self.row = row
        self._limits = (
            _or_none(row.sbp_below if self._low else row.sbp_at_least),
            _or_none(row.dbp_at_least),
        )

    @property
    def every_ms(self) -> int | None:
        """How long after a reading the next is due while the row is present in full."""
        answer, every_min = self.answer, self.row.every_min
        full = isinstance(answer, Present) and answer.full
        return every_min * 60_000 if every_min and full else None

    def on_reading(self, reading: BpReading) -> None:
        """Judge one cuff reading that was accepted."""
        self._previous, self._last = self._last, reading
        if self._checking:
            self._second(reading)
        elif isinstance(self.answer, Present):
            self._maybe_clear(reading)
        elif self._meets(reading.sbp_x100, reading.dbp_x100):
            self._start(reading)
        self.refresh(reading.at_ms)

    def on_failed(self, at_ms: int) -> None:
        """An attempt at the second reading, or at the recheck, failed."""
        first = self._first
        if self._checking:
            self._failures += 1
            if self._failures >= _FAILURES:
                self._full("two attempts failed")
                return
            self.wants_ms = at_ms + _APART_MS
            self._check(self._checking[-1], "checking: one attempt failed")
        elif isinstance(self.answer, Present) and first is not None and first is self._last:
            self.wants_ms = at_ms + _APART_MS
            self.answer = self._present(first, "the recheck failed", self.answer.priority)

    def refresh(self, now_ms: int) -> None:
        """5 min without a second reading, or a danger sign beside the last one."""
        if self._checking and now_ms >= self._checking[-1].at_ms + WAIT_MS:
            self._full("no second reading in 5 min")
        answer, last = self.answer, self._last
        if (
            self.row.danger
            and last is not None
            and isinstance(answer, Present)
            and answer.priority is not Priority.HIGH
            and now_ms - last.at_ms <= _JOIN_MS
            and self._meets(last.sbp_x100, last.dbp_x100)
        ):
            fact = any_true(self.chart, self.row.danger, now_ms)
            if fact is not None:
                self._checking = []
                self.answer = self._present(
                    last, f"with {fact.value.replace('_', ' ')}", Priority.HIGH
                )

    def _start(self, reading: BpReading) -> None:
        self._first = reading
        self._failures = 0
        self._clearing = None
        self.wants_ms = reading.at_ms + _APART_MS
        if self.row.confirm:
            self._checking = [reading]
            self._check(reading, "checking: one reading")
        else:
            self.answer = self._present(reading, "one reading is enough")

    def _second(self, reading: BpReading) -> None:
        first = self._checking[0]
        if reading.at_ms - self._checking[-1].at_ms < _APART_MS:
            return
        self._checking.append(reading)
        readings = self._checking
        if len(readings) == 2 and _differ(first, reading):  # noqa: PLR2004 - a second reading
            self._failures = 0
            self.wants_ms = reading.at_ms + _APART_MS
            self._check(reading, "checking: two readings differ, a third decides")
            return
        if len(readings) == 2:  # noqa: PLR2004 - a second reading
            confirmed = self._mean_meets(first, reading)
            what = "confirmed by a second reading"
        else:
            sbp = sorted(r.sbp_x100 for r in readings)[1]
            dbp = sorted(r.dbp_x100 for r in readings)[1]
            confirmed = self._meets(sbp, dbp)
            what = "confirmed by the median of three"
        if confirmed:
            self._full(what)
        else:
            self._end("single reading")

    def _check(self, reading: BpReading, reason: str) -> None:
        self.answer = self._present(
            reading, reason, Priority.LOW, full=False, until_ms=reading.at_ms + WAIT_MS
        )

    def _full(self, reason: str) -> None:
        reading = self._checking[-1]
        self._checking = []
        self.wants_ms = None
        self.answer = self._present(reading, reason)

    def _mean_meets(self, first: BpReading, second: BpReading) -> bool:
        pairs = (
            (first.sbp_x100, second.sbp_x100, self._limits[0], _INSIDE[0]),
            (first.dbp_x100, second.dbp_x100, self._limits[1], _INSIDE[1]),
        )
        for one, two, limit, inside in pairs:
            if limit is None:
                continue
            if self._low:
                if one + two < 2 * limit and two < limit + inside:
                    return True
            elif one + two >= 2 * limit and two >= limit - inside:
                return True
        return False

    def _meets(self, sbp_x100: int, dbp_x100: int) -> bool:
        sbp_limit, dbp_limit = self._limits
        if self._low:
            return sbp_limit is not None and sbp_x100 < sbp_limit
        return (sbp_limit is not None and sbp_x100 >= sbp_limit) or (
            dbp_limit is not None and dbp_x100 >= dbp_limit
        )

    def _maybe_clear(self, reading: BpReading) -> None:
        first = self._first
        if not self._at_clear_level(reading):
            self._clearing = None
            return
        if self._recheck_refutes(reading):
            # "one more reading after 5 min"
            self.wants_ms = reading.at_ms + _RECHECK_MS
            self._end(f"not confirmed: {_text(reading)} after {_text(first or reading)}")
            return
        if self._clearing is None:
            self._clearing = reading
        twice = reading.at_ms - self._clearing.at_ms >= _TWICE_MS
        if twice or not self.row.clear_twice:
            self._end(f"{_text(reading)}" + (" after two readings" if twice else ""))

    def _recheck_refutes(self, reading: BpReading) -> bool:
        drop, first = self.row.recheck_drop, self._first
        # The recheck is the reading that follows; a later one clears like any other.
        if drop is None or first is None or self._previous is not first:
            return False
        if reading.at_ms - first.at_ms > _RECHECK_MS:
            return False
        by_sbp = first.sbp_x100 - reading.sbp_x100 >= x100(drop)
        by_dbp = first.dbp_x100 - reading.dbp_x100 >= x100(drop)
        sbp_limit, dbp_limit = self._limits
        sbp_met = sbp_limit is not None and first.sbp_x100 >= sbp_limit
        dbp_met = dbp_limit is not None and first.dbp_x100 >= dbp_limit
        return (by_sbp or not sbp_met) and (by_dbp or not dbp_met)

    def _at_clear_level(self, reading: BpReading) -> bool:
        row = self.row
        if self._low:
            level = x100(row.clear_sbp_at_least or 0)
            baseline = self.chart.baseline_bp
            if row.clear_or_under_baseline is not None and baseline is not None:
                level = min(level, baseline[0] - x100(row.clear_or_under_baseline))
            return reading.sbp_x100 >= level
        return (row.clear_sbp_below is None or reading.sbp_x100 < x100(row.clear_sbp_below)) and (
            row.clear_dbp_below is None or reading.dbp_x100 < x100(row.clear_dbp_below)
        )

    def _end(self, reason: str) -> None:
        self._checking = []
        self._clearing = None
        self.answer = Absent(reason)

    def _present(
        self,
        reading: BpReading,
        reason: str,
        priority: Priority | None = None,
        *,
        full: bool = True,
        until_ms: int | None = None,
    ) -> Present:
        sbp_limit, dbp_limit = self._limits
        by_dbp = not self._low and (sbp_limit is None or reading.sbp_x100 < sbp_limit)
        return self.present(
            f"{self.label}: {_text(reading)}, {reason}",
            reading.dbp_x100 if by_dbp else reading.sbp_x100,
            dbp_limit if by_dbp else sbp_limit,
            priority,
            full=full,
            until_ms=until_ms,
        )


def _differ(one: BpReading, two: BpReading) -> bool:
    return (
        abs(one.sbp_x100 - two.sbp_x100) > _DIFFER[0]
        or abs(one.dbp_x100 - two.dbp_x100) > _DIFFER[1]
    )


def _text(reading: BpReading) -> str:
    return f"{reading.sbp_x100 / 100:g}/{reading.dbp_x100 / 100:g}"


def _or_none(number: float | None) -> int | None:
    return None if number is None else x100(number)
