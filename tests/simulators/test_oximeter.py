"""An oximeter reports late, averaged, rounded, honest about movement and about a lost signal."""

from dataclasses import replace
from itertools import pairwise

import pytest
from numpy.random import default_rng

from devices.observation import DeviceKind, DeviceReport, Flag, Metric, Mode, Observation, Validity
from simulators.oximeter import Oximeter
from simulators.oximeter_model import CLASS_A, OffCode, OximeterModel
from simulators.patient import Vitals
from simulators.traits import typical_person

TRUTH = Vitals(
    at_ms=0,
    spo2_pct=97.0,
    pulse_bpm=72.0,
    sbp_mmhg=120.0,
    dbp_mmhg=75.0,
    pi_pct=3.0,
    moaas=5,
    effect_ng_ml=0.0,
)
METRICS = (Metric.SPO2, Metric.PULSE, Metric.PI)
NOTHING = tuple(Observation(metric, None, Validity.UNAVAILABLE) for metric in METRICS)


class Worn:
    """One oximeter on a typical finger, with the seconds counted."""

    def __init__(
        self, seed: int = 1, motion_per_h: float = 0.0, model: OximeterModel = CLASS_A
    ) -> None:
        self.at_s = 0
        self.device = Oximeter(
            typical_person(75),
            default_rng(seed),
            device="ox",
            boot_id="b1",
            mode=Mode.DEMO,
            motion_per_h=motion_per_h,
            model=model,
        )

    def run(self, seconds: int, truth: Vitals = TRUTH) -> list[DeviceReport]:
        """So many seconds of one truth."""
        self.at_s += seconds
        return [
            self.device.sample(replace(truth, at_ms=second * 1000))
            for second in range(self.at_s - seconds, self.at_s)
        ]


def value(report: DeviceReport, number: int = 0) -> int | None:
    """The SpO2, pulse or PI of a report."""
    return report.observations[number].value_x100


def test_a_report_has_three_rounded_values_and_a_name() -> None:
    """SpO2 and pulse are whole numbers, PI has tenths; boot and sequence number name the report."""
    got = Worn(seed=5).run(2)[1]
    spo2, pulse, pi = (one.value_x100 or 0 for one in got.observations)
    assert got == DeviceReport(
        device="ox",
        kind=DeviceKind.OXIMETER,
        mode=Mode.DEMO,
        observations=(
            Observation(Metric.SPO2, spo2),
            Observation(Metric.PULSE, pulse),
            Observation(Metric.PI, pi),
        ),
        boot_id="b1",
        seq=2,
    )
    assert (spo2 % 100, pulse % 100, pi % 10) == (0, 0, 0)
    assert (96_00 <= spo2 <= 98_00, 69_00 <= pulse <= 75_00, 2_50 <= pi <= 3_50) == (True,) * 3


def test_the_same_seed_sends_the_same_reports() -> None:
    """Noise, movement and lost signals come from the generator alone."""
    cold = replace(CLASS_A, perfusion=0.1, slips_per_h=60.0)
    assert Worn(7, 60.0, cold).run(1200) == Worn(7, 60.0, cold).run(1200)


def test_a_fall_is_seen_20_to_28_seconds_late() -> None:
    """A step from 97 to 87 % starts to show after 20 s and is whole after 28 s."""
    worn = Worn()
    worn.run(60)
    seen = [value(report) or 0 for report in worn.run(30, replace(TRUTH, spo2_pct=87.0))]
    assert (min(seen[:19]) >= 96_00, seen[28] <= 88_00) == (True, True)


def test_values_stay_within_1_and_100() -> None:
    """Bias and noise on a full saturation stay at 100 %, on an empty one at 1 %."""
    for bias_pct, spo2_pct, shown in ((3.0, 100.0, 100_00), (-3.0, 1.0, 1_00)):
        person = replace(typical_person(75), oximeter_bias_pct=bias_pct)
        device = Oximeter(person, default_rng(1), device="ox", boot_id="b1", mode=Mode.TEST)
        truth = replace(TRUTH, spo2_pct=spo2_pct)
        got = {value(device.sample(replace(truth, at_ms=second))) for second in range(60)}
        assert got == {shown}


@pytest.mark.parametrize(
    ("code", "observations", "flags"),
    [
        (OffCode.FLAG, NOTHING, (Flag.FINGER_OUT,)),
        (OffCode.NAN, tuple(Observation(one, None, Validity.INVALID) for one in METRICS), ()),
        (
            OffCode.CODES,
            (
                Observation(Metric.SPO2, 127_00),
                Observation(Metric.PULSE, 511_00),
                Observation(Metric.PI, 0),
            ),
            (),
        ),
    ],
)
def test_off_the_finger_each_make_has_its_code(
    code: OffCode, observations: tuple[Observation, ...], flags: tuple[Flag, ...]
) -> None:
    """No value and a flag; no value, no flag; or the codes 127 and 511 as if they were values."""
    worn = Worn(model=replace(CLASS_A, off_code=code))
    worn.device.on_finger = False
    [off] = worn.run(1)
    assert (off.observations, off.flags) == (observations, flags)


