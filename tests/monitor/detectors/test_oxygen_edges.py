"""The oxygen rows at a hundredth of a percent: where each begins, and where it ends.

Each expectation is the sentence of the catalogue as one line; nothing is shared with the rows.
"""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from devices.observation import Metric
from monitor.detectors.limit import LimitDetector
from tests.charts import Rig

D = Decimal
Row = tuple[str, int, Callable[[D, D], bool], Callable[[D, D], bool], int]

# Name, delay, beyond (value, baseline), back, clear time.
ROWS: list[Row] = [
    ("SPO2-WARN", 20, lambda v, _b: v < 92, lambda v, b: v >= min(D(94), max(D(93), b - 1)), 30),
    ("SPO2-LOW", 30, lambda v, _b: v < 90, lambda v, b: v >= min(D(92), max(D(91), b - 1)), 60),
    ("SPO2-LOW", 10, lambda v, _b: v < 88, lambda v, b: v >= min(D(92), max(D(91), b - 1)), 60),
    ("SPO2-CRIT", 3, lambda v, _b: v < 80, lambda v, b: v >= min(D(90), max(D(81), b - 1)), 60),
    ("SPO2-DROP", 30, lambda v, b: b - v >= 4 and v < 94, lambda v, b: b - v <= 2, 0),
    ("SPO2-DROP2", 30, lambda v, b: b - v >= 6 and v <= 92, lambda v, b: b - v <= 3, 0),
]
VALUES = st.one_of(
    st.integers(70_00, 100_00).map(lambda v: D(v) / 100),
    st.tuples(
        st.sampled_from([80, 81, 88, 90, 91, 92, 93, 94]), st.sampled_from([D("-.01"), D(0)])
    ).map(sum),
)
BASES = st.integers(88_00, 100_00).map(lambda v: D(v) / 100)


def begun(name: str, baseline: D) -> Rig:
    """Return the row with a frozen baseline."""
    rig = Rig(name, interval_ms=1_000)
    rig.chart.baseline_x100[Metric.SPO2] = int(baseline * 100)
    assert isinstance(rig.detector, LimitDetector)
    rig.detector.fold()
    return rig


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
@settings(max_examples=60, deadline=None)
@given(value=VALUES, baseline=BASES)
@example(value=D(92), baseline=D(98))
@example(value=D("92.01"), baseline=D("98.01"))
@example(value=D("93.99"), baseline=D("97.99"))
@example(value=D("93.99"), baseline=D("97.98"))
def test_a_value_that_stays_is_beyond_or_it_is_not(row: Row, value: D, baseline: D) -> None:
    """Not one second before the delay; at the delay when beyond."""
    name, delay_s, beyond, _, _ = row
    other = any(o[0] == name and o[1] < delay_s and o[2](value, baseline) for o in ROWS)
    rig = begun(name, baseline)
    for second in range(delay_s):
        rig.give(second, float(value))
    before = rig.is_present()
    rig.give(delay_s, float(value))
    assert (before, rig.is_present()) == (other, other or beyond(value, baseline))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS])
@settings(max_examples=40, deadline=None)
@given(value=VALUES, baseline=BASES)
def test_it_ends_at_its_level_after_its_time(row: Row, value: D, baseline: D) -> None:
    """A patient's own level, never above what this patient can reach (1.4)."""
    name, _, _, back, clear_s = row
    rig = begun(name, baseline)
    for second in range(31):
        rig.give(second, 70)
    assert rig.is_present()
    for second in range(31, 31 + clear_s):
        rig.give(second, float(value))
    before = rig.is_present()
    rig.give(31 + clear_s, float(value))
    assert (before, rig.is_present()) == (True, not back(value, baseline))


@pytest.mark.parametrize(
    ("low", "dips"), [(D("92.01"), False), (D(92), True), (D("91.5"), True), (D("93"), False)]
)
@pytest.mark.parametrize(("base", "far"), [(D(96), True), (D("95.99"), False)])
@pytest.mark.parametrize(("length_s", "fits"), [(9, False), (10, True), (90, True), (91, False)])
def test_a_dip_at_its_edges(
    low: D, dips: bool, base: D, far: bool, length_s: int, fits: bool
) -> None:
    """4 points under the local baseline, down to 92, 10 to 90 s long; three of them."""
    rig = Rig("SPO2-ODI", interval_ms=1_000)
    at_s = 0
    for _ in range(3):
        for value, seconds in ((base, 120), (low, length_s)):
            for _ in range(seconds):
                rig.give(at_s, float(value))
                at_s += 1
    rig.give(at_s, float(base))
    is_far = far or low < D("91.99")
    assert rig.is_present() is (dips and is_far and fits)


@pytest.mark.parametrize(("extra", "present"), [(0, False), (1, True)])
@pytest.mark.parametrize(("low", "counts"), [(D("89.99"), True), (D(90), False)])
def test_the_seconds_add_up_to_more_than_two_minutes(
    extra: int, present: bool, low: D, counts: bool
) -> None:
    """120 s below 90 within 10 min are none too many, 121 are; 90 is not below."""
    rig = Rig("SPO2-CUM", interval_ms=1_000)
    at_s = 0
    for value, seconds in ((low, 60), (D(95), 100), (low, 60 + extra)):
        for _ in range(seconds):
            rig.give(at_s, float(value))
            at_s += 1
    assert rig.is_present() is (present and counts)


@pytest.mark.parametrize(
    ("step", "end", "present"),
    [
        ("0.02", "92.39", True),
        ("0.02", "92.40", False),
        ("0.03", "93.59", True),
        ("0.03", "93.60", False),
        ("0.04", "94", True),
        ("0.04", "94.01", False),
        ("0.01", "90.5", False),
    ],
)
def test_a_trend_is_steep_low_and_near(step: str, end: str, present: bool) -> None:
    """1.2 a minute (0.02 a second) and more, 94 and less, and below 90 within two minutes."""
    rig = Rig("SPO2-TREND", {"delay_s": 0}, interval_ms=1_000)
    for second in range(240):
        rig.give(second, float(D(end) + D(step) * (240 - second)))
    before = rig.is_present()
    rig.give(240, float(end))
    assert (before, rig.is_present()) == (False, present)
