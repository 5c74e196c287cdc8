"""The protocol's own events: opening, the gate, doses, emergencies, the ways out of a session.

Each function takes one event and moves the course, or says why not. A fact that should not have
been (a dose before the gate was passed) is taken and becomes an alarm: it is in the mouth. Whether
a row is present is not decided here.

    dose(engine, DoseConfirmed(at_ms=9_000, by="ann", role=Role.COMPANION))
"""

from typing import TYPE_CHECKING

from alerts.condition import Kind, Priority
from alerts.contact import Role
from monitor.events import (
    Discharged,
    DoseConfirmed,
    DoseExtra,
    EmergencyClosed,
    Ended,
    GateOverridden,
    GateSet,
    HandedOver,
    SessionOpened,
)
from monitor.refusal import not_attending, not_taking_part, refuse
from monitor.session import OVER, Phase, Trigger

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = [
    "discharged",
    "dose",
    "emergency_closed",
    "ended",
    "extra_dose",
    "gate_overridden",
    "gate_set",
    "handed_over",
    "opened",
]

_FRESH_MS = 60_000
_GATE_STATES = frozenset({"pass", "hold", "stop"})


def opened(engine: "Engine", event: SessionOpened) -> None:
    """The first event: the first phase begins, rows that cannot work are named."""
    start = Trigger.OPENED if event.plan.start == "gate" else Trigger.OPENED_IN_PEAK
    engine.course.trigger(start, event.at_ms, "session opened")
    engine.say_off(event.at_ms)
    engine.refresh(event.at_ms)


def gate_set(engine: "Engine", event: GateSet) -> None:
    """One gate item is passed, held or stopped."""
    why = not_attending(engine, event)
    plan = engine.chart.plan
    if why is None and engine.chart.phase is not Phase.GATE:
        why = f"the gate is closed, the session is in {engine.chart.phase.value}"
    elif why is None and event.item not in plan.gate:
        why = f"the plan has no gate item {event.item!r}; it has {', '.join(plan.gate)}"
    elif why is None and event.state not in _GATE_STATES:
        why = f"a gate item is pass, hold or stop, not {event.state!r}"
    if not refuse(engine, event, why):
        engine.chart.gate[event.item] = event.state


def gate_overridden(engine: "Engine", event: GateOverridden) -> None:
    """A physician lets an item on hold pass; a stop can never be overridden."""
    state = engine.chart.gate.get(event.item)
    why = None
    if event.role not in (Role.PHYSICIAN, Role.BACKUP):
        why = "only a physician overrides a gate item"
    elif engine.chart.phase is not Phase.GATE:
        why = f"the gate is closed, the session is in {engine.chart.phase.value}"
    elif state != "hold":
        why = f"gate item {event.item!r} is {state or 'open'}; only an item on hold is overridden"
    if not refuse(engine, event, why):
        engine.chart.gate[event.item] = "pass"


def dose(engine: "Engine", event: DoseConfirmed) -> None:
    """The first dose is taken, whatever the gate says."""
    why = not_attending(engine, event)
    open_items = [i for i in engine.chart.plan.gate if engine.chart.gate.get(i) != "pass"]
    if refuse(engine, event, why or engine.course.dose(event.at_ms, event.ago_ms)):
        return
    if open_items:
        # The drug is in the mouth: that is a fact, and an alarm, never a refusal (DOSE-EARLY).
        reason = f"gate items open: {', '.join(open_items)}"
        engine.observer.say("dose_early", present=True, reason=reason)
    engine.refresh(event.at_ms)


def extra_dose(engine: "Engine", event: DoseExtra) -> None:
    """A further dose is taken: all clocks run from it."""
    why = not_taking_part(engine, event)
    if refuse(engine, event, why or engine.course.extra_dose(event.at_ms, event.ago_ms)):
        return
    engine.observer.say("dose_extra", present=True, reason=f"entered by {event.by}")
    engine.refresh(event.at_ms)


def handed_over(engine: "Engine", event: HandedOver) -> None:
    """Somebody else is responsible now, by name."""
    why = not_attending(engine, event)
    if why is None and not engine.course.trigger(
        Trigger.HANDED_OVER, event.at_ms, f"handed over to {event.to} by {event.by}"
    ):
        why = f"nothing to hand over in {engine.chart.phase.value}"
    refuse(engine, event, why)


def emergency_closed(engine: "Engine", event: EmergencyClosed) -> None:
    """A physician ends the emergency phase."""
    why = None if engine.course.may_end(event.role) else "only a physician closes an emergency"
    if why is None and not engine.course.trigger(
        Trigger.EMERGENCY_CLOSED, event.at_ms, f"closed by {event.by}"
    ):
        why = f"there is no emergency, the session is in {engine.chart.phase.value}"
    if not refuse(engine, event, why):
        engine.refresh(event.at_ms)


def discharged(engine: "Engine", event: Discharged) -> None:
    """The session ends well, if nothing is open."""
    why = not_attending(engine, event)
    if why is None:
        why = _discharge_open(engine, event.at_ms)
    if why is None and not engine.course.trigger(
        Trigger.DISCHARGE, event.at_ms, f"discharge confirmed by {event.by}"
    ):
        why = f"discharge belongs to recovery, the session is in {engine.chart.phase.value}"
    refuse(engine, event, why)


def _discharge_open(engine: "Engine", at_ms: int) -> str | None:
    """R29: "no discharge with open H/M or stale vitals"."""
    for alarm in engine.alarms.book.open.values():
        if any(state.latched for state in alarm.rows.values()):
            return f"alarm {alarm.id} is latched; a person must reset it"
        bodily = alarm.top.facts.kind in (Kind.PHYSIOLOGICAL, Kind.OBSERVER)
        if alarm.level[0] is not Priority.LOW and bodily:
            return f"alarm {alarm.id} is open"
    last_ms = engine.chart.oximeter.last_valid_ms
    if last_ms is None or at_ms - last_ms > _FRESH_MS:
        return "no valid SpO2 in the last minute"
    return None


def ended(engine: "Engine", event: Ended) -> None:
    """Somebody wants to close the session: aborted, ended, or END-EARLY by who they are."""
    if engine.chart.phase in OVER:
        refuse(engine, event, f"the session is {engine.chart.phase.value}")
    elif engine.chart.phase is Phase.GATE and event.role is not Role.VIEWER:
        # "patient stops, no dose taken"; a hub that is being stopped aborts nothing.
        engine.course.trigger(Trigger.ABORT, event.at_ms, event.reason or f"ended by {event.by}")
    elif engine.course.may_end(event.role):
        engine.course.trigger(Trigger.END, event.at_ms, event.reason or f"ended by {event.by}")
    else:
        # END-EARLY: "monitoring and check-ins go on until the physician ends them".
        reason = f"{event.by}: {event.reason or 'wants to end the session'}"
        engine.observer.say("end_early", present=True, reason=reason)
        engine.refresh(event.at_ms)
