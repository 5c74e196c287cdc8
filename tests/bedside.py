"""Who sends what in a test's session: the body's samples, the cuff, the companion's taps.

`tests/timeline.py` lets time pass on top of it. Times are seconds after the dose; the session was
opened ten minutes before. Nothing here decides or expects anything.

>>> Bedside(DEFAULT, ()).check("W5 B0").now_s
-600.0
"""

import heapq
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any, Self

import msgspec

import monitor
from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState
from alerts.rehearsal import rehearsal_id
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
from monitor.discharge import Answers
from monitor.effects import Effect, Prompted, PromptKind, Send
from monitor.engine import Engine
from monitor.events import (
    Accepted,
    CheckedIn,
    CheckInCorrected,
    CuffStarted,
    DeliveryReported,
    DischargeTried,
    DoseConfirmed,
    DoseExtra,
    EmergencyClosed,
    Event,
    GateOverridden,
    GateSet,
    MonitorDown,
    PatientTapped,
    PulseCounted,
    Reading,
    RehearsalAsked,
    ResetByPerson,
    SessionOpened,
    SoundAsked,
    SoundHeard,
    Tick,
)
from monitor.patient import DeviceBinding, Patient
from monitor.plan import Plan, load_plan

__all__ = ["DEFAULT", "FINE", "OPENED_S", "PLANS", "VITALS_ONLY", "WELL", "Bedside", "plan_named"]

OPENED_S = 600
WELL = "W5 B0 C0 D0 X0"
FINE = Answers(
    walk=True,
    drink=True,
    nausea=0,
    oriented=True,
    feels_normal=True,
    no_ideation=True,
    stays=True,
)
PLANS = Path(monitor.__file__).parent / "plans"


