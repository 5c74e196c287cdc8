"""From what people send to what happens to a session: one table from order to event.

Whether the person may do it is decided by the engine; here it is only decided whether the message
belongs to this session at all. A command on MQTT is for demo and test sessions: the broker cannot
prove who taps, and a real session has the pages and the hub itself.

    event_of(Accept(session="s1", mode=Mode.DEMO, alarm="oxygen@5"), contact, at_ms=9)
    -> Accepted(at_ms=9, by="ann", role=Role.COMPANION, alarm="oxygen@5")
"""

from collections.abc import Callable
from typing import Any

from alerts.contact import Contact, Role
from devices import command as told
from devices.observation import Mode
from monitor import events
from monitor.discharge import Answers
from monitor.patient import Patient

__all__ = ["check_in_event", "event_of", "who", "why_not"]

_Maker = Callable[[Any, dict[str, Any]], events.Event]

_ANSWERS = Answers.__struct_fields__


def _discharge(order: told.Discharge, who: dict[str, Any]) -> events.Event:
    """A trial with answers, or the word that those of the last trial still hold."""
    said = {name: getattr(order, name) for name in _ANSWERS}
    if all(answer is None for answer in said.values()):
        return events.Discharged(**who)
    return events.DischargeTried(answers=Answers(**said), **who)


_TABLE: dict[type, _Maker] = {
    told.Accept: lambda o, who: events.Accepted(alarm=o.alarm, **who),
    told.Acknowledge: lambda o, who: events.Acknowledged(alarm=o.alarm, **who),
    told.Reject: lambda o, who: events.Rejected(alarm=o.alarm, **who),
    told.Reset: lambda o, who: events.ResetByPerson(alarm=o.alarm, **who),
    told.Gate: lambda o, who: events.GateSet(item=o.item, state=o.state, note=o.note, **who),
    told.GateAnswer: lambda o, who: events.GateAnswered(
        item=o.item, question=o.question, yes=o.yes, **who
    ),
    told.Override: lambda o, who: events.GateOverridden(item=o.item, reason=o.reason, **who),
    told.Dose: lambda o, who: events.DoseConfirmed(ago_ms=o.ago_ms, **who),
    told.ExtraDose: lambda o, who: events.DoseExtra(ago_ms=o.ago_ms, **who),
    told.CuffStarted: lambda _, who: events.CuffStarted(**who),
    told.CuffFailed: lambda o, who: events.CuffFailed(reason=o.reason, **who),
    told.Reading: lambda o, who: events.TypedReading(
        sbp_x100=o.sbp * 100,
        dbp_x100=o.dbp * 100,
        pulse_x100=None if o.pulse is None else o.pulse * 100,
        **who,
    ),
    told.Tailor: lambda o, who: events.Tailored(
        row=o.row, limit_x100=o.limit * 100, reason=o.reason, **who
    ),
    told.PulseCount: lambda o, who: events.PulseCounted(pulse_x100=o.pulse * 100, **who),
    told.Help: lambda _, who: events.HelpCalled(**who),
    told.CancelHelp: lambda _, who: events.HelpCancelled(**who),
    told.Annotate: lambda o, who: events.Annotated(text=o.text, **who),
    told.HandOver: lambda o, who: events.HandedOver(to=o.to, **who),
    told.CloseEmergency: lambda _, who: events.EmergencyClosed(**who),
    told.Discharge: _discharge,
    told.CalledBack: lambda o, who: events.CalledBack(alarm=o.alarm, **who),
    told.JudgeAlarm: lambda o, who: events.AlarmJudged(
        alarm=o.alarm, verdict=o.verdict, note=o.note, **who
    ),
    told.Rehearse: lambda _, who: events.RehearsalAsked(**who),
    told.SoundTest: lambda _, who: events.SoundAsked(**who),
    told.Heard: lambda o, who: events.SoundHeard(bursts=o.bursts, **who),
    told.Notice: lambda o, who: events.Noticed(what=o.what, over=o.over, number=o.number, **who),
    told.Ok: lambda _, who: events.PatientTapped(**who),
    told.EndPeak: lambda o, who: events.PeakEnded(reason=o.reason, **who),
    told.AllWell: lambda o, who: events.QuestionAnswered(well=o.well, **who),
    told.NextDay: lambda o, who: events.NextDayAnswered(
        mood=o.mood, sleep=o.sleep, bladder=o.bladder, thoughts=o.thoughts, **who
    ),
    told.End: lambda o, who: events.Ended(reason=o.reason, **who),
}


def who(patient: Patient, person: str) -> tuple[str, Role] | None:
    """Name and role of a person of this session; the patient is one of them."""
    if person == patient.id:
        return person, Role.PATIENT
    contact: Contact | None = next((c for c in patient.contacts if c.id == person), None)
    return None if contact is None else (contact.id, contact.role)


def why_not(mode: Mode, session_mode: Mode) -> str | None:
    """Why an MQTT message of a person is not for this session, or None."""
    if mode is not session_mode:
        return f"mode {mode.value} is not the session's {session_mode.value}"
    if session_mode is Mode.REAL:
        return "a real session takes no orders over MQTT; use its pages or the hub's own commands"
    return None


def event_of(order: told.Order, by: str, role: Role, at_ms: int) -> events.Event:
    """The event of one order."""
    return _TABLE[type(order)](order, {"at_ms": at_ms, "by": by, "role": role, "tap": order.id})


def check_in_event(check_in: told.PersonCheckIn, by: str, role: Role, at_ms: int) -> events.Event:
    """The event of one check-in or of its correction."""
    who: dict[str, Any] = {"at_ms": at_ms, "by": by, "role": role, "tap": check_in.id}
    if check_in.corrects:
        return events.CheckInCorrected(check=check_in.check, **who)
    who |= {"first_tap_ms": check_in.first_tap_ms, "took_ms": check_in.took_ms}
    return events.CheckedIn(check=check_in.check, **who)
