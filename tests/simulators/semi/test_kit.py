"""What was recorded is what the hub is sent, with the published course on pressure and pulse."""

import pytest
from numpy.random import default_rng

from devices.observation import DeviceReport, Flag, Metric, Observation
from simulators.semi.body import SemiBody, course
from simulators.semi.kit import AsShown, Real, outfit_of
from simulators.semi.series import Pressures, Record, SeriesError
from simulators.traits import typical_person
from simulators.worlds.scenario import PatientScript

STAY = Pressures("stay", tuple((1_200.0 * number, 120.0, 80.0) for number in range(12)))
RECORD = Record("a", ((97.0, 60.0, 2.5), (96.5, 61.0, None), (None, 61.0, None)))

WHOLE = Record("b", ((97.0, 60.0, 2.5),))


def body(record: Record = RECORD, seed: int = 1) -> SemiBody:
    """A body of these series."""
    return SemiBody(typical_person(75), default_rng(seed), record, STAY, 0.0)


def test_the_published_course_peaks_at_40_min_and_is_over_after_four_hours() -> None:
    """Straight up and straight down."""
    assert [course(minute) for minute in (-5, 10, 40, 90, 240)] == [0, 0.25, 1, 0.75, 0]


def test_the_course_lies_on_the_real_pressure_and_pulse() -> None:
    """Before the dose nothing; at T+40 a height that differs from session to session, at least 0.

    Its mean over many is the published one. A second dose begins no second course.
    """
    peaks = []
    for seed in range(200):
        lived = body(Record("a", ((97.0, 60.0, 2.0),)), seed)
        before = lived.advance(1_000)
        assert (before.sbp_mmhg, before.dbp_mmhg, before.pulse_bpm) == (120, 80, 60)
        lived.take_dose(200)
        lived.advance(1_201_000)
        lived.take_dose(200)
        top = lived.advance(2_401_000)
        peaks.append((top.sbp_mmhg - 120, top.dbp_mmhg - 80))
        assert (round(top.pulse_bpm, 2), top.spo2_pct) == (64.09, 97)
    mean = [sum(one) / len(peaks) for one in zip(*peaks, strict=True)]
    assert (14 < mean[0] < 18.5, 9.5 < mean[1] < 12.5, min(peaks) >= (0, 0)) == (True, True, True)


def test_the_oximeter_sends_what_was_recorded() -> None:
    """Not rounded; what was not recorded is sent as searching, without a value."""
    lived = body()
    device = AsShown(typical_person(75), default_rng(2), lived)
    sent = [device.sample(lived.advance(1_000 * second)) for second in (3, 4, 5)]
    assert [one.flags for one in sent] == [(Flag.SEARCHING,), (), ()]
    assert {one.value_x100 for one in sent[0].observations} == {None}
    assert sent[1].observations == (
        Observation(Metric.SPO2, 96_50),
        Observation(Metric.PULSE, 61_00),
    )
    assert sent[2].observations[2] == Observation(Metric.PI, 2_50)


def test_the_cuff_reads_the_real_pressure_without_a_further_error() -> None:
    """And never fails by itself."""
    kit = outfit_of(Real.of([WHOLE], [STAY]))(PatientScript(), default_rng(3).spawn(4))
    kit.cuff.start(1_000)
    read: list[DeviceReport] = []
    for second in range(2, 90):
        reading = kit.cuff.poll(kit.body.advance(1_000 * second))
        read += [] if reading is None else [reading]
    assert [(one.metric, one.value_x100) for one in read[0].observations[:2]] == [
        (Metric.SBP, 120_00),
        (Metric.DBP, 80_00),
    ]


def test_nothing_that_passes_is_said() -> None:
    """Of records or of stays."""
    with pytest.raises(SeriesError, match="no record of oximetry would pass the gate"):
        Real.of([], [STAY])
    with pytest.raises(SeriesError, match="no cuff series would pass the gate"):
        Real.of([WHOLE], [])
