r"""Reads a scenario from TOML: strict, with every fault named at once.

It opens no file and plays nothing; what a scenario may say stands in `scenario`.

>>> scenario = read_scenario(
...     "name = 'calm'\ntitle = 'nothing happens'\n[[must_not]]\npriority = 'high'\n", "calm.toml"
... )
>>> scenario.patient.dose_mg
200.0
"""

from collections.abc import Iterator

from monitor.faults import Faults, FaultsError, convert, read_toml
from simulators.faults.kinds import FaultError
from simulators.worlds.laid import fault_in
from simulators.worlds.onset import Onset
from simulators.worlds.scenario import Expected, MustNot, Scenario

__all__ = ["ScenarioError", "read_scenario"]


class ScenarioError(FaultsError):
    """The scenario cannot be played; the message names every fault."""


def read_scenario(text: str, where: str) -> Scenario:
    """Read one scenario.

    Args:
        text: the TOML text.
        where: the file's name, for the faults.

    Raises:
        ScenarioError: with every fault of the file: what, where and what to do.
    """
    faults = Faults()
    mapping = read_toml(text, where, faults)
    scenario = None if mapping is None else convert(Scenario, mapping, where, faults)
    if scenario is not None:
        _check(scenario, where, faults)
    if scenario is None or faults:
        raise ScenarioError(faults)
    return scenario


def _check(scenario: Scenario, where: str, faults: Faults) -> None:
    names = [one.name for one in scenario.happenings]
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.add(where, f"two happenings are called {name!r}", "give each its own name")
    marks = {"dose", "open", *names, *(f"{name}.end" for name in names)}
    for kind, items in (("must", scenario.must), ("must_not", scenario.must_not)):
        for index, item in enumerate(items):
            for what, advice in _item_faults(item, marks):
                faults.add(f"{where}: {kind}[{index}]", what, advice)
    for index, script in enumerate(scenario.fault):
        try:
            fault_in(script)
        except FaultError as error:
            faults.add(f"{where}: fault[{index}]", str(error), "see docs/simulated-home.md")
    for index, course in enumerate(scenario.course):
        times = [point[0] for point in course.points]
        if times != sorted(times):
            faults.add(f"{where}: course[{index}]", "goes back in time", "sort the points")


def _item_faults(item: Expected, marks: set[str]) -> Iterator[tuple[str, str]]:
    onsets: list[Onset] = [item.onset]
    if isinstance(item, MustNot) and item.until is not None:
        onsets.append(item.until)
    for onset in onsets:
        yield from onset.faults(marks)
    if item.what in ("cleared", "latched") and not item.rows:
        yield f"says what is {item.what} but no row", "write rows"
    if item.what == "phase" and not item.phase:
        yield "asks for a phase but names none", "write phase"
