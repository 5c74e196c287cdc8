"""The hub's own events: deliveries, its conditions, outages, the clock, gaps in the record.

Each function takes one event. An outage is an alarm by its length; how long it was is not found out
here.

    monitor_down(engine, MonitorDown(at_ms=99_000, down_ms=50_000))
"""

from typing import TYPE_CHECKING

from alerts.condition import Priority
from monitor import follow_up, rota_gate
from monitor.events import (
    ClockSettled,
    DeliveryReported,
    HubCondition,
    MonitorDown,
    OnCallChanged,
    RecordGap,
    RecordLooked,
    Tick,
    Woke,
)
from monitor.refusal import refuse

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = [
    "clock_settled",
    "delivery_reported",
    "hub_condition",
    "monitor_down",
    "on_call_changed",
    "passed",
    "record_gap",
]

# An outage is an alarm by its length (design section 3 "Recovery").
_DOWN = ((120_000, Priority.HIGH), (45_000, Priority.MEDIUM), (10_000, Priority.LOW))


def delivery_reported(engine: "Engine", event: DeliveryReported) -> None:
    """A channel says what became of a message."""
    why = engine.alarms.post.report(event.delivery, event.state, event.detail, event.at_ms)
    refuse(engine, event, why)


def hub_condition(engine: "Engine", event: HubCondition) -> None:
    """Something of the hub's own is wrong, or right again."""
    engine.observer.hub(event.condition, present=event.present, detail=event.detail)
    rota_gate.follow(engine, event.condition)
    engine.refresh(event.at_ms)
    # What the hub was never asked to do turns rows off: said once, as at the opening.
    engine.say_off(event.at_ms)


def monitor_down(engine: "Engine", event: MonitorDown) -> None:
    """Say how long nobody was watching, and send what became due meanwhile."""
    at_ms, down_ms = event.at_ms, event.down_ms
    engine.clocks.forget()
    engine.alarms.release(at_ms)
    if down_ms is None:
        engine.chart.clock_lost_ms = at_ms
        priority: Priority | None = Priority.HIGH
        reason = f"the hub did not run, nobody can know for how long. {event.detail}".strip()
    else:
        priority = next((p for least_ms, p in _DOWN if down_ms >= least_ms), None)
        reason = f"the hub did not run for {down_ms // 1000} s"
    after = follow_up.outage(engine, event)
    if after is not None:
        priority, reason = after[0], reason + after[1]
    if priority is not None:
        engine.observer.say("monitor_down", present=True, reason=reason, priority=priority)
        engine.judge.refresh(at_ms)
        engine.observer.say("monitor_down", present=False, reason="the hub runs again")
    engine.refresh(at_ms)


def on_call_changed(engine: "Engine", event: OnCallChanged) -> None:
    """Another person is on call from now on, or nobody: that is an alarm (ROTA-GAP)."""
    role, at_ms = event.role, event.at_ms
    if refuse(engine, event, engine.alarms.on_call(role, event.contact, at_ms)):
        return
    gap = f"rota:{role.value}:nobody"
    if event.contact is None:
        detail = f"nobody is on call as {role.value}. {event.detail}".rstrip(". ")
        engine.observer.hub(gap, present=True, detail=detail)
    elif gap in engine.observer.standing():
        engine.observer.hub(gap, present=False, detail=f"{event.contact.id} is on call")
    engine.refresh(at_ms)


def clock_settled(engine: "Engine", event: ClockSettled) -> None:
    """Hub time has moved forward: see what that makes due."""
    engine.chart.clock_lost_ms = None
    engine.clocks.forget()
    engine.refresh(event.at_ms)


def record_gap(_engine: "Engine", _event: RecordGap) -> None:
    """The record keeps it; ENGINE has said it while it lasted."""


def passed(_engine: "Engine", _event: RecordLooked | Tick | Woke) -> None:
    """What was due has been done before."""
