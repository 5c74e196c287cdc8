"""The protocol's own events: opening, the gate, doses, and limits for one patient.

Each function takes one event and moves the course, or says why not. A fact that should not have
been (a dose before the gate was passed) is taken and becomes an alarm: it is in the mouth. Whether
a row is present is not decided here.

    dose(engine, DoseConfirmed(at_ms=9_000, by="ann", role=Role.COMPANION))
"""

from typing import TYPE_CHECKING

from alerts.contact import Role
from monitor import gate_asked, high_bias, measured, risk, rota_gate
from monitor.effects import LimitChanged, PromptKind
from monitor.events import (
    DoseConfirmed,
    DoseExtra,
    GateOverridden,
    GateSet,
    SessionOpened,
    Tailored,
)
from monitor.happened import happened
from monitor.proofs import why_not_by_word, why_not_overridden
from monitor.refusal import not_attending, not_taking_part, refuse
from monitor.session import Phase, Trigger
from monitor.tailoring import TailorError, limit_of, tailored

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = [
    "dose",
    "extra_dose",
    "gate_overridden",
    "gate_set",
    "limit_tailored",
    "opened",
]

_REHEARSAL = (
    "this session is a rehearsal and watches nobody: end it, open a session, and confirm the dose"
    " there with the time it was taken"
)
_GATE_STATES = frozenset({"pass", "hold", "stop"})


def opened(engine: "Engine", event: SessionOpened) -> None:
    """The first event: the first phase begins, rows that cannot work are named."""
    plan = event.plan
    start = Trigger.OPENED if plan.start == "gate" else Trigger.OPENED_IN_PEAK
    engine.course.trigger(start, event.at_ms, "session opened")
    high_bias.begin(engine, event.at_ms)
    why = risk.reasons(event.patient.health)
    if why and plan.start == "gate":
        risk.begin(engine, ", ".join(why), event.at_ms)
    engine.say_off(event.at_ms)
    engine.refresh(event.at_ms)
    if plan.only_rehearsal:
        engine.rehearser.start("the hub", event.at_ms)


def gate_set(engine: "Engine", event: GateSet) -> None:
    """One gate item is passed, held or stopped."""
    why = not_attending(engine, event)
    if why is None and engine.chart.phase is not Phase.GATE:
        why = f"the gate is closed, the session is in {engine.chart.phase.value}"
    elif why is None and engine.chart.gate_lapsed:
        why = _lapsed(engine)
    elif why is None and event.item not in (ids := [one.id for one in engine.chart.gate_items]):
        why = f"the plan has no gate item {event.item!r}; it has {', '.join(ids)}"
    elif why is None and event.state not in _GATE_STATES:
        why = f"a gate item is pass, hold or stop, not {event.state!r}"
    if why is None:
        why = (
            _final(engine, event.item)
            or why_not_by_word(engine, event.item, event.state)
            or gate_asked.why_not(engine, event)
            or rota_gate.why_not(engine, event.item, event.state)
            or measured.why_not(engine, event.item, event.state, event.at_ms)
        )
    if not refuse(engine, event, why):
        engine.chart.gate[event.item] = event.state
        engine.chart.gate_notes[event.item] = event.note
        engine.proofs.by_proof.discard(event.item)
        measured.said(engine, event.item, event.state, event.at_ms)
    engine.refresh(event.at_ms)


def _final(engine: "Engine", item: str) -> str | None:
    """Why this item cannot be set any more: "a stop ... can never be overridden in the session"."""
    final = any(one.id == item and one.stop_final for one in engine.chart.plan.gate)
    # What a rehearsal has stopped, a later one may pass (`monitor/proofs.py`).
    by_proof = item in engine.proofs.by_proof
    stopped = engine.chart.gate.get(item) == "stop"
    if final and stopped and measured.final(engine, item) and not by_proof:
        return f"gate item {item!r} was stopped: that stands for this session, no dose today"
    return None


def _lapsed(engine: "Engine") -> str:
    minutes = engine.chart.plan.gate_min
    return f"the gate lapsed after {minutes} min; end this session and open a new one"


def gate_overridden(engine: "Engine", event: GateOverridden) -> None:
    """A physician lets an item on hold pass; a stop can never be overridden."""
    state = engine.chart.gate.get(event.item)
    why = None
    if event.role not in (Role.PHYSICIAN, Role.BACKUP):
        why = "only a physician overrides a gate item"
    elif engine.chart.phase is not Phase.GATE:
        why = f"the gate is closed, the session is in {engine.chart.phase.value}"
    elif engine.chart.gate_lapsed:
        why = _lapsed(engine)
    elif state != "hold":
        why = f"gate item {event.item!r} is {state or 'open'}; only an item on hold is overridden"
    else:
        why = why_not_overridden(engine, event.item)
    if not refuse(engine, event, why):
        engine.chart.gate[event.item] = "pass"
        engine.chart.gate_notes[event.item] = f"overridden by {event.by}: {event.reason}"
        measured.overridden(engine, event.item, event.at_ms)
        engine.refresh(event.at_ms)


def dose(engine: "Engine", event: DoseConfirmed) -> None:
    """The first dose is taken, whatever the gate says."""
    why = not_attending(engine, event)
    if why is None and engine.chart.plan.only_rehearsal:
        why = _REHEARSAL
    measured.follow(engine, event.at_ms)
    gate = engine.chart.gate
    open_items = [one.id for one in engine.chart.gate_items if gate.get(one.id) != "pass"]
    lapsed = event.at_ms - event.ago_ms >= engine.course.gate_until_ms
    if refuse(engine, event, why or engine.course.dose(event.at_ms, event.ago_ms)):
        return
    engine.prompts.done(PromptKind.CUFF)
    if open_items or lapsed:
        # The drug is in the mouth: that is a fact, and an alarm, never a refusal (DOSE-EARLY).
        reason = f"gate items open: {', '.join(open_items)}" if open_items else _lapsed(engine)
        risk.begin(engine, "dose before the gate was passed", event.at_ms)
        happened(engine, "dose_early", reason, event.at_ms)
        return
    engine.refresh(event.at_ms)


def extra_dose(engine: "Engine", event: DoseExtra) -> None:
    """A further dose is taken: all clocks run from it."""
    why = not_taking_part(engine, event)
    if refuse(engine, event, why or engine.course.extra_dose(event.at_ms, event.ago_ms)):
        return
    risk.begin(engine, "a further dose", event.at_ms)
    happened(engine, "dose_extra", f"entered by {event.by}", event.at_ms)


def limit_tailored(engine: "Engine", event: Tailored) -> None:
    """A physician sets another limit of one row: it holds from this event on."""
    chart = engine.chart
    why = not_attending(engine, event)
    if why is None and event.role not in (Role.PHYSICIAN, Role.BACKUP):
        why = "only a physician tailors a limit"
    elif why is None and not event.reason.strip():
        why = "a limit is changed with a reason"
    if refuse(engine, event, why):
        return
    try:
        row = tailored(chart.rows, event.row, event.limit_x100)
    except TailorError as error:
        refuse(engine, event, str(error))
        return
    before_x100 = limit_of(chart.rows[event.row])
    chart.rows[event.row], chart.tailored[event.row] = row, event.by
    engine.emit(
        LimitChanged(
            at_ms=event.at_ms,
            row=event.row,
            before_x100=before_x100,
            limit_x100=event.limit_x100,
            by=event.by,
            reason=event.reason,
        )
    )
    for detector in engine.board.all:
        if detector.id == event.row:
            detector.retune(row)
    engine.refresh(event.at_ms)
