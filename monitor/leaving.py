"""The ways out of a session: discharge, hand-over, the end of an emergency, an end before time.

Each function takes one event and moves the course, or says why not. A companion who wants to stop
while criteria are open is heard by the physician, and watching goes on (END-EARLY). What the
criteria are is not decided here.

    discharged(engine, Discharged(at_ms=9_000, by="ann", role=Role.COMPANION))
"""

from typing import TYPE_CHECKING

from alerts.contact import Role
from monitor import patient_taps
from monitor.discharge import next_reading_ms, unmet
from monitor.events import (
    Discharged,
    DischargeTried,
    EmergencyClosed,
    Ended,
    HandedOver,
    PeakEnded,
)
from monitor.happened import happened
from monitor.refusal import not_attending, refuse
from monitor.score import line_of
from monitor.session import OVER, Phase, Trigger

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = [
    "discharge_tried",
    "discharged",
    "emergency_closed",
    "ended",
    "handed_over",
    "peak_ended",
]


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


def peak_ended(engine: "Engine", event: PeakEnded) -> None:
    """A physician ends a peak whose blood pressure nobody can take."""
    why = None
    if event.role not in (Role.PHYSICIAN, Role.BACKUP):
        why = "only a physician ends the peak without a blood pressure"
    elif not event.reason.strip():
        why = "the peak is ended with a reason"
    if why is None:
        why = engine.course.end_peak(event.at_ms, f"ended by {event.by}: {event.reason}")
    if not refuse(engine, event, why):
        engine.refresh(event.at_ms)


def discharge_tried(engine: "Engine", event: DischargeTried) -> None:
    """A trial: the companion's answers, and all criteria as they are now.

    The second one in a row that meets them all, ten minutes after the first, is the discharge.
    """
    why = not_attending(engine, event) or _not_in_recovery(engine)
    if refuse(engine, event, why):
        return
    at_ms = event.at_ms
    engine.trials.answered(event.answers, at_ms)
    engine.news2 = line_of(engine.chart, at_ms)
    criteria = engine.criteria(at_ms)
    engine.trials.judge(criteria, at_ms)
    due_ms = next_reading_ms(engine.chart, criteria, at_ms)
    if due_ms is not None:
        engine.chart.cuff.at_latest(due_ms)
    if not unmet(criteria) and engine.trials.twice(at_ms):
        _discharge(engine, event)
    else:
        patient_taps.trial(engine, at_ms)
        engine.refresh(at_ms)


def discharged(engine: "Engine", event: Discharged) -> None:
    """The session ends well: all criteria were met twice, and still are."""
    why = not_attending(engine, event) or _not_in_recovery(engine)
    if why is None:
        why = "; ".join(unmet(engine.criteria(event.at_ms))) or None
    if why is None and not engine.trials.twice(event.at_ms):
        why = "all criteria must be met twice, 10 min apart: try first, then again"
    if not refuse(engine, event, why):
        _discharge(engine, event)


def _discharge(engine: "Engine", event: Discharged | DischargeTried) -> None:
    trigger = Trigger.FOLLOW if engine.chart.plan.follow_up is not None else Trigger.DISCHARGE
    engine.course.trigger(trigger, event.at_ms, f"discharge confirmed by {event.by}")


def _not_in_recovery(engine: "Engine") -> str | None:
    phase = engine.chart.phase
    if phase is Phase.RECOVERY:
        return None
    return f"discharge belongs to recovery, the session is in {phase.value}"


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
        happened(engine, "end_early", reason, event.at_ms)
