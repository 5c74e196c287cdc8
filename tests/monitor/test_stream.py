"""The oximeter as a stream: what is valid, how late, at which interval, in which slot."""

import msgspec
import pytest

from devices.observation import DeviceReport, Flag, Metric, Observation, Validity
from monitor.stream import OximeterStream
from tests.charts import oximeter_report, take

WALL = 1_700_000_000_000


@pytest.mark.parametrize(
    ("report", "why", "spo2", "pulse"),
    [
        (oximeter_report(97, 70), "", 97_00, 70_00),
        *[
            (oximeter_report(97, 70, flag), flag.value, None, None)
            for flag in (
                Flag.FINGER_OUT,
                Flag.SEARCHING,
                Flag.LOW_QUALITY,
                Flag.MOTION,
                Flag.ARTEFACT,
                Flag.LOW_PERFUSION,
            )
        ],
        (oximeter_report(97, 70, Flag.LOW_BATTERY), "", 97_00, 70_00),
        (oximeter_report(97, 70, pi=0.19), "perfusion index below 0.2 %", None, None),
        (oximeter_report(97, 70, pi=0.2), "", 97_00, 70_00),
        (oximeter_report(None, 70), "", None, 70_00),
        (oximeter_report(97, None), "", 97_00, None),
    ],
)
def test_what_is_valid(report: DeviceReport, why: str, spo2: int | None, pulse: int | None) -> None:
    """Six flags and a weak pulse wave spoil a sample; a low battery does not."""
    sample = OximeterStream().take(report, 0)
    assert (sample.why, sample.spo2, sample.pulse) == (why, spo2, pulse)


@pytest.mark.parametrize(
    ("value", "doubtful"), [(1, True), (49.99, True), (50, False), (100, False)]
)
def test_doubtful_lows(value: float, doubtful: bool) -> None:
    """SpO2 1-49 is valid and doubtful; it is kept for no median."""
    stream = OximeterStream()
    sample = take(stream, 0, value, 70)
    assert (sample.spo2, sample.doubtful_spo2) == (round(value * 100), doubtful)
    assert (stream.valid.count(0, 0), stream.spo2.count(0, 0)) == (1, int(not doubtful))


@pytest.mark.parametrize(("value", "doubtful"), [(24.99, True), (25, False)])
def test_doubtful_pulses(value: float, doubtful: bool) -> None:
    """PR 1-24 likewise."""
    stream = OximeterStream()
    sample = take(stream, 0, 97, value)
    assert (sample.doubtful_pulse, stream.pulse.count(0, 0)) == (doubtful, int(not doubtful))


def test_what_cannot_be_is_rejected_by_name() -> None:
    """0 and 101 are codes, not values; what the device itself does not vouch for is nothing."""
    stream = OximeterStream()
    sample = take(stream, 0, 101, 0)
    assert sample.rejected == (Metric.SPO2, Metric.PULSE)
    assert (sample.spo2, sample.pulse) == (None, None)
    silent = oximeter_report(None, None)
    for validity, value in ((Validity.QUESTIONABLE, 97_00), (Validity.UNAVAILABLE, None)):
        report = DeviceReport(
            device="ox",
            kind=silent.kind,
            mode=silent.mode,
            observations=(
                Observation(Metric.SPO2, value, validity),
                Observation(Metric.RR, 12_00),
                Observation(Metric.PI, None),
            ),
        )
        sample = stream.take(report, 1_000)
        assert (sample.spo2, sample.rejected) == (None, ())


def test_lateness_is_beyond_the_smallest_lag_of_five_minutes() -> None:
    """A device's clock may be wrong; what counts is how much later than usual it is."""
    stream = OximeterStream()
    lags = [5_000, 7_000, 8_001, 4_000, 7_000]
    got = []
    for second, lag_ms in enumerate(lags):
        at_ms = 100_000 + second * 1000
        sample = stream.take(oximeter_report(measured_ms=WALL + at_ms - lag_ms), at_ms)
        got.append(sample.why)
    assert got == ["", "", "arrived 3.0 s late", "", ""]
    later = stream.take(oximeter_report(measured_ms=WALL + 500_000 - 9_000), 500_000)
    assert later.why == ""