def plan_named(name: str) -> Plan:
    """Return a plan of the shipped ones."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in PLANS.glob("*.toml")}
    return load_plan(texts[name], f"{name}.toml", texts)


DEFAULT = plan_named("default")
VITALS_ONLY = plan_named("vitals_only")
CONTACTS = (
    Contact("ann", Role.COMPANION, "Ann", (Way("console"),)),
    Contact("dr", Role.PHYSICIAN, "Dr Berg", (Way("console"),)),
    Contact("bo", Role.BACKUP, "Dr Bo", (Way("console"),)),
)


class Bedside:
    """One session and what is sent to it. Every method returns the bedside itself."""

    def __init__(
        self,
        plan: Plan,
        devices: tuple[DeviceBinding, ...],
        *,
        athlete: bool = False,
        fibrillation: bool = False,
    ) -> None:
        self.engine = Engine()
        self.now_ms = 0
        self.effects: list[Effect] = []
        self.says = WELL
        self._spo2: float | None = 97
        self._pulse: float | None = 70
        self._pi: Callable[[], float] | None = None
        self._rr: float | None = None
        self._flags: tuple[Flag, ...] = ()
        self._silent = False
        self._todo: list[tuple[int, int, PromptKind]] = []
        self.unanswered: frozenset[PromptKind] = frozenset()
        patient = Patient(
            "p1",
            "Alex",
            athlete=athlete,
            fibrillation=fibrillation,
            devices=devices,
            contacts=CONTACTS,
        )
        self.send(SessionOpened(at_ms=0, session="s1", mode=Mode.TEST, patient=patient, plan=plan))

    # --- the body -----------------------------------------------------------------------------

    def spo2(self, percent: float | None, pulse: float | None = -1) -> Self:
        """From now on the samples say this."""
        self._spo2, self._silent, self._flags = percent, False, ()
        if pulse != -1:
            self._pulse = pulse
        return self

    def pulse(self, bpm: float | None) -> Self:
        """From now on the pulse is this."""
        self._pulse, self._silent, self._flags = bpm, False, ()
        return self

    def pi(self, *percents: float) -> Self:
        """From now on the perfusion index is this, or goes round these; nothing: none is sent."""
        around = cycle(percents)
        self._pi = (lambda: next(around)) if percents else None
        return self

    def rr(self, per_min: float | None) -> Self:
        """From now on the oximeter measures this respiratory rate."""
        self._rr = per_min
        return self

    def flags(self, *flags: Flag) -> Self:
        """From now on the device sets these flags."""
        self._flags, self._silent = flags, False
        return self

    def silence(self) -> Self:
        """From now on nothing comes from the oximeter."""
        self._silent = True
        return self

    def sample(self, measured_ms: int | None = None) -> Self:
        """One sample now, as the body is."""
        values = []
        if self._spo2 is not None:
            values.append(spo2_pct(self._spo2))
        if self._pulse is not None:
            values.append(pulse_bpm(self._pulse))
        if self._pi is not None:
            values.append(Observation(Metric.PI, round(self._pi() * 100)))
        if self._rr is not None:
            values.append(Observation(Metric.RR, round(self._rr * 100)))
        report = DeviceReport(
            device="ox",
            kind=DeviceKind.OXIMETER,
            mode=Mode.TEST,
            observations=tuple(values),
            flags=self._flags,
            measured_ms=measured_ms,
        )
        return self.send(Reading(at_ms=self.now_ms, report=report, received_ms=self.now_ms))

    # --- people -------------------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        """Now, in seconds after the dose."""
        return self.now_ms / 1000 - OPENED_S

    def bp(self, sbp: float, dbp: float, pulse: float = 70, *flags: Flag) -> Self:
        """A cuff reading now, with what the cuff says of it."""
        values = ((Metric.SBP, sbp), (Metric.DBP, dbp), (Metric.CUFF_PULSE, pulse))
        observations = tuple(Observation(metric, round(value * 100)) for metric, value in values)
        return self._cuff(observations, None, flags)

    def cuff_fails(self) -> Self:
        """A cuff attempt without a reading."""
        return self._cuff((), "cuff loose")

    def cuff_started(self) -> Self:
        """The companion pressed start."""
        return self.send(CuffStarted(at_ms=self.now_ms, by="ann", role=Role.COMPANION))

    def check(self, codes: str) -> Self:
        """A check-in now; later prompts are answered with the same codes."""
        self.says = codes
        event = CheckedIn(
            at_ms=self.now_ms, by="ann", role=Role.COMPANION, check=CheckIn.parse(codes)
        )
        return self.send(event)

    def tap(self) -> Self:
        """The patient taps "I am OK"."""
        return self.send(PatientTapped(at_ms=self.now_ms, by="p1", role=Role.PATIENT))

    def correct(self, codes: str) -> Self:
        """The last check-in was tapped wrong."""
        self.says = codes
        event = CheckInCorrected(
            at_ms=self.now_ms, by="ann", role=Role.COMPANION, check=CheckIn.parse(codes)
        )
        return self.send(event)

    def counted(self, bpm: float) -> Self:
        """The companion counted the pulse."""
        event = PulseCounted(
            at_ms=self.now_ms, by="ann", role=Role.COMPANION, pulse_x100=round(bpm * 100)
        )
        return self.send(event)

    def alone(self, *kinds: PromptKind) -> Self:
        """From now on nobody answers a prompt, or no prompt of these kinds."""
        self.unanswered = frozenset(kinds or PromptKind)
        return self

    def gate(self, *but: str, state: str = "pass") -> Self:
        """Every item of the gate passes, `but` these; what is proved is proved."""
        for item in self.engine.chart.gate_items:
            if item.id in but:
                continue
            if item.proof is None or state != "pass":
                event = GateSet(
                    at_ms=self.now_ms, by="ann", role=Role.COMPANION, item=item.id, state=state
                )
                self.send(event)
            elif item.proof == "rehearsal":
                self.rehearse().answers()
            else:
                self.sound_test().heard(self.engine.sound_proof.bursts)
        return self

    def overrides(self, item: str) -> Self:
        """The physician lets an item on hold pass."""
        who: Any = {"by": "dr", "role": Role.PHYSICIAN, "reason": "known"}
        return self.send(GateOverridden(at_ms=self.now_ms, item=item, **who))

    def rehearse(self) -> Self:
        """The companion starts a rehearsal; each message goes out as far as its way can tell."""
        self.send(RehearsalAsked(at_ms=self.now_ms, by="ann", role=Role.COMPANION))
        return self.sent()

    def sent(self) -> Self:
        """Every message of which nothing is known was sent."""
        for delivery in list(self.engine.alarms.post.deliveries.values()):
            if delivery.state is DeliveryState.INTENT:
                state = DeliveryState.SENT
                event = DeliveryReported(at_ms=self.now_ms, delivery=delivery.id, state=state)
                self.send(event)
        return self

    def answers(self, *people: str) -> Self:
        """These people (all) take the test alarm on their own pages."""
        trial = self.engine.rehearser.last
        name = rehearsal_id(self.now_ms) if trial is None else trial.id
        for one in CONTACTS:
            if not people or one.id in people:
                self.send(Accepted(at_ms=self.now_ms, by=one.id, role=one.role, alarm=name))
        return self

    def sound_test(self) -> Self:
        """The companion asks for the test sound."""
        return self.send(SoundAsked(at_ms=self.now_ms, by="ann", role=Role.COMPANION))

    def heard(self, bursts: int) -> Self:
        """The companion says how many bursts they heard."""
        event = SoundHeard(at_ms=self.now_ms, by="ann", role=Role.COMPANION, bursts=bursts)
        return self.send(event)

    def dose(self, ago_s: int = 0) -> Self:
        """The dose is in the mouth."""
        event = DoseConfirmed(at_ms=self.now_ms, by="ann", role=Role.COMPANION, ago_ms=ago_s * 1000)
        return self.send(event)

    def extra_dose(self, ago_s: int = 0) -> Self:
        """A further dose."""
        event = DoseExtra(at_ms=self.now_ms, by="ann", role=Role.COMPANION, ago_ms=ago_s * 1000)
        return self.send(event)

    def trial(self, by: str = "ann", role: Role = Role.COMPANION, **answers: Any) -> Self:
        """A trial of discharge: all is well, but for what `answers` says."""
        said = msgspec.structs.replace(FINE, **answers)
        return self.send(DischargeTried(at_ms=self.now_ms, by=by, role=role, answers=said))

    def reset(self, family: str) -> Self:
        """A person resets the open alarm of a family."""
        alarm = self.engine.alarms.book.open[family].id
        return self.send(
            ResetByPerson(at_ms=self.now_ms, by="dr", role=Role.PHYSICIAN, alarm=alarm)
        )

    def close_emergency(self) -> Self:
        """The physician closes the emergency."""
        return self.send(EmergencyClosed(at_ms=self.now_ms, by="dr", role=Role.PHYSICIAN))

    def send(self, event: Event) -> Self:
        """Give one event to the engine after all that is due before it; keep what it says."""
        if self.engine.opened is not None and not isinstance(event, MonitorDown):
            while (due_ms := self.engine.next_deadline()) is not None and due_ms < event.at_ms:
                self.take(Tick(at_ms=due_ms))
        return self.take(event)

    def take(self, event: Event) -> Self:
        """Give one event to the engine; each message that follows is taken by the console."""
        first = len(self.effects)
        for effect in self.engine.handle(event):
            self.effects.append(effect)
            if isinstance(effect, Prompted):
                item = (max(effect.due_ms, effect.at_ms), len(self._todo), effect.prompt)
                heapq.heappush(self._todo, item)
        for one in self.effects[first:]:
            if isinstance(one, Send):
                state = DeliveryState.SENT
                self.take(DeliveryReported(at_ms=event.at_ms, delivery=one.delivery, state=state))
        return self

    def _cuff(
        self,
        observations: tuple[Observation, ...],
        failure: str | None,
        flags: tuple[Flag, ...] = (),
    ) -> Self:
        report = DeviceReport(
            device="cuff",
            kind=DeviceKind.CUFF,
            mode=Mode.TEST,
            observations=observations,
            flags=flags,
            failure=failure,
        )
        return self.send(Reading(at_ms=self.now_ms, report=report))
