"""Plays worlds in whatever process it is called: scenario files, generators, the plan.

The folder of scenarios and chance are the outside things: each world's generator is made here from
its scenario's name and its seed, so that worlds are independent of one another and of their order.

    verdict = play_one(("apnoea_sudden", 0))
"""

import zlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from numpy.random import Generator, default_rng

from monitor.engine import Engine
from monitor.plan import Plan
from monitor.plans_dir import read_plan
from simulators.checkers import checkers
from simulators.worlds.laid import laid_over
from simulators.worlds.played import Played
from simulators.worlds.reader import ScenarioError, read_scenario
from simulators.worlds.scenario import Scenario
from simulators.worlds.score import Verdict, families, judge
from simulators.worlds.script import play

__all__ = ["generator", "play_one", "played_one", "read_all", "shipped_plan"]


@cache
def read_all(folder: Path | None = None) -> dict[str, Scenario]:
    """Return every scenario by name: the shipped ones, or those of a folder.

    Raises:
        ScenarioError: with every fault of every file.
    """
    place = resources.files("simulators").joinpath("scenarios") if folder is None else folder
    texts = {
        entry.name: entry.read_text("utf-8")
        for entry in sorted(place.iterdir(), key=lambda one: one.name)
        if entry.name.endswith(".toml")
    }
    found: dict[str, Scenario] = {}
    faults: list[str] = []
    for name, text in texts.items():
        try:
            scenario = read_scenario(text, name)
        except ScenarioError as error:
            faults += error.faults
            continue
        if scenario.name != name.removesuffix(".toml"):
            faults.append(f"{name}: name is {scenario.name!r}; write the file's own name")
        found[scenario.name] = scenario
    if faults:
        raise ScenarioError(faults)
    return found


@cache
def shipped_plan() -> Plan:
    """Return the plan that worlds run by."""
    return read_plan("default")


def generator(name: str, seed: int) -> Generator:
    """Return the generator of one world."""
    return default_rng([zlib.crc32(name.encode()), seed])


def played_one(
    world: tuple[str, int],
    plan: Plan | None = None,
    prepare: Callable[[Engine], None] | None = None,
    faults: Sequence[str] = (),
) -> tuple[Verdict, Played]:
    """Play one world of a scenario and judge it.

    Args:
        world: a scenario's name and a seed.
        plan: other rules than the shipped ones: a planted defect.
        prepare: changes the engine before it decides: a planted defect.
        faults: what is laid over the scenario (`laid`).
    """
    name, seed = world
    rules = plan or shipped_plan()
    scenario = laid_over(read_all()[name], faults)
    played = play(scenario, seed, generator(name, seed), rules, checkers(rules), prepare)
    return judge(scenario, played, families(rules)), played


def play_one(world: tuple[str, int], faults: Sequence[str] = ()) -> Verdict:
    """Play one world and judge it; `faults` are laid over it."""
    return played_one(world, faults=faults)[0]
