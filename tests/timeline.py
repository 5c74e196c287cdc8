"""A session in virtual time, told in seconds after the dose: who did what, and what came of it.

An oximeter sends a sample a second, people answer each prompt, and a test changes one thing at a
time. `story` runs on and gives every line of every alarm's life: comparing it as a whole says "and
nothing else". `expect` is for what may come within a window.

>>> line = Timeline()
>>> line.at(60).spo2(86).story(until=85)
['70 raised SPO2-LOW high/A', '80 joined SPO2-WARN high/A']
"""

import heapq
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import monitor
from alerts.contact import Contact, Role, Way
from alerts.effects import AlarmChanged
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
from monitor.effects import Effect, PhaseChanged, Prompted, PromptKind, Refused, Unjudged
from monitor.engine import Engine
from monitor.events import (
    CheckedIn,
    CheckInCorrected,
    CuffStarted,
    DoseConfirmed,
    DoseExtra,
    Event,
    GateSet,
    PulseCounted,
    Reading,
    ResetByPerson,
    SessionOpened,
    Tick,
)
from monitor.patient import DeviceBinding, Patient
from monitor.plan import Plan, load_plan

__all__ = ["DEFAULT", "VITALS_ONLY", "WELL", "Timeline", "between", "plan_named"]

OPENED_S = 600
WELL = "W5 B0 C0 D0 X0"
_PLANS = Path(monitor.__file__).parent / "plans"


