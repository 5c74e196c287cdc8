"""The small characteristics beside a measurement: battery, who made the device, its clock.

2A19 battery level, 2A24 to 2A29 device information, 2A08 date and time, 2A2B current time. Layouts:
Bluetooth SIG, GATT Specification Supplement. A device's clock is set at enrolment; it knows no time
zone, so the offset of that day is kept with the device (`monitor/patient.py`).

>>> decode_battery_pct(bytes([87]))
87
"""

from devices.gatt_bytes import Cursor, DateTime, bad_frame, encode_date_time

__all__ = [
    "decode_battery_pct",
    "decode_current_time",
    "decode_date_time",
    "decode_text",
    "encode_battery_pct",
    "encode_current_time",
]

_FULL_PCT = 100
_WEEKDAYS = range(8)
_LONGEST = 64
_MANUALLY_CHANGED = 1


def decode_battery_pct(data: bytes) -> int:
    """Return how full the battery is, 0 to 100 %.

    Raises:
        Malformed: reason `frame`: not one byte, or more than 100 %.
    """
    cursor = Cursor(data, "2A19")
    level = cursor.u8("battery level")
    cursor.end()
    if level > _FULL_PCT:
        raise bad_frame(f"2A19: a battery of {level} % ({data.hex()})")
    return level


def encode_battery_pct(level_pct: int) -> bytes:
    """Return the byte of 2A19."""
    return bytes((level_pct,))


def decode_text(data: bytes, what: str) -> str:
    """Return a text of the device information service, without the zeros some devices pad with.

    Raises:
        Malformed: reason `frame`: not UTF-8, or longer than 64 characters.
    """
    try:
        text = data.rstrip(b"\0").decode("utf-8")
    except UnicodeDecodeError:
        raise bad_frame(f"{what}: not UTF-8 ({data[:40].hex()})") from None
    if len(text) > _LONGEST:
        raise bad_frame(f"{what}: {len(text)} characters; at most {_LONGEST} are read")
    return "".join(one for one in text if one.isprintable()).strip()


def decode_date_time(data: bytes) -> DateTime:
    """Return what 2A08 says.

    Raises:
        Malformed: reason `frame`.
    """
    cursor = Cursor(data, "2A08")
    at = cursor.date_time("date and time")
    cursor.end()
    return at


def decode_current_time(data: bytes) -> DateTime:
    """Return what 2A2B says, without its day of the week, fraction and reason.

    Raises:
        Malformed: reason `frame`.
    """
    cursor = Cursor(data, "2A2B")
    at = cursor.date_time("current time")
    if cursor.u8("day of the week") not in _WEEKDAYS:
        raise bad_frame(f"2A2B: a day of the week beyond 7 ({data.hex()})")
    cursor.u8("fraction")
    cursor.u8("reason")
    cursor.end()
    return at


def encode_current_time(at: DateTime, weekday: int) -> bytes:
    """Return the ten bytes of 2A2B. `weekday`: 1 Monday to 7 Sunday; reason: set by hand."""
    return encode_date_time(at) + bytes((weekday, 0, _MANUALLY_CHANGED))
