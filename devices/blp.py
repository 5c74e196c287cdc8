"""Blood pressure over Bluetooth: the characteristics 2A35, 2A36 and 2A49, from bytes and back.

Layout and bits: Bluetooth SIG, Blood Pressure Service 1.1.1 and GATT Specification Supplement. The
flags say which fields follow. A cuff that failed sends its pressures as a special SFLOAT; they come
back as that special, and the status bits say why. Nothing is judged here: 2047 mmHg would be passed
on (the engine says IMPLAUSIBLE), 16 kPa stay 16 kPa (`heard` converts).

Flag bits 5 to 7 belong to later editions: they are kept, and what follows the known fields then is
left alone.

>>> decode_blood_pressure(bytes.fromhex("00780050005d00")).systolic
Decimal('120')
"""

from enum import IntFlag, StrEnum

from msgspec import Struct

from devices.gatt_bytes import Cursor, DateTime, bad_frame, encode_date_time, sfloats, u16
from devices.medfloat import Number, Special

__all__ = [
    "BloodPressure",
    "BpFeature",
    "BpStatus",
    "CuffPressure",
    "Unit",
    "decode_blood_pressure",
    "decode_cuff_pressure",
    "decode_features",
    "encode_blood_pressure",
    "encode_cuff_pressure",
    "encode_features",
]

_KPA, _TIME, _PULSE, _USER, _STATUS = 1, 2, 4, 8, 16
_LATER = 0xE0
_NOBODY = 0xFF


class Unit(StrEnum):
    """The unit of all pressures of one value."""

    MMHG = "mmHg"
    KPA = "kPa"


class BpStatus(IntFlag):
    """Measurement status. Bits 3 and 4 together are one number: 1 pulse too fast, 2 too slow."""

    MOVEMENT = 1 << 0
    CUFF_LOOSE = 1 << 1
    IRREGULAR_PULSE = 1 << 2
    PULSE_TOO_FAST = 1 << 3
    PULSE_TOO_SLOW = 1 << 4
    POSITION = 1 << 5


class BpFeature(IntFlag):
    """What a cuff can tell (2A49)."""

    MOVEMENT = 1 << 0
    CUFF_FIT = 1 << 1
    IRREGULAR_PULSE = 1 << 2
    PULSE_RANGE = 1 << 3
    POSITION = 1 << 4
    MULTIPLE_BONDS = 1 << 5
    E2E_CRC = 1 << 6
    USER_DATA = 1 << 7
    USER_FACING_TIME = 1 << 8


class BloodPressure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One finished measurement (2A35). `later` keeps the flag bits of later editions."""

    systolic: Number
    diastolic: Number
    mean: Number
    unit: Unit = Unit.MMHG
    at: DateTime | None = None
    pulse: Number | None = None
    user: int | None = None
    status: int | None = None
    later: int = 0


class CuffPressure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The pressure in the cuff while it inflates (2A36): proof of a measurement under way."""

    pressure: Number
    unit: Unit = Unit.MMHG
    at: DateTime | None = None
    pulse: Number | None = None
    user: int | None = None
    status: int | None = None
    later: int = 0


def decode_blood_pressure(data: bytes) -> BloodPressure:
    """Return what a cuff says of one measurement.

    Raises:
        Malformed: reason `frame`: too short, too long, or a time that does not exist.
    """
    cursor = Cursor(data, "2A35")
    flags = cursor.u8("flags")
    systolic = cursor.sfloat("systolic")
    diastolic = cursor.sfloat("diastolic")
    mean = cursor.sfloat("mean arterial pressure")
    at, pulse, user, status = _tail(cursor, flags)
    return BloodPressure(
        systolic=systolic,
        diastolic=diastolic,
        mean=mean,
        unit=_unit(flags),
        at=at,
        pulse=pulse,
        user=user,
        status=status,
        later=flags & _LATER,
    )


def decode_cuff_pressure(data: bytes) -> CuffPressure:
    """Return the pressure in the cuff; the two fields after it must be empty (NaN).

    Raises:
        Malformed: reason `frame`.
    """
    cursor = Cursor(data, "2A36")
    flags = cursor.u8("flags")
    pressure = cursor.sfloat("cuff pressure")
    unused = {cursor.sfloat("unused"), cursor.sfloat("unused")}
    if unused != {Special.NAN}:
        raise bad_frame(f"2A36: the two fields after the pressure must be NaN ({data.hex()})")
    at, pulse, user, status = _tail(cursor, flags)
    return CuffPressure(
        pressure=pressure,
        unit=_unit(flags),
        at=at,
        pulse=pulse,
        user=user,
        status=status,
        later=flags & _LATER,
    )


def decode_features(data: bytes) -> int:
    """Return the bits of 2A49 (`BpFeature`); an edition with more fields after them is read too.

    Raises:
        Malformed: reason `frame`: fewer than two bytes.
    """
    return Cursor(data, "2A49").u16("features")


def encode_blood_pressure(said: BloodPressure) -> bytes:
    """Return the bytes of 2A35.

    Raises:
        ValueError: a number that an SFLOAT cannot hold.
    """
    return _head(said) + sfloats(said.systolic, said.diastolic, said.mean) + _encode_tail(said)


def encode_cuff_pressure(said: CuffPressure) -> bytes:
    """Return the bytes of 2A36.

    Raises:
        ValueError: a number that an SFLOAT cannot hold.
    """
    return _head(said) + sfloats(said.pressure, Special.NAN, Special.NAN) + _encode_tail(said)


def encode_features(features: int) -> bytes:
    """Return the bytes of 2A49."""
    return u16(features)


_Tail = tuple[DateTime | None, Number | None, int | None, int | None]


def _tail(cursor: Cursor, flags: int) -> _Tail:
    """Read the optional fields, in their order, and the end."""
    at = cursor.date_time("time stamp") if flags & _TIME else None
    pulse = cursor.sfloat("pulse rate") if flags & _PULSE else None
    user = cursor.u8("user") if flags & _USER else None
    status = cursor.u16("status") if flags & _STATUS else None
    cursor.end(more=bool(flags & _LATER))
    return at, pulse, None if user == _NOBODY else user, status


def _unit(flags: int) -> Unit:
    return Unit.KPA if flags & _KPA else Unit.MMHG


def _head(said: BloodPressure | CuffPressure) -> bytes:
    flags = said.later | (_KPA if said.unit is Unit.KPA else 0)
    for bit, field in ((_TIME, said.at), (_PULSE, said.pulse), (_STATUS, said.status)):
        flags |= bit if field is not None else 0
    return bytes((flags | (_USER if said.user is not None else 0),))


def _encode_tail(said: BloodPressure | CuffPressure) -> bytes:
    out = encode_date_time(said.at) if said.at is not None else b""
    if said.pulse is not None:
        out += sfloats(said.pulse)
    if said.user is not None:
        out += bytes((said.user,))
    return out + (u16(said.status) if said.status is not None else b"")
