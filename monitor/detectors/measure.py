"""What a confirmed row compares: the sides of one cuff reading, each with its own limit.

A side is SBP, DBP or one number made of them; limits that lean on a baseline become plain numbers
here. A side is met at its limit; a mean confirms it when it meets the limit too and the second
reading is not far inside it, "on the same component" (`clinical.md` 2.3). Nothing is remembered.

    measure = measure_of(row, chart)
    measure.meets(measure.of(reading))
"""

from collections.abc import Callable

from msgspec import Struct

from devices.observation import Metric
from monitor.chart import BpReading, Chart
from monitor.detectors.base import x100
from monitor.detectors.cuff import text_of
from monitor.detectors.limit import PENDING
from monitor.rows import ConfirmedRow, DerivedRow

__all__ = ["Judged", "Measure", "Side", "measure_of"]

# How far inside the limit the second reading may be (2.3 "confirmed").
_SBP_INSIDE, _DBP_INSIDE = 5_00, 4_00
_PULSE_MS = 60_000


class Judged(Struct, frozen=True):
    """A reading and the values that the sides look at, in their order; `text` names them."""

    reading: BpReading
    values: tuple[int, ...]
    text: str

    @property
    def at_ms(self) -> int:
        """When the reading ended."""
        return self.reading.at_ms


class Side(Struct, frozen=True):
    """One component: met at or above `limit` (low rows: below it), cleared beyond `back`.

    None: it has no limit, or no level that it must reach to clear. `or_back` is the level of the
    second way to clear.
    """

    limit: int | None
    inside: int
    back: int | None = None
    or_back: int | None = None


class Measure(Struct, frozen=True):
    """The sides of a row with their numbers as they are now."""

    sides: tuple[Side, ...]
    look: Callable[[BpReading], tuple[tuple[int, ...], str] | None]
    low: bool = False
    sbp_below: int | None = None
    off: str = ""

    def of(self, reading: BpReading) -> Judged | None:
        """Return what the row sees of a reading; None when a part of it is not known."""
        seen = self.look(reading)
        return None if seen is None else Judged(reading, *seen)

    def meets(self, one: Judged) -> bool:
        """Whether a side is at or beyond its limit."""
        return self._guarded(one.reading.sbp_x100) and any(map(self._at, self.sides, one.values))

    def mean_meets(self, first: Judged, second: Judged) -> bool:
        """Whether the mean of both confirms, and the second is not far inside, on the same side."""
        if not self._guarded((first.reading.sbp_x100 + second.reading.sbp_x100) / 2):
            return False
        for side, one, two in zip(self.sides, first.values, second.values, strict=True):
            if side.limit is None:
                continue
            if self.low:
                if one + two < 2 * side.limit and two < side.limit + side.inside:
                    return True
            elif one + two >= 2 * side.limit and two >= side.limit - side.inside:
                return True
        return False

    def median_meets(self, three: list[Judged]) -> bool:
        """Whether the median of three decides for the row, each component by itself."""
        sbp = sorted(one.reading.sbp_x100 for one in three)[1]
        medians = [sorted(values)[1] for values in zip(*(one.values for one in three), strict=True)]
        return self._guarded(sbp) and any(map(self._at, self.sides, medians))

    def is_back(self, one: Judged) -> bool:
        """Whether every side is at its clearing level, by the first way or by the second."""
        pairs = list(zip(self.sides, one.values, strict=True))
        if all(self._beyond(side.back, value) for side, value in pairs):
            return True
        other = any(side.or_back is not None for side in self.sides)
        return other and all(self._beyond(side.or_back, value) for side, value in pairs)

    def shown(self, one: Judged) -> tuple[int, int | None]:
        """Return value and limit of the side that is met, else of the first."""
        for side, value in zip(self.sides, one.values, strict=True):
            if self._at(side, value):
                return value, side.limit
        return one.values[0], self.sides[0].limit

    def dropped(self, first: Judged, second: Judged, by: int) -> bool:
        """Whether each side that was met is at least this much lower in the second reading."""
        return all(
            one - two >= by or not self._at(side, one)
            for side, one, two in zip(self.sides, first.values, second.values, strict=True)
        )

    def _at(self, side: Side, value: int) -> bool:
        if side.limit is None:
            return False
        return value < side.limit if self.low else value >= side.limit

    def _beyond(self, level: int | None, value: int) -> bool:
        if level is None:
            return True
        return value >= level if self.low else value < level

    def _guarded(self, sbp_x100: float) -> bool:
        return self.sbp_below is None or sbp_x100 < self.sbp_below


