"""Pulse oximetry over Bluetooth: the characteristics 2A5F, 2A5E and 2A60, from bytes and back.

Layout and bits: Bluetooth SIG, Pulse Oximeter Service 1.0.1 and GATT Specification Supplement. The
flags say which fields follow. What the status bits mean for a value is decided in `plx_heard`; here
nothing is judged, and a value that the device does not have stays the special that it sent.

Flag bits beyond the known ones belong to later editions: they are kept, and what follows the known
fields then is left alone.

>>> decode_continuous(bytes.fromhex("0061004800")).spo2
Decimal('97')
"""

from enum import IntFlag
from typing import NamedTuple

from msgspec import Struct

from devices.gatt_bytes import Cursor, DateTime, encode_date_time, sfloats, u16, u24
from devices.medfloat import Number

__all__ = [
    "Continuous",
    "DeviceStatus",
    "Features",
    "MeasurementStatus",
    "Pair",
    "SpotCheck",
    "decode_continuous",
    "decode_features",
    "decode_spot_check",
    "encode_continuous",
    "encode_features",
    "encode_spot_check",
]

# 2A5F
_FAST, _SLOW, _MEASUREMENT, _DEVICE, _PAI = 1, 2, 4, 8, 16
_LATER = 0xE0
# 2A5E
_TIME, _SPOT_MEASUREMENT, _SPOT_DEVICE, _SPOT_PAI, _CLOCK = 1, 2, 4, 8, 16
# 2A60
_HAS_MEASUREMENT, _HAS_DEVICE, _LATER_FEATURES = 1, 2, 0xFF00


class MeasurementStatus(IntFlag):
    """What the device says of the value."""

    ONGOING = 1 << 5
    EARLY = 1 << 6
    VALIDATED = 1 << 7
    FULLY_QUALIFIED = 1 << 8
    FROM_STORAGE = 1 << 9
    DEMONSTRATION = 1 << 10
    TESTING = 1 << 11
    CALIBRATING = 1 << 12
    UNAVAILABLE = 1 << 13
    QUESTIONABLE = 1 << 14
    INVALID = 1 << 15


class DeviceStatus(IntFlag):
    """What the device says of itself, its sensor and the signal."""

    EXTENDED_UPDATE = 1 << 0
    MALFUNCTION = 1 << 1
    IRREGULAR_PROCESSING = 1 << 2
    INADEQUATE_SIGNAL = 1 << 3
    POOR_SIGNAL = 1 << 4
    LOW_PERFUSION = 1 << 5
    ERRATIC_SIGNAL = 1 << 6
    NOT_PULSATILE = 1 << 7
    QUESTIONABLE_PULSE = 1 << 8
    ANALYSIS_ONGOING = 1 << 9
    INTERFERENCE = 1 << 10
    SENSOR_UNCONNECTED = 1 << 11
    SENSOR_UNKNOWN = 1 << 12
    SENSOR_DISPLACED = 1 << 13
    SENSOR_MALFUNCTION = 1 << 14
    SENSOR_DISCONNECTED = 1 << 15


class Pair(NamedTuple):
    """SpO2 (%) and pulse rate (/min) of one averaging time."""

    spo2: Number
    pulse: Number


