"""What a standard oximeter's report is worth: its status bits as validity and flags.

A device that says "unavailable" has no value whatever number stands there; one that says "invalid",
"calibrating" or "malfunction" is not believed; "questionable" and "early" are kept as questionable,
which no limit looks at. A fault of the signal or the sensor becomes the flag that makes the sample
invalid (`clinical.md` 2.0). A value from storage is never live, a demonstration is no patient.

Never looks at the size of a value: a low SpO2 is no reason to disbelieve it.

>>> heard_continuous(decode_continuous(bytes.fromhex("086100480000 0800"))).flags
(<Flag.FINGER_OUT: 'finger_out'>,)
"""

from msgspec import structs

from devices.gatt_info import decode_battery_pct
from devices.heard import Heard, value
from devices.observation import DeviceKind, Flag, Metric, Mode, Observation, Validity
from devices.plx import (
    Continuous,
    DeviceStatus,
    MeasurementStatus,
    SpotCheck,
    decode_continuous,
    decode_spot_check,
)

__all__ = ["heard_continuous", "heard_oximeter", "heard_spot_check"]

_M, _D = MeasurementStatus, DeviceStatus
_FLAGS: tuple[tuple[DeviceStatus, Flag], ...] = (
    (_D.SENSOR_UNCONNECTED, Flag.FINGER_OUT),
    (_D.SENSOR_DISPLACED, Flag.FINGER_OUT),
    (_D.SENSOR_DISCONNECTED, Flag.FINGER_OUT),
    (_D.NOT_PULSATILE, Flag.SEARCHING),
    (_D.ANALYSIS_ONGOING, Flag.SEARCHING),
    (_D.IRREGULAR_PROCESSING, Flag.LOW_QUALITY),
    (_D.INADEQUATE_SIGNAL, Flag.LOW_QUALITY),
    (_D.POOR_SIGNAL, Flag.LOW_QUALITY),
    (_D.SENSOR_UNKNOWN, Flag.LOW_QUALITY),
    (_D.ERRATIC_SIGNAL, Flag.ARTEFACT),
    (_D.INTERFERENCE, Flag.ARTEFACT),
    (_D.LOW_PERFUSION, Flag.LOW_PERFUSION),
)
_BROKEN = _D.MALFUNCTION | _D.SENSOR_MALFUNCTION
_NO_BELIEF = _M.INVALID | _M.CALIBRATING
_DOUBT = _M.QUESTIONABLE | _M.EARLY


def heard_continuous(said: Continuous) -> Heard:
    """Return a live report. The normal averaging counts; the fast and slow pairs are not used.

    Raises:
        Malformed: reason `precision`.
    """
    return _heard(said)


def heard_spot_check(said: SpotCheck) -> Heard:
    """Return one spot check with its time, unless the device says that its clock is not set.

    Raises:
        Malformed: reason `precision`.
    """
    at = None if said.clock_not_set or said.at is None or not said.at.known else said.at
    return structs.replace(_heard(said), at=at)


def heard_oximeter(characteristic: str, data: bytes) -> Heard | None:
    """Return what one value of an oximeter's characteristic says; None: not one of ours.

    Raises:
        Malformed: reason `frame` or `precision`.
    """
    match characteristic:
        case "2A5F":
            return heard_continuous(decode_continuous(data))
        case "2A5E":
            return heard_spot_check(decode_spot_check(data))
        case "2A19":
            level_pct = decode_battery_pct(data)
            return Heard(kind=DeviceKind.OXIMETER, battery_pct=level_pct)
        case _:
            return None


def _heard(said: Continuous | SpotCheck) -> Heard:
    measurement, device = said.measurement or 0, said.device or 0
    worth = _worth(measurement, device)
    pulse_worth = worth
    if worth is Validity.VALID and device & _D.QUESTIONABLE_PULSE:
        pulse_worth = Validity.QUESTIONABLE
    observations = [
        _observation(value(Metric.SPO2, said.spo2, worth)),
        _observation(value(Metric.PULSE, said.pulse, pulse_worth)),
    ]
    if said.pai is not None:
        observations.append(value(Metric.PI, said.pai, worth))
    flags = tuple(dict.fromkeys(flag for bit, flag in _FLAGS if device & bit))
    return Heard(
        kind=DeviceKind.OXIMETER,
        observations=tuple(observations),
        flags=flags,
        stored=bool(measurement & _M.FROM_STORAGE),
        mode=_mode(measurement),
        notes=_notes(device),
    )


def _observation(said: Observation) -> Observation:
    """A device that says UNAVAILABLE has no value, whatever number it sent."""
    if said.validity is Validity.UNAVAILABLE:
        return Observation(said.metric, None, said.validity)
    return said


def _worth(measurement: int, device: int) -> Validity:
    if measurement & _M.UNAVAILABLE:
        return Validity.UNAVAILABLE
    if measurement & _NO_BELIEF or device & _BROKEN:
        return Validity.INVALID
    return Validity.QUESTIONABLE if measurement & _DOUBT else Validity.VALID


def _mode(measurement: int) -> Mode | None:
    if measurement & _M.DEMONSTRATION:
        return Mode.DEMO
    return Mode.TEST if measurement & _M.TESTING else None


def _notes(device: int) -> tuple[str, ...]:
    told = (
        (_D.MALFUNCTION, "the device reports a malfunction"),
        (_D.SENSOR_MALFUNCTION, "the sensor reports a malfunction"),
        (_D.SENSOR_UNKNOWN, "the device does not know this sensor"),
        (_D.EXTENDED_UPDATE, "the device shows an older value for longer than usual"),
    )
    return tuple(text for bit, text in told if device & bit)
