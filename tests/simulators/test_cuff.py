"""A cuff takes its time, sends one finished reading, errs and fails as home cuffs do."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from simulators.cuff import Cuff, CuffBusyError
from simulators.patient import Vitals
from simulators.traits import typical_person

TRUTH = Vitals(
    at_ms=0,
    spo2_pct=97.0,
    pulse_bpm=72.2,
    sbp_mmhg=120.0,
    dbp_mmhg=75.0,
    pi_pct=3.0,
    moaas=5,
    effect_ng_ml=0.0,
)


def cuff(seed: int = 1, failure_chance: float = 0.0) -> Cuff:
    """One cuff on a typical arm."""
    return Cuff(
        typical_person(75),
        default_rng(seed),
        device="cuff",
        boot_id="b1",
        mode=Mode.DEMO,
        failure_chance=failure_chance,
    )


def read(device: Cuff, truth: Vitals = TRUTH) -> DeviceReport:
    """Press start and wait for the reading."""
    device.start(truth.at_ms)
    report = device.poll(replace(truth, at_ms=truth.at_ms + 60_000))
    assert report is not None
    return report


def test_a_reading_has_whole_mmhg_and_a_mean() -> None:
    """The report has SBP, DBP, the mean as DBP + PP/3, and the pulse, all whole."""
    got = read(cuff(seed=1))
    sbp, dbp = (seen.value_x100 or 0 for seen in got.observations[:2])
    assert got == DeviceReport(
        device="cuff",
        kind=DeviceKind.CUFF,
        mode=Mode.DEMO,
        observations=(
            Observation(Metric.SBP, sbp),
            Observation(Metric.DBP, dbp),
            Observation(Metric.MAP, round((dbp + (sbp - dbp) / 3) / 100) * 100),
            Observation(Metric.CUFF_PULSE, 72_00),
        ),
        boot_id="b1",
        seq=1,
    )


def test_it_takes_25_to_60_seconds() -> None:
    """Started at 0 there is nothing before 25 s and a reading by 60 s; then it is idle again."""
    device = cuff()
    device.start(0)
    early = device.poll(replace(TRUTH, at_ms=24_999))
    busy = device.is_busy
    late = device.poll(replace(TRUTH, at_ms=60_000))
    after = device.poll(replace(TRUTH, at_ms=61_000))
    assert (early, busy, late is None, device.is_busy, after) == (None, True, False, False, None)


def test_start_is_refused_while_inflating() -> None:
    """A second press names the device and says to wait."""
    device = cuff()
    device.start(0)
    with pytest.raises(CuffBusyError, match=r"cuff is inflating until \d+ ms: wait"):
        device.start(1000)


def test_a_failure_has_a_reason_and_no_value() -> None:
    """A failed attempt is reported too, with the device's error code."""
    got = read(cuff(failure_chance=1.0))
    assert (got.observations, got.failure) in [
        ((), reason) for reason in ("E2: movement", "E3: cuff loose", "E5: no pulse found")
    ]


def test_errors_have_the_spread_of_the_sources() -> None:
    """1,000 readings of 120/75: SD about 6 mmHg, about one in 20 is an outlier, failures 3 %."""
    device = cuff(seed=5, failure_chance=0.03)
    reports = [read(device) for _ in range(1000)]
    values = [report.observations[0].value_x100 for report in reports if not report.failure]
    errors = np.array([(value or 0) / 100 - 120 for value in values])
    assert (np.mean(errors), np.std(errors)) == pytest.approx((0.0, 6.0), abs=0.6)
    assert 0.015 < 1 - len(values) / 1000 < 0.045
    assert {report.seq for report in reports} == set(range(1, 1001))


def test_systolic_stays_over_diastolic() -> None:
    """Even a body whose pressures nearly meet gives a pulse pressure of 20 mmHg or more."""
    narrow = replace(TRUTH, sbp_mmhg=80.0, dbp_mmhg=79.0)
    device = cuff(seed=2)
    reports = [read(device, narrow) for _ in range(50)]
    gaps = [
        (report.observations[0].value_x100 or 0) - (report.observations[1].value_x100 or 0)
        for report in reports
    ]
    assert min(gaps) == 20_00
