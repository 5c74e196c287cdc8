"""An oximeter's status bits decide what its numbers are worth."""

from decimal import Decimal

import pytest

from devices.gatt_bytes import DateTime
from devices.heard import Heard
from devices.medfloat import Special
from devices.observation import DeviceKind, Flag, Metric, Mode, Observation, Validity
from devices.plx import (
    Continuous,
    DeviceStatus,
    MeasurementStatus,
    SpotCheck,
    encode_continuous,
    encode_spot_check,
)
from devices.plx_heard import heard_continuous, heard_oximeter, heard_spot_check

D, M, V = DeviceStatus, MeasurementStatus, Validity


def said(measurement: int | None = None, device: int | None = None) -> Continuous:
    """A report of 97 % and 72 /min with these status bits."""
    return Continuous(spo2=Decimal(97), pulse=Decimal(72), measurement=measurement, device=device)


def values(spo2: Validity, pulse: Validity) -> tuple[Observation, ...]:
    """The two values of `said`."""
    return Observation(Metric.SPO2, 97_00, spo2), Observation(Metric.PULSE, 72_00, pulse)


@pytest.mark.parametrize(
    ("measurement", "worth"),
    [
        (M.ONGOING, V.VALID),
        (M.VALIDATED | M.FULLY_QUALIFIED, V.VALID),
        (M.EARLY, V.QUESTIONABLE),
        (M.QUESTIONABLE | M.ONGOING, V.QUESTIONABLE),
        (M.CALIBRATING, V.INVALID),
        (M.INVALID | M.VALIDATED, V.INVALID),
    ],
)
def test_the_measurement_status_says_what_a_value_is_worth(
    measurement: MeasurementStatus, worth: Validity
) -> None:
    """The worst word counts."""
    assert heard_continuous(said(measurement)).observations == values(worth, worth)


def test_an_unavailable_value_has_no_number() -> None:
    """Whatever number the device sent beside the word."""
    assert heard_continuous(said(M.UNAVAILABLE)).observations == (
        Observation(Metric.SPO2, None, V.UNAVAILABLE),
        Observation(Metric.PULSE, None, V.UNAVAILABLE),
    )


@pytest.mark.parametrize(
    ("bit", "flag"),
    [
        (D.SENSOR_UNCONNECTED, Flag.FINGER_OUT),
        (D.SENSOR_DISPLACED, Flag.FINGER_OUT),
        (D.SENSOR_DISCONNECTED, Flag.FINGER_OUT),
        (D.NOT_PULSATILE, Flag.SEARCHING),
        (D.ANALYSIS_ONGOING, Flag.SEARCHING),
        (D.IRREGULAR_PROCESSING, Flag.LOW_QUALITY),
        (D.INADEQUATE_SIGNAL, Flag.LOW_QUALITY),
        (D.POOR_SIGNAL, Flag.LOW_QUALITY),
        (D.SENSOR_UNKNOWN, Flag.LOW_QUALITY),
        (D.ERRATIC_SIGNAL, Flag.ARTEFACT),
        (D.INTERFERENCE, Flag.ARTEFACT),
        (D.LOW_PERFUSION, Flag.LOW_PERFUSION),
    ],
)
def test_a_fault_of_the_signal_is_a_flag(bit: DeviceStatus, flag: Flag) -> None:
    """The number stays as sent; the flag makes the sample invalid."""
    heard = heard_continuous(said(device=bit))
    assert (heard.flags, heard.observations) == ((flag,), values(V.VALID, V.VALID))


def test_two_bits_of_one_meaning_are_one_flag() -> None:
    """Poor and inadequate are both low quality."""
    heard = heard_continuous(said(device=D.POOR_SIGNAL | D.INADEQUATE_SIGNAL))
    assert heard.flags == (Flag.LOW_QUALITY,)


def test_a_broken_device_is_not_believed() -> None:
    """Both kinds of malfunction, with a note for the log."""
    for bit, note in (
        (D.MALFUNCTION, "the device reports a malfunction"),
        (D.SENSOR_MALFUNCTION, "the sensor reports a malfunction"),
    ):
        heard = heard_continuous(said(device=bit))
        assert (heard.observations, heard.notes) == (values(V.INVALID, V.INVALID), (note,))


def test_a_questionable_pulse_leaves_the_oxygen_as_it_is() -> None:
    """Unless both are in doubt already."""
    assert heard_continuous(said(device=D.QUESTIONABLE_PULSE)).observations == values(
        V.VALID, V.QUESTIONABLE
    )
    both = heard_continuous(said(M.INVALID, D.QUESTIONABLE_PULSE))
    assert both.observations == values(V.INVALID, V.INVALID)


def test_stored_values_and_demonstrations_are_marked() -> None:
    """They are kept and never judged in a real session."""
    kinds = [heard_continuous(said(bit)) for bit in (M.FROM_STORAGE, M.DEMONSTRATION, M.TESTING)]
    assert [(one.stored, one.mode) for one in kinds] == [
        (True, None),
        (False, Mode.DEMO),
        (False, Mode.TEST),
    ]


def test_no_value_and_the_perfusion_index() -> None:
    """NaN is no value; the pulse amplitude index is the PI in per cent."""
    heard = heard_continuous(Continuous(spo2=Special.NAN, pulse=Special.NRES, pai=Decimal("4.4")))
    assert heard.observations == (
        Observation(Metric.SPO2, None, V.UNAVAILABLE),
        Observation(Metric.PULSE, None, V.UNAVAILABLE),
        Observation(Metric.PI, 4_40),
    )


def test_a_spot_check_has_its_time_unless_its_clock_is_not_set() -> None:
    """A time that the device does not know is none."""
    at = DateTime(2026, 11, 23, 22, 0, 5)
    spot = SpotCheck(spo2=Decimal(98), pulse=Decimal(60), at=at)
    assert heard_spot_check(spot).at == at
    unset = SpotCheck(spo2=Decimal(98), pulse=Decimal(60), at=at, clock_not_set=True)
    assert heard_spot_check(unset).at is None
    unknown = SpotCheck(spo2=Decimal(98), pulse=Decimal(60), at=DateTime(0, 0, 0, 1, 2, 3))
    assert heard_spot_check(unknown).at is None


def test_each_characteristic_of_an_oximeter_is_heard() -> None:
    """Continuous, spot check, battery; another one is not ours."""
    live = encode_continuous(said())
    spot = encode_spot_check(SpotCheck(spo2=Decimal(97), pulse=Decimal(72)))
    assert heard_oximeter("2A5F", live) == heard_oximeter("2A5E", spot) == heard_continuous(said())
    assert heard_oximeter("2A19", b"\x14") == Heard(kind=DeviceKind.OXIMETER, battery_pct=20)
    assert heard_oximeter("2A35", live) is None
