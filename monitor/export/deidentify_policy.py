"""What becomes of every text and every time of a record when nobody may be known by it.

One line for each text field that a record can hold: a code of the catalogue is kept, a name or a
number that stands for somebody or something is replaced by a keyed hash, everything that a person
or a device may have written freely is left out. A field that is not here is left out too, and a
test asks for it; words of closed lists need no line. Times are told apart by their names: of the
hub, of a wall clock, or lengths.

>>> policy_of("Annotated", "text"), policy_of("AlarmChanged", "row")
(<Policy.OUT: 'out'>, <Policy.CODE: 'code'>)
"""

from enum import StrEnum

__all__ = [
    "HUB_TIMES",
    "LENGTHS",
    "PLAN_CODES",
    "TEXTS",
    "WALL_TIMES",
    "WHOLLY_OUT",
    "Policy",
    "policy_of",
]


class Policy(StrEnum):
    """What is done with a text."""

    CODE = "code"
    PERSON = "person"
    DEVICE = "device"
    SESSION = "session"
    MESSAGE = "message"
    ALARM = "alarm"
    RUNG = "rung"
    CONDITION = "condition"
    SAID = "said"
    OUT = "out"


_P = Policy

TEXTS: dict[str, Policy] = {
    # In any event or effect.
    "by": _P.PERSON,
    "reason": _P.OUT,
    "how": _P.OUT,
    "detail": _P.OUT,
    "why": _P.OUT,
    "note": _P.OUT,
    "words": _P.OUT,
    "text": _P.OUT,
    "tap": _P.OUT,
    "delivery": _P.MESSAGE,
    "alarm": _P.ALARM,
    "contact": _P.PERSON,
    "channel": _P.CODE,
    "address": _P.OUT,
    "device": _P.DEVICE,
    "row": _P.CODE,
    "family": _P.CODE,
    "item": _P.CODE,
    "question": _P.CODE,
    "state": _P.CODE,
    "rung": _P.RUNG,
    "purpose": _P.CODE,
    "condition": _P.CONDITION,
    "before": _P.CODE,
    "phase": _P.CODE,
    "metric": _P.CODE,
    "step": _P.CODE,
    "what": _P.CODE,
    "software": _P.CODE,
    # Of one kind of thing only.
    "SessionOpened.session": _P.SESSION,
    "AlarmChanged.id": _P.ALARM,
    "SignalChanged.id": _P.ALARM,
    "RehearsalChanged.id": _P.ALARM,
    "HandedOver.to": _P.OUT,
    "TaskChanged.to": _P.PERSON,
    "Patient.id": _P.PERSON,
    "Patient.name": _P.PERSON,
    "Patient.emergency_number": _P.OUT,
    "Contact.id": _P.PERSON,
    "Contact.name": _P.PERSON,
    "DeviceBinding.id": _P.DEVICE,
    "DeviceBinding.model": _P.CODE,
    "OnCall.physician": _P.PERSON,
    "OnCall.backup": _P.PERSON,
    "DeviceReport.boot_id": _P.DEVICE,
    "DeviceReport.digest": _P.OUT,
    "DeviceReport.failure": _P.SAID,
}
"""By the field's name, or by `Thing.field` where one thing means another."""

PLAN_CODES = frozenset({"id", "family", "on", "off_on"})
"""The texts of a plan that are kept: codes. Names, signatures and sentences are not."""

WHOLLY_OUT = frozenset({"Ambulance"})
"""Things that are left out as a whole: every word of them tells whose home it is."""

HUB_TIMES = frozenset({"at_ms", "received_ms", "due_ms", "until_ms", "from_ms", "to_ms"})
"""Hub times: from the session's opening on, not from the start of a machine."""

WALL_TIMES = frozenset({"wall_ms", "measured_ms"})
"""Dates: shifted."""

LENGTHS = frozenset({"ago_ms", "down_ms", "first_tap_ms", "gap_ms", "interval_ms", "took_ms"})
"""How long something took: kept."""


def policy_of(thing: str, field: str) -> Policy:
    """Return what is done with the text `field` of `thing` (a Struct's name)."""
    return TEXTS.get(f"{thing}.{field}", TEXTS.get(field, Policy.OUT))