class Continuous(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One report of a continuous measurement (2A5F). `later` keeps unknown flag bits."""

    spo2: Number
    pulse: Number
    fast: Pair | None = None
    slow: Pair | None = None
    measurement: int | None = None
    device: int | None = None
    pai: Number | None = None
    later: int = 0


class SpotCheck(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One spot check, often from storage (2A5E)."""

    spo2: Number
    pulse: Number
    at: DateTime | None = None
    measurement: int | None = None
    device: int | None = None
    pai: Number | None = None
    clock_not_set: bool = False
    later: int = 0


class Features(Struct, frozen=True, omit_defaults=True):
    """What an oximeter can tell (2A60); None: it does not list its status bits."""

    bits: int
    measurement: int | None = None
    device: int | None = None


def decode_continuous(data: bytes) -> Continuous:
    """Return one report of a continuous measurement.

    Raises:
        Malformed: reason `frame`: too short or too long.
    """
    cursor = Cursor(data, "2A5F")
    flags = cursor.u8("flags")
    spo2, pulse = _pair(cursor, "normal")
    fast = _pair(cursor, "fast") if flags & _FAST else None
    slow = _pair(cursor, "slow") if flags & _SLOW else None
    measurement = cursor.u16("measurement status") if flags & _MEASUREMENT else None
    device = cursor.u24("device and sensor status") if flags & _DEVICE else None
    pai = cursor.sfloat("pulse amplitude index") if flags & _PAI else None
    cursor.end(more=bool(flags & _LATER))
    return Continuous(
        spo2=spo2,
        pulse=pulse,
        fast=fast,
        slow=slow,
        measurement=measurement,
        device=device,
        pai=pai,
        later=flags & _LATER,
    )


def decode_spot_check(data: bytes) -> SpotCheck:
    """Return one spot check.

    Raises:
        Malformed: reason `frame`: too short, too long, or a time that does not exist.
    """
    cursor = Cursor(data, "2A5E")
    flags = cursor.u8("flags")
    spo2, pulse = _pair(cursor, "normal")
    at = cursor.date_time("time stamp") if flags & _TIME else None
    measurement = cursor.u16("measurement status") if flags & _SPOT_MEASUREMENT else None
    device = cursor.u24("device and sensor status") if flags & _SPOT_DEVICE else None
    pai = cursor.sfloat("pulse amplitude index") if flags & _SPOT_PAI else None
    cursor.end(more=bool(flags & _LATER))
    return SpotCheck(
        spo2=spo2,
        pulse=pulse,
        at=at,
        measurement=measurement,
        device=device,
        pai=pai,
        clock_not_set=bool(flags & _CLOCK),
        later=flags & _LATER,
    )


def decode_features(data: bytes) -> Features:
    """Return what an oximeter can tell.

    Raises:
        Malformed: reason `frame`: too short or too long.
    """
    cursor = Cursor(data, "2A60")
    bits = cursor.u16("features")
    measurement = cursor.u16("measurement status support") if bits & _HAS_MEASUREMENT else None
    device = cursor.u24("device status support") if bits & _HAS_DEVICE else None
    cursor.end(more=bool(bits & _LATER_FEATURES))
    return Features(bits, measurement, device)


def encode_continuous(said: Continuous) -> bytes:
    """Return the bytes of 2A5F.

    Raises:
        ValueError: a number that an SFLOAT cannot hold.
    """
    flags = said.later | _bits(
        (_FAST, said.fast),
        (_SLOW, said.slow),
        (_MEASUREMENT, said.measurement),
        (_DEVICE, said.device),
        (_PAI, said.pai),
    )
    out = bytes((flags,)) + sfloats(said.spo2, said.pulse)
    return out + sfloats(*(said.fast or ()), *(said.slow or ())) + _status(said)


def encode_spot_check(said: SpotCheck) -> bytes:
    """Return the bytes of 2A5E.

    Raises:
        ValueError: a number that an SFLOAT cannot hold.
    """
    flags = said.later | _bits(
        (_TIME, said.at),
        (_SPOT_MEASUREMENT, said.measurement),
        (_SPOT_DEVICE, said.device),
        (_SPOT_PAI, said.pai),
        (_CLOCK, said.clock_not_set or None),
    )
    out = bytes((flags,)) + sfloats(said.spo2, said.pulse)
    return out + (encode_date_time(said.at) if said.at is not None else b"") + _status(said)


def encode_features(said: Features) -> bytes:
    """Return the bytes of 2A60; the two support bits follow from what is there."""
    known = _bits((_HAS_MEASUREMENT, said.measurement), (_HAS_DEVICE, said.device))
    bits = said.bits & ~(_HAS_MEASUREMENT | _HAS_DEVICE) | known
    measurement = u16(said.measurement) if said.measurement is not None else b""
    return u16(bits) + measurement + (u24(said.device) if said.device is not None else b"")


def _pair(cursor: Cursor, which: str) -> Pair:
    return Pair(cursor.sfloat(f"{which} SpO2"), cursor.sfloat(f"{which} pulse rate"))


def _bits(*fields: tuple[int, object]) -> int:
    return sum(bit for bit, value in fields if value is not None)


def _status(said: Continuous | SpotCheck) -> bytes:
    out = u16(said.measurement) if said.measurement is not None else b""
    if said.device is not None:
        out += u24(said.device)
    return out + (sfloats(said.pai) if said.pai is not None else b"")
