"""The slope test says what a sorted list of all slopes, and scipy's estimator, say."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from monitor.slope import SlopeTest, falls_faster

Point = tuple[int, int]

GAPS_MS = st.integers(1, 90_000)
VALUES_X100 = st.one_of(st.integers(80, 100).map(lambda pct: pct * 100), st.integers(0, 30_000))
STEPS = st.lists(st.tuples(GAPS_MS, VALUES_X100), min_size=1, max_size=40)
LIMITS = st.one_of(st.integers(-1000, 1000), st.sampled_from((-120, -100, -50, 0)))
WINDOW_MS = 300_000


def points_of(steps: list[tuple[int, int]]) -> list[Point]:
    """Return points at the end of each gap."""
    at_ms, points = 0, []
    for gap_ms, value_x100 in steps:
        at_ms += gap_ms
        points.append((at_ms, value_x100))
    return points


def slopes_of(points: list[Point]) -> list[Fraction]:
    """Return the slopes of all pairs in 0.01 a minute, in order of size, exactly."""
    return sorted(Fraction((b[1] - a[1]) * 60_000, b[0] - a[0]) for a, b in combinations(points, 2))


def in_window(points: list[Point]) -> list[Point]:
    """Return the points that count at the time of the last."""
    return [point for point in points if point[0] >= points[-1][0] - WINDOW_MS]


def state(test: SlopeTest) -> tuple[int, int, int, int, bool | None]:
    """Return all that can be read."""
    return test.count, test.pairs, test.steep, test.span_ms, test.at_most


def expected(points: list[Point], limit: int) -> tuple[int, int, int, int, bool | None]:
    """Return the same from all pairs."""
    slopes = slopes_of(points)
    steep = sum(slope <= limit for slope in slopes)
    median = slopes[(len(slopes) - 1) // 2] <= limit if slopes else None
    return len(points), len(slopes), steep, points[-1][0] - points[0][0], median


@given(STEPS, LIMITS)
def test_the_lower_median_of_all_pairs_decides(steps: list[tuple[int, int]], limit: int) -> None:
    """After each point, all that can be read is what a count of all pairs of the window says."""
    points = points_of(steps)
    test = SlopeTest(WINDOW_MS, limit)
    for number, (at_ms, value_x100) in enumerate(points, start=1):
        test.add(at_ms, value_x100)
        assert state(test) == expected(in_window(points[:number]), limit)


@given(STEPS, LIMITS, st.data())
def test_a_value_of_the_same_slot_replaces_the_last(
    steps: list[tuple[int, int]], limit: int, data: st.DataObject
) -> None:
    """A replaced point leaves no trace, whatever it was."""
    test, plain = SlopeTest(WINDOW_MS, limit), SlopeTest(WINDOW_MS, limit)
    for (gap_ms, _), (at_ms, value_x100) in zip(steps, points_of(steps), strict=True):
        replaces = data.draw(st.booleans())
        if replaces:
            before_ms = data.draw(st.integers(0, min(gap_ms - 1, 5)))
            test.add(at_ms - before_ms, data.draw(VALUES_X100))
        test.add(at_ms, value_x100, same_slot=replaces)
        plain.add(at_ms, value_x100)
        assert state(test) == state(plain)


@given(st.lists(st.tuples(st.integers(500, 3_000), VALUES_X100), min_size=2, max_size=60), LIMITS)
def test_scipy_agrees_wherever_both_middle_slopes_are_on_one_side(
    steps: list[tuple[int, int]], limit: int
) -> None:
    """The slope of scipy is on the same side of the limit, unless the middle straddles it."""
    points = points_of(steps)
    test = SlopeTest(WINDOW_MS, limit)
    for at_ms, value_x100 in points:
        test.add(at_ms, value_x100)
    slopes = slopes_of(points)
    low, high = slopes[(len(slopes) - 1) // 2], slopes[len(slopes) // 2]
    times_min = np.array([at_ms for at_ms, _ in points]) / 60_000
    values = np.array([value_x100 for _, value_x100 in points], dtype=float)
    slope = theilslopes(values, times_min).slope
    rounding = 1e-6 * (1 + abs(limit))
    if low > limit:
        assert (test.at_most, slope > limit - rounding) == (False, True)
    elif high <= limit:
        assert (test.at_most, slope <= limit + rounding) == (True, True)
    else:
        assert test.at_most is True


def test_a_fall_with_a_quarter_of_wild_points_is_a_fall() -> None:
    """1.5 %/min for 4 min in steps of 1 %, every fourth value 99 %: found; 1 %/min is not."""
    answers = {}
    for per_min in (150, 100):
        test = SlopeTest(240_000, -120)
        for second in range(241):
            falling = (9700 - per_min * second // 60) // 100 * 100
            test.add(second * 1000, 9900 if second % 4 == 0 else falling)
        answers[per_min] = test.at_most
    assert answers == {150: True, 100: False}


def test_one_point_has_no_slope() -> None:
    """Without a pair there is no answer; an empty test and a first value of a "slot" are fine."""
    test = SlopeTest(1_000, 0)
    before = state(test)
    test.add(5, 9700, same_slot=True)
    assert (before, state(test)) == ((0, 0, 0, 0, None), (1, 0, 0, 0, None))


def test_a_point_that_is_not_later_is_refused_and_changes_nothing() -> None:
    """Two points at one time have no slope; a slot does not go back in time."""
    test = SlopeTest(60_000, 0)
    test.add(1_000, 9700)
    test.add(2_000, 9600)
    before = state(test)
    with pytest.raises(ValueError, match="point at 2000 ms is not later than the last at 2000 ms"):
        test.add(2_000, 9500)
    with pytest.raises(ValueError, match="point at 1999 ms is earlier than its slot's last"):
        test.add(1_999, 9500, same_slot=True)
    assert state(test) == before


def test_a_window_without_length_is_refused() -> None:
    """A window of 0 ms could never hold a pair."""
    with pytest.raises(ValueError, match="window of 0 ms has no length"):
        SlopeTest(0, -120)


@given(STEPS, st.integers(-400, 100), st.sampled_from([1, 60_000, 120_000]))
def test_falling_faster_is_a_lower_median_below_the_limit(
    steps: list[tuple[int, int]], change: int, over_ms: int
) -> None:
    """Strictly: against all slopes as fractions."""
    points = points_of(steps)
    slopes = sorted(
        Fraction(late - early, end - begin)
        for (begin, early), (end, late) in combinations(points, 2)
    )
    median = slopes[(len(slopes) - 1) // 2] if slopes else None
    expected = median is not None and median < Fraction(change, over_ms)
    assert falls_faster(points, change, over_ms) is expected


def test_the_points_are_given_back_as_they_came() -> None:
    """Those of the window."""
    test = SlopeTest(1_000, -120)
    for at_ms, value in ((0, 9_711), (500, 9_703), (1_001, 4)):
        test.add(at_ms, value)
    assert test.points == [(500, 9_703), (1_001, 4)]
