"""ID-CHECK: what comes after the clip was away is compared with the minute before."""

import pytest

from alerts.condition import Absent, Assessment, Present, Priority
from devices.checkin import Clip
from devices.observation import Flag
from monitor.detectors.identity import IdentityDetector
from tests.charts import Rig, oximeter_report


class Finger:
    """One row and its oximeter, a report a second."""

    def __init__(self) -> None:
        self.rig = Rig("ID-CHECK")
        detector = self.rig.detector
        assert isinstance(detector, IdentityDetector)
        self.detector = detector
        self.now_s = 0

    def give(self, seconds: int, spo2: float | None, pulse: float | None, *flags: Flag) -> None:
        """So many reports."""
        for _ in range(seconds):
            report = oximeter_report(spo2, pulse, *flags)
            sample = self.rig.chart.oximeter.take(report, self.now_s * 1000, None)
            self.detector.on_sample(sample)
            self.now_s += 1

    def says(self, clip: Clip) -> None:
        """The companion answers now."""
        self.rig.chart.clip, self.rig.chart.clip_ms = clip, self.now_s * 1000
        self.detector.refresh(self.now_s * 1000)

    @property
    def answer(self) -> Assessment:
        """The answer now."""
        return self.detector.answer

    @property
    def level(self) -> Priority | None:
        """Its priority, or None when it is not present."""
        return self.answer.priority if isinstance(self.answer, Present) else None


def swapped(spo2: float = 97, pulse: float = 95) -> Finger:
    """Return a clip that was out for 5 s, and then on a finger with these values."""
    finger = Finger()
    finger.give(100, 97, 70)
    finger.give(5, None, None, Flag.FINGER_OUT)
    finger.give(5, spo2, pulse)
    return finger


@pytest.mark.parametrize(
    ("spo2", "pulse", "fires"),
    [(97, 89, False), (97, 90, True), (97, 50, True), (94, 70, False), (93, 70, True)],
)
def test_values_far_from_the_minute_before(spo2: float, pulse: float, fires: bool) -> None:
    """Pulse 20 or more, SpO2 4 or more: low at the fifth value."""
    assert swapped(spo2, pulse).level is (Priority.LOW if fires else None)


def test_it_says_what_it_compares() -> None:
    """The middle of the first five, and the medians of before."""
    assert swapped(97, 95).answer == Present(
        Priority.LOW,
        None,
        "is the clip on the patient's finger? SpO2 97 and pulse 95, before 97 and 70",
        95_00,
        None,
        until_ms=229_000,
    )


@pytest.mark.parametrize(
    ("seconds", "flags", "fires"),
    [
        (4, (Flag.FINGER_OUT,), False),
        (5, (Flag.FINGER_OUT,), True),
        (5, (Flag.SEARCHING,), True),
        (60, (Flag.MOTION,), False),
    ],
)
def test_only_a_clip_that_was_away_asks(seconds: int, flags: tuple[Flag, ...], fires: bool) -> None:
    """Out or searching for 5 s; a hand that moves is on the same finger."""
    finger = Finger()
    finger.give(100, 97, 70)
    finger.give(seconds, None, None, *flags)
    finger.give(5, 97, 100)
    assert (finger.level is not None) is fires


@pytest.mark.parametrize(("silent_s", "fires"), [(3, False), (4, True)])
def test_a_silence_asks_too(silent_s: int, fires: bool) -> None:
    """5 s from one report to the next."""
    finger = Finger()
    finger.give(100, 97, 70)
    finger.now_s += silent_s
    finger.give(5, 97, 100)
    assert (finger.level is not None) is fires


def test_without_values_of_before_nothing_is_compared() -> None:
    """The very first values, and values that only doubt can see."""
    finger = Finger()
    finger.give(10, None, None, Flag.FINGER_OUT)
    finger.give(10, 40, 20)
    finger.now_s += 10
    finger.give(5, 97, 100)
    assert finger.answer == Absent()
    odd = Finger()
    odd.give(20, 97, None)
    odd.now_s += 10
    odd.give(5, 97, 100)
    odd.give(1, 97, 20)
    assert odd.answer == Absent()
    bare = Finger()
    bare.detector._valid_ms = 0
    bare.detector._left()
    assert bare.detector._before2 is None


def test_a_second_gap_does_not_make_the_stranger_the_patient() -> None:
    """What was before the first one is compared with until it is clear."""
    finger = Finger()
    finger.give(100, 97, 70)
    for _ in range(2):
        finger.give(6, None, None, Flag.FINGER_OUT)
        finger.give(4, 97, 100)
    assert finger.level is None
    finger.give(1, 97, 100)
    assert finger.level is Priority.LOW


def test_unanswered_for_two_minutes_is_medium() -> None:
    """By its deadline; an answer "no" afterwards makes it low again, "yes" ends it."""
    finger = swapped()
    finger.detector.refresh(228_999)
    assert finger.level is Priority.LOW
    finger.detector.refresh(229_000)
    assert (finger.level, finger.answer.until_ms) == (Priority.MEDIUM, None)
    before = finger.answer
    finger.detector.refresh(300_000)
    assert finger.answer is before
    finger.says(Clip.OFF)
    assert finger.level is Priority.LOW
    finger.detector.refresh(400_000)
    assert finger.level is Priority.LOW
    finger.says(Clip.ON)
    assert finger.answer == Absent("the companion says that it is")
    finger.detector.refresh(500_000)
    assert finger.level is None


def test_an_answer_of_before_answers_nothing() -> None:
    """Only what is said after the question."""
    finger = swapped()
    finger.rig.chart.clip, finger.rig.chart.clip_ms = Clip.ON, 10_000
    finger.detector.refresh(finger.now_s * 1000)
    assert finger.level is Priority.LOW


def test_half_a_minute_of_values_as_before_ends_it() -> None:
    """A value that is far, or a gap, begins the half minute again."""
    finger = swapped()
    finger.give(20, 97, 72)
    finger.give(1, 97, 95)
    finger.give(20, 97, 72)
    finger.now_s += 12
    finger.give(30, 97, 72)
    assert finger.level is Priority.LOW
    finger.give(1, 97, 72)
    assert finger.answer == Absent("the values are as before")


def test_no_answer_is_low_until_the_clip_is_back() -> None:
    """Said at once: no medium comes."""
    finger = swapped()
    finger.says(Clip.OFF)
    finger.detector.refresh(10_000_000)
    assert (finger.level, finger.answer.until_ms) == (Priority.LOW, None)
