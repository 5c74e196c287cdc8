"""What people say to an alarm, or to everybody: accept, acknowledge, reset, help, a note.

Each function takes one event and hands it to the alarm system, whose "no" becomes a refusal. Who is
told next is not decided here.

    accepted(engine, Accepted(at_ms=9_000, by="ann", role=Role.COMPANION, alarm="oxygen@5000"))
"""

from typing import TYPE_CHECKING

from monitor.events import (
    Accepted,
    Acknowledged,
    Annotated,
    CalledBack,
    DeliveryAnswered,
    HelpCalled,
    HelpCancelled,
    Rejected,
    ResetByPerson,
)
from monitor.proofs import message_answered, page_answered
from monitor.refusal import not_taking_part, refuse
from monitor.session import OVER, Trigger

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = [
    "accepted",
    "acknowledged",
    "annotated",
    "called_back",
    "delivery_answered",
    "help_called",
    "help_cancelled",
    "rejected",
    "reset",
]


def acknowledged(engine: "Engine", event: Acknowledged) -> None:
    """A person pauses the sound of one alarm."""
    why = engine.alarms.acknowledge(event.alarm, event.by, event.role, event.at_ms)
    refuse(engine, event, why)


def accepted(engine: "Engine", event: Accepted) -> None:
    """A person takes one alarm on a lease, or answers a rehearsal."""
    if page_answered(engine, event):
        return
    refuse(engine, event, engine.alarms.accept(event.alarm, event.by, event.role, event.at_ms))


def rejected(engine: "Engine", event: Rejected) -> None:
    """A person cannot take one alarm, or a rehearsal."""
    if page_answered(engine, event):
        return
    refuse(engine, event, engine.alarms.reject(event.alarm, event.by, event.role, event.at_ms))


def delivery_answered(engine: "Engine", event: DeliveryAnswered) -> None:
    """The person of one message answered it by its own way."""
    if message_answered(engine, event):
        return
    why = engine.alarms.answered(event.delivery, event.verdict, event.detail, event.at_ms)
    refuse(engine, event, why)


def called_back(engine: "Engine", event: CalledBack) -> None:
    """A physician has called the room back."""
    why = engine.alarms.called_back(event.alarm, event.by, event.role, event.at_ms)
    refuse(engine, event, why)


def reset(engine: "Engine", event: ResetByPerson) -> None:
    """A person ends the latched rows of one alarm."""
    refuse(engine, event, engine.alarms.reset(event.alarm, event.by, event.role, event.at_ms))


def help_called(engine: "Engine", event: HelpCalled) -> None:
    """Anybody in the session asks for help: an emergency until a physician closes it."""
    if engine.chart.phase in OVER:
        phase = engine.chart.phase.value
        refuse(engine, event, f"the session is {phase}: nobody is told; call for help yourself")
        return
    engine.observer.say("panic", present=True, reason=f"{event.by} asks for help")
    engine.course.trigger(Trigger.CLASS_E, event.at_ms, "help was called")
    engine.refresh(event.at_ms)


def help_cancelled(engine: "Engine", event: HelpCancelled) -> None:
    """The panic button was pressed by mistake; the alarm stays latched."""
    report = engine.chart.reports.get("panic")
    why = not_taking_part(engine, event)
    if why is None and (report is None or not report.present):
        why = "nobody has called for help"
    if refuse(engine, event, why):
        return
    engine.observer.say("panic", present=False, reason=f"cancelled by {event.by}")
    engine.refresh(event.at_ms)


def annotated(_engine: "Engine", _event: Annotated) -> None:
    """The record keeps it; nothing is decided by it."""
