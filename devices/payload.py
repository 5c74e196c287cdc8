"""What devices send over MQTT: readings and status, from bytes and back.

The schema is strict: an unknown field, a wrong type or a number that cannot be kept exactly is
refused by name (`Malformed`). What is *plausible* is not decided here: an SpO2 of 300 % is passed
on, so that the engine can say IMPLAUSIBLE and the record keeps it.

A field that is left out was not measured; `null` and the codes below say "measured, no value".
A retained reading is old by nature, so it becomes `stored`, which is never judged as live.

>>> decode_reading("ox-1", b'{"mode":"test","kind":"oximeter","spo2":97.7}').observations
(Observation(metric=<Metric.SPO2: 'spo2'>, value_x100=9770, validity=<Validity.VALID: 'valid'>),)
"""

import hashlib
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
)
from devices.strict_json import Malformed, Reason, fit, read_json
from devices.topic import Name

__all__ = [
    "MMHG_PER_KPA",
    "NO_VALUE_X100",
    "DeviceStatusReport",
    "Text",
    "Whole",
    "decode_reading",
    "decode_status",
    "digest_of",
]

MMHG_PER_KPA = Decimal("7.50062")
"""Pressure factor of `clinical.md` 2.0; the product is rounded half to even at 0.01 mmHg."""

NO_VALUE_X100: dict[Metric, frozenset[int]] = {
    Metric.SPO2: frozenset({0, 127_00, 255_00, 511_00}),
    Metric.PULSE: frozenset({0, 255_00, 511_00}),
}
"""Numbers by which oximeters say "no value" (`clinical.md` 2.0). A pulse of 127 is a pulse."""

_LARGEST = 2**31

Number = int | Decimal
Value = Number | UnsetType | None
Whole = Annotated[int, Meta(ge=0, le=2**53)]
Text = Annotated[str, Meta(max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*\Z")]
"""Free text without control characters."""


class DeviceStatusReport(Struct, frozen=True):
    """A device came or went: its own word, or its last will's. `battery_pct`: 0 to 100 %."""

    device: str
    online: bool
    reason: str = ""
    battery_pct: int | None = None


class _Status(Struct, frozen=True, forbid_unknown_fields=True):
    online: bool
    reason: Text = ""
    battery_pct: Annotated[int, Meta(ge=0, le=100)] | None = None


class _Reading(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind"):
    mode: Mode
    boot_id: Name | None = None
    seq: Whole | None = None
    measured_ms: Whole | None = None
    stored: bool = False
    flags: Annotated[tuple[Flag, ...], Meta(max_length=len(Flag))] = ()
    failure: Text | None = None


class _Oximeter(_Reading, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="oximeter"):
    spo2: Value = UNSET
    pulse: Value = UNSET
    pi: Value = UNSET
    rr: Value = UNSET


class _Cuff(_Reading, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="cuff"):
    sbp: Value = UNSET
    dbp: Value = UNSET
    map: Value = UNSET
    pulse: Value = UNSET
    unit: Literal["mmHg", "kPa"] = "mmHg"


_READING: Any = _Oximeter | _Cuff


def decode_reading(device: str, payload: bytes, *, retained: bool = False) -> DeviceReport:
    """Return one device report; `retained` is the broker's word that the message is old.

    Values are x100 of %, /min, mmHg. Without (boot_id, seq) the report carries a digest.

    Raises:
        Malformed: what `read_json` and `fit` say; IDENTITY (boot_id without seq or the reverse);
            NUMBER (beyond 2**31); PRECISION (finer than 0.01); NOTHING (it says nothing at all).
    """
    told: _Oximeter | _Cuff = fit(read_json(payload), _READING)
    if (told.boot_id is None) != (told.seq is None):
        raise Malformed(
            Reason.IDENTITY, "boot_id and seq name a reading together; send both or neither"
        )
    observations = _observations(told)
    if not observations and not told.flags and told.failure is None:
        raise Malformed(
            Reason.NOTHING, "no value, no flag, no failure; send null for a missing value"
        )
    return DeviceReport(
        device=device,
        kind=DeviceKind.CUFF if isinstance(told, _Cuff) else DeviceKind.OXIMETER,
        mode=told.mode,
        observations=observations,
        measured_ms=told.measured_ms,
        boot_id=told.boot_id,
        seq=told.seq,
        digest=digest_of(payload) if told.seq is None else None,
        flags=told.flags + _conversion(told),
        stored=told.stored or retained,
        failure=told.failure,
    )


def decode_status(device: str, payload: bytes) -> DeviceStatusReport:
    """Return a device's status, e.g. `{"online": false, "reason": "connection lost"}`.

    Raises:
        Malformed: what `read_json` and `fit` say.
    """
    told = fit(read_json(payload), _Status)
    return DeviceStatusReport(device, told.online, told.reason, told.battery_pct)


def digest_of(payload: bytes) -> str:
    """Name a message by its bytes: the first 16 hex digits of SHA-256."""
    return hashlib.sha256(payload).hexdigest()[:16]


def _observations(told: _Oximeter | _Cuff) -> tuple[Observation, ...]:
    if isinstance(told, _Oximeter):
        factor = Decimal(1)
        fields = {
            Metric.SPO2: told.spo2,
            Metric.PULSE: told.pulse,
            Metric.PI: told.pi,
            Metric.RR: told.rr,
        }
    else:
        factor = MMHG_PER_KPA if told.unit == "kPa" else Decimal(1)
        fields = {
            Metric.SBP: told.sbp,
            Metric.DBP: told.dbp,
            Metric.MAP: told.map,
            Metric.CUFF_PULSE: told.pulse,
        }
    found = []
    for metric, value in fields.items():
        if isinstance(value, UnsetType):
            continue
        by = Decimal(1) if metric is Metric.CUFF_PULSE else factor
        found.append(_observation(metric, value, by))
    return tuple(found)


def _conversion(told: _Oximeter | _Cuff) -> tuple[Flag, ...]:
    """Mark a converted reading: "multiplied by 7.50062 and marked" (`clinical.md` 2.0)."""
    return (Flag.FROM_KPA,) if isinstance(told, _Cuff) and told.unit == "kPa" else ()


def _observation(metric: Metric, value: Number | None, factor: Decimal) -> Observation:
    if value is None:
        return Observation(metric, None, Validity.UNAVAILABLE)
    value_x100 = _hundredths(metric, value)
    if value_x100 in NO_VALUE_X100.get(metric, ()):
        return Observation(metric, None, Validity.UNAVAILABLE)
    if factor != 1:
        value_x100 = int((value_x100 * factor).to_integral_value(ROUND_HALF_EVEN))
    return Observation(metric, value_x100)


def _hundredths(metric: Metric, value: Number) -> int:
    number = Decimal(value)
    if abs(number) > _LARGEST:
        raise Malformed(Reason.NUMBER, f"{metric} {value} is beyond +-{_LARGEST}; send its unit")
    if number * 100 % 1:
        raise Malformed(
            Reason.PRECISION, f"{metric} {value} is finer than 0.01; send at most two decimals"
        )
    return int(number * 100)
