"""Moves made into events: a session of the shipped plan, played once on an engine of its own.

A move is a name and its arguments (`tests/moves.py` makes them up). `play` needs an engine because
a person can only answer an alarm that is there; the events that it returns stand alone: they can be
shifted, cut, doubled and fed to other engines.
"""

from collections.abc import Callable, Iterable
from typing import Any

from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState, Verdict
from alerts.effects import AlarmChanged, Send
from alerts.rehearsal import RehearsalChanged
from devices.checkin import CheckIn
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    pulse_bpm,
    spo2_pct,
)
from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import (
    Accepted,
    Annotated,
    CheckedIn,
    CheckInCorrected,
    CuffFailed,
    CuffStarted,
    DeliveryAnswered,
    DeliveryReported,
    DeviceStatus,
    Discharged,
    DischargeTried,
    DoseConfirmed,
    DoseExtra,
    EmergencyClosed,
    Ended,
    Event,
    GateOverridden,
    GateSet,
    HandedOver,
    HelpCalled,
    HelpCancelled,
    HubCondition,
    MonitorDown,
    OnCallChanged,
    PatientTapped,
    PulseCounted,
    Reading,
    RehearsalAsked,
    SessionOpened,
    SoundAsked,
    SoundHeard,
    Tailored,
    Tick,
    TypedReading,
)
from monitor.patient import DeviceBinding, Patient
from tests.bedside import FINE
from tests.recorded import plan

__all__ = ["BY_PERSON", "Move", "decided", "flat", "opened", "play", "run"]

Move = tuple[Any, ...]

WALL_MS = 1_700_000_000_000
CONTACTS = (
    Contact("ann", Role.COMPANION, "Ann", (Way("console"), Way("webhook", "http://127.0.0.1/a"))),
    Contact("dr", Role.PHYSICIAN, "Dr Berg", (Way("webhook", "http://127.0.0.1/d"),)),
    Contact("bo", Role.BACKUP, "Dr Bo", (Way("webhook", "http://127.0.0.1/b"),)),
)
_WHO = {
    Role.COMPANION: "ann",
    Role.PHYSICIAN: "dr",
    Role.BACKUP: "bo",
    Role.VIEWER: "vi",
    Role.PATIENT: "p1",
}


def opened(
    at_ms: int = 0, *, clock: bool = True, same_arm: bool = False, breathing: bool = False
) -> SessionOpened:
    """Return the first event: the shipped plan, an oximeter, a cuff, three people."""
    devices = (
        DeviceBinding("ox", DeviceKind.OXIMETER, clock=clock, breathing=breathing),
        DeviceBinding("cuff", DeviceKind.CUFF, same_arm=same_arm),
    )
    patient = Patient("p1", "Alex", devices=devices, contacts=CONTACTS)
    return SessionOpened(
        at_ms=at_ms, session="s1", mode=Mode.TEST, patient=patient, plan=plan("default")
    )


def run(engine: Engine, events: Iterable[Event]) -> list[list[Effect]]:
    """Feed events; return what each gave."""
    return [engine.handle(event) for event in events]


def flat(lists: Iterable[list[Effect]]) -> list[Effect]:
    """Return all effects in order."""
    return [effect for effects in lists for effect in effects]


