"""The session that everything is measured with: 150 minutes at 1 Hz, with people who answer.

Ten minutes at the gate, then the dose; a body with ordinary noise, three desaturations, a loose
clip, cuff readings and check-ins when the engine asks for them, and people who take each alarm.
The events are made once, with an engine that is then thrown away; the same seed gives the same
events. `quiet` leaves out everything but the body's noise, the cuff and the check-ins.

    events = make_session(seed=1)
    reports(events)    how many of them are device reports
"""

import heapq
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

import monitor
from alerts.condition import Priority, Transition
from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState
from alerts.effects import AlarmChanged, Send
from alerts.rehearsal import RehearsalChanged, Stand
from alerts.sound_proof import TestSound
from devices.checkin import CheckIn
from devices.observation import DeviceKind, DeviceReport, Flag, Metric, Mode, Observation
from monitor.effects import Effect, Prompted, PromptKind
from monitor.engine import Engine
from monitor.events import (
    Accepted,
    CheckedIn,
    DeliveryReported,
    DoseConfirmed,
    Event,
    GateSet,
    Reading,
    RehearsalAsked,
    ResetByPerson,
    SessionOpened,
    SoundAsked,
    SoundHeard,
)
from monitor.patient import DeviceBinding, Patient
from monitor.plan import Plan, load_plan

__all__ = ["PLANS", "default_plan", "make_session", "opening", "reports", "spo2_series"]

PLANS = Path(monitor.__file__).parent / "plans"
_WALL_MS = 1_800_000_000_000
_GATE_S = 600
# Seconds after the opening at which SpO2 begins to fall, how long it stays down, how far down.
_FALLS = ((2_700, 90, 86), (4_200, 75, 89), (6_300, 60, 91))
_FALL_S = 40
_CLIP_OFF_S = range(5_400, 5_440)
_FINE = CheckIn.parse("W5 B0 C0 D0 X0")


def default_plan() -> Plan:
    """Return the shipped default plan with all its rows."""
    return load_plan((PLANS / "default.toml").read_text(encoding="utf-8"), "default.toml")


def opening(plan: Plan) -> SessionOpened:
    """Return the first event of a test session of one patient, two devices and three people."""
    patient = Patient(
        "bench",
        "Alex",
        devices=(
            DeviceBinding("ox", DeviceKind.OXIMETER, interval_ms=1000),
            DeviceBinding("cuff", DeviceKind.CUFF),
        ),
        contacts=(
            Contact("sam", Role.COMPANION, "Sam", (Way("console"), Way("console"))),
            Contact("dr-lee", Role.PHYSICIAN, "Dr Lee", (Way("console"), Way("console"))),
            Contact("dr-roy", Role.BACKUP, "Dr Roy", (Way("console"),)),
        ),
    )
    return SessionOpened(at_ms=0, session="bench", mode=Mode.TEST, patient=patient, plan=plan)


def spo2_series(seconds: int, seed: int, *, quiet: bool = False) -> list[int]:
    """Return SpO2 in whole per cent x 100, one a second."""
    rng = Random(seed)
    drift, values = 0.0, []
    for second in range(seconds):
        drift = 0.95 * drift + rng.gauss(0, 0.15)
        level = 97.0
        for begin_s, hold_s, depth in () if quiet else _FALLS:
            past_s = second - begin_s
            down = min(1.0, max(0.0, past_s / _FALL_S))
            up = min(1.0, max(0.0, (past_s - _FALL_S - hold_s) / _FALL_S))
            level -= (97.0 - depth) * (down - up)
        values.append(round(min(100.0, level + drift)) * 100)
    return values


def make_session(*, minutes: int = 150, seed: int = 1, quiet: bool = False) -> list[Event]:
    """Return the events of a session, the opening first, in order of time."""
    home = _Home(minutes * 60, seed, quiet=quiet)
    return home.live()


def reports(events: list[Event]) -> int:
    """How many of the events are device reports."""
    return sum(isinstance(event, Reading) for event in events)


