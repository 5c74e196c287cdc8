"""What was heard becomes a report of a device, in hundredths, and nothing is rounded."""

from decimal import Decimal

import pytest

from devices.blp import Unit
from devices.heard import Heard, Identity, pressure, report, value
from devices.medfloat import Special
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
    spo2_pct,
)
from devices.strict_json import Malformed, Reason

WHO = Identity("ox-1", Mode.REAL, "b1", 7)


def test_a_report_has_its_device_and_number_and_the_mode_that_the_device_admits() -> None:
    """A demonstration stays a demonstration in a real session, so it will not be judged there."""
    heard = Heard(kind=DeviceKind.OXIMETER, observations=(spo2_pct(97),), flags=(Flag.MOTION,))
    expected = DeviceReport(
        device="ox-1",
        kind=DeviceKind.OXIMETER,
        mode=Mode.REAL,
        observations=(spo2_pct(97),),
        measured_ms=5,
        boot_id="b1",
        seq=7,
        flags=(Flag.MOTION,),
    )
    assert report(heard, WHO, 5) == expected
    shown = Heard(kind=DeviceKind.OXIMETER, observations=(spo2_pct(97),), mode=Mode.DEMO)
    assert report(shown, WHO).mode is Mode.DEMO


def test_only_values_flags_and_failures_are_a_reading() -> None:
    """A battery's level or an inflating cuff is none."""
    kind = DeviceKind.CUFF
    assert not Heard(kind=kind, battery_pct=50, inflating=True).reports
    assert Heard(kind=kind, failure="no reading: cuff loose").reports
    assert Heard(kind=kind, flags=(Flag.FINGER_OUT,)).reports
    assert Heard(kind=kind, observations=(spo2_pct(97),)).reports


@pytest.mark.parametrize(
    ("special", "validity"),
    [
        (Special.NAN, Validity.UNAVAILABLE),
        (Special.NRES, Validity.UNAVAILABLE),
        (Special.PLUS_INFINITY, Validity.INVALID),
        (Special.MINUS_INFINITY, Validity.INVALID),
        (Special.RESERVED, Validity.INVALID),
    ],
)
def test_a_special_is_never_a_number(special: Special, validity: Validity) -> None:
    """It has no value, and says why."""
    assert value(Metric.SPO2, special) == Observation(Metric.SPO2, None, validity)


@pytest.mark.parametrize("number", [Decimal("97.125"), Decimal("1e8")])
def test_what_hundredths_cannot_hold_is_refused(number: Decimal) -> None:
    """Finer than 0.01, or beyond 2^31."""
    with pytest.raises(Malformed) as caught:
        value(Metric.SPO2, number)
    assert caught.value.reason is Reason.PRECISION


def test_kilopascals_become_millimetres_of_mercury() -> None:
    """16.0 kPa is 120.01 mmHg; mmHg stay as they are, and a special stays one."""
    assert [
        pressure(Metric.SBP, Decimal("16.0"), Unit.KPA),
        pressure(Metric.SBP, Decimal(120), Unit.MMHG),
        pressure(Metric.SBP, Special.NAN, Unit.KPA),
    ] == [
        Observation(Metric.SBP, 120_01),
        Observation(Metric.SBP, 120_00),
        Observation(Metric.SBP, None, Validity.UNAVAILABLE),
    ]
