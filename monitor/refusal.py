"""Saying no: who may do what, and the one effect that says why not.

A refused command changes nothing and is told to the person who gave it. Nothing is decided here
about the patient.

    if refuse(engine, event, not_attending(engine, event)):
        return
"""

from typing import TYPE_CHECKING, Any

from alerts.contact import Role
from monitor.effects import Refused
from monitor.session import OVER

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["not_attending", "not_taking_part", "refuse"]

# Who looks after the patient. The patient may call for help, and say what they took.
_ATTENDS = frozenset({Role.COMPANION, Role.PHYSICIAN, Role.BACKUP, Role.ADMIN})


def refuse(engine: "Engine", event: Any, reason: str | None) -> bool:
    """Emit the refusal, if there is a reason for one."""
    if reason is None:
        return False
    what, by = type(event).__name__, getattr(event, "by", None)
    engine.emit(Refused(at_ms=event.at_ms, what=what, reason=reason, by=by))
    return True


def not_attending(engine: "Engine", event: Any) -> str | None:
    """Why this person may not do it: their role, or the session is over."""
    if engine.chart.phase in OVER:
        return f"the session is {engine.chart.phase.value}"
    return None if event.role in _ATTENDS else f"a {event.role.value} may not do this"


def not_taking_part(engine: "Engine", event: Any) -> str | None:
    """As `not_attending`, but the patient may."""
    is_patient = event.role is Role.PATIENT and engine.chart.phase not in OVER
    return None if is_patient else not_attending(engine, event)
