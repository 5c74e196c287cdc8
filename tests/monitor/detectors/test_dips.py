"""Shape `dips`: what is a dip, and how many make the row."""

import pytest

from alerts.condition import Absent, Off, Present
from tests.charts import Rig

Piece = tuple[float, int]


def told(pieces: list[Piece], rig: Rig | None = None, start_s: int = 0) -> list[int]:
    """Return the seconds at which a row that one dip raises becomes present anew."""
    rig = Rig("SPO2-ODI", {"count": 1, "window_s": 1}) if rig is None else rig
    found, at_s = [], start_s
    for value, length_s in pieces:
        for _ in range(length_s):
            was = rig.is_present()
            rig.give(at_s, value)
            if rig.is_present() and not was:
                found.append(at_s)
            at_s += 1
    return found


BEFORE: Piece = (97, 130)


@pytest.mark.parametrize(
    ("dip", "ends"),
    [
        ([(92, 15), (97, 3)], [145]),
        ([(93, 15), (97, 3)], []),
        ([(92, 10), (97, 3)], [140]),
        ([(92, 9), (97, 3)], []),
        ([(92, 90), (97, 3)], [220]),
        ([(92, 91), (97, 3)], []),
        ([(92, 15), (95, 3)], []),
        ([(92, 15), (96, 3)], [145]),
        # Nine deep: 6.75 of it made good is three quarters, and the rest belongs to the next one.
        ([(88, 15), (94.74, 3)], []),
        ([(88, 15), (94.75, 3)], [145]),
        ([(93, 20), (92, 5), (97, 3)], [155]),
    ],
)
def test_what_a_dip_is(dip: list[Piece], ends: list[int]) -> None:
    """Four under the local baseline, to 92 or less, 10-90 s, back by a point or three quarters."""
    assert told([BEFORE, *dip]) == ends


def test_without_half_of_two_minutes_there_is_no_local_baseline() -> None:
    """59 of 120 values are too few, 60 are enough: here one of them is of the dip itself."""
    assert told([(97, 49), (91, 10), (97, 3)]) == []
    assert told([(97, 59), (91, 11), (97, 3)]) == [70]
    assert told([(97, 60), (91, 15), (97, 3)]) == [75]


def test_the_local_baseline_is_the_ninetieth_percentile() -> None:
    """One tenth of higher values does not move it, a little more does."""
    high, rest = (97, 12), (95, 108)
    assert told([high, rest, (92, 15), (95, 3)]) == []
    assert told([(97, 13), (95, 107), (92, 15), (96, 3)]) == [135]


def test_after_a_fall_that_is_too_long_the_next_dip_begins_at_the_old_level() -> None:
    """Still down after 90 s: nothing begins before a value is not so far down any more."""
    assert told([BEFORE, (91, 95), (90, 15), (97, 20), (91, 12), (97, 2)]) == [272]


def test_three_dips_within_ten_minutes_and_none_in_ten() -> None:
    """The first of three that are spread wider has been forgotten."""
    rig = Rig("SPO2-ODI")
    far = [(91.0, 12), (97.0, 300)]
    assert told([BEFORE, *far, *far, *far], rig) == []
    near: list[Piece] = [(91, 12), (97, 200)]
    start_s = 130 + 3 * 312
    assert told([*near, *near], rig, start_s) == [start_s + 212 + 12]
    answer = rig.answer()
    assert isinstance(answer, Present)
    assert (answer.value_x100, answer.limit_x100) == (91_00, 92_00)
    last_s = start_s + 212 + 12
    told([(97, last_s + 600 - start_s - 2 * 212)], rig, start_s + 2 * 212)
    before = rig.is_present()
    rig.give(last_s + 600, 97)
    assert (before, rig.answer()) == (True, Absent("none in 10 min"))


def test_a_value_low_in_doubt_is_no_part_of_a_dip() -> None:
    """Neither its bottom nor its length."""
    assert told([BEFORE, (93, 12), (40, 3), (97, 3)]) == []


def test_a_slow_recording_has_no_dips() -> None:
    """They would lie between its samples."""
    rig = Rig("SPO2-ODI", recording=True, interval_ms=6_000)
    answer = rig.answer()
    rig.give(0, 80)
    assert (rig.answer() is answer, rig.detector.calm()) == (True, (0, 1_000_000))
    assert answer == Off("delay 10 s is under two sample intervals of 6000 ms")


def test_it_rests_on_values_from_which_no_baseline_is_so_far() -> None:
    """While no dip has begun and none is told; the highest value of two minutes is looked up."""
    rig = Rig("SPO2-ODI")
    rest = [rig.detector.calm()]
    told([BEFORE, (96, 1)], rig)
    rest.append(rig.detector.calm())
    rig.give(131, 98)
    rest.append(rig.detector.calm())
    rig.give(132, 91)
    rest.append(rig.detector.calm())
    assert rest == [(96_01, 100_00), (93_01, 97_00), (94_01, 98_00), None]
