"""Pressures for people: no reading is shown across a limit that it did not cross."""

import itertools

import pytest

from monitor.pressure_unit import PA_PER_MMHG, limit_shown, pair_shown, shown, typed_mmhg

UNITS = ("mmHg", "kPa")


@pytest.mark.parametrize("unit", UNITS)
def test_over_the_whole_range_numbers_stand_as_values_do(unit: str) -> None:
    """Every reading of 0 to 400 mmHg in steps of 0.25, every whole limit: below, at or above."""
    readings = [float(shown(value, unit)) for value in range(0, 40_001, 25)]
    limits = [float(limit_shown(limit, unit)) for limit in range(0, 40_001, 100)]
    assert readings == sorted(readings)
    assert all(a < b for a, b in itertools.pairwise(limits))
    wrong = [
        (25 * n, 100 * m)
        for m, limit in enumerate(limits)
        # Only the four readings on each side of a limit could be wrong in an ordered list.
        for n in range(max(0, 4 * m - 4), min(len(readings), 4 * m + 5))
        if (readings[n] >= limit) != (25 * n >= 100 * m)
    ]
    assert wrong == []


@pytest.mark.parametrize("unit", UNITS)
def test_a_whole_reading_stands_to_any_limit_as_its_number_does(unit: str) -> None:
    """A limit that hangs on the value before the dose may have a fraction."""
    wrong = [
        (reading, limit)
        for limit in range(8_000, 20_000, 7)
        for reading in range(limit // 100 * 100 - 100, limit + 200, 100)
        if (float(shown(reading, unit)) >= float(limit_shown(limit, unit))) != (reading >= limit)
    ]
    assert wrong == []


def test_what_is_shown_and_typed_off_again_is_the_same() -> None:
    """Both units, 0 to 400 mmHg, with a point or a comma."""
    assert [
        [typed_mmhg(shown(100 * mmhg, unit), unit) for mmhg in range(401)] for unit in UNITS
    ] == [list(range(401))] * 2
    assert typed_mmhg("16,0", "kPa") == 120


@pytest.mark.parametrize("words", ["", "x", "-1", "401", "nan", "inf"])
def test_what_is_no_pressure_is_none(words: str) -> None:
    """And nothing is guessed."""
    assert typed_mmhg(words, "mmHg") is None


def test_a_kilopascal_is_7_50062_mmhg() -> None:
    """To the digits that are shown."""
    assert [shown(value, "kPa") for value in (750, 7_501, 16_000, 30_000)] == [
        "0.9",
        "10.0",
        "21.3",
        "40.0",
    ]
    assert round(1000 / PA_PER_MMHG, 5) == 7.50062
    assert pair_shown(13_500, 8_500, "mmHg") == "135/85"
