"""What a standard cuff's message is worth: a reading, a failure with its reason, or "inflating".

A cuff that failed sends a special number in place of a pressure and its reason as status bits. That
becomes a `failure` in words; there is no number, so nothing can take one for a pressure. A reading
whose status bits say that the arm moved or the cuff was loose stays a reading with those flags: the
device vouches for the number, and the confirmation of `clinical.md` 2.3 asks for a second one.

Never judges a pressure and never drops one.

>>> heard_blood_pressure(decode_blood_pressure(bytes.fromhex("10ff07ff07ff070500"))).failure
'no reading: the arm moved, irregular pulse'
"""

from devices.blp import (
    BloodPressure,
    BpStatus,
    CuffPressure,
    Unit,
    decode_blood_pressure,
    decode_cuff_pressure,
)
from devices.gatt_info import decode_battery_pct
from devices.heard import Heard, pressure, value
from devices.medfloat import Special
from devices.observation import DeviceKind, Flag, Metric, Observation

__all__ = ["heard_blood_pressure", "heard_cuff", "heard_cuff_pressure"]

_S = BpStatus
_FLAGS: tuple[tuple[BpStatus, Flag, str], ...] = (
    (_S.MOVEMENT, Flag.MOTION, "the arm moved"),
    (_S.CUFF_LOOSE, Flag.CUFF_LOOSE, "the cuff is loose"),
    (_S.IRREGULAR_PULSE, Flag.IRREGULAR_PULSE, "irregular pulse"),
    (_S.POSITION, Flag.POSITION, "wrong position of the arm"),
)
_PULSE_RANGE = {
    _S.PULSE_TOO_FAST.value: "pulse faster than the device can measure",
    _S.PULSE_TOO_SLOW.value: "pulse slower than the device can measure",
}


def heard_blood_pressure(said: BloodPressure) -> Heard:
    """Return a reading, or why there is none.

    Raises:
        Malformed: reason `precision`.
    """
    status = said.status or 0
    told = [(flag, words) for bit, flag, words in _FLAGS if status & bit]
    flags = [flag for flag, _ in told]
    at = said.at if said.at is not None and said.at.known else None
    missing = [
        f"{name} {number.value}"
        for name, number in (("systolic", said.systolic), ("diastolic", said.diastolic))
        if isinstance(number, Special)
    ]
    if missing:
        reasons = [words for _, words in told]
        range_bits = status & (_S.PULSE_TOO_FAST | _S.PULSE_TOO_SLOW)
        reasons += [_PULSE_RANGE[range_bits]] if range_bits in _PULSE_RANGE else []
        return Heard(
            kind=DeviceKind.CUFF,
            flags=tuple(flags),
            at=at,
            failure="no reading: " + ", ".join(reasons or missing),
        )
    if said.unit is Unit.KPA:
        flags.append(Flag.FROM_KPA)
    return Heard(kind=DeviceKind.CUFF, observations=_observations(said), flags=tuple(flags), at=at)


def heard_cuff_pressure(said: CuffPressure) -> Heard:
    """Return the one thing that a pressure of the bladder says: the cuff is inflating."""
    note = "no pressure" if isinstance(said.pressure, Special) else f"at {said.pressure}"
    return Heard(
        kind=DeviceKind.CUFF, inflating=True, notes=(f"inflating, {note} {said.unit.value}",)
    )


def heard_cuff(characteristic: str, data: bytes) -> Heard | None:
    """Return what one value of a cuff's characteristic says; None: not one of ours.

    Raises:
        Malformed: reason `frame` or `precision`.
    """
    match characteristic:
        case "2A35":
            return heard_blood_pressure(decode_blood_pressure(data))
        case "2A36":
            return heard_cuff_pressure(decode_cuff_pressure(data))
        case "2A19":
            level_pct = decode_battery_pct(data)
            return Heard(kind=DeviceKind.CUFF, battery_pct=level_pct)
        case _:
            return None


def _observations(said: BloodPressure) -> tuple[Observation, ...]:
    found = [
        pressure(Metric.SBP, said.systolic, said.unit),
        pressure(Metric.DBP, said.diastolic, said.unit),
        pressure(Metric.MAP, said.mean, said.unit),
    ]
    if said.pulse is not None:
        found.append(value(Metric.CUFF_PULSE, said.pulse))
    return tuple(found)