class _Home:
    """Makes the events second by second; people answer what the engine asks and raises."""

    def __init__(self, seconds: int, seed: int, *, quiet: bool) -> None:
        self._quiet = quiet
        self._rng = Random(seed + 1)
        self._spo2 = spo2_series(seconds, seed, quiet=quiet)
        self._pulse = 68.0
        self._engine = Engine()
        self._events: list[Event] = []
        self._answers: list[tuple[int, int, Callable[[int], Event]]] = []
        self._cuffs = 0

    def live(self) -> list[Event]:
        """Play the whole session."""
        self._tell(opening(default_plan()))
        for at_s in (120, 300):
            self._answer(at_s * 1000, self._cuff)
        for item in default_plan().gate:
            make = _PROVE.get(item.proof or "") or partial(_gate, item=item.id)
            self._answer(400_000, make)
        self._answer(_GATE_S * 1000, _dose)
        for second, spo2_x100 in enumerate(self._spo2, start=1):
            at_ms = second * 1000 + self._rng.randrange(40)
            while self._answers and self._answers[0][0] <= at_ms:
                due_ms, _, make = heapq.heappop(self._answers)
                self._tell(make(max(due_ms, self._engine.now_ms)))
            self._tell(self._sample(at_ms, second, spo2_x100))
        return self._events

    def _tell(self, event: Event) -> None:
        self._events.append(event)
        for effect in self._engine.handle(event):
            self._react(effect)

    def _answer(self, at_ms: int, make: Callable[[int], Event]) -> None:
        heapq.heappush(self._answers, (at_ms, len(self._events) * 64 + len(self._answers), make))

    def _react(self, effect: Effect) -> None:
        at_ms = effect.at_ms
        if isinstance(effect, Prompted) and effect.prompt is PromptKind.CUFF:
            self._answer(at_ms + 45_000, self._cuff)
        elif isinstance(effect, Prompted):
            self._answer(at_ms + 60_000, _check_in)
        elif isinstance(effect, Send):
            self._answer(at_ms + 900, partial(_delivered, delivery=effect.delivery))
        elif isinstance(effect, TestSound):
            self._answer(at_ms + 4_000, partial(_heard, bursts=effect.bursts))
        elif isinstance(effect, RehearsalChanged):
            if effect.way == 0 and effect.state is Stand.UNPROVED:
                accept = partial(_accept, alarm=effect.id, by=effect.contact)
                self._answer(at_ms + 5_000, accept)
        elif isinstance(effect, AlarmChanged):
            self._react_to_alarm(effect)

    def _react_to_alarm(self, line: AlarmChanged) -> None:
        if line.transition in (Transition.RAISED, Transition.UPGRADED):
            self._answer(line.at_ms + 15_000, partial(_accept, alarm=line.id, by="sam"))
            if line.priority is Priority.HIGH:
                self._answer(line.at_ms + 40_000, partial(_accept, alarm=line.id, by="dr-lee"))
        elif line.transition is Transition.LATCHED:
            self._answer(line.at_ms + 60_000, partial(_reset, alarm=line.id))

    def _sample(self, at_ms: int, second: int, spo2_x100: int) -> Reading:
        self._pulse += 0.05 * (68 - self._pulse) + self._rng.gauss(0, 0.6)
        off = second in _CLIP_OFF_S and not self._quiet
        values = (
            Observation(Metric.SPO2, None if off else spo2_x100),
            Observation(Metric.PULSE, None if off else round(self._pulse) * 100),
            Observation(Metric.PI, 10 if off else 250 + self._rng.randrange(80)),
        )
        report = DeviceReport(
            device="ox",
            kind=DeviceKind.OXIMETER,
            mode=Mode.TEST,
            observations=values,
            measured_ms=_WALL_MS + second * 1000,
            boot_id="b1",
            seq=second,
            flags=(Flag.FINGER_OUT,) if off else (),
        )
        return Reading(at_ms=at_ms, report=report, wall_ms=_WALL_MS + at_ms, received_ms=at_ms)

    def _cuff(self, at_ms: int) -> Reading:
        self._cuffs += 1
        values = (
            Observation(Metric.SBP, (124 + self._rng.randrange(14)) * 100),
            Observation(Metric.DBP, (76 + self._rng.randrange(8)) * 100),
            Observation(Metric.CUFF_PULSE, round(self._pulse) * 100),
        )
        report = DeviceReport(
            device="cuff",
            kind=DeviceKind.CUFF,
            mode=Mode.TEST,
            observations=values,
            boot_id="c1",
            seq=self._cuffs,
        )
        return Reading(at_ms=at_ms, report=report, wall_ms=_WALL_MS + at_ms)


def _gate(at_ms: int, item: str) -> Event:
    return GateSet(at_ms=at_ms, by="sam", role=Role.COMPANION, item=item, state="pass")


def _rehearse(at_ms: int) -> Event:
    return RehearsalAsked(at_ms=at_ms, by="sam", role=Role.COMPANION)


def _listen(at_ms: int) -> Event:
    return SoundAsked(at_ms=at_ms, by="sam", role=Role.COMPANION)


def _heard(at_ms: int, bursts: int) -> Event:
    return SoundHeard(at_ms=at_ms, by="sam", role=Role.COMPANION, bursts=bursts)


_PROVE: dict[str, Callable[[int], Event]] = {"rehearsal": _rehearse, "sound": _listen}


def _dose(at_ms: int) -> Event:
    return DoseConfirmed(at_ms=at_ms, by="sam", role=Role.COMPANION)


def _check_in(at_ms: int) -> Event:
    return CheckedIn(at_ms=at_ms, by="sam", role=Role.COMPANION, check=_FINE)


def _delivered(at_ms: int, delivery: str) -> Event:
    return DeliveryReported(at_ms=at_ms, delivery=delivery, state=DeliveryState.DELIVERED)


def _accept(at_ms: int, alarm: str, by: str) -> Event:
    role = Role.COMPANION if by == "sam" else Role.PHYSICIAN
    return Accepted(at_ms=at_ms, by=by, role=role, alarm=alarm)


def _reset(at_ms: int, alarm: str) -> Event:
    return ResetByPerson(at_ms=at_ms, by="dr-lee", role=Role.PHYSICIAN, alarm=alarm)
