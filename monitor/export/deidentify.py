"""Records in which nobody can be known: names replaced, dates shifted, free text left out.

What comes out are records again, so that every format of an export is made from them alike. Names
and ids become keyed hashes, the same one for the same name under the same key; all dates of one
patient move by the same secret span (a day to a year back, and some minutes, so that neither the
day nor the hour is told); hub times count from the session's opening; an age over 89 is 90. The
key never leaves the clinic. What the words of a plan are is left out; its numbers stay.

>>> Mask(b"k" * 32, "p1", 0).name("person", "Sam") == Mask(b"k" * 32, "p1", 9).name("person", "Sam")
True
"""

import hashlib
import hmac
import re
from enum import Enum
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from monitor.export.deidentify_policy import (
    HUB_TIMES,
    PLAN_CODES,
    WALL_TIMES,
    WHOLLY_OUT,
    Policy,
    policy_of,
)
from monitor.export.times import Dates
from monitor.journal import Record
from monitor.plan import Plan

__all__ = ["LEAST_KEY_BYTES", "Mask", "closed_words"]

LEAST_KEY_BYTES = 16
_MINUTE_MS = 60_000
_DAY_MS = 1_440 * _MINUTE_MS
_DAYS = 365
_OLDEST = 90
# A plan's sentence may not be empty.
_LEFT_OUT = "-"
_AT = re.compile(r"([a-z_]+)@(\d+)", re.ASCII)
_RUNG = re.compile(
    r"(patient|companion|physician|backup)(\+\d+s)?|P0|rest|speak|rehearsal|question|reminder",
    re.ASCII,
)
_CONDITION = re.compile(r"[a-z_]+(:(companion|physician|backup))?", re.ASCII)


class Mask:
    """What hides one patient's records: a key, whose they are, and when the session was opened."""

    def __init__(self, key: bytes, patient: str, opened_ms: int) -> None:
        """`key`: 16 secret bytes or more.

        Raises:
            ValueError: the key is too short.
        """
        if len(key) < LEAST_KEY_BYTES:
            raise ValueError(f"the key has {len(key)} bytes; it needs {LEAST_KEY_BYTES} or more")
        self._key, self._opened_ms = key, opened_ms
        seed = self._digest("shift", patient)
        days = 1 + int.from_bytes(seed[:8]) % _DAYS
        minutes = int.from_bytes(seed[8:16]) % 1_440
        self.shift_ms = -days * _DAY_MS - minutes * _MINUTE_MS

    def record(self, record: Record) -> Record:
        """Return a record as nobody can be known by it."""
        # What was made is read again: no field may hold what its type forbids.
        return msgspec.convert(msgspec.to_builtins(self.struct(record)), Record)

    def dates(self, dates: Dates) -> Dates:
        """Return the dates of the session as they may be seen."""
        return dates.moved(self.shift_ms, self._opened_ms)

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.digest(self._key, f"{kind}\0{value}".encode(), hashlib.sha256)

    def name(self, kind: str, value: str) -> str:
        """Return what stands for a name: the kind and twelve digits; nothing stays nothing."""
        return f"{kind}-{self._digest(kind, value).hex()[:12]}" if value else ""

    def text(self, policy: Policy, value: str) -> str:
        """Return what is left of a text."""
        match policy:
            case Policy.CODE:
                return value
            case Policy.ALARM:
                found = _AT.fullmatch(value)
                if found is None:
                    return self.name("alarm", value)
                return f"{found[1]}@{self.hub_ms(int(found[2]))}"
            case Policy.RUNG:
                return value if _RUNG.fullmatch(value) else ""
            case Policy.CONDITION:
                return value if _CONDITION.fullmatch(value) else self.name("condition", value)
            case Policy.SAID:
                return "said" if value else ""
            case Policy.OUT:
                return ""
            case _:
                return self.name(policy.value, value)

    def hub_ms(self, at_ms: int) -> int:
        """Return a hub time as the time since the session's opening."""
        return at_ms - self._opened_ms

    def struct(self, thing: Struct, *, in_plan: bool = False) -> Any:
        """Return the same thing with every field as it may be seen."""
        in_plan = in_plan or isinstance(thing, Plan)
        kind = type(thing)
        fields = {
            field: self._value(kind, field, getattr(thing, field), in_plan=in_plan)
            for field in thing.__struct_fields__
        }
        return kind(**fields)

    def _value(self, thing: type[Struct], field: str, value: Any, *, in_plan: bool) -> Any:
        if isinstance(value, Struct):
            if type(value).__name__ in WHOLLY_OUT:
                return None
            return self.struct(value, in_plan=in_plan)
        if isinstance(value, tuple):
            made = (self._value(thing, field, one, in_plan=in_plan) for one in value)
            # A text that is left out leaves no empty one behind.
            return tuple(one for one in made if one != "")
        if isinstance(value, str) and not isinstance(value, Enum):
            if field in closed_words(thing):
                return value
            return self._masked(thing.__name__, field, value, in_plan=in_plan)
        if isinstance(value, int) and not isinstance(value, bool):
            return self._number(field, value)
        return value

    def _masked(self, thing: str, field: str, value: str, *, in_plan: bool) -> str:
        if not in_plan:
            return self.text(policy_of(thing, field), value)
        return value if field in PLAN_CODES or not value else _LEFT_OUT

    def _number(self, field: str, value: int) -> int | None:
        if field in HUB_TIMES:
            return self.hub_ms(value)
        if field in WALL_TIMES:
            return value + self.shift_ms
        if field == "utc_offset_min":
            return None
        return min(value, _OLDEST) if field == "age_years" else value


@cache
def closed_words(kind: type[Struct]) -> frozenset[str]:
    """Return the fields of a Struct that can only hold words of a list in the code."""
    hints = get_type_hints(kind)
    return frozenset(field for field, hint in hints.items() if _has_literal(hint))


def _has_literal(hint: Any) -> bool:
    return get_origin(hint) is Literal or any(_has_literal(one) for one in get_args(hint))
