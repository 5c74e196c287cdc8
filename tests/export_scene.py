"""A session in which everything happens that an export tells of, written by hand.

No engine made it: each record says what an export must find, and nothing follows from anything.
Times are whole seconds from the opening at 5,000 ms.
"""

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState, Verdict
from alerts.effects import AlarmChanged, Send
from alerts.signal import SignalState
from devices.checkin import CheckIn
from devices.notice import Thing
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
    pulse_bpm,
    spo2_pct,
)
from monitor.discharge import Answers
from monitor.effects import CancelSend, Effect, PhaseChanged, Refused, SignalChanged, Unjudged
from monitor.events import (
    Annotated,
    CheckedIn,
    CheckInCorrected,
    DeliveryAnswered,
    DeliveryReported,
    DischargeTried,
    DoseConfirmed,
    DoseExtra,
    Event,
    GateAnswered,
    HubCondition,
    MonitorDown,
    NextDayAnswered,
    Noticed,
    OnCallChanged,
    PulseCounted,
    QuestionAnswered,
    Reading,
    RecordGap,
    SessionOpened,
    TypedReading,
    Woke,
)
from monitor.journal import Record
from monitor.patient import DeviceBinding, Patient
from tests.recorded import plan

__all__ = ["ANN", "OPENED", "START_MS", "alarm", "at", "record", "scene", "send"]

START_MS = 5_000
ANN = {"by": "ann", "role": Role.COMPANION}
CONTACTS = (
    Contact("ann", Role.COMPANION, "Ann", (Way("page"),)),
    Contact("dr", Role.PHYSICIAN, "Dr Berg", (Way("sms", "+15550100"),)),
    Contact("vi", Role.VIEWER, "Vi"),
)
OPENED = SessionOpened(
    at_ms=START_MS,
    session="s1",
    mode=Mode.REAL,
    patient=Patient(
        "p1",
        "Alex",
        devices=(
            DeviceBinding("ox", DeviceKind.OXIMETER, 1_000, model="O1", breathing=True),
            DeviceBinding("cuff", DeviceKind.CUFF),
        ),
        contacts=CONTACTS,
    ),
    plan=plan("default"),
    software="1.2",
    wall_ms=1_700_000_000_000,
)


def at(second: int) -> int:
    """Return the hub time of a second of the scene."""
    return START_MS + second * 1000


def record(n: int, event: Event, *effects: Effect) -> Record:
    """Return one record."""
    return Record(n, event, effects)


def alarm(second: int, row: str, what: Transition, **more: object) -> AlarmChanged:
    """Return a line of the alarm that was raised at second 20 in this row's family."""
    fields = {
        "family": "oxygen",
        "priority": Priority.HIGH,
        "alarm_class": AlarmClass.A,
        "kind": Kind.PHYSIOLOGICAL,
        **more,
    }
    name = f"{fields['family']}@{at(20)}"
    return AlarmChanged(at_ms=at(second), id=name, row=row, transition=what, **fields)  # type: ignore[arg-type]


def send(second: int, name: str, contact: str = "dr", **more: object) -> Send:
    """Return a message about the oxygen alarm."""
    fields = {
        "alarm": f"oxygen@{at(20)}",
        "way": 0,
        "channel": "sms",
        "address": "+15550100",
        "priority": Priority.HIGH,
        "rung": "physician+0s",
        **more,
    }
    return Send(at_ms=at(second), delivery=name, contact=contact, **fields)  # type: ignore[arg-type]


def _cuff(second: int, seq: int, **more: object) -> Reading:
    values = (
        Observation(Metric.SBP, 150_00),
        Observation(Metric.DBP, 95_00),
        Observation(Metric.MAP, 113_50),
        Observation(Metric.CUFF_PULSE, 72_00),
    )
    said = {"observations": values, **more}
    report = DeviceReport(
        device="cuff",
        kind=DeviceKind.CUFF,
        mode=Mode.REAL,
        seq=seq,
        **said,  # type: ignore[arg-type]
    )
    return Reading(at_ms=at(second), report=report)


def _oximeter(second: int, *values: Observation, flags: tuple[Flag, ...] = ()) -> Reading:
    report = DeviceReport(
        device="ox",
        kind=DeviceKind.OXIMETER,
        mode=Mode.REAL,
        observations=values,
        seq=second,
        flags=flags,
    )
    return Reading(at_ms=at(second), report=report)


def _phase(second: int, before: str, phase: str) -> PhaseChanged:
    return PhaseChanged(at_ms=at(second), before=before, phase=phase, reason=f"now {phase}")


