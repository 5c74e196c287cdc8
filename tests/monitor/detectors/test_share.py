"""The share of valid samples: by deadline when it falls, at a sample when it is good again."""

from alerts.condition import Absent, Off, Present, Priority, Unknown
from monitor.session import Phase
from tests.charts import Rig


def test_the_first_minute_is_waited_for() -> None:
    """Then the minute's count decides, with the instant at which it may change."""
    rig = Rig("SIG-BAD", interval_ms=1_000)
    rig.detector.refresh(5_000)
    first = rig.answer()
    for second in range(60):
        rig.give(second)
    rig.detector.refresh(60_000)
    # 30 are enough: the 30th newest came at 30 s and leaves the minute at 90 s.
    assert (first, rig.answer()) == (Absent(until_ms=60_000), Absent(until_ms=90_000))
    rig.detector.refresh(90_000)
    assert rig.answer() == Present(
        Priority.LOW, None, "oximeter signal poor: 29 of 60 samples valid in the last minute",
        48_00, 50_00,
    )  # fmt: skip
    before = rig.answer()
    rig.detector.refresh(95_000)
    assert rig.answer() is before


def test_good_again() -> None:
    """24 of 30 in the half minute, and the minute no longer below 30 of 60."""
    rig = Rig("SIG-BAD", interval_ms=1_000)
    rig.detector.refresh(60_000)
    assert rig.is_present()
    for second in range(61, 90):
        rig.give(second)
        assert rig.is_present(), second
    rig.give(90)
    assert rig.answer() == Absent("the signal is good again", until_ms=121_000)


def test_a_change_of_the_interval_asks_again() -> None:
    """Twice as fast a device must give twice as many samples."""
    rig = Rig("SIG-BAD")
    for second in range(61):
        rig.give(second)
    rig.detector.refresh(61_000)
    assert rig.answer() == Absent(until_ms=91_000)
    for half in range(200):
        rig.give(61 + half / 2)
    assert rig.chart.oximeter.interval_ms == 500
    assert not rig.is_present()


def test_not_required_and_held() -> None:
    """A phase that does not need the oximeter ends it; an inflation on the same arm holds it."""
    rig = Rig("SIG-BAD", interval_ms=1_000)
    rig.chart.held_until_ms = 80_000
    rig.detector.refresh(60_000)
    assert rig.answer() == Unknown("paused by cuff", 80_000)
    rig.detector.refresh(80_000)
    assert rig.is_present()
    rig.chart.phase = Phase.ENDED
    rig.detector.refresh(81_000)
    assert rig.answer() == Absent("the phase does not need the oximeter")
    before = rig.answer()
    rig.detector.refresh(82_000)
    assert rig.answer() is before


def test_off_without_an_oximeter_in_the_recording() -> None:
    """It was never promised."""
    rig = Rig("SIG-BAD", recording=True, oximeter=False)
    assert rig.answer() == Off("the recording has no oximeter")


def test_what_is_good_again_during_an_inflation_ends_after_it() -> None:
    """At the first sample after the hold, not by time alone."""
    rig = Rig("SIG-BAD", interval_ms=1_000)
    rig.detector.refresh(60_000)
    rig.chart.held_until_ms = 100_000
    for second in range(61, 100):
        rig.give(second)
    rig.detector.refresh(100_000)
    assert rig.is_present()
    rig.give(100)
    assert rig.answer() == Absent("the signal is good again", 131_000)


def test_a_slow_recording_has_a_longer_window() -> None:
    """At least three intervals and a half: one that is due at this instant is not yet lost."""
    rig = Rig("SIG-BAD", recording=True, interval_ms=30_000)
    rig.detector.refresh(0)
    assert rig.answer() == Absent(until_ms=105_000)
