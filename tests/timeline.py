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
from typing import Self

import msgspec

from alerts.effects import AlarmChanged
from devices.observation import DeviceKind
from monitor.effects import PhaseChanged, Prompted, PromptKind, Refused, Unjudged
from monitor.events import Tick
from monitor.patient import DeviceBinding
from monitor.plan import Plan
from monitor.session import Phase
from tests.bedside import DEFAULT, OPENED_S, VITALS_ONLY, WELL, Bedside

__all__ = [
    "DEFAULT",
    "LIMITS",
    "OPENED_S",
    "VITALS_ONLY",
    "WELL",
    "Timeline",
    "between",
    "only",
    "without",
]


def between(first_s: float, last_s: float) -> tuple[float, float]:
    """Return a window of time, both ends included."""
    return first_s, last_s


def only(story: list[str], *rows: str) -> list[str]:
    """Return the lines of these rows."""
    return [line for line in story if line.split()[2] in rows]


def without(plan: Plan, *rows: str) -> Plan:
    """Return the plan without these rows: for stories about the others alone."""
    assert set(rows) <= {row.id for row in plan.rows}
    kept = tuple(row for row in plan.rows if row.id not in rows)
    return msgspec.structs.replace(plan, rows=kept)


LIMITS = without(
    DEFAULT, "SPO2-CUM", "SPO2-DROP", "SPO2-DROP2", "SPO2-ODI", "SPO2-TREND", "PR-SUST", "PR-REL"
)
"""The default plan with the plain limits of SpO2 and pulse alone, without what looks further."""


class Timeline(Bedside):
    """One session. Times are seconds after the dose; it was opened ten minutes before.

    People answer each prompt when it is due, but for the cuff's at the gate: its readings there are
    the baseline, and a test says them itself. `dosed` is False for a session left at the gate.
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
        fibrillation: bool = False,
    ) -> None:
        devices = (
            oximeter or DeviceBinding("ox", DeviceKind.OXIMETER),
            DeviceBinding("cuff", DeviceKind.CUFF, same_arm=same_arm),
        )
        super().__init__(plan, devices, athlete=athlete, fibrillation=fibrillation)
        self.interval_ms = interval_ms
        self.pressure = (120, 80, 70)
        self._next_sample_ms = 0
        self._expected: set[int] = set()
        if dosed:
            self.at(-500).bp(120, 80).at(-440).bp(120, 80).gate()
            if same_arm:
                self.overrides("devices")
            self.at(0).dose()

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

    def _answer_prompts(self, until_ms: int) -> None:
        while self._todo and self._todo[0][0] <= until_ms:
            due_ms, _, kind = heapq.heappop(self._todo)
            at_gate = self.engine.chart.phase is Phase.GATE
            if kind in self.unanswered or (at_gate and kind is PromptKind.CUFF):
                continue
            self.now_ms = max(self.now_ms, due_ms)
            if kind is PromptKind.CUFF:
                self.bp(*self.pressure)
            elif kind is PromptKind.PATIENT_CHECK:
                self.tap()
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
