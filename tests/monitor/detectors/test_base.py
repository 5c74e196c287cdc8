"""What all shapes share: a plan's numbers, a row's answer, and what a recording turns off."""

import pytest

from alerts.condition import Absent, AlarmClass, Off, Present, Priority
from monitor.chart import BpReading
from monitor.detectors.base import Detector, clearing_level, too_short, usable, x100
from monitor.stream import Sample
from tests.charts import Rig, row_named


def test_a_number_of_a_plan_is_kept_in_hundredths() -> None:
    """Rounded once, when the plan is read."""
    assert [x100(92), x100(-1.2), x100(0.296)] == [92_00, -1_20, 30]


@pytest.mark.parametrize(
    ("baseline", "level"), [(None, 94_00), (97_00, 94_00), (94_00, 93_00), (90_00, 93_00)]
)
def test_a_clearing_level_can_be_reached(baseline: int | None, level: int) -> None:
    """Never above max(limit + 1, baseline - 1)."""
    assert clearing_level(94_00, 92_00, baseline) == level


@pytest.mark.parametrize(
    ("recording", "interval_ms", "delay_s", "off"),
    [
        (True, 2_000, 3, True),
        (True, 2_000, 4, False),
        (True, 2_000, 0, False),
        (True, None, 3, False),
        (False, 2_000, 3, False),
    ],
)
def test_only_a_recording_turns_short_delays_off(
    recording: bool, interval_ms: int | None, delay_s: int, off: bool
) -> None:
    """A live device that sends every 2 s still has its critical row."""
    rig = Rig("SPO2-CRIT", recording=recording, interval_ms=interval_ms)
    why = f"delay {delay_s} s is under two sample intervals of 2000 ms" if off else ""
    assert too_short(rig.chart, delay_s) == why


def test_a_detector_that_learns_nothing_stays_absent() -> None:
    """Every call may be ignored by a shape; `off` is the last word."""
    row = row_named("SPO2-LOW")
    detector = Detector(row, Rig("SPO2-LOW").chart)
    detector.on_value(1, Sample(1))
    detector.on_sample(Sample(1))
    detector.on_reading(BpReading(1, 2, 3))
    detector.on_failed(1)
    detector.refresh(1)
    detector.stayed(1)
    assert detector.calm() is None
    before = detector.answer
    detector.off("x")
    assert (before, detector.answer) == (Absent(), Off("x"))


def test_only_a_high_answer_has_a_class() -> None:
    """The row's priority and class unless others are given."""
    detector = Detector(row_named("SPO2-LOW"), Rig("SPO2-LOW").chart)
    assert [
        detector.present("x", 1, 2),
        detector.present("x", None, None, Priority.MEDIUM, full=False, until_ms=5),
        detector.present("x", None, None, None, AlarmClass.E),
    ] == [
        Present(Priority.HIGH, AlarmClass.A, "x", 1, 2),
        Present(Priority.MEDIUM, None, "x", full=False, until_ms=5),
        Present(Priority.HIGH, AlarmClass.E, "x"),
    ]


def test_half_of_the_expected_samples_make_a_time_usable() -> None:
    """Both ends count; at one a second 5 of 10 s."""
    rig = Rig("SPO2-CUM", interval_ms=1_000)
    series = rig.chart.oximeter.spo2
    got = []
    for at_s in (1, 3, 5, 7, 9):
        rig.give(at_s, 97)
        got.append(usable(series, rig.chart, 0, 9_999))
    assert got == [False, False, False, False, True]
