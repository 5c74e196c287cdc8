"""The share of valid samples: by deadline when it falls, at a sample when it is good again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.condition import Absent, Off, Present, Priority, Unknown
from devices.checkin import CheckIn
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


def test_what_is_only_just_good_does_not_end_and_begin_at_every_sample() -> None:
    """30 of 60, of which one leaves before the next can come: the row stays for that second."""
    rig = Rig("SIG-BAD", interval_ms=1_000)
    for second in (*range(1, 29), 30):
        rig.give(second)
    rig.detector.refresh(60_000)
    for second in range(61, 90):
        rig.give(second)
    assert rig.is_present()
    seen = []
    for second in range(90, 130):
        rig.detector.refresh(second * 1_000)
        rig.give(second)
        seen.append(rig.is_present())
    assert seen == [False] * 40


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


def test_the_minute_leaves_out_what_a_cuff_has_taken_away() -> None:
    """30 of the 60 samples beside the hold are enough: those before it stand in for those in it."""
    rig = Rig("SIG-BAD", interval_ms=1_000)
    for second in range(100):
        rig.give(second)
    rig.chart.inflated_since_ms, rig.chart.held_until_ms = 99_000, 140_000
    rig.detector.refresh(140_000)
    # None is lost since; the 30th newest came at 70 s, and leaves after a minute and the 41 s.
    assert rig.answer() == Absent(until_ms=171_000)
    rig.detector.refresh(170_999)
    assert not rig.is_present()
    rig.detector.refresh(171_000)
    assert rig.is_present()


def test_a_session_that_begins_with_a_hold_waits_for_a_minute_of_its_own() -> None:
    """What is required from the middle of an inflation on counts from then, and waits longer."""
    rig = Rig("SIG-BAD", interval_ms=1_000)
    rig.chart.required_since_ms = 20_000
    rig.chart.inflated_since_ms, rig.chart.held_until_ms = 0, 50_000
    rig.detector.refresh(50_000)
    first = rig.answer()
    rig.detector.refresh(110_000)
    assert (first, rig.is_present()) == (Absent(until_ms=110_000), True)


@pytest.mark.parametrize("rating", ["W3", "W5"])
def test_the_hold_of_a_sedated_patient_leaves_out_nothing(rating: str) -> None:
    """Never with MOAA/S 3 or less: then what is lost is lost."""
    rig = Rig("SIG-BAD", interval_ms=1_000)
    rig.chart.check = CheckIn.parse(f"{rating} B0 C0 D0 X0")
    for second in range(100):
        rig.give(second)
    rig.chart.inflated_since_ms, rig.chart.held_until_ms = 99_000, 140_000
    rig.detector.refresh(140_000)
    assert rig.is_present() is (rating == "W3")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.booleans(), min_size=150, max_size=220), st.integers(60, 120), st.integers(1, 60)
)
def test_the_share_is_what_counting_by_hand_gives(valid: list[bool], began: int, held: int) -> None:
    """Asked each second or only when due, it rises at the first second with under 30 of 60."""
    over = began + held
    seconds = [t for t in range(len(valid)) if not began < t <= over]
    due = [
        t
        for t in range(60, len(valid))
        if not began <= t < over
        and len([s for s in seconds if s <= t]) >= 60
        and sum(valid[s] for s in [s for s in seconds if s <= t][-60:]) < 30
    ]
    found = []
    for each_second in (True, False):
        rig = Rig("SIG-BAD", interval_ms=1_000)
        raised = None
        for second, is_valid in enumerate(valid):
            if second == began:
                rig.chart.inflated_since_ms = began * 1_000
                rig.chart.held_until_ms = over * 1_000
                rig.detector.refresh(second * 1_000)
            rig.give(second, 97 if is_valid else None)
            until_ms = rig.answer().until_ms
            if each_second or (until_ms is not None and until_ms <= second * 1_000):
                rig.detector.refresh(second * 1_000)
            if raised is None and rig.is_present():
                raised = second
        found.append(raised)
    assert found == [due[0] if due else None] * 2
