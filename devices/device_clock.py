"""A device's own clock: how it is set, how it is read, how far it is off.

A cuff stamps its readings, and one that is older than five minutes is kept and never judged as
live; so its clock is set when it is enrolled and compared the day before a session. A device knows
no zone: it is given local time, and the offset of that day is written beside it.

Never asks what time it is: the local time is an argument.

>>> clock_bytes("2A08", datetime(2026, 3, 1, 9, 30, 5)).hex()
'ea070301091e05'
"""

from datetime import datetime

from devices.gatt_bytes import DateTime, encode_date_time
from devices.gatt_info import decode_current_time, decode_date_time, encode_current_time
from devices.models import ClockKind

__all__ = ["CLOCK_OK_S", "clock_bytes", "clock_order", "off_s", "read_clock"]

CLOCK_OK_S = 60
"""A clock that is further off than this is wrong."""

_CURRENT_TIME, _DATE_TIME = ClockKind.CURRENT_TIME.value, ClockKind.DATE_TIME.value


def clock_order(kind: ClockKind) -> tuple[str, ...]:
    """Return the characteristics to try, the model's own first; none for a model without a clock.

    Cuffs of one service differ in it: some have only the older date and time.
    """
    if kind is ClockKind.NONE:
        return ()
    return (kind.value, *(one for one in (_CURRENT_TIME, _DATE_TIME) if one != kind.value))


def clock_bytes(characteristic: str, local: datetime) -> bytes:
    """Return what is written to set a clock to `local`.

    Raises:
        ValueError: the characteristic is no clock.
    """
    at = DateTime(local.year, local.month, local.day, local.hour, local.minute, local.second)
    if characteristic == _CURRENT_TIME:
        return encode_current_time(at, local.isoweekday())
    if characteristic == _DATE_TIME:
        return encode_date_time(at)
    raise ValueError(f"{characteristic} is no clock; use {_CURRENT_TIME} or {_DATE_TIME}")


def read_clock(characteristic: str, data: bytes) -> DateTime:
    """Return what a clock says.

    Raises:
        Malformed: reason `frame`.
    """
    if characteristic == _CURRENT_TIME:
        return decode_current_time(data)
    return decode_date_time(data)


def off_s(at: DateTime, local: datetime) -> int | None:
    """Return by how many seconds a clock is ahead of `local`; None: it was never set."""
    try:
        said = datetime(at.year, at.month, at.day, at.hour, at.minute, at.second)  # noqa: DTZ001 - local, as the device's
    except ValueError:
        return None
    return round((said - local).total_seconds())