class Play:
    """Moves made into events, one after the other, on an engine of its own.

    `told`: each message is delivered at once, so that no person is out of reach.
    """

    def __init__(self, start: SessionOpened, *, told: bool = False) -> None:
        self.engine = Engine()
        self.told = told
        self.events: list[Event] = []
        self.effects: list[Effect] = []
        self.now_ms = start.at_ms
        self.seq = 0
        self.add(start)

    def add(self, event: Event) -> None:
        """Take one event, and what is due before it."""
        if self.told and self.engine.opened is not None:
            while (due_ms := self.engine.next_deadline()) is not None and due_ms < event.at_ms:
                self._deliver(self.engine.handle(Tick(at_ms=due_ms)), due_ms)
        self.events.append(event)
        self._deliver(self.engine.handle(event), event.at_ms)

    def _deliver(self, effects: list[Effect], at_ms: int) -> None:
        self.effects += effects
        sent = [effect.delivery for effect in effects if self.told and isinstance(effect, Send)]
        for name in sent:
            state = DeliveryState.DELIVERED
            event = DeliveryReported(at_ms=at_ms, delivery=name, state=state)
            self.events.append(event)
            self._deliver(self.engine.handle(event), at_ms)

    def oximeter(
        self, values: tuple[Observation, ...], *, lag_ms: int = 0, **other: Any
    ) -> DeviceReport:
        """Return one report of the oximeter, numbered."""
        self.seq += 1
        said: dict[str, Any] = {
            "device": "ox",
            "kind": DeviceKind.OXIMETER,
            "mode": Mode.TEST,
            "observations": values,
            "measured_ms": WALL_MS + self.now_ms - lag_ms,
            "boot_id": "b",
            "seq": self.seq,
        }
        return DeviceReport(**{**said, **other})

    def read(self, report: DeviceReport) -> None:
        """One report arrives now."""
        now_ms = self.now_ms
        self.add(Reading(at_ms=now_ms, report=report, wall_ms=WALL_MS + now_ms, received_ms=now_ms))

    def stretch(
        self, count: int, step_ms: int, spo2: int, pulse: int, kept: int, flag: Flag | None
    ) -> None:
        """Samples that waver by one; `kept` says which of five come, `flag` spoils them."""
        for number in range(count):
            self.now_ms += step_ms
            if kept >> number % 5 & 1:
                values = (spo2_pct(min(100, spo2 + number % 2)), pulse_bpm(pulse))
                self.read(self.oximeter(values, flags=() if flag is None else (flag,)))

    def dips(self, count: int, low: int, length: int, pi: int | None, rr: int) -> None:
        """SpO2 that falls to `low` and comes back; with a pi the device repeats itself, without it
        nobody knows how good the signal is.
        """
        for number in range(count * 3 * length):
            self.now_ms += 1000
            spo2 = low if number // length % 3 == 1 else 97
            values = (spo2_pct(spo2), pulse_bpm(70 + 12 * (spo2 < 97)), Observation(Metric.RR, rr))
            weak = () if pi is None else (Observation(Metric.PI, pi),)
            self.read(self.oximeter((*values, *weak)))

    def irregular(self, count: int) -> None:
        """So many readings of a cuff that finds the pulse irregular."""
        for _ in range(count):
            self.cuff(120, 80, None, Flag.IRREGULAR_PULSE)

    def odd(self, what: str) -> None:
        """One report that is not what a session hopes for."""
        fine = (spo2_pct(97), pulse_bpm(70))
        odd: dict[str, dict[str, Any]] = {
            "late": {"lag_ms": 20_000},
            "future": {"lag_ms": -60_000},
            "stored": {"stored": True},
            "mode": {"mode": Mode.REAL},
            "unknown": {"device": "another"},
            "clockless": {"measured_ms": None, "seq": None},
        }
        values = {"empty": (), "absurd": (spo2_pct(104), pulse_bpm(0)), "weak": (*fine, _WEAK)}
        self.now_ms += 700
        self.read(self.oximeter(values.get(what, fine), **odd.get(what, {})))

    def wait(self, wait_ms: int) -> None:
        """Nothing comes for a while."""
        self.now_ms += wait_ms

    def cuff(self, sbp: int, dbp: int, failure: str | None, *flags: Flag) -> None:
        """One cuff report: a reading, an implausible one, or a failure."""
        self.now_ms += 900
        pairs = ((Metric.SBP, sbp), (Metric.DBP, dbp), (Metric.CUFF_PULSE, 70))
        self.seq += 1
        report = DeviceReport(
            device="cuff",
            kind=DeviceKind.CUFF,
            mode=Mode.TEST,
            observations=tuple(Observation(metric, value * 100) for metric, value in pairs),
            boot_id="c",
            seq=self.seq,
            flags=flags,
            failure=failure,
        )
        self.read(report)

    def person(self, what: str, role: Role) -> None:
        """A person does something that needs no alarm."""
        self.now_ms += 400
        self.add(BY_PERSON[what](at_ms=self.now_ms, by=_WHO[role], role=role))

    def check(self, codes: str, *, corrected: bool) -> None:
        """A check-in, or the correction of the last."""
        self.now_ms += 600
        kind = CheckInCorrected if corrected else CheckedIn
        check = CheckIn.parse(codes)
        self.add(kind(at_ms=self.now_ms, by="ann", role=Role.COMPANION, check=check))

    def gate(self, state: str) -> None:
        """Every item of the gate set to this; what only a proof passes is proved."""
        for item in plan("default").gate:
            self.now_ms += 10
            by: dict[str, Any] = {"at_ms": self.now_ms, "by": "ann", "role": Role.COMPANION}
            if item.proof == "rehearsal" and state == "pass":
                self.rehearse()
            elif item.proof == "sound" and state == "pass":
                self.add(SoundAsked(**by))
                self.add(SoundHeard(bursts=self.engine.sound_proof.bursts, **by))
            else:
                self.add(GateSet(item=item.id, state=state, **by))

    def rehearse(self) -> None:
        """A rehearsal that everybody answers at once, by ways that can tell no more than "sent"."""
        self.add(RehearsalAsked(at_ms=self.now_ms, by="ann", role=Role.COMPANION))
        trial = self.engine.rehearser.last
        if trial is None:
            return
        for one in CONTACTS:
            self.add(Accepted(at_ms=self.now_ms, by=one.id, role=one.role, alarm=trial.id))
        for name in [one.id for one in self.engine.alarms.post.bag.about(trial.id)]:
            sent = DeliveryState.SENT
            self.add(DeliveryReported(at_ms=self.now_ms, delivery=name, state=sent))

    def answer(self, kind: Callable[..., Event], which: int, role: Role) -> None:
        """A person answers an alarm or a rehearsal, open or not, or one that never was."""
        self.now_ms += 300
        raised = [*dict.fromkeys(e.id for e in self.effects if isinstance(e, _ANSWERED))]
        alarm = raised[-1 - which % len(raised)] if raised else "oxygen@0"
        self.add(kind(at_ms=self.now_ms, by=_WHO[role], role=role, alarm=alarm))

    def delivery(self, which: int, state: DeliveryState) -> None:
        """A channel reports on a message."""
        self.now_ms += 200
        sent = [effect.delivery for effect in self.effects if isinstance(effect, Send)]
        name = sent[-1 - which % len(sent)] if sent else "nobody/0@0"
        self.add(DeliveryReported(at_ms=self.now_ms, delivery=name, state=DeliveryState(state)))

    def by_message(self, which: int, verdict: Verdict) -> None:
        """The person of a message answers it by its own way."""
        self.now_ms += 150
        sent = [effect.delivery for effect in self.effects if isinstance(effect, Send)]
        name = sent[-1 - which % len(sent)] if sent else "nobody/0@0"
        self.add(DeliveryAnswered(at_ms=self.now_ms, delivery=name, verdict=verdict))

    def on_call(self, role: Role, who: str | None) -> None:
        """Another person is on call, or nobody."""
        self.now_ms += 50
        contact = None
        if who is not None:
            ways = (Way("page"), Way("sms", "+15550100"))
            contact = Contact(who, role, f"Dr {who.title()}", ways)
        self.add(OnCallChanged(at_ms=self.now_ms, role=role, contact=contact))

    def hub(self, condition: str, *, present: bool) -> None:
        """Something of the hub's own, or a device's link."""
        self.now_ms += 100
        if condition == "device":
            self.add(DeviceStatus(at_ms=self.now_ms, device="ox", online=not present))
        else:
            self.add(HubCondition(at_ms=self.now_ms, condition=condition, present=present))

    def down(self, down_ms: int) -> None:
        """The hub did not run for a while."""
        self.now_ms += down_ms
        self.add(MonitorDown(at_ms=self.now_ms, down_ms=down_ms))

    def dosed(self, samples: int) -> None:
        """A gate with good values, passed, and the dose."""
        self.stretch(samples, 1000, 97, 70, 31, None)
        self.cuff(120, 80, None)
        self.gate("pass")
        self.person("dose", Role.COMPANION)


