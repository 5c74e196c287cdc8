"""The patient's own tap, "I am OK": what it does, what stands in for it, what a screen shows of it.

A tap says that the patient could read and press, nothing more: no alarm ends by it but the one
about its own absence. When it stays away the companion is sent to look, and that look ends the
matter, whatever it finds. No value is judged here.

    tapped(engine, PatientTapped(at_ms=600_000, by="p1", role=Role.PATIENT))
"""

from typing import TYPE_CHECKING

from msgspec import Struct

from alerts.condition import Present
from alerts.contact import Role
from monitor.effects import PromptKind
from monitor.events import PatientTapped
from monitor.refusal import not_taking_part, refuse

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["PatientCheckView", "looked_instead", "patient_check", "tapped", "trial"]


class PatientCheckView(Struct, frozen=True):
    """The patient's own check-in: asked from `from_ms` on, due at `due_ms`; None: nothing is asked.

    `last_ms`: when the patient last tapped. `reason`: the schedule, or a trial of discharge.
    """

    from_ms: int | None
    due_ms: int | None
    last_ms: int | None
    reason: str


def tapped(engine: "Engine", event: PatientTapped) -> None:
    """The patient tapped "I am OK". Nobody can do it for them."""
    why = not_taking_part(engine, event)
    if why is None and event.role is not Role.PATIENT:
        why = "this tap is the patient's own; look at the patient and check in"
    if refuse(engine, event, why):
        return
    engine.chart.patient_tap_ms = event.at_ms
    _done(engine, event.at_ms)
    engine.refresh(event.at_ms)


def looked_instead(engine: "Engine", at_ms: int) -> None:
    """The companion checked in: that ends a tap which is missed already, and no other.

    "routed to the companion as 'look and check in'; that check-in ends it" (CI-MISS-P). A look
    from before the patient was late says nothing of why the tap did not come.
    """
    late = (one for one in engine.board.overdue if one.row.watches == "patient_check")
    if any(isinstance(one.answer, Present) for one in late):
        _done(engine, at_ms)


def trial(engine: "Engine", at_ms: int) -> None:
    """A trial of discharge asks the patient too."""
    engine.chart.patient_check.at_trial(at_ms)


def patient_check(engine: "Engine") -> PatientCheckView:
    """Return when the patient is asked next."""
    chart = engine.chart
    due = chart.patient_check
    before_ms = chart.plan.patient_check_schedule.prompt_s * 1000
    from_ms = None if due.due_ms is None else due.due_ms - before_ms
    return PatientCheckView(from_ms, due.due_ms, chart.patient_tap_ms, due.reason)


def _done(engine: "Engine", at_ms: int) -> None:
    engine.prompts.done(PromptKind.PATIENT_CHECK)
    engine.chart.patient_check.satisfy(at_ms, engine.chart.dose_ms)
