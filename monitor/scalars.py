"""Check one written value against one simple type, and say what should have been written.

The leaves of `monitor.faults`: numbers, texts, truths, enumerations, dates, with the bounds of
`msgspec.Meta`. Nothing is converted by guessing: "5" is a text and never the number 5, 1 is never
true, and a number that is not finite is no number.

>>> from msgspec import inspect
>>> convert_leaf(inspect.IntType(ge=1, le=65535), 0)[1]
'0 is too small'
>>> advise(inspect.IntType(ge=1, le=65535), "")
'a whole number from 1 to 65535'
"""

import datetime as dt
import math
import re
from typing import Any, Final

from msgspec import inspect as mi

__all__ = ["BAD", "advise", "convert_leaf", "show", "split"]


class _Bad:
    """Stands for a value that could not be made."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = _Bad()

_SHOWN_CHARS = 60
_SHOWN_BITS = 128
_EXACT = 2**53  # beyond it a float no longer holds every whole number


def show(value: Any) -> str:
    """Return `value` as a short text for a message; long ones are cut, secrets are never here."""
    if isinstance(value, int) and value.bit_length() > _SHOWN_BITS:
        return "a number with too many digits"  # its repr may be refused by Python itself
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[: _SHOWN_CHARS - 3]}..."


def split(info: mi.Type) -> tuple[mi.Type, str]:
    """Return the type without its annotations, and the description given to it ("" for none)."""
    note = ""
    while isinstance(info, mi.Metadata):
        note = note or str((info.extra_json_schema or {}).get("description", ""))
        info = info.type
    return info, note


def advise(info: mi.Type, note: str) -> str:
    """Return what to write, as the end of the sentence "write ...": the description if given."""
    if note:
        return note
    match info:
        case mi.EnumType() | mi.LiteralType():
            return "one of " + ", ".join(str(value) for value in _allowed(info))
        case mi.UnionType(types=types):
            parts = [advise(*split(kind)) for kind in types if not isinstance(kind, mi.NoneType)]
            return " or ".join(parts)
        case mi.IntType() | mi.FloatType():
            noun = "a whole number" if isinstance(info, mi.IntType) else "a number"
            return noun + _bounds(info.ge, info.gt, info.le, info.lt)
        case mi.StrType():
            return "a text" + _lengths(info.min_length, info.max_length, "characters")
        case mi.ListType() | mi.VarTupleType():
            return "a list" + _lengths(info.min_length, info.max_length, "items")
        case _:
            return _NOUNS.get(type(info), "a table of keys")


def _allowed(info: mi.EnumType | mi.LiteralType) -> tuple[Any, ...]:
    if isinstance(info, mi.EnumType):
        return tuple(member.value for member in info.cls)
    return info.values


_NOUNS: dict[type[mi.Type], str] = {
    mi.BoolType: "true or false",
    mi.DateTimeType: "a date and time",
    mi.DateType: "a date",
    mi.TimeType: "a time of day",
}


def _bounds(ge: float | None, gt: float | None, le: float | None, lt: float | None) -> str:
    low = f"from {ge}" if ge is not None else f"above {gt}" if gt is not None else ""
    high = f"to {le}" if le is not None else f"below {lt}" if lt is not None else ""
    if not low or not high:
        return f" {low or high.replace('to', 'up to')}" if low or high else ""
    return f" {low} and {high}" if lt is not None else f" {low} {high}"


def _lengths(low: int | None, high: int | None, what: str) -> str:
    if low is None and high is None:
        return ""
    if high is None:
        return f" of at least {low} {what}"
    return f" of {low or 0} to {high} {what}"


def convert_leaf(info: mi.Type, value: Any) -> tuple[Any, str]:
    """Return (value, "") or (BAD, what is wrong).

    Raises:
        TypeError: `info` is a type that settings cannot hold.
    """
    match info:
        case mi.EnumType() | mi.LiteralType():
            for one in _allowed(info):
                if type(value) is type(one) and value == one:
                    return (info.cls(one) if isinstance(info, mi.EnumType) else one), ""
            return BAD, f"got {show(value)}"
        case mi.IntType() | mi.FloatType():
            return _number(info, value)
        case mi.StrType():
            return _text(info, value)
    for kind, python, noun in _PLAIN:
        if isinstance(info, kind):
            fits = type(value) is python
            return (value, "") if fits else (BAD, f"expected {noun}, got {show(value)}")
    raise TypeError(f"settings cannot hold a {type(info).__name__}")


_PLAIN: tuple[tuple[type[mi.Type], type, str], ...] = (
    (mi.BoolType, bool, "bool"),
    (mi.NoneType, type(None), "nothing"),
    (mi.DateTimeType, dt.datetime, "date and time"),
    (mi.DateType, dt.date, "date"),
    (mi.TimeType, dt.time, "time"),
)


def _number(info: mi.IntType | mi.FloatType, value: Any) -> tuple[Any, str]:
    whole = isinstance(info, mi.IntType)
    if not (type(value) is int or (type(value) is float and not whole and math.isfinite(value))):
        return BAD, f"expected {'int' if whole else 'number'}, got {show(value)}"
    if _is_below(value, info.ge, info.gt) or (not whole and value < -_EXACT):
        return BAD, f"{show(value)} is too small"
    if _is_above(value, info.le, info.lt) or (not whole and value > _EXACT):
        return BAD, f"{show(value)} is too large"
    if info.multiple_of is not None and value % info.multiple_of:
        return BAD, f"{show(value)} is no multiple of {info.multiple_of}"
    return value if whole else float(value), ""


def _is_below(value: float, ge: float | None, gt: float | None) -> bool:
    return (ge is not None and value < ge) or (gt is not None and value <= gt)


def _is_above(value: float, le: float | None, lt: float | None) -> bool:
    return (le is not None and value > le) or (lt is not None and value >= lt)


def _text(info: mi.StrType, value: Any) -> tuple[Any, str]:
    if type(value) is not str:
        return BAD, f"expected str, got {show(value)}"
    if info.min_length is not None and len(value) < info.min_length:
        return BAD, f"{show(value)} is too short"
    if info.max_length is not None and len(value) > info.max_length:
        return BAD, f"{show(value)} is too long"
    if info.pattern is not None and re.search(info.pattern, value) is None:
        return BAD, f"{show(value)} does not match {info.pattern}"
    return value, ""
