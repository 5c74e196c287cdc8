"""A fall is judged against the minute before, on enough samples, and ends like a limit."""

from alerts.condition import Absent, Off, Present, Priority
from tests.charts import Rig


def give(rig: Rig, first_s: int, count: int, spo2: float) -> None:
    """Samples a second apart."""
    for second in range(first_s, first_s + count):
        rig.give(second, spo2)


def test_a_fall_of_six_fires_after_4_s() -> None:
    """The value, the limit under the median, and both in the reason."""
    rig = Rig("SPO2-FAST")
    give(rig, 0, 60, 97.5)
    give(rig, 60, 4, 91)
    before = rig.answer()
    rig.give(64, 91)
    assert (before, rig.answer()) == (
        Absent(),
        Present(Priority.MEDIUM, None, "SpO2 is falling fast: 91, was 97.5", 91_00, 91_50),
    )
    give(rig, 65, 10, 93)
    give(rig, 75, 30, 94)
    assert rig.is_present()
    rig.give(105, 94)
    assert rig.answer() == Absent("back to 94 for 30 s")


def test_too_few_samples_before_are_no_comparison() -> None:
    """19 of 40 in the window: the limits alone watch."""
    rig = Rig("SPO2-FAST")
    give(rig, 21, 19, 97)
    for second in range(60, 70):
        rig.give(second, 91 if second >= 64 else None)
    assert rig.answer() == Absent()


def test_a_doubtful_low_restarts_the_clear_time() -> None:
    """It counts for no fall, and is not back either."""
    rig = Rig("SPO2-FAST")
    give(rig, 0, 60, 97)
    give(rig, 60, 5, 91)
    give(rig, 65, 29, 95)
    rig.give(94, 45)
    give(rig, 95, 30, 95)
    assert rig.is_present()
    rig.give(125, 95)
    assert rig.answer() == Absent("back to 95 for 30 s")


def test_off_in_a_slow_recording() -> None:
    """A delay of 4 s means nothing at a sample every 3 s."""
    rig = Rig("SPO2-FAST", recording=True, interval_ms=3_000)
    for step in range(40):
        rig.give(3 * step, 97 if step < 20 else 80)
    assert rig.answer() == Off("delay 4 s is under two sample intervals of 3000 ms")