def play(
    moves: Iterable[Move], start: SessionOpened | None = None, *, told: bool = False
) -> list[Event]:
    """Return the events of these moves, `SessionOpened` first."""
    session = Play(start or opened(), told=told)
    for name, *arguments in moves:
        _MOVES[name](session, *arguments)
    return session.events


def decided(
    moves: Iterable[Move], start: SessionOpened | None = None
) -> tuple[list[Event], list[Effect]]:
    """Return a session's events and everything that follows from them."""
    events = play(moves, start)
    return events, flat(run(Engine(), events))


_ANSWERED = (AlarmChanged, RehearsalChanged)
_WEAK = Observation(Metric.PI, 10)
BY_PERSON: dict[str, Callable[..., Event]] = {
    "dose": DoseConfirmed,
    "early dose": lambda **by: DoseConfirmed(ago_ms=599_000, **by),
    "extra": DoseExtra,
    "started": CuffStarted,
    "cuff failed": CuffFailed,
    "typed": lambda **by: TypedReading(sbp_x100=165_00, dbp_x100=95_00, **by),
    "typed wrong": lambda **by: TypedReading(sbp_x100=95_00, dbp_x100=165_00, **by),
    "tailor": lambda **by: Tailored(row="SPO2-LOW", limit_x100=88_00, reason="x", **by),
    "tailor pressure": lambda **by: Tailored(row="BP-HIGH", limit_x100=160_00, reason="x", **by),
    "tailor too far": lambda **by: Tailored(row="PR-HIGH", limit_x100=10_00, reason="x", **by),
    "trial": lambda **by: DischargeTried(answers=FINE, **by),
    "rehearse": RehearsalAsked,
    "sound": SoundAsked,
    "heard": lambda **by: SoundHeard(bursts=3, **by),
    "help": HelpCalled,
    "cancel help": HelpCancelled,
    "discharge": Discharged,
    "end": lambda **by: Ended(reason="tired", **by),
    "close": EmergencyClosed,
    "hand over": lambda **by: HandedOver(to="crew 7", **by),
    "ok": PatientTapped,
    "count": lambda **by: PulseCounted(pulse_x100=72_00, **by),
    "note": lambda **by: Annotated(text="a note", **by),
    "override": lambda **by: GateOverridden(item="pulse", reason="known", **by),
}
_MOVES: dict[str, Callable[..., None]] = {
    "stretch": Play.stretch,
    "dips": Play.dips,
    "irregular": Play.irregular,
    "odd": Play.odd,
    "wait": Play.wait,
    "cuff": Play.cuff,
    "person": Play.person,
    "check": lambda session, codes, corrected: session.check(codes, corrected=corrected),
    "gate": Play.gate,
    "answer": Play.answer,
    "delivery": Play.delivery,
    "by_message": Play.by_message,
    "on_call": Play.on_call,
    "hub": lambda session, name, present: session.hub(name, present=present),
    "down": Play.down,
    "dosed": Play.dosed,
}