def plan_named(name: str) -> Plan:
    """Return a plan of the shipped ones."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in _PLANS.glob("*.toml")}
    return load_plan(texts[name], f"{name}.toml", texts)


DEFAULT = plan_named("default")
VITALS_ONLY = plan_named("vitals_only")
CONTACTS = (
    Contact("ann", Role.COMPANION, "Ann", (Way("console"),)),
    Contact("dr", Role.PHYSICIAN, "Dr Berg", (Way("console"),)),
)


def between(first_s: float, last_s: float) -> tuple[float, float]:
    """Return a window of time, both ends included."""
    return first_s, last_s


class Timeline:
    """One session. Times are seconds after the dose; it was opened ten minutes before.

    `people` answer each prompt when it is due; `dosed` is False for a session left at the gate.
    """

    def __init__(
        self,
        plan: Plan = DEFAULT,
        *,
        dosed: bool = True,
        interval_ms: int = 1_000,
        oximeter: DeviceBinding | None = None,
        same_arm: bool = False,
        athlete: bool = False,
    ) -> None:
        self.engine = Engine()
        self.interval_ms = interval_ms
        self.now_ms = 0
        self.effects: list[Effect] = []
        self.unanswered: frozenset[PromptKind] = frozenset()
        self.says, self.pressure = WELL, (120, 80, 70)
        self._spo2: float | None = 97
        self._pulse: float | None = 70
        self._flags: tuple[Flag, ...] = ()
        self._silent = False
        self._todo: list[tuple[int, int, PromptKind]] = []
        self._next_sample_ms = 0
        self._expected: set[int] = set()
        devices = (
            oximeter or DeviceBinding("ox", DeviceKind.OXIMETER),
            DeviceBinding("cuff", DeviceKind.CUFF, same_arm=same_arm),
        )
        self.send(
            SessionOpened(
                at_ms=0,
                session="s1",
                mode=Mode.TEST,
                patient=Patient("p1", "Alex", athlete=athlete, devices=devices, contacts=CONTACTS),
                plan=plan,
            )
        )
        if dosed:
            self.at(-300).bp(120, 80).at(-240).bp(120, 80).gate().at(0).dose()

    # --- time ---------------------------------------------------------------------------------

    def at(self, t_s: float) -> Self:
        """Go on to `t_s`, with a sample at each interval before it and people who answer."""
        until_ms = round((t_s + OPENED_S) * 1000)
        while self._next_sample_ms < until_ms:
            at_ms = self._next_sample_ms
            self._next_sample_ms += self.interval_ms
            self._answer_prompts(at_ms)
            self.now_ms = max(self.now_ms, at_ms)
            if self._silent:
                self.send(Tick(at_ms=self.now_ms))
            else:
                self.sample()
        self._answer_prompts(until_ms)
        self.now_ms = max(self.now_ms, until_ms)
        return self

    def story(self, until: float, *, skip: Iterable[str] = ()) -> list[str]:
        """Go on until just after `until` and return every line since the last story."""
        self.at(until)
        self.send(Tick(at_ms=self.now_ms))
        if not self._silent and self._next_sample_ms == self.now_ms:
            self._next_sample_ms += self.interval_ms
            self.sample()
        lines = [self.text(e) for e in self.effects if isinstance(e, AlarmChanged)]
        self.effects.clear()
        return [line for line in lines if line.split()[2] not in set(skip)]

    def text(self, line: AlarmChanged) -> str:
        """One line as text: when, what happened, which row, the alarm's priority and class."""
        t_s = line.at_ms / 1000 - OPENED_S
        level = line.priority.value + (f"/{line.alarm_class.value}" if line.alarm_class else "")
        return f"{t_s:g} {line.transition.value} {line.row} {level}"

    def phases(self) -> list[str]:
        """Every change of phase so far, since the last story."""
        changes = [e for e in self.effects if isinstance(e, PhaseChanged)]
        return [f"{e.at_ms / 1000 - OPENED_S:g} {e.phase}" for e in changes]

    def asked(self, kind: PromptKind) -> list[tuple[float, float]]:
        """When each prompt of a kind was given and for when, since the last story."""
        prompts = [e for e in self.effects if isinstance(e, Prompted) and e.prompt is kind]
        return [(e.at_ms / 1000 - OPENED_S, e.due_ms / 1000 - OPENED_S) for e in prompts]

    def refused(self) -> list[str]:
        """The reasons of all refusals since the last story."""
        return [e.reason for e in self.effects if isinstance(e, Refused | Unjudged)]

    def expect(self, window: tuple[float, float]) -> "Expected":
        """Go on to the end of the window; what is then said must lie in it."""
        self.at(window[1])
        self.send(Tick(at_ms=self.now_ms))
        return Expected(self, window)

    def and_nothing_else(self) -> None:
        """Every line so far was expected."""
        rest = [
            self.text(effect)
            for index, effect in enumerate(self.effects)
            if isinstance(effect, AlarmChanged) and index not in self._expected
        ]
        assert rest == []

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
        report = DeviceReport(
            device="ox",
            kind=DeviceKind.OXIMETER,
            mode=Mode.TEST,
            observations=tuple(values),
            flags=self._flags,
            measured_ms=measured_ms,
        )
        return self.send(Reading(at_ms=self.now_ms, report=report, received_ms=self.now_ms))

    def run(self, text: str) -> Self:
        """SpO2 samples, one an interval from now: `"86*3 x - 97"`; x is not valid, - is nothing."""
        for word in text.split():
            value, _, times = word.partition("*")
            for _ in range(int(times or 1)):
                if value == "-":
                    self.silence()
                else:
                    self.spo2(None if value == "x" else float(value))
                self.at(self.now_s + self.interval_ms / 1000)
        return self

    # --- people -------------------------------------------------------------------------------

    @property
    def now_s(self) -> float:
        """Now, in seconds after the dose."""
        return self.now_ms / 1000 - OPENED_S

    def bp(self, sbp: float, dbp: float, pulse: float = 70) -> Self:
        """A cuff reading now."""
        values = ((Metric.SBP, sbp), (Metric.DBP, dbp), (Metric.CUFF_PULSE, pulse))
        observations = tuple(Observation(metric, round(value * 100)) for metric, value in values)
        return self._cuff(observations, None)

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
        """Every item of the gate passes, `but` these."""
        for item in self.engine.chart.plan.gate:
            if item not in but:
                self.send(
                    GateSet(
                        at_ms=self.now_ms, by="ann", role=Role.COMPANION, item=item, state=state
                    )
                )
        return self

    def dose(self, ago_s: int = 0) -> Self:
        """The dose is in the mouth."""
        event = DoseConfirmed(at_ms=self.now_ms, by="ann", role=Role.COMPANION, ago_ms=ago_s * 1000)
        return self.send(event)

    def extra_dose(self, ago_s: int = 0) -> Self:
        """A further dose."""
        event = DoseExtra(at_ms=self.now_ms, by="ann", role=Role.COMPANION, ago_ms=ago_s * 1000)
        return self.send(event)

    def reset(self, family: str) -> Self:
        """A person resets the open alarm of a family."""
        alarm = self.engine.alarms.book.open[family].id
        return self.send(
            ResetByPerson(at_ms=self.now_ms, by="dr", role=Role.PHYSICIAN, alarm=alarm)
        )

    def send(self, event: Event) -> Self:
        """Give one event to the engine; keep what it says."""
        for effect in self.engine.handle(event):
            self.effects.append(effect)
            if isinstance(effect, Prompted):
                item = (max(effect.due_ms, effect.at_ms), len(self._todo), effect.prompt)
                heapq.heappush(self._todo, item)
        return self

    def _cuff(self, observations: tuple[Observation, ...], failure: str | None) -> Self:
        report = DeviceReport(
            device="cuff",
            kind=DeviceKind.CUFF,
            mode=Mode.TEST,
            observations=observations,
            failure=failure,
        )
        return self.send(Reading(at_ms=self.now_ms, report=report))

    def _answer_prompts(self, until_ms: int) -> None:
        while self._todo and self._todo[0][0] <= until_ms:
            due_ms, _, kind = heapq.heappop(self._todo)
            if kind in self.unanswered:
                continue
            self.now_ms = max(self.now_ms, due_ms)
            if kind is PromptKind.CUFF:
                self.bp(*self.pressure)
            else:
                self.check(self.says)


class Expected:
    """What was said within a window."""

    def __init__(self, line: Timeline, window: tuple[float, float]) -> None:
        self.line = line
        self.window = window

    def raised(self, row: str) -> Self:
        """This row opened its alarm."""
        return self._one("raised", row)

    def joined(self, row: str) -> Self:
        """This row joined an alarm that was open."""
        return self._one("joined", row)

    def upgraded(self, row: str) -> Self:
        """This row made an open alarm higher."""
        return self._one("upgraded", row)

    def cleared(self, row: str) -> Self:
        """This row is over."""
        return self._one("cleared", row)

    def nothing(self) -> Self:
        """Nothing was said that was not expected before."""
        self.line.and_nothing_else()
        return self

    def _one(self, transition: str, row: str) -> Self:
        first_s, last_s = self.window
        found = [
            index
            for index, effect in enumerate(self.line.effects)
            if isinstance(effect, AlarmChanged)
            and (effect.transition.value, effect.row) == (transition, row)
            and first_s <= effect.at_ms / 1000 - OPENED_S <= last_s
        ]
        assert len(found) == 1, [
            self.line.text(e) for e in self.line.effects if isinstance(e, AlarmChanged)
        ]
        self.line._expected.update(found)
        return self