def measure_of(row: ConfirmedRow | DerivedRow, chart: Chart) -> Measure:
    """Return what a row compares, with the baseline as it is now."""
    if isinstance(row, DerivedRow):
        return _derived(row, chart)
    off = ""
    if row.relative and chart.baseline_bp is None:
        off = f"no baseline of blood pressure: {chart.baseline_missing.get(Metric.SBP, PENDING)}"
    if row.sbp_below is not None or row.sbp_under_baseline is not None:
        return Measure((_low_side(row, chart.baseline_bp), Side(None, 0)), _pair, low=True, off=off)
    return Measure(_high_sides(row, chart.baseline_bp or (0, 0)), _pair, off=off)


def _pair(reading: BpReading) -> tuple[tuple[int, ...], str]:
    return (reading.sbp_x100, reading.dbp_x100), text_of(reading.sbp_x100, reading.dbp_x100)


def _low_side(row: ConfirmedRow, baseline: tuple[int, int] | None) -> Side:
    limits = [] if row.sbp_below is None else [x100(row.sbp_below)]
    if row.sbp_under_baseline is not None and baseline is not None:
        # ">=20 under" is met at the very number, a low limit only below it.
        limits.append(baseline[0] - x100(row.sbp_under_baseline) + 1)
    back = x100(row.clear_sbp_at_least or 0)
    if row.clear_or_under_baseline is not None and baseline is not None:
        back = min(back, baseline[0] - x100(row.clear_or_under_baseline))
    return Side(min(limits, default=None), _SBP_INSIDE, back)


def _high_sides(row: ConfirmedRow, baseline: tuple[int, int]) -> tuple[Side, Side]:
    sbp, dbp = baseline
    return (
        Side(
            _highest(
                (row.sbp_at_least, 0),
                (row.sbp_over_baseline, sbp),
                (row.sbp_more_than_baseline, sbp + 1),
            ),
            _SBP_INSIDE,
            _highest((row.clear_sbp_below, 0), (row.clear_sbp_over_baseline, sbp)),
            _highest((row.clear_or_sbp_over_baseline, sbp + 1)),
        ),
        Side(
            _highest(
                (row.dbp_at_least, 0),
                (row.dbp_over_baseline, dbp),
                (row.dbp_more_than_baseline, dbp + 1),
            ),
            _DBP_INSIDE,
            _highest((row.clear_dbp_below, 0), (row.clear_dbp_over_baseline, dbp)),
            _highest((row.clear_or_dbp_over_baseline, dbp + 1)),
        ),
    )


def _highest(*parts: tuple[float | None, int]) -> int | None:
    """Return the highest of the numbers that the row has, each plus its base."""
    return max((x100(number) + base for number, base in parts if number is not None), default=None)


def _derived(row: DerivedRow, chart: Chart) -> Measure:
    looks: dict[str, Callable[[BpReading], tuple[tuple[int, ...], str] | None]] = {
        "map": _mean_pressure,
        "pulse_pressure": _pulse_pressure,
        "shock_index": lambda reading: _shock_index(reading, chart),
    }
    low = row.below is not None
    limit = row.below if low else row.at_least
    back = row.clear_at_least if low else row.clear_below
    limit_x100 = x100(row.above) + 1 if limit is None and row.above is not None else None
    side = Side(
        limit_x100 if limit is None else x100(limit),
        x100(row.inside),
        None if back is None else x100(back),
    )
    guard = None if row.with_sbp_below is None else x100(row.with_sbp_below)
    return Measure((side,), looks[row.of], low=low, sbp_below=guard)


def _mean_pressure(reading: BpReading) -> tuple[tuple[int, ...], str]:
    pair = text_of(reading.sbp_x100, reading.dbp_x100)
    if reading.map_x100 is not None:
        return (reading.map_x100,), f"mean {reading.map_x100 / 100:g} of {pair}"
    mean = reading.dbp_x100 + (reading.sbp_x100 - reading.dbp_x100) // 3
    return (mean,), f"mean {mean // 100} derived from {pair}"


def _pulse_pressure(reading: BpReading) -> tuple[tuple[int, ...], str]:
    wide = reading.sbp_x100 - reading.dbp_x100
    return (wide,), f"{text_of(reading.sbp_x100, reading.dbp_x100)}, {wide / 100:g} apart"


def _shock_index(reading: BpReading, chart: Chart) -> tuple[tuple[int, ...], str] | None:
    """Pulse over SBP, cut to 0.01; the oximeter's pulse of the minute before, else the cuff's."""
    pulse = chart.oximeter.pulse.at_or_before(reading.at_ms, reading.at_ms - _PULSE_MS)
    pulse = reading.pulse_x100 if pulse is None else pulse
    if pulse is None:
        return None
    index = pulse * 100 // reading.sbp_x100
    return (index,), f"pulse {pulse / 100:g} over {reading.sbp_x100 / 100:g}"
