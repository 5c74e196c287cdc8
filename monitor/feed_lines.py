"""What screens list of a session: every decision, and what people did that made it.

A line is an effect or an event of a person, as the record has it, told apart by the key `effect` or
`event`. Left out is what is nobody's business: a message's address, the number of a test sound, and
the answers about thoughts of suicide (who answered stands in an effect, what was answered nowhere).
A refused event has no line of its own: its refusal is one.

>>> from alerts.contact import Role
>>> lines_of(Annotated(at_ms=5, by="lee", role=Role.PHYSICIAN, text="calm"), [])
[{'event': 'Annotated', 'at_ms': 5, 'by': 'lee', 'role': 'physician', 'text': 'calm'}]
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import structs

from devices.notice import Thing
from monitor.effects import Effect, Refused, Send, Sound, TestSound
from monitor.events import (
    AlarmJudged,
    Annotated,
    CheckedIn,
    CheckInCorrected,
    CuffFailed,
    CuffStarted,
    DischargeTried,
    DoseConfirmed,
    DoseExtra,
    EmergencyClosed,
    Ended,
    Event,
    GateOverridden,
    GateSet,
    HandedOver,
    HelpCalled,
    HelpCancelled,
    MonitorDown,
    Noticed,
    PatientTapped,
    PulseCounted,
    RecordGap,
    TypedReading,
)

__all__ = ["LISTED", "lines_of"]

LISTED = (
    AlarmJudged,
    Annotated,
    CheckedIn,
    CheckInCorrected,
    CuffFailed,
    CuffStarted,
    DischargeTried,
    DoseConfirmed,
    DoseExtra,
    EmergencyClosed,
    Ended,
    GateOverridden,
    GateSet,
    HandedOver,
    HelpCalled,
    HelpCancelled,
    MonitorDown,
    Noticed,
    PatientTapped,
    PulseCounted,
    RecordGap,
    TypedReading,
)
"""Events that have a line; an answer to an alarm has one by its effect."""

_PRIVATE = frozenset({Thing.IDEATION, Thing.INTENT})


def lines_of(event: Event, effects: Sequence[Effect]) -> list[dict[str, Any]]:
    """Return what screens list of one record, what was done before what followed."""
    lines = [
        msgspec.to_builtins(
            structs.replace(effect, address="") if isinstance(effect, Send) else effect
        )
        for effect in effects
        if not isinstance(effect, Sound | TestSound)
    ]
    return [_event(event), *lines] if _has_line(event, effects) else lines


def _has_line(event: Event, effects: Sequence[Effect]) -> bool:
    if not isinstance(event, LISTED) or any(isinstance(one, Refused) for one in effects):
        return False
    return not (isinstance(event, Noticed) and event.what in _PRIVATE)


def _event(event: Event) -> dict[str, Any]:
    line: dict[str, Any] = msgspec.to_builtins(event)
    line.pop("tap", None)
    if isinstance(event, CheckedIn | CheckInCorrected):
        # As the companion tapped it, and as every screen reads it.
        del line["check"]
        line["codes"] = event.check.codes
    # How somebody walks is theirs; whether a criterion is met stands among the criteria.
    line.pop("answers", None)
    return line
