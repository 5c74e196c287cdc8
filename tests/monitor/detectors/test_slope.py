"""Shape `slope`: a steady fall, foreseen; the points are worked off only when they matter."""

from collections.abc import Iterable

import pytest

from alerts.condition import Absent, Off, Present
from tests.charts import Rig

# At 1.5 a minute: below 93 since 161 s; the last value before the row is told.
TOLD = 92.25


def fall(rig: Rig, per_min: float, until: float, start_s: int = 0) -> int:
    """SpO2 falls from 97 at one sample a second; return the second after the last one."""
    at_s = start_s
    while (value := round(97 - per_min * (at_s - start_s) / 60, 2)) >= until:
        rig.give(at_s, value)
        at_s += 1
    return at_s


def give(rig: Rig, seconds: Iterable[int], value: float) -> list[int]:
    """Give one value at these seconds; return those after which the row is present."""
    found = []
    for at_s in seconds:
        rig.give(at_s, value)
        if rig.is_present():
            found.append(at_s)
    return found


def test_present_after_the_delay_and_over_when_it_falls_no_more() -> None:
    """1.5 a minute: below 93 it would be below 90 in two minutes, and 30 s later it is told."""
    rig = Rig("SPO2-TREND")
    end_s = fall(rig, 1.5, TOLD)
    before = rig.is_present()
    rig.give(end_s, 92.22)
    answer = rig.answer()
    assert isinstance(answer, Present)
    assert (before, answer.reason) == (
        False,
        "SpO2 will be below 90 % soon: 92.22, falling 1.2 or more a minute",
    )
    assert (answer.value_x100, answer.limit_x100, end_s) == (92_22, 90_00, 191)
    present = give(rig, range(end_s + 1, end_s + 400), 92.2)
    assert rig.answer() == Absent("not falling 0.5 a minute any more")
    assert present[-1] < end_s + 240


@pytest.mark.parametrize(("per_min", "until"), [(1.19, 89.0), (1.5, 94.01), (1.2, 92.5)])
def test_too_gentle_too_high_or_too_far_away(per_min: float, until: float) -> None:
    """Each of the three conditions must hold."""
    rig = Rig("SPO2-TREND")
    end_s = fall(rig, per_min, until)
    assert give(rig, range(end_s, end_s + 10), until) == []


def test_the_forecast_is_strict() -> None:
    """3.5 a minute foretells exactly 87 from 94; two a minute exactly 90, which is not below."""
    rig = Rig("SPO2-TREND", {"delay_s": 0, "min_samples": 2, "at_most": 94})
    for at_s, value in ((0, 96), (30, 95), (60, 94)):
        rig.give(at_s, value)
    assert not rig.is_present()
    rig = Rig("SPO2-TREND", {"delay_s": 0, "min_samples": 2, "at_most": 94})
    for at_s, below in ((0, 96.0), (30, 95.0), (60, 93.99)):
        rig.give(at_s, below)
    assert rig.is_present()


def test_too_few_values_say_nothing() -> None:
    """119 in four minutes neither raise the row nor end it."""
    rig = Rig("SPO2-TREND", {"delay_s": 0})
    for number in range(119):
        rig.give(number * 2, 97 - number * 0.06)
    assert not rig.is_present()
    rig.give(238, 89.8)
    present = rig.is_present()
    give(rig, range(470, 530), 91)
    assert (present, rig.is_present()) == (True, True)


def test_what_came_before_a_long_calm_is_looked_up_or_forgotten() -> None:
    """A quarter of an hour of 97 and four minutes of nothing: the fall after it is the same."""
    plain, late = Rig("SPO2-TREND"), Rig("SPO2-TREND")
    give(late, range(5), 93)
    give(late, range(5, 955), 97)
    start_s = 1_200
    for rig in (plain, late):
        fall(rig, 1.5, TOLD, start_s)
    assert (plain.is_present(), late.is_present()) == (False, False)
    for rig in (plain, late):
        rig.give(start_s + 191, 92.22)
    assert plain.answer() == late.answer()
    assert plain.is_present()


def test_values_of_one_slot_or_one_instant_count_once() -> None:
    """The later one counts: they have no slope between them."""
    rig = Rig("SPO2-TREND", {"delay_s": 0, "min_samples": 3})
    for at_s, value in ((0, 94), (30, 94), (30.1, 90.5), (60, 94), (60, 90)):
        rig.give(at_s, value)
    assert rig.is_present()


def test_a_value_low_in_doubt_and_a_slow_recording() -> None:
    """Neither makes a slope."""
    rig = Rig("SPO2-TREND")
    fall(rig, 1.5, 92.26)
    rig.give(190, 45)
    assert not rig.is_present()
    rig = Rig("SPO2-TREND", recording=True, interval_ms=20_000)
    answer = rig.answer()
    rig.give(0, 93)
    assert rig.answer() is answer
    assert answer == Off("delay 30 s is under two sample intervals of 20000 ms")


def test_it_rests_above_the_value_from_which_a_fall_matters() -> None:
    """Not while a delay runs or the row is present; calm values are the last ones inside."""
    rig = Rig("SPO2-TREND", {"min_samples": 2})
    rest = rig.detector.calm()
    rig.detector.stayed(0)
    rig.give(0, 97)
    rig.give(60, 91)
    assert (rest, rig.detector.calm()) == ((94_01, 1_000_000), None)