def test_back_on_the_finger_it_searches_for_5_to_10_seconds() -> None:
    """No value, flag searching; then values again."""
    worn = Worn()
    worn.device.on_finger = False
    worn.run(5)
    worn.device.on_finger = True
    back = worn.run(15)
    searching = [report.flags for report in back if report.observations == NOTHING]
    assert 5 <= len(searching) <= 11
    assert (set(searching), back[-1].flags) == ({(Flag.SEARCHING,)}, ())


def test_a_cuff_on_the_same_arm_takes_the_pulse() -> None:
    """The last value stays for 10 s, then there is none until 30 to 45 s after the inflation."""
    for seed in range(20):
        worn = Worn(seed)
        before = worn.run(10)[-1]
        worn.device.squeeze(10_000)
        reports = worn.run(50)
        held, lost = reports[:10], [report for report in reports if report.flags]
        assert {report.observations for report in held} == {before.observations}
        assert {(report.observations, report.flags) for report in lost} == {
            (NOTHING, (Flag.SEARCHING,))
        }
        assert 20 <= len(lost) <= 36
        assert reports[-1].flags == ()


def test_a_cuff_that_is_empty_again_lets_the_pulse_back() -> None:
    """5 s after it has let go; where no pulse was gone, nothing changes."""
    worn = Worn()
    before = worn.device._no_pulse
    worn.device.let_go(0)
    assert worn.device._no_pulse == before
    worn.run(1)
    worn.device.squeeze(1_000)
    worn.device.let_go(3_000)
    assert worn.device._no_pulse[1] == 8_000


def test_a_second_squeeze_inside_the_first_shortens_nothing() -> None:
    """The loss lasts until the later of both ends."""
    worn = Worn()
    worn.run(1)
    worn.device.squeeze(1_000)
    end_ms = worn.device._no_pulse[1]
    worn.device._lose_pulse(2_000, (1_000, 2_000), ())
    assert worn.device._no_pulse[1] == end_ms


@pytest.mark.long
def test_a_cold_hand_has_weak_spells_every_ten_minutes() -> None:
    """PI below 0.5 %: in 20 h about 110 spells of no value after 10 s of the last; warm: none."""
    reports = Worn(3, model=replace(CLASS_A, perfusion=0.1)).run(72_000)
    spells = sum(
        not before.flags and now.flags == (Flag.LOW_PERFUSION,) for before, now in pairwise(reports)
    )
    warm = {report.flags for report in Worn(3).run(36_000)}
    assert (90 < spells < 130, warm) == (True, {()})


def test_the_clip_slips_off_a_dissociated_hand() -> None:
    """As often as was asked for, for 5 to 60 s (median 15 s); never off an awake one."""
    slippery = replace(CLASS_A, slips_per_h=15.0)
    reports = Worn(2, model=slippery).run(36_000, replace(TRUTH, cadss6=12.0))
    off = [Flag.FINGER_OUT in report.flags for report in reports]
    starts = sum(now and not before for before, now in pairwise(off))
    awake = {report.flags for report in Worn(2, model=slippery).run(36_000)}
    assert (115 < starts < 175, 14 < sum(off) / starts < 21, awake) == (True, True, {()})


def test_a_slipped_clip_is_put_back() -> None:
    """What would have been off for up to a minute ends when somebody acts."""
    worn = Worn(2, model=replace(CLASS_A, slips_per_h=60.0))
    dissociated = replace(TRUTH, cadss6=12.0)
    while worn.run(1, dissociated)[0].flags != (Flag.FINGER_OUT,):
        pass
    worn.device.put_back()
    assert worn.run(1)[0].flags == (Flag.SEARCHING,)


def test_movement_is_flagged_and_the_value_held() -> None:
    """In five lively hours nearly all changed values carry the motion flag and are questionable."""
    reports = Worn(2, motion_per_h=30.0).run(18_000)
    moved = [report for report in reports if report.flags == (Flag.MOTION,)]
    assert 1000 < len(moved) < 4000
    assert {report.observations[0].validity for report in moved} == {Validity.QUESTIONABLE}
    assert min(value(report) or 0 for report in moved) >= 95_00


def test_unflagged_movement_drifts_and_loses_the_pulse() -> None:
    """A device that flags nothing: saturation drifts to 80..90, pulse doubles, halves or locks."""
    reports = Worn(3, 60.0, replace(CLASS_A, flagged_share=0.0)).run(40_000)
    pulses = {value(report, 1) or 0 for report in reports}
    assert {report.flags for report in reports} == {()}
    assert 79_00 <= min(value(report) or 0 for report in reports) < 82_00
    assert {144_00, 36_00} <= pulses
    assert len(pulses) > 60
