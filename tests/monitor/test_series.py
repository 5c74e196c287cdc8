"""Values in time and a running median: bounded, in order, with both ends."""

from random import Random
from statistics import median_low

from monitor.series import RunningMedian, Series


def filled(count: int, keep_ms: int = 1_000_000) -> Series:
    """Return a series with one value a second: 0, 100, 200 ..."""
    series = Series(keep_ms)
    for second in range(count):
        series.add(second * 1000, second * 100, same_slot=False)
    return series


def test_an_empty_series_has_nothing() -> None:
    """Each question has its answer for nothing."""
    series = Series(1_000)
    assert (
        series.last,
        series.latest(0, 1_000),
        series.count(0, 9),
        series.median2(0, 9),
        series.at_or_before(9, 0),
        series.nth_newest_ms(1),
    ) == (None, None, 0, None, None, None)


def test_questions_have_both_ends() -> None:
    """The window includes its first and its last instant."""
    series = filled(10)
    assert (series.last, series.latest(11_000, 2_000), series.latest(11_001, 2_000)) == (
        (9_000, 900),
        900,
        None,
    )
    assert (series.count(2_000, 4_000), series.count(2_001, 3_999), series.count(9, 3)) == (3, 1, 0)
    assert (series.median2(2_000, 4_000), series.median2(2_000, 5_000)) == (600, 700)
    assert (series.at_or_before(4_500, 4_000), series.at_or_before(4_500, 4_001)) == (400, None)
    assert (series.nth_newest_ms(1), series.nth_newest_ms(10), series.nth_newest_ms(11)) == (
        9_000,
        0,
        None,
    )


def test_one_slot_has_one_value() -> None:
    """The later takes the place of the last; in an empty series it is the first."""
    series = Series(1_000)
    series.add(0, 100, same_slot=True)
    series.add(300, 200, same_slot=True)
    assert (series.last, series.count(0, 300)) == ((300, 200), 1)


def test_old_values_are_forgotten() -> None:
    """Only the last `keep_ms` can be asked for, and memory stays bounded."""
    series = filled(1_000, keep_ms=10_000)
    assert series.count(0, 999_000) == 11
    assert series.at_or_before(988_000, 0) is None
    assert len(series._times) < 300


def test_the_running_median_is_the_lower_median_of_its_window() -> None:
    """Compared with the slow way, over enough numbers to forget many."""
    random = Random(1)  # noqa: S311 - seeded
    median = RunningMedian(10_000)
    numbers: list[tuple[int, int]] = []
    before = median.value
    for step in range(1_500):
        at_ms, number = step * 100, random.randrange(20)
        median.add(at_ms, number)
        numbers.append((at_ms, number))
        assert median.value == median_low(n for t, n in numbers[-101:] if t >= at_ms - 10_000)
    assert before is None
    assert len(median._queue) < 400


def test_values_of_a_time_and_all_since_a_number() -> None:
    """What is not kept any more is not given, and the number of the first one says so."""
    series = filled(5)
    assert series.values(1_000, 3_000) == [100, 200, 300]
    assert (series.added, series.since(3)) == (5, (3, [(3_000, 300), (4_000, 400)]))
    series.add(4_200, 420, same_slot=True)
    assert (series.added, series.since(4)) == (5, (4, [(4_200, 420)]))
    old = filled(1_000, keep_ms=2_000)
    assert (old.added, old.since(0)) == (
        1_000,
        (997, [(997_000, 99_700), (998_000, 99_800), (999_000, 99_900)]),
    )