def scene() -> list[Record]:
    """Return the records of the session."""
    reported = [
        DeliveryReported(at_ms=at(22), delivery="m1", state=DeliveryState.SENT),
        DeliveryReported(at_ms=at(23), delivery="m1", state=DeliveryState.DELIVERED, detail="seen"),
        DeliveryReported(
            at_ms=at(23), delivery="m2", state=DeliveryState.FAILED, detail="no route"
        ),
        DeliveryReported(at_ms=at(23), delivery="m3", state=DeliveryState.SENT),
        DeliveryReported(at_ms=at(23), delivery="m6", state=DeliveryState.TIMED_OUT),
        DeliveryReported(at_ms=at(23), delivery="unknown", state=DeliveryState.SENT),
    ]
    steps: list[tuple[Event, tuple[Effect, ...]]] = [
        (OPENED, (_phase(0, "setup", "gate"),)),
        (GateAnswered(at_ms=at(1), item="mood", question="wish", yes=False, **ANN), ()),  # type: ignore[arg-type]
        (GateAnswered(at_ms=at(1), item="drugs", question="alcohol", yes=False, **ANN), ()),  # type: ignore[arg-type]
        (_cuff(2, 1), ()),
        (_cuff(3, 2, failure="cuff_loose"), ()),
        (_cuff(4, 3, observations=(Observation(Metric.SBP, None, Validity.INVALID),)), ()),
        (_oximeter(5, spo2_pct(97), pulse_bpm(70), Observation(Metric.RR, 14_00)), ()),
        (_oximeter(6, spo2_pct(96.5), pulse_bpm(71)), ()),
        (_oximeter(7, spo2_pct(60), flags=(Flag.MOTION,)), ()),
        (_oximeter(8, spo2_pct(104), pulse_bpm(70)), ()),
        (
            _oximeter(9, spo2_pct(95)),
            (Unjudged(at_ms=at(9), device="ox", reason="=from the device's memory"),),
        ),
        (_oximeter(10, spo2_pct(89), pulse_bpm(70)), ()),
        (
            DoseConfirmed(at_ms=at(11), **ANN),  # type: ignore[arg-type]
            (Refused(at_ms=at(11), what="DoseConfirmed", reason="the gate is shut", by="ann"),),
        ),
        (DoseConfirmed(at_ms=at(12), ago_ms=2_000, **ANN), (_phase(12, "gate", "onset"),)),  # type: ignore[arg-type]
        (DoseExtra(at_ms=at(13), by="stranger", role=Role.VIEWER), ()),
        (TypedReading(at_ms=at(14), sbp_x100=160_00, dbp_x100=99_00, **ANN), ()),  # type: ignore[arg-type]
        (
            TypedReading(at_ms=at(14), by="stranger", role=Role.VIEWER, sbp_x100=1, dbp_x100=1),
            (Unjudged(at_ms=at(14), device="cuff", reason="implausible sbp 0.01"),),
        ),
        (PulseCounted(at_ms=at(15), pulse_x100=64_00, **ANN), ()),  # type: ignore[arg-type]
        (CheckedIn(at_ms=at(16), check=CheckIn.parse("W3 B0 C0 D1 X2 X12"), **ANN), ()),  # type: ignore[arg-type]
        (CheckInCorrected(at_ms=at(17), check=CheckIn.parse("W4 B0 C0 D1 X0 L0"), **ANN), ()),  # type: ignore[arg-type]
        (
            CheckedIn(at_ms=at(18), check=CheckIn.parse("W5"), **ANN),  # type: ignore[arg-type]
            (Refused(at_ms=at(18), what="CheckedIn", reason="too soon", by="ann"),),
        ),
        (Noticed(at_ms=at(19), what=Thing.NAUSEA, number=4, **ANN), ()),  # type: ignore[arg-type]
        (Noticed(at_ms=at(19), what=Thing.GLUCOSE, number=80, **ANN), ()),  # type: ignore[arg-type]
        (Noticed(at_ms=at(19), what=Thing.COUGHS, by="x", role=Role.VIEWER), ()),
        (Woke(at_ms=at(20)), _alarms_begin()),
        *((one, ()) for one in reported),
        (DeliveryAnswered(at_ms=at(24), delivery="m1", verdict=Verdict.ACCEPT, detail="key 1"), ()),
        (DeliveryAnswered(at_ms=at(24), delivery="m5", verdict=Verdict.REJECT), ()),
        (Woke(at_ms=at(25)), _alarms_go_on()),
        (OnCallChanged(at_ms=at(26), role=Role.BACKUP, contact=None), ()),
        (
            OnCallChanged(
                at_ms=at(26),
                role=Role.BACKUP,
                contact=Contact("bo", Role.BACKUP, "Dr Bo", (Way("sms", "+15550101"),)),
            ),
            (),
        ),
        (Annotated(at_ms=at(27), text="a|b^c\nd", **ANN), ()),  # type: ignore[arg-type]
        (HubCondition(at_ms=at(28), condition="network", present=True, detail="no route"), ()),
        (MonitorDown(at_ms=at(29), down_ms=None), ()),
        (RecordGap(at_ms=at(30), from_ms=at(28), to_ms=at(29), lost=2), ()),
        (Woke(at_ms=at(40)), _alarms_end()),
        (
            DischargeTried(at_ms=at(41), answers=Answers(walk=True, nausea=2), **ANN),  # type: ignore[arg-type]
            (_phase(41, "emergency", "follow_up"),),
        ),
        (QuestionAnswered(at_ms=at(42), well=False, **ANN), ()),  # type: ignore[arg-type]
        (
            NextDayAnswered(
                at_ms=at(43),
                mood="low",
                sleep="little",
                bladder=False,
                thoughts="wish",
                **ANN,  # type: ignore[arg-type]
            ),
            (_phase(43, "follow_up", "completed"),),
        ),
    ]
    return [record(n, event, *effects) for n, (event, effects) in enumerate(steps, start=1)]


