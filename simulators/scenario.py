"""The scripts of simulated sessions: who takes what, and what is going to happen to them.

A scenario is data. It says nothing of what the hub must answer and draws nothing: the world that
plays it does, from a seed. `standard` is the session of `clinical.md` 6.5 with one desaturation
around T+40; `short` has its first events in the first minutes, for somebody who watches at real
time.

>>> find("standard").dose_mg
200.0
"""

from dataclasses import dataclass, field
from types import MappingProxyType

from alerts.condition import Priority
from simulators.patient import Obstruction

__all__ = ["SCENARIOS", "Habits", "Scenario", "UnknownScenarioError", "find"]

_MIN_MS = 60_000


class UnknownScenarioError(LookupError):
    """No scenario has that name; the message lists those there are."""


def _companion_answers() -> MappingProxyType[Priority, float]:
    return MappingProxyType({Priority.LOW: 60.0, Priority.MEDIUM: 25.0, Priority.HIGH: 12.0})


@dataclass(frozen=True, slots=True)
class Habits:
    """How people react: medians in seconds, chances 0..1 (`clinical.md` 6.4).

    `answer_s` is the time to answer an alarm by its priority, `check_in_s` to answer a prompt,
    `physician_s` until the physician accepts; all are lognormal with log SD `log_sd`.
    `miss` is the chance not to react to one prompt or alarm at first; `rating_error` the chance to
    rate wakefulness one step wrong.
    """

    answer_s: MappingProxyType[Priority, float] = field(default_factory=_companion_answers)
    check_in_s: float = 40.0
    physician_s: float = 45.0
    log_sd: float = 0.8
    miss: float = 0.03
    rating_error: float = 0.1


ATTENTIVE = Habits(check_in_s=25.0, physician_s=30.0, log_sd=0.4, miss=0.0, rating_error=0.0)
"""People who know that they are in a demonstration."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One script. Times are milliseconds; `spread` is how far people differ (0..1, `traits`).

    `rest_ms` is the rest before the companion first offers the dose. `clip_off` are times, counted
    from the opening, in which the oximeter is off the finger. `motion_per_h` counts bursts of
    movement, `cuff_failure` is the chance of one failed inflation.
    """

    name: str
    title: str
    weight_kg: float = 75.0
    dose_mg: float = 200.0
    spread: float = 0.25
    rest_ms: int = 10 * _MIN_MS
    obstructions: tuple[Obstruction, ...] = ()
    clip_off: tuple[tuple[int, int], ...] = ()
    motion_per_h: float = 0.0
    cuff_failure: float = 0.0
    habits: Habits = ATTENTIVE


SCENARIOS: MappingProxyType[str, Scenario] = MappingProxyType(
    {
        script.name: script
        for script in (
            Scenario(
                name="standard",
                title="200 mg, 75 kg, oxygen falls once at T+40 and recovers",
                obstructions=(Obstruction(after_dose_ms=40 * _MIN_MS, depth_pct=12.0),),
            ),
            Scenario(
                name="short",
                title="as standard, but the clip slips after 1 min and oxygen falls at T+2",
                rest_ms=4 * _MIN_MS,
                obstructions=(Obstruction(after_dose_ms=2 * _MIN_MS, depth_pct=12.0),),
                clip_off=((1 * _MIN_MS, 1 * _MIN_MS + 25_000),),
            ),
            Scenario(
                name="lifelike",
                title="as standard, with people as they differ, movement, failures and lapses",
                spread=1.0,
                obstructions=(Obstruction(after_dose_ms=40 * _MIN_MS, depth_pct=12.0),),
                motion_per_h=3.0,
                cuff_failure=0.03,
                habits=Habits(),
            ),
        )
    }
)


def find(name: str) -> Scenario:
    """Return a scenario by its name.

    Raises:
        UnknownScenarioError: there is none; the message lists the names.
    """
    if name not in SCENARIOS:
        raise UnknownScenarioError(f"no scenario is called {name!r}: use {', '.join(SCENARIOS)}")
    return SCENARIOS[name]
