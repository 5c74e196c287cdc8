"""What each event does: one function a kind of event, and the table of them.

A handler changes the chart, asks the rows, and says why it refuses what it refuses; a refused
command changes nothing else. It keeps no state of its own and starts nothing.

    HANDLERS[Reading](engine, Reading(at_ms=1, report=report))
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from alerts.condition import Kind, Priority
from alerts.contact import Role
from devices.observation import DeviceKind
from monitor.effects import PromptKind, Refused, Unjudged
from monitor.events import (
    Accepted,
    Acknowledged,
    Annotated,
    CheckedIn,
    CheckInCorrected,
    ClockSettled,
    CuffStarted,
    DeliveryReported,
    DeviceStatus,
    Discharged,
    DoseConfirmed,
    DoseExtra,
    EmergencyClosed,
    Ended,
    GateOverridden,
    GateSet,
    HandedOver,
    HelpCalled,
    HelpCancelled,
    HubCondition,
    MonitorDown,
    PulseCounted,
    Reading,
    RecordGap,
    Rejected,
    ResetByPerson,
    SessionOpened,
    Tick,
    Woke,
)
from monitor.session import OVER, Phase, Trigger

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["HANDLERS"]

_CORRECT_MS = 60_000
_GATE_STATES = frozenset({"pass", "hold", "stop"})
# "can never be overridden in the session" (`clinical.md` 1.4, phase 1): a stop of any item.
_ATTENDS = frozenset({Role.COMPANION, Role.PHYSICIAN, Role.BACKUP, Role.ADMIN})
# An outage is an alarm by its length (design section 3 "Recovery").
_DOWN = ((120_000, Priority.HIGH), (45_000, Priority.MEDIUM), (10_000, Priority.LOW))


def _refuse(engine: "Engine", event: Any, reason: str | None) -> bool:
    """Emit the refusal, if there is a reason for one."""
    if reason is None:
        return False
    what, by = type(event).__name__, getattr(event, "by", None)
    engine.emit(Refused(at_ms=event.at_ms, what=what, reason=reason, by=by))
    return True


def _attending(engine: "Engine", event: Any) -> str | None:
    """Why this person may not do it: their role, or the session is over."""
    if engine.chart.phase in OVER:
        return f"the session is {engine.chart.phase.value}"
    return None if event.role in _ATTENDS else f"a {event.role.value} may not do this"


def _opened(engine: "Engine", event: SessionOpened) -> None:
    start = Trigger.OPENED if event.plan.start == "gate" else Trigger.OPENED_IN_PEAK
    engine.course.trigger(start, event.at_ms, "session opened")
    engine.say_off(event.at_ms)
    engine.refresh(event.at_ms)


def _reading(engine: "Engine", event: Reading) -> None:
    at_ms, report = event.at_ms, event.report
    if engine.is_duplicate(report):
        engine.emit(Unjudged(at_ms=at_ms, device=report.device, reason="duplicate"))
        return
    engine.seen.add(report)
    if engine.chart.phase in OVER:
        reason = f"the session is {engine.chart.phase.value}"
        engine.emit(Unjudged(at_ms=at_ms, device=report.device, reason=reason))
        return
    had_baseline_due = engine.chart.oximeter.first_valid_ms is not None
    taken = engine.intake.take(event)
    if taken.unjudged:
        engine.emit(Unjudged(at_ms=at_ms, device=report.device, reason=taken.unjudged))
    if taken.implausible:
        engine.observer.implausible(f"{report.device}: {taken.implausible}", at_ms)
        engine.judge.refresh(at_ms)
    elif not taken.unjudged and engine.observer.doubts:
        engine.observer.plausible(at_ms)
        engine.judge.refresh(at_ms)
    if taken.sample is not None:
        engine.judge.sample(taken.sample)
        if not had_baseline_due and taken.sample.spo2 is not None:
            engine.consider(at_ms)
    elif taken.reading is not None:
        engine.prompts.done(PromptKind.CUFF)
        engine.chart.cuff.satisfy(at_ms, engine.chart.dose_ms)
        engine.judge.reading(taken.reading)
        engine.refresh(at_ms)
    elif taken.failed:
        engine.judge.failed(at_ms)


def _device_status(engine: "Engine", event: DeviceStatus) -> None:
    name = f"link:{event.device}"
    engine.observer.hub(name, present=not event.online, detail=f"{event.device}: {event.reason}")
    engine.refresh(event.at_ms)


def _checked_in(engine: "Engine", event: CheckedIn) -> None:
    if _refuse(engine, event, _attending(engine, event)):
        return
    at_ms = event.at_ms
    engine.prompts.done(PromptKind.CHECK_IN)
    engine.chart.check_in.satisfy(at_ms, engine.chart.dose_ms)
    engine.observer.checked(event.check, at_ms)
    engine.refresh(at_ms)
    if event.check.answers_quiet:
        engine.alarms.saw_well(at_ms)


def _corrected(engine: "Engine", event: CheckInCorrected) -> None:
    why = _attending(engine, event)
    last_ms = engine.chart.check_ms
    if why is None and (last_ms is None or event.at_ms - last_ms > _CORRECT_MS):
        why = "a check-in can be corrected for 60 s; enter a new one"
    if _refuse(engine, event, why):
        return
    engine.observer.correct(event.check, event.at_ms)
    engine.refresh(event.at_ms)


def _pulse_counted(engine: "Engine", event: PulseCounted) -> None:
    if _refuse(engine, event, _attending(engine, event)):
        return
    engine.chart.counted = (event.at_ms, event.pulse_x100)
    engine.refresh(event.at_ms)


def _cuff_started(engine: "Engine", event: CuffStarted) -> None:
    if _refuse(engine, event, _attending(engine, event)):
        return
    cuff = engine.chart.bound(DeviceKind.CUFF)
    if cuff is not None and cuff.same_arm:
        engine.chart.inflated_since_ms = event.at_ms
        engine.chart.held_until_ms = event.at_ms + 60_000
    engine.refresh(event.at_ms)


def _gate_set(engine: "Engine", event: GateSet) -> None:
    why = _attending(engine, event)
    plan = engine.chart.plan
    if why is None and engine.chart.phase is not Phase.GATE:
        why = f"the gate is closed, the session is in {engine.chart.phase.value}"
    elif why is None and event.item not in plan.gate:
        why = f"the plan has no gate item {event.item!r}; it has {', '.join(plan.gate)}"
    elif why is None and event.state not in _GATE_STATES:
        why = f"a gate item is pass, hold or stop, not {event.state!r}"
    if not _refuse(engine, event, why):
        engine.chart.gate[event.item] = event.state


def _gate_overridden(engine: "Engine", event: GateOverridden) -> None:
    state = engine.chart.gate.get(event.item)
    why = None
    if event.role not in (Role.PHYSICIAN, Role.BACKUP):
        why = "only a physician overrides a gate item"
    elif engine.chart.phase is not Phase.GATE:
        why = f"the gate is closed, the session is in {engine.chart.phase.value}"
    elif state != "hold":
        why = f"gate item {event.item!r} is {state or 'open'}; only an item on hold is overridden"
    if not _refuse(engine, event, why):
        engine.chart.gate[event.item] = "pass"


def _dose(engine: "Engine", event: DoseConfirmed) -> None:
    why = _attending(engine, event)
    if _refuse(engine, event, why):
        return
    open_items = [i for i in engine.chart.plan.gate if engine.chart.gate.get(i) != "pass"]
    if _refuse(engine, event, engine.course.dose(event.at_ms, event.ago_ms)):
        return
    if open_items:
        # The drug is in the mouth: that is a fact, and an alarm, never a refusal (DOSE-EARLY).
        reason = f"gate items open: {', '.join(open_items)}"
        engine.observer.say("dose_early", present=True, reason=reason)
    engine.refresh(event.at_ms)


def _extra_dose(engine: "Engine", event: DoseExtra) -> None:
    if _refuse(engine, event, engine.course.extra_dose(event.at_ms, event.ago_ms)):
        return
    engine.observer.say("dose_extra", present=True, reason=f"entered by {event.by}")
    engine.refresh(event.at_ms)


def _acknowledged(engine: "Engine", event: Acknowledged) -> None:
    why = engine.alarms.acknowledge(event.alarm, event.by, event.role, event.at_ms)
    _refuse(engine, event, why)


def _accepted(engine: "Engine", event: Accepted) -> None:
    _refuse(engine, event, engine.alarms.accept(event.alarm, event.by, event.role, event.at_ms))


def _rejected(engine: "Engine", event: Rejected) -> None:
    _refuse(engine, event, engine.alarms.reject(event.alarm, event.by, event.role, event.at_ms))


def _reset(engine: "Engine", event: ResetByPerson) -> None:
    _refuse(engine, event, engine.alarms.reset(event.alarm, event.by, event.role, event.at_ms))


def _help(engine: "Engine", event: HelpCalled) -> None:
    engine.observer.say("panic", present=True, reason=f"{event.by} asks for help")
    engine.course.trigger(Trigger.CLASS_E, event.at_ms, "help was called")
    engine.refresh(event.at_ms)


def _help_cancelled(engine: "Engine", event: HelpCancelled) -> None:
    engine.observer.say("panic", present=False, reason=f"cancelled by {event.by}")
    engine.refresh(event.at_ms)


def _annotated(_engine: "Engine", _event: Annotated) -> None:
    """The record keeps it; nothing is decided by it."""


def _handed_over(engine: "Engine", event: HandedOver) -> None:
    why = _attending(engine, event)
    if why is None and not engine.course.trigger(
        Trigger.HANDED_OVER, event.at_ms, f"handed over to {event.to} by {event.by}"
    ):
        why = f"nothing to hand over in {engine.chart.phase.value}"
    _refuse(engine, event, why)


def _emergency_closed(engine: "Engine", event: EmergencyClosed) -> None:
    why = None if engine.course.may_end(event.role) else "only a physician closes an emergency"
    if why is None and not engine.course.trigger(
        Trigger.EMERGENCY_CLOSED, event.at_ms, f"closed by {event.by}"
    ):
        why = f"there is no emergency, the session is in {engine.chart.phase.value}"
    if not _refuse(engine, event, why):
        engine.refresh(event.at_ms)


def _discharged(engine: "Engine", event: Discharged) -> None:
    why = _attending(engine, event)
    if why is None:
        why = _discharge_open(engine, event.at_ms)
    if why is None and not engine.course.trigger(
        Trigger.DISCHARGE, event.at_ms, f"discharge confirmed by {event.by}"
    ):
        why = f"discharge belongs to recovery, the session is in {engine.chart.phase.value}"
    _refuse(engine, event, why)


def _discharge_open(engine: "Engine", at_ms: int) -> str | None:
    """R29: "no discharge with open H/M or stale vitals"."""
    for alarm in engine.alarms.book.open.values():
        if any(state.latched for state in alarm.rows.values()):
            return f"alarm {alarm.id} is latched; a person must reset it"
        bodily = alarm.top.facts.kind in (Kind.PHYSIOLOGICAL, Kind.OBSERVER)
        if alarm.level[0] is not Priority.LOW and bodily:
            return f"alarm {alarm.id} is open"
    last_ms = engine.chart.oximeter.last_valid_ms
    if last_ms is None or at_ms - last_ms > _CORRECT_MS:
        return "no valid SpO2 in the last minute"
    return None


def _ended(engine: "Engine", event: Ended) -> None:
    if engine.chart.phase in OVER:
        _refuse(engine, event, f"the session is {engine.chart.phase.value}")
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


def _delivery(engine: "Engine", event: DeliveryReported) -> None:
    why = engine.alarms.post.report(event.delivery, event.state, event.detail, event.at_ms)
    _refuse(engine, event, why)


def _hub(engine: "Engine", event: HubCondition) -> None:
    engine.observer.hub(event.condition, present=event.present, detail=event.detail)
    engine.refresh(event.at_ms)


def _monitor_down(engine: "Engine", event: MonitorDown) -> None:
    at_ms, down_ms = event.at_ms, event.down_ms
    engine.alarms.post.release(at_ms)
    if down_ms is None:
        priority: Priority | None = Priority.HIGH
        reason = f"the hub did not run, nobody can know for how long. {event.detail}".strip()
    else:
        priority = next((p for least_ms, p in _DOWN if down_ms >= least_ms), None)
        reason = f"the hub did not run for {down_ms // 1000} s"
    if priority is not None:
        engine.observer.say("monitor_down", present=True, reason=reason, priority=priority)
        engine.judge.refresh(at_ms)
        engine.observer.say("monitor_down", present=False, reason="the hub runs again")
    engine.refresh(at_ms)


def _clock_settled(engine: "Engine", event: ClockSettled) -> None:
    engine.refresh(event.at_ms)


def _record_gap(_engine: "Engine", _event: RecordGap) -> None:
    """The record keeps it; ENGINE has said it while it lasted."""


def _tick(_engine: "Engine", _event: Tick | Woke) -> None:
    """What was due has been done before."""


HANDLERS: dict[type, Callable[["Engine", Any], None]] = {
    SessionOpened: _opened,
    Reading: _reading,
    DeviceStatus: _device_status,
    CheckedIn: _checked_in,
    CheckInCorrected: _corrected,
    PulseCounted: _pulse_counted,
    CuffStarted: _cuff_started,
    GateSet: _gate_set,
    GateOverridden: _gate_overridden,
    DoseConfirmed: _dose,
    DoseExtra: _extra_dose,
    Acknowledged: _acknowledged,
    Accepted: _accepted,
    Rejected: _rejected,
    ResetByPerson: _reset,
    HelpCalled: _help,
    HelpCancelled: _help_cancelled,
    Annotated: _annotated,
    HandedOver: _handed_over,
    EmergencyClosed: _emergency_closed,
    Discharged: _discharged,
    Ended: _ended,
    DeliveryReported: _delivery,
    HubCondition: _hub,
    MonitorDown: _monitor_down,
    ClockSettled: _clock_settled,
    RecordGap: _record_gap,
    Tick: _tick,
    Woke: _tick,
}