def _alarms_begin() -> tuple[Effect, ...]:
    low = {"value_x100": 89_00, "limit_x100": 90_00}
    technical = {
        "family": "network",
        "priority": Priority.LOW,
        "alarm_class": None,
        "kind": Kind.TECHNICAL,
    }
    return (
        alarm(20, "SPO2-LOW", Transition.RAISED, reason="SpO2 low: 89", **low),
        SignalChanged(at_ms=at(20), id=f"oxygen@{at(20)}", state=SignalState.ON),
        send(20, "m1"),
        send(20, "m2", late=True, may_repeat=True, reason="sms first"),
        send(20, "m3"),
        send(20, "m4"),
        send(20, "m5", "ann"),
        send(20, "m6", "bo"),
        send(20, "m7", alarm="rehearsal@1", purpose="rehearsal"),
        CancelSend(at_ms=at(21), delivery="m4", reason="answered"),
        CancelSend(at_ms=at(21), delivery="unknown", reason="answered"),
        alarm(21, "NET-DOWN", Transition.RAISED, **technical),
        alarm(
            21,
            "BP-HIGH",
            Transition.RAISED,
            family="pressure_high",
            value_x100=160_00,
            limit_x100=160_00,
        ),
        alarm(
            21, "SED-2", Transition.RAISED, family="sedation", value_x100=3_00, kind=Kind.OBSERVER
        ),
        alarm(21, "MY-OWN", Transition.RAISED, family="own", value_x100=1_00, kind=Kind.WORKFLOW),
        _phase(21, "onset", "emergency"),
    )


def _alarms_go_on() -> tuple[Effect, ...]:
    oxygen = f"oxygen@{at(20)}"
    return (
        alarm(25, "SPO2-LOW", Transition.ACKNOWLEDGED, by="ann", value_x100=89_00),
        SignalChanged(at_ms=at(25), id=oxygen, state=SignalState.ACKNOWLEDGED, until_ms=at(99)),
        alarm(25, "SPO2-CRIT", Transition.UPGRADED, alarm_class=AlarmClass.E),
        alarm(26, "SPO2-LOW", Transition.ACCEPTED, by="dr"),
        SignalChanged(at_ms=at(26), id=oxygen, state=SignalState.ACCEPTED, until_ms=at(99)),
        alarm(27, "SPO2-CRIT", Transition.LATCHED),
        alarm(27, "RR-LOW1", Transition.JOINED, value_x100=9_00, limit_x100=10_00),
        alarm(27, "RR-LOW1", Transition.CLEARED, value_x100=9_00, limit_x100=10_00),
        alarm(28, "SPO2-LOW", Transition.DOWNGRADED, priority=Priority.MEDIUM),
        alarm(29, "SPO2-LOW", Transition.LATCHED),
    )


def _alarms_end() -> tuple[Effect, ...]:
    return (
        alarm(40, "SPO2-LOW", Transition.RESET, by="dr"),
        SignalChanged(at_ms=at(40), id=f"oxygen@{at(20)}", state=SignalState.OFF),
        SignalChanged(at_ms=at(40), id=f"network@{at(20)}", state=SignalState.OFF),
        SignalChanged(at_ms=at(40), id="elsewhere@1", state=SignalState.OFF),
    )