@pytest.mark.parametrize(
    ("clock", "measured", "late"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_without_a_clock_the_arrival_is_the_measurement(
    clock: bool, measured: bool, late: bool
) -> None:
    """Nothing is late that has no time of its own."""
    stream = OximeterStream(clock=clock)
    for at_ms, lag_ms in ((0, 0), (60_000, 10_000)):
        measured_ms = WALL + at_ms - lag_ms if measured else None
        sample = stream.take(oximeter_report(measured_ms=measured_ms), at_ms)
    assert bool(sample.why) is late


def test_the_newest_is_by_measurement() -> None:
    """A batch of old samples makes nothing newer than it is; what came before it stays newest."""
    stream = OximeterStream(interval_ms=1_000)
    stream.take(oximeter_report(measured_ms=WALL), 0)
    stream.take(oximeter_report(measured_ms=WALL + 1_000), 20_000)
    first = stream.newest_ms
    stream.take(oximeter_report(measured_ms=WALL + 500), 20_000)
    assert (first, stream.newest_ms, stream.last_arrival_ms) == (1_000, 1_000, 20_000)
    assert stream.interval_ms == 1_000


def test_the_interval_is_the_median_gap_of_a_minute() -> None:
    """Valid or not; a silence of over a minute is none of them."""
    stream = OximeterStream()
    learnt = [stream.interval_ms]
    for at_ms in (0, 2_000, 4_000, 5_000, 70_000, 72_000):
        stream.take(oximeter_report(97, 70, Flag.MOTION), at_ms)
        learnt.append(stream.interval_ms)
    assert learnt == [1_000, 1_000, 2_000, 2_000, 2_000, 2_000, 2_000]


def test_a_gap_restarts_what_was_valid() -> None:
    """10 s, or three intervals; a silence of minutes too."""
    stream = OximeterStream()
    gaps = []
    for at_ms in (0, 9_999, 19_999, 320_000, 321_000):
        sample = take(stream, at_ms)
        gaps.append((sample.gap_spo2, sample.gap_pulse, stream.valid_since_ms))
    assert gaps == [
        (True, True, 0),
        (False, False, 0),
        (False, False, 0),
        (True, True, 320_000),
        (False, False, 320_000),
    ]
    assert OximeterStream(interval_ms=5_000).gap_ms == 15_000


def test_slots_of_a_device_without_a_clock() -> None:
    """Closer than half of the interval is the same slot: the later takes the earlier's place."""
    stream = OximeterStream(interval_ms=1_000)
    slots = [take(stream, at_ms, spo2).slot for at_ms, spo2 in (
        (0, 97), (499, 80), (500, 96), (1_000, 95), (1_400, 94)
    )]  # fmt: skip
    assert slots == [1, 1, 2, 3, 3]
    assert stream.spo2.count(0, 2_000) == 3
    assert stream.spo2.last == (1_400, 94_00)
    assert stream.low_of_ten == 1


def test_a_device_with_a_clock_has_a_slot_for_each_sample() -> None:
    """Two that arrive together are two."""
    stream = OximeterStream(interval_ms=1_000)
    slots = [
        stream.take(oximeter_report(measured_ms=WALL + second * 1000), 5_000 + second).slot
        for second in range(3)
    ]
    assert slots == [1, 2, 3]


def test_a_late_flag_says_nothing_of_now() -> None:
    """Neither off nor back on."""
    stream = OximeterStream()
    stream.take(oximeter_report(measured_ms=WALL), 0)
    stream.take(oximeter_report(97, 70, Flag.FINGER_OUT, measured_ms=WALL + 1_000), 10_000)
    late = stream.finger_out_ms
    stream.take(oximeter_report(97, 70, Flag.FINGER_OUT, measured_ms=WALL + 10_500), 10_500)
    stream.take(oximeter_report(97, 70, Flag.FINGER_OUT, measured_ms=WALL + 11_000), 11_000)
    off = stream.finger_out_ms
    stream.take(oximeter_report(97, 70, measured_ms=WALL + 2_000), 12_000)
    still = stream.finger_out_ms
    stream.take(oximeter_report(97, 70, measured_ms=WALL + 13_000), 13_000)
    assert (late, off, still, stream.finger_out_ms) == (None, 10_500, 10_500, None)


def test_the_last_ten() -> None:
    """None before the first; then how many were below 92."""
    stream = OximeterStream()
    before = stream.low_of_ten
    for second in range(12):
        take(stream, second * 1000, 92 if second < 8 else 91)
    assert (before, stream.low_of_ten) == (None, 4)


def test_a_perfusion_index_tells_of_the_signal_without_a_valid_value() -> None:
    """Not from a clip in the air, nor late; a gap says that the time before is unknown."""
    stream = OximeterStream(1_000)
    got = []
    for at_s, flag, pi in (
        (0, Flag.MOTION, 1.5),
        (1, Flag.FINGER_OUT, 0.1),
        (2, Flag.MOTION, None),
        (5, Flag.SEARCHING, 0.1),
        (30, Flag.MOTION, 0.4),
    ):
        sample = stream.take(oximeter_report(97, 70, flag, pi=pi), at_s * 1000)
        got.append((sample.spo2, sample.pi, sample.gap_pi))
    assert got == [
        (None, 1_50, True),
        (None, None, False),
        (None, None, False),
        (None, 10, False),
        (None, 40, True),
    ]


def test_a_respiratory_rate_is_as_good_as_its_sample() -> None:
    """Kept with its gaps, zero too; not from a sample that is spoilt."""
    stream = OximeterStream(1_000)
    got = []
    for at_s, rr, flags in ((0, 12, ()), (1, 0, ()), (2, 12, (Flag.MOTION,)), (11, 14, ())):
        report = oximeter_report(97, 70, *flags)
        rate = Observation(Metric.RR, rr * 100)
        report = msgspec.structs.replace(report, observations=(*report.observations, rate))
        sample = stream.take(report, at_s * 1000)
        got.append((sample.rr, sample.gap_rr))
    assert got == [(12_00, True), (0, False), (None, False), (14_00, True)]


def test_since_when_all_three_values_are_the_same() -> None:
    """Only samples with all three count; a gap starts it again and is no change."""
    stream = OximeterStream(1_000)
    got = []
    for at_s, spo2, pi in (
        (0, 97, 3),
        (1, 97, 3),
        (2, None, 3),
        (3, 97, 3),
        (14, 97, 3),
        (15, 96, 3),
    ):
        stream.take(oximeter_report(spo2, 70, pi=pi), at_s * 1000)
        got.append((stream.same_since_ms, stream.same_ms, stream.changed_ms))
    assert got == [
        (0, 0, 0),
        (0, 1_000, 0),
        (0, 1_000, 0),
        (0, 3_000, 0),
        (14_000, 14_000, 0),
        (15_000, 15_000, 15_000),
    ]


def test_the_flags_of_a_late_sample_are_none() -> None:
    """They say nothing of now."""
    stream = OximeterStream(1_000)
    flags = [
        stream.take(oximeter_report(97, 70, Flag.MOTION, measured_ms=at_ms), WALL).flags
        for at_ms in (WALL, WALL - 3_001)
    ]
    assert flags == [(Flag.MOTION,), None]
