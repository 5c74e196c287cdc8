"""A class A oximeter reports late, averaged, rounded and honest about movement."""

from dataclasses import replace

from numpy.random import default_rng

from devices.observation import DeviceKind, DeviceReport, Flag, Metric, Mode, Observation, Validity
from simulators.oximeter import Oximeter
from simulators.patient import Vitals
from simulators.traits import typical_person

TRUTH = Vitals(
    at_ms=0,
    spo2_pct=97.0,
    pulse_bpm=72.0,
    sbp_mmhg=120.0,
    dbp_mmhg=75.0,
    pi_pct=3.04,
    moaas=5,
    effect_ng_ml=0.0,
)


def meter(seed: int = 1, motion_per_h: float = 0.0) -> Oximeter:
    """One oximeter on a typical finger."""
    return Oximeter(
        typical_person(75),
        default_rng(seed),
        device="ox",
        boot_id="b1",
        mode=Mode.DEMO,
        motion_per_h=motion_per_h,
    )


def spo2(report: DeviceReport) -> int | None:
    """The SpO2 of a report."""
    return report.observations[0].value_x100


def pulse(report: DeviceReport) -> int | None:
    """The pulse rate of a report."""
    return report.observations[1].value_x100


def test_a_report_has_three_rounded_values_and_a_name() -> None:
    """SpO2 and pulse are whole numbers, PI has tenths; boot and sequence number name the report."""
    got = meter(seed=4).sample(TRUTH)
    assert got == DeviceReport(
        device="ox",
        kind=DeviceKind.OXIMETER,
        mode=Mode.DEMO,
        observations=(
            Observation(Metric.SPO2, 97_00),
            Observation(Metric.PULSE, 72_00),
            Observation(Metric.PI, 3_00),
        ),
        boot_id="b1",
        seq=1,
    )


def test_the_same_seed_sends_the_same_reports() -> None:
    """Noise and movement come from the generator alone."""
    one, other = meter(7, 60.0), meter(7, 60.0)
    assert [one.sample(TRUTH) for _ in range(600)] == [other.sample(TRUTH) for _ in range(600)]


def test_a_fall_is_seen_20_to_28_seconds_late() -> None:
    """A step from 97 to 87 % starts to show after 20 s and is whole after 28 s."""
    device = meter()
    for _ in range(60):
        device.sample(TRUTH)
    low = replace(TRUTH, spo2_pct=87.0)
    seen = [spo2(device.sample(low)) for _ in range(30)]
    early = {value for value in seen[:19] if value is not None}
    assert (min(early) >= 96_00, seen[28] is not None and seen[28] <= 88_00) == (True, True)


def test_nothing_over_100_is_ever_shown() -> None:
    """Bias and noise on a full saturation stay at 100 %."""
    person = replace(typical_person(75), oximeter_bias_pct=3.0)
    device = Oximeter(person, default_rng(1), device="ox", boot_id="b1", mode=Mode.TEST)
    full = replace(TRUTH, spo2_pct=100.0)
    assert {spo2(device.sample(full)) for _ in range(60)} == {100_00}


def test_off_the_finger_there_is_no_value() -> None:
    """Every value is unavailable and the flag says why; back on the finger values return."""
    device = meter()
    device.on_finger = False
    off = device.sample(TRUTH)
    device.on_finger = True
    back = device.sample(TRUTH)
    nothing = tuple(
        Observation(metric, None, Validity.UNAVAILABLE)
        for metric in (Metric.SPO2, Metric.PULSE, Metric.PI)
    )
    assert (off.observations, off.flags, back.flags, off.seq, back.seq) == (
        nothing,
        (Flag.FINGER_OUT,),
        (),
        1,
        2,
    )


def test_movement_is_flagged_and_the_value_held() -> None:
    """In five lively hours nearly all changed values carry the motion flag and are questionable."""
    device = meter(2, motion_per_h=30.0)
    reports = [device.sample(TRUTH) for _ in range(18_000)]
    moved = [report for report in reports if report.flags == (Flag.MOTION,)]
    assert 1000 < len(moved) < 4000
    assert {report.observations[0].validity for report in moved} == {Validity.QUESTIONABLE}
    held = {spo2(report) for report in moved}
    assert {value for value in held if value is not None and value < 95_00} == set()


def test_unflagged_movement_drifts_and_loses_the_pulse() -> None:
    """One burst in 100 has no flag: saturation drifts to 80..90, pulse doubles, halves or locks."""
    device = meter(3, motion_per_h=600.0)
    reports = [device.sample(TRUTH) for _ in range(100_000)]
    unflagged = [report for report in reports if not report.flags]
    lowest = min(spo2(report) or 0 for report in unflagged)
    pulses = {pulse(report) for report in unflagged}
    assert 79_00 <= lowest < 92_00
    assert (110_00 in pulses, 36_00 in pulses, 144_00 in pulses) == (True, True, True)
