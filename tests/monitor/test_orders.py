"""Each order that a person can send becomes its event, with the person and the tap's name."""

from typing import Any, get_args

import pytest

from alerts.contact import Contact, Role
from devices import command as told
from devices.checkin import CheckIn
from devices.command import Order, PersonCheckIn
from devices.judge_orders import AlarmVerdict
from devices.notice import Thing
from devices.observation import Mode
from monitor import events
from monitor.discharge import Answers
from monitor.orders import check_in_event, event_of, who, why_not
from monitor.patient import Patient

HEAD: dict[str, Any] = {"session": "s1", "mode": Mode.DEMO, "id": "t1"}
BY: dict[str, Any] = {"at_ms": 9, "by": "sam", "role": Role.COMPANION, "tap": "t1"}
PAIRS: list[tuple[Any, events.Event]] = [
    (told.Accept(alarm="oxygen@5", **HEAD), events.Accepted(alarm="oxygen@5", **BY)),
    (told.Acknowledge(alarm="oxygen@5", **HEAD), events.Acknowledged(alarm="oxygen@5", **BY)),
    (told.Reject(alarm="oxygen@5", **HEAD), events.Rejected(alarm="oxygen@5", **BY)),
    (told.Reset(alarm="oxygen@5", **HEAD), events.ResetByPerson(alarm="oxygen@5", **BY)),
    (
        told.Gate(item="fasting", state="hold", note="tea", **HEAD),
        events.GateSet(item="fasting", state="hold", note="tea", **BY),
    ),
    (
        told.GateAnswer(item="drugs", question="alcohol", yes=False, **HEAD),
        events.GateAnswered(item="drugs", question="alcohol", yes=False, **BY),
    ),
    (
        told.Override(item="fasting", reason="water", **HEAD),
        events.GateOverridden(item="fasting", reason="water", **BY),
    ),
    (told.Dose(ago_ms=60_000, **HEAD), events.DoseConfirmed(ago_ms=60_000, **BY)),
    (told.ExtraDose(ago_ms=1, **HEAD), events.DoseExtra(ago_ms=1, **BY)),
    (told.CuffStarted(**HEAD), events.CuffStarted(**BY)),
    (told.PulseCount(pulse=72, **HEAD), events.PulseCounted(pulse_x100=7200, **BY)),
    (told.Help(**HEAD), events.HelpCalled(**BY)),
    (told.CancelHelp(**HEAD), events.HelpCancelled(**BY)),
    (told.Ok(**HEAD), events.PatientTapped(**BY)),
    (told.Annotate(text="sleepy", **HEAD), events.Annotated(text="sleepy", **BY)),
    (told.HandOver(to="crew 7", **HEAD), events.HandedOver(to="crew 7", **BY)),
    (told.CuffFailed(reason="loose", **HEAD), events.CuffFailed(reason="loose", **BY)),
    (
        told.Reading(sbp=128, dbp=81, **HEAD),
        events.TypedReading(sbp_x100=128_00, dbp_x100=81_00, **BY),
    ),
    (
        told.Reading(sbp=128, dbp=81, pulse=66, **HEAD),
        events.TypedReading(sbp_x100=128_00, dbp_x100=81_00, pulse_x100=66_00, **BY),
    ),
    (
        told.Tailor(row="SPO2-LOW", limit=88, reason="altitude", **HEAD),
        events.Tailored(row="SPO2-LOW", limit_x100=88_00, reason="altitude", **BY),
    ),
    (told.CloseEmergency(**HEAD), events.EmergencyClosed(**BY)),
    (told.Discharge(**HEAD), events.Discharged(**BY)),
    (
        told.Discharge(walk=True, nausea=2, **HEAD),
        events.DischargeTried(answers=Answers(walk=True, nausea=2), **BY),
    ),
    (told.Rehearse(**HEAD), events.RehearsalAsked(**BY)),
    (told.CalledBack(alarm="oxygen@5", **HEAD), events.CalledBack(alarm="oxygen@5", **BY)),
    (
        told.JudgeAlarm(alarm="oxygen@5", verdict=AlarmVerdict.FALSE, note="clip", **HEAD),
        events.AlarmJudged(alarm="oxygen@5", verdict=AlarmVerdict.FALSE, note="clip", **BY),
    ),
    (told.SoundTest(**HEAD), events.SoundAsked(**BY)),
    (told.Heard(bursts=3, **HEAD), events.SoundHeard(bursts=3, **BY)),
    (
        told.Notice(what=Thing.NAUSEA, number=8, **HEAD),
        events.Noticed(what=Thing.NAUSEA, number=8, **BY),
    ),
    (
        told.Notice(what=Thing.MUST_GO, over=True, **HEAD),
        events.Noticed(what=Thing.MUST_GO, over=True, **BY),
    ),
    (told.EndPeak(reason="torn", **HEAD), events.PeakEnded(reason="torn", **BY)),
    (told.AllWell(well=False, **HEAD), events.QuestionAnswered(well=False, **BY)),
    (
        told.NextDay(mood="low", sleep="well", bladder=True, thoughts="none", **HEAD),
        events.NextDayAnswered(mood="low", sleep="well", bladder=True, thoughts="none", **BY),
    ),
    (told.End(reason="tired", **HEAD), events.Ended(reason="tired", **BY)),
]


def test_every_order_has_its_event() -> None:
    """None is missing from the table, and none is in it twice."""
    made = [event_of(order, "sam", Role.COMPANION, 9) for order, _ in PAIRS]
    assert made == [event for _, event in PAIRS]
    assert {type(order) for order, _ in PAIRS} == set(get_args(Order))


@pytest.mark.parametrize(
    ("corrects", "kind"), [(False, events.CheckedIn), (True, events.CheckInCorrected)]
)
def test_a_check_in_or_its_correction(corrects: bool, kind: Any) -> None:
    """The answers go on unchanged."""
    check = CheckIn.parse("W4 B0 C0 D1 X0")
    sent = PersonCheckIn(
        person="sam", session="s1", mode=Mode.DEMO, check=check, corrects=corrects, id="t1"
    )
    assert check_in_event(sent, "sam", Role.COMPANION, 9) == kind(check=check, **BY)


@pytest.mark.parametrize(
    ("person", "expected"),
    [("ann", ("ann", Role.PATIENT)), ("sam", ("sam", Role.COMPANION)), ("joe", None)],
)
def test_who_a_person_of_the_session_is(person: str, expected: tuple[str, Role] | None) -> None:
    """The patient, a contact, or nobody."""
    patient = Patient("ann", "Ann", contacts=(Contact("sam", Role.COMPANION, "Sam"),))
    assert who(patient, person) == expected


@pytest.mark.parametrize(
    ("mode", "session", "why"),
    [
        (Mode.DEMO, Mode.DEMO, None),
        (Mode.TEST, Mode.TEST, None),
        (Mode.DEMO, Mode.TEST, "mode demo is not the session's test"),
        (
            Mode.REAL,
            Mode.REAL,
            "a real session takes no orders over MQTT; use its pages or the hub's own commands",
        ),
    ],
)
def test_which_messages_are_for_a_session(mode: Mode, session: Mode, why: str | None) -> None:
    """Its own mode only, and never a real one."""
    assert why_not(mode, session) == why
