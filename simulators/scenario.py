"""The scripts of simulated sessions: who takes what, and what is going to happen to them.

A scenario is data. It says nothing of what the hub must answer and draws nothing: the world that
plays it does, from a seed. `standard` is the session of `clinical.md` 6.5 with one desaturation
around T+40; `short` has its first events in the first minutes, for somebody who watches at real
time.

>>> find("standard").dose_mg
200.0
"""

from dataclasses import dataclass
from types import MappingProxyType

from simulators.faults.kinds import Away, CuffFails, Fault, Freeze, Motion
from simulators.habits import ATTENTIVE, Habits
from simulators.oximeter_model import CLASS_A, OximeterModel
from simulators.patient import Obstruction

__all__ = ["ATTENTIVE", "SCENARIOS", "Habits", "Scenario", "UnknownScenarioError", "find"]

_MIN_MS = 60_000
_MIN_S = 60


class UnknownScenarioError(LookupError):
    """No scenario has that name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One script. Times are milliseconds; `spread` is how far people differ (0..1, `traits`).

    `rest_ms` is the rest before the companion first offers the dose. `clip_off` are times, counted
    from the opening, in which the oximeter is off the finger. `motion_per_h` counts bursts of
    movement, `cuff_failure` is the chance of one failed inflation; `same_arm` puts both on one
    arm. Of `faults` this world plays those of reports and of people; the hub is none of its own.
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
    oximeter: OximeterModel = CLASS_A
    same_arm: bool = False
    faults: tuple[Fault, ...] = ()
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
            Scenario(
                name="troubled",
                title="as standard, with a stuck oximeter, a failing cuff and a companion asleep",
                obstructions=(Obstruction(after_dose_ms=40 * _MIN_MS, depth_pct=12.0),),
                faults=(
                    Freeze(after="dose", begins_s=10 * _MIN_S, for_s=3 * _MIN_S),
                    CuffFails(after="dose", begins_s=15 * _MIN_S, for_s=30 * _MIN_S, most=2),
                    Motion(after="dose", begins_s=30 * _MIN_S, for_s=_MIN_S),
                    Away(after="dose", begins_s=50 * _MIN_S, for_s=14 * _MIN_S),
                ),
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
