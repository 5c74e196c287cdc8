"""Shape `cumulative`: seconds below a limit add up, and only what was seen ends the row."""

from alerts.condition import Absent
from tests.charts import Rig


def test_more_than_the_seconds_within_the_window() -> None:
    """121 samples of a second; a value at the limit is not below it."""
    rig = Rig("SPO2-CUM")
    for at_s in range(120):
        rig.give(at_s, 89.99)
    rig.give(120, 90)
    before = rig.is_present()
    rig.give(121, 89)
    assert (before, rig.is_present()) == (False, True)


def test_a_later_sample_of_a_slot_takes_the_place_of_the_earlier() -> None:
    """Two reports within half of the interval are one second, whichever of them was low."""
    rig = Rig("SPO2-CUM", {"over_s": 3}, interval_ms=1_000)
    rig.give(0, 85)
    rig.give(1, 85)
    rig.give(1.2, 85)
    rig.give(2, 85)
    rig.give(2.2, 97)
    assert not rig.is_present()
    rig.give(3, 85)
    assert not rig.is_present()
    rig.give(4, 85)
    assert rig.is_present()


def test_each_sample_counts_for_the_interval_of_its_device() -> None:
    """At 2 s, 61 samples are more than 120 s."""
    rig = Rig("SPO2-CUM", interval_ms=2_000)
    for number in range(60):
        rig.give(2 * number, 80)
    before = rig.is_present()
    rig.give(120, 80)
    assert (before, rig.is_present()) == (False, True)


def test_it_ends_at_a_sample_of_a_window_that_was_seen() -> None:
    """Low seconds leave by time alone, but silence is not the end of them."""
    rig = Rig("SPO2-CUM")
    for at_s in range(121):
        rig.give(at_s, 80)
    for at_s in (*range(900, 1_000), *range(1_000, 1_199)):
        rig.give(at_s, 97)
    before = rig.is_present()
    rig.give(1_199, 97)
    assert (before, rig.answer()) == (True, Absent("0 s in 10 min"))


def test_a_value_low_in_doubt_counts_for_nothing() -> None:
    """SPO2-CRIT takes it."""
    rig = Rig("SPO2-CUM")
    for at_s in range(200):
        rig.give(at_s, 40)
    assert rig.answer() == Absent()


def test_it_rests_on_values_that_are_not_low_until_it_is_present() -> None:
    """Then it must see when they have left."""
    rig = Rig("SPO2-CUM", {"over_s": 0})
    rest = rig.detector.calm()
    rig.give(0, 80)
    assert (rest, rig.detector.calm()) == ((90_00, 1_000_000), None)
