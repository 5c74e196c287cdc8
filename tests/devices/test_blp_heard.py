"""A cuff's message is a reading, a failure with its reason, or the word that it inflates."""

from decimal import Decimal

import pytest

from devices.blp import BloodPressure, BpStatus, CuffPressure, Unit, encode_blood_pressure
from devices.blp_heard import heard_blood_pressure, heard_cuff, heard_cuff_pressure
from devices.gatt_bytes import DateTime
from devices.heard import Heard
from devices.medfloat import Special
from devices.observation import DeviceKind, Flag, Metric, Observation, Validity
from tests.devices.gatt_vectors import message

CUFF = DeviceKind.CUFF


def failed(status: int | None, *, systolic: Decimal | Special = Special.NAN) -> str | None:
    """Why a measurement without a diastolic pressure failed."""
    said = BloodPressure(systolic=systolic, diastolic=Special.NRES, mean=Special.NAN, status=status)
    return heard_blood_pressure(said).failure


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (BpStatus.MOVEMENT, "no reading: the arm moved"),
        (
            BpStatus.CUFF_LOOSE | BpStatus.POSITION,
            "no reading: the cuff is loose, wrong position of the arm",
        ),
        (BpStatus.PULSE_TOO_FAST, "no reading: pulse faster than the device can measure"),
        (BpStatus.PULSE_TOO_SLOW, "no reading: pulse slower than the device can measure"),
        (
            BpStatus.PULSE_TOO_FAST | BpStatus.PULSE_TOO_SLOW,
            "no reading: systolic nan, diastolic not at this resolution",
        ),
        (None, "no reading: systolic nan, diastolic not at this resolution"),
    ],
)
def test_a_failure_says_why(status: int | None, failure: str) -> None:
    """The reasons of the status bits, else which pressure is missing."""
    assert failed(status) == failure


def test_half_a_reading_is_none() -> None:
    """A systolic pressure alone is kept as a failure: there is no pair."""
    assert failed(None, systolic=Decimal(120)) == "no reading: diastolic not at this resolution"


def test_a_reading_with_everything() -> None:
    """The vector with time, pulse, user and an irregular pulse."""
    data, _ = message("bp2_ts_pulse_user_status")
    assert heard_cuff("2A35", data) == Heard(
        kind=CUFF,
        observations=(
            Observation(Metric.SBP, 138_00),
            Observation(Metric.DBP, 89_00),
            Observation(Metric.MAP, 105_00),
            Observation(Metric.CUFF_PULSE, 72_00),
        ),
        flags=(Flag.IRREGULAR_PULSE,),
        at=DateTime(2026, 11, 23, 14, 30, 45),
    )


def test_kilopascals_are_converted_and_marked() -> None:
    """16.0/10.7 kPa is 120.01/80.26 mmHg; a mean that is missing has no value."""
    said = BloodPressure(
        systolic=Decimal("16.0"),
        diastolic=Decimal("10.7"),
        mean=Special.NAN,
        unit=Unit.KPA,
        at=DateTime(0, 0, 0, 0, 0, 0),
    )
    assert heard_blood_pressure(said) == Heard(
        kind=CUFF,
        observations=(
            Observation(Metric.SBP, 120_01),
            Observation(Metric.DBP, 80_26),
            Observation(Metric.MAP, None, Validity.UNAVAILABLE),
        ),
        flags=(Flag.FROM_KPA,),
    )


def test_an_arm_that_moved_leaves_a_reading_with_a_flag() -> None:
    """The device vouches for the number."""
    said = BloodPressure(
        systolic=Decimal(120),
        diastolic=Decimal(80),
        mean=Decimal(93),
        status=BpStatus.MOVEMENT | BpStatus.CUFF_LOOSE,
    )
    heard = heard_cuff("2A35", encode_blood_pressure(said))
    assert heard is not None
    assert (heard.flags, heard.failure) == ((Flag.MOTION, Flag.CUFF_LOOSE), None)


def test_an_inflating_cuff_says_only_that() -> None:
    """Its pressure is the bladder's, never the patient's."""
    data, _ = message("icp1")
    assert heard_cuff("2A36", data) == Heard(
        kind=CUFF, inflating=True, notes=("inflating, at 101 mmHg",)
    )
    assert heard_cuff_pressure(CuffPressure(pressure=Special.NAN)).notes == (
        "inflating, no pressure mmHg",
    )


def test_a_battery_and_what_is_not_ours() -> None:
    """A cuff's battery level; another characteristic is left alone."""
    assert heard_cuff("2A19", b"\x09") == Heard(kind=CUFF, battery_pct=9)
    assert heard_cuff("2A5F", b"\x09") is None
