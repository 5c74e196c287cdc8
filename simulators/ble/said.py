"""A simulated device's report as the bytes that a standard device would send over the air.

The way back of `plx_heard` and `blp_heard`. An SFLOAT has twelve bits: a number that needs more is
sent with fewer digits, as a device with that resolution would.

>>> sent(spo2_report(97, 70)).data.hex()
'0061004600'
"""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from devices.blp import BloodPressure, BpStatus, encode_blood_pressure
from devices.medfloat import Number, Special, encode_sfloat
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Validity,
    pulse_bpm,
    spo2_pct,
)
from devices.plx import Continuous, DeviceStatus, MeasurementStatus, encode_continuous

__all__ = ["Sent", "sent", "spo2_report"]

_STATUS = {
    Flag.FINGER_OUT: DeviceStatus.SENSOR_UNCONNECTED,
    Flag.SEARCHING: DeviceStatus.ANALYSIS_ONGOING,
    Flag.LOW_QUALITY: DeviceStatus.POOR_SIGNAL,
    Flag.MOTION: DeviceStatus.ERRATIC_SIGNAL,
    Flag.ARTEFACT: DeviceStatus.INTERFERENCE,
    Flag.LOW_PERFUSION: DeviceStatus.LOW_PERFUSION,
}
_CUFF_STATUS = {
    Flag.MOTION: BpStatus.MOVEMENT,
    Flag.CUFF_LOOSE: BpStatus.CUFF_LOOSE,
    Flag.IRREGULAR_PULSE: BpStatus.IRREGULAR_PULSE,
    Flag.POSITION: BpStatus.POSITION,
}
_WORTH = {
    Validity.QUESTIONABLE: MeasurementStatus.QUESTIONABLE,
    Validity.INVALID: MeasurementStatus.INVALID,
    Validity.UNAVAILABLE: MeasurementStatus.UNAVAILABLE,
}
_STEPS = (Decimal(1), Decimal("0.1"), Decimal("0.01"))


class Sent(NamedTuple):
    """The characteristic and its value."""

    uuid: str
    data: bytes


def sent(report: DeviceReport) -> Sent:
    """Return what the device sends for this report."""
    if report.kind is DeviceKind.OXIMETER:
        return Sent("2A5F", encode_continuous(_oximeter(report)))
    return Sent("2A35", encode_blood_pressure(_cuff(report)))


def spo2_report(spo2: int, pulse: int, device: str = "ox") -> DeviceReport:
    """Return a plain oximeter report, for examples and tests."""
    return DeviceReport(
        device=device,
        kind=DeviceKind.OXIMETER,
        mode=Mode.DEMO,
        observations=(spo2_pct(spo2), pulse_bpm(pulse)),
    )


def _oximeter(report: DeviceReport) -> Continuous:
    device = measurement = 0
    for flag in report.flags:
        device |= _STATUS.get(flag, 0)
    for one in report.observations:
        measurement |= _WORTH.get(one.validity, 0) if one.value_x100 is not None else 0
    said = _numbers(report)
    return Continuous(
        spo2=said.get(Metric.SPO2, Special.NAN),
        pulse=said.get(Metric.PULSE, Special.NAN),
        pai=said.get(Metric.PI),
        measurement=measurement or None,
        device=device or None,
    )


def _cuff(report: DeviceReport) -> BloodPressure:
    status = 0
    for flag in report.flags:
        status |= _CUFF_STATUS.get(flag, 0)
    said = _numbers(report) if report.failure is None else {}
    return BloodPressure(
        systolic=said.get(Metric.SBP, Special.NAN),
        diastolic=said.get(Metric.DBP, Special.NAN),
        mean=said.get(Metric.MAP, Special.NAN),
        pulse=said.get(Metric.CUFF_PULSE, said.get(Metric.PULSE)),
        status=status or None,
    )


def _numbers(report: DeviceReport) -> dict[Metric, Number]:
    return {
        one.metric: Special.NAN if one.value_x100 is None else _fitting(one.value_x100)
        for one in report.observations
    }


def _fitting(value_x100: int) -> Decimal:
    """Return the number with as few digits as are exact, or as many as twelve bits hold."""
    exact = Decimal(value_x100).scaleb(-2)
    rounded = [exact.quantize(step, ROUND_HALF_EVEN) for step in _STEPS]
    for number in (*(one for one in rounded if one == exact), *reversed(rounded)):
        try:
            encode_sfloat(number)
        except ValueError:
            continue
        return number
    raise ValueError(f"{exact} is beyond what a device of this kind can send")
