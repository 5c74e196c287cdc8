"""What a confirmed row sees of a reading: its sides, their limits, and when they are back."""

import msgspec
import pytest

from devices.observation import Metric
from monitor.chart import BpReading, Chart
from monitor.detectors.measure import Judged, Measure, measure_of
from monitor.rows import ConfirmedRow, DerivedRow
from tests.charts import Rig
from tests.timeline import DEFAULT

ROWS = {row.id: row for row in DEFAULT.rows}


def chart(baseline: tuple[int, int] | None = (120_00, 80_00)) -> Chart:
    """Return a chart with this baseline of blood pressure."""
    made = Rig("SPO2-LOW").chart
    made.baseline_bp = baseline
    return made


def measure(name: str, made: Chart | None = None, **changes: object) -> Measure:
    """Return the measure of a shipped row."""
    row = msgspec.structs.replace(ROWS[name], **changes)
    assert isinstance(row, ConfirmedRow | DerivedRow)
    return measure_of(row, made or chart())


def seen(
    of: Measure, sbp: float, dbp: float, pulse_x100: int | None = None, map_x100: int | None = None
) -> Judged:
    """Return what it sees of a reading."""
    reading = BpReading(
        60_000, round(sbp * 100), round(dbp * 100), pulse_x100=pulse_x100, map_x100=map_x100
    )
    one = of.of(reading)
    assert one is not None
    return one


@pytest.mark.parametrize(
    ("row", "limits"),
    [
        ("BP-WARN", [160_00, 100_00]),
        ("BP-RISE1", [150_00, 100_00]),
        ("BP-LATE", [160_00, 100_00]),
        ("BP-LOW1", [100_00, None]),
        ("BP-LOW2", [90_00, None]),
        ("MAP-HIGH", [130_00]),
        ("PP-WIDE", [100_01]),
        ("PP-NARROW", [20_00]),
        ("BP-SHOCK", [1_00]),
    ],
)
def test_the_limits_of_each_side(row: str, limits: list[int | None]) -> None:
    """Numbers in x 100; what leans on 120/80 is a number too; strictly more is 0.01 more."""
    assert [side.limit for side in measure(row).sides] == limits


def test_both_limits_of_one_side_must_hold() -> None:
    """The higher one for what looks up, the lower one for what looks down."""
    late, low = measure("BP-LATE", chart((150_00, 95_00))), measure("BP-LOW1", chart((110_00, 0)))
    assert [side.limit for side in late.sides] == [170_01, 105_01]
    assert [side.limit for side in low.sides] == [90_01, None]


def test_without_a_baseline_a_row_that_leans_on_it_is_off() -> None:
    """With the reason, once it is known that none will come; others are not."""
    made = chart(None)
    assert measure("BP-RISE1", made).off == "no baseline of blood pressure: not frozen yet"
    made.baseline_missing[Metric.SBP] = "no blood pressure was taken at the gate"
    assert measure("BP-LOW1", made).off.endswith("no blood pressure was taken at the gate")
    assert (measure("BP-WARN", made).off, measure("MAP-LOW", made).off) == ("", "")


def test_the_device_says_the_mean_or_it_is_derived_and_marked() -> None:
    """DBP and a third of the pulse pressure."""
    high = measure("MAP-HIGH")
    own, derived = seen(high, 160, 115, map_x100=125_00), seen(high, 160, 115)
    assert (own.values, own.text) == ((125_00,), "mean 125 of 160/115")
    assert (derived.values, derived.text) == ((130_00,), "mean 130 derived from 160/115")
    assert (high.meets(own), high.meets(derived)) == (False, True)


def test_a_guard_holds_for_the_mean_and_for_the_median() -> None:
    """MAP-LOW only with an SBP below 100, of whatever is compared."""
    low = measure("MAP-LOW")
    bad, well = seen(low, 99, 40), seen(low, 101, 40)
    assert (low.meets(bad), low.meets(well)) == (True, False)
    assert (low.mean_meets(bad, well), low.mean_meets(bad, bad)) == (False, True)
    assert (low.median_meets([bad, well, well]), low.median_meets([bad, well, bad])) == (
        False,
        True,
    )


def test_the_median_is_of_each_side() -> None:
    """Three readings, two of them high by SBP or two by DBP; one each is none."""
    warn = measure("BP-WARN")
    by_sbp, by_dbp, well = (seen(warn, *pair) for pair in ((165, 80), (150, 105), (130, 80)))
    assert warn.median_meets([by_sbp, well, by_sbp])
    assert warn.median_meets([by_dbp, well, by_dbp])
    assert not warn.median_meets([by_sbp, by_dbp, well])


def test_back_by_either_way() -> None:
    """Below 155/95, or back at 20/10 over the baseline: each way needs both sides."""
    late = measure("BP-LATE", chart((140_00, 70_00)))
    got = [
        late.is_back(seen(late, *pair)) for pair in ((154, 94), (160, 80), (158, 92), (160.01, 80))
    ]
    assert got == [True, True, False, False]
    assert not measure("BP-WARN").is_back(seen(measure("BP-WARN"), 155, 80))


def test_what_is_shown_is_the_side_that_is_met() -> None:
    """Else the first."""
    warn = measure("BP-WARN")
    got = [warn.shown(seen(warn, *pair)) for pair in ((165, 80), (150, 101), (150, 80))]
    assert got == [(165_00, 160_00), (101_00, 100_00), (150_00, 160_00)]


def test_the_shock_index_takes_the_pulse_of_the_minute_before() -> None:
    """The oximeter's before the cuff's; unknown without both."""
    made = chart()
    shock = measure("BP-SHOCK", made)
    assert shock.of(BpReading(60_000, 90_00, 60_00)) is None
    assert seen(shock, 90, 60, pulse_x100=81_00).values == (90,)
    made.oximeter.pulse.add(0, 99_00, same_slot=False)
    one = seen(shock, 90, 60, pulse_x100=81_00)
    assert (one.values, one.text) == ((110,), "pulse 99 over 90")
    late = shock.of(BpReading(60_001, 90_00, 60_00, 72_00))
    assert late is not None
    assert late.values == (80,)


def test_sides_without_a_limit_confirm_and_drop_nothing() -> None:
    """A low row looks at SBP alone; a side that was not met need not drop."""
    low, crit = measure("BP-LOW2"), measure("BP-CRIT")
    assert not low.mean_meets(seen(low, 100, 20), seen(low, 100, 20))
    first, second = seen(crit, 205, 90), seen(crit, 165, 90)
    assert (crit.dropped(first, second, 40_00), crit.dropped(first, second, 40_01)) == (True, False)
