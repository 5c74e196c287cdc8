"""The bytes of one GATT value, read in order and to the end.

A notification that is shorter or longer than its own flags promise has been read wrongly or sent
wrongly, and a number from it could be anything: it is refused by name (`Malformed`, reason
`frame`), with the characteristic and the byte. Bits that a later edition may give a meaning to are
another matter: with one of them set, what follows at the end is left alone (`end(more=True)`).

Knows no characteristic; `blp`, `plx`, `racp`, `gatt_info` and the vendors do.

>>> cursor = Cursor(bytes.fromhex("004800"), "2A5F")
>>> cursor.u8("flags"), cursor.sfloat("pulse rate")
(0, Decimal('72'))
"""

from typing import NoReturn

from msgspec import Struct

from devices.medfloat import Number, decode_sfloat, encode_sfloat
from devices.strict_json import Malformed, Reason

__all__ = ["Cursor", "DateTime", "bad_frame", "encode_date_time", "sfloats", "u16", "u24"]

_YEARS = range(1582, 10_000)
_MONTHS, _DAYS = range(13), range(32)
_HOURS, _MINUTES, _SECONDS = range(24), range(60), range(60)


def bad_frame(detail: str) -> Malformed:
    """Return the error for bytes that a device sent."""
    return Malformed(Reason.FRAME, detail)


class DateTime(Struct, frozen=True, order=True):
    """A device's own wall clock (characteristic 2A08): no zone, and 0 where it does not know."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int

    @property
    def known(self) -> bool:
        """Whether the device knows its date at all."""
        return 0 not in (self.year, self.month, self.day)


class Cursor:
    """Reads one value from front to back. Every method raises Malformed when bytes are missing."""

    def __init__(self, data: bytes, what: str) -> None:
        self._data = data
        self._what = what
        self._at = 0

    def u8(self, field: str) -> int:
        """Return the next byte."""
        return self._take(1, field)[0]

    def u16(self, field: str) -> int:
        """Return the next two bytes, the low one first."""
        return int.from_bytes(self._take(2, field), "little")

    def u24(self, field: str) -> int:
        """Return the next three bytes, the low one first."""
        return int.from_bytes(self._take(3, field), "little")

    def sfloat(self, field: str) -> Number:
        """Return the next two bytes as an SFLOAT."""
        return decode_sfloat(self.u16(field))

    def date_time(self, field: str) -> DateTime:
        """Return the next seven bytes as a date and time that can exist."""
        at = self._at
        year = self.u16(field)
        rest = self._take(5, field)
        month, day, hour, minute, second = rest
        ok = (
            (year == 0 or year in _YEARS)
            and month in _MONTHS
            and day in _DAYS
            and hour in _HOURS
            and minute in _MINUTES
            and second in _SECONDS
        )
        if not ok:
            self._bad(at, f"{field} is {year}-{month}-{day} {hour}:{minute}:{second}, no time")
        return DateTime(year, month, day, hour, minute, second)

    def rest(self) -> bytes:
        """Return all that is left."""
        rest, self._at = self._data[self._at :], len(self._data)
        return rest

    def end(self, *, more: bool = False) -> None:
        """Say that the value must be over here; with `more`, that a later edition may go on.

        Raises:
            Malformed: bytes are left that no flag announced.
        """
        left = len(self._data) - self._at
        if left and not more:
            self._bad(self._at, f"{left} bytes are left that no flag announces")

    def _take(self, count: int, field: str) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) < count:
            self._bad(self._at, f"{field} needs {count} bytes, {len(taken)} are there")
        self._at += count
        return taken

    def _bad(self, at: int, what: str) -> NoReturn:
        raise bad_frame(f"{self._what} byte {at}: {what} (value {self._data[:40].hex()})")


def encode_date_time(at: DateTime) -> bytes:
    """Return the seven bytes of characteristic 2A08."""
    return u16(at.year) + bytes((at.month, at.day, at.hour, at.minute, at.second))


def u16(value: int) -> bytes:
    """Return two bytes, the low one first."""
    return value.to_bytes(2, "little")


def u24(value: int) -> bytes:
    """Return three bytes, the low one first."""
    return value.to_bytes(3, "little")


def sfloats(*numbers: Number) -> bytes:
    """Return SFLOATs one after another.

    Raises:
        ValueError: a number that an SFLOAT cannot hold.
    """
    return b"".join(u16(encode_sfloat(number)) for number in numbers)
