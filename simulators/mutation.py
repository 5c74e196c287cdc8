"""Plays every planted defect against its row's own scenario and says which were caught.

The scenario files are the outside thing; `worlds/mutants` plants. Beside the scenarios there are
the stories (`simulators/stories`): short worlds that ask, one after the other, for the rows for
which no scenario asks alone. A defect is caught when its world fails where the world of the
shipped rules passes, or when the row's life goes otherwise.

    hunt("SPO2-LOW")    -> {Defect.LATCH_OFF: True, ...}
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from monitor.engine import Engine
from monitor.plan import Plan
from simulators.checkers import checkers
from simulators.worlds.crew import generator, read_all, shipped_plan
from simulators.worlds.losses import with_loss
from simulators.worlds.mutants import (
    Defect,
    Mutant,
    life,
    own_scenarios,
    planted,
    why_not,
)
from simulators.worlds.played import Played
from simulators.worlds.scenario import Scenario
from simulators.worlds.score import Verdict, families, judge
from simulators.worlds.script import play

__all__ = ["hunt", "mutated_rows", "sections", "stories"]

_LIVES = frozenset({Defect.LATCH_OFF, Defect.CLEAR_OFF})
Found = Mapping[str, Mapping[Defect, bool]]


@cache
def stories() -> dict[str, Scenario]:
    """Return every scenario and every story by name.

    Raises:
        ScenarioError: with every fault of every file.
    """
    with resources.as_file(resources.files("simulators").joinpath("stories")) as folder:
        return {**read_all(), **read_all(Path(folder))}


def mutated_rows() -> list[str]:
    """Return the rows for which a scenario or a story asks alone, in the order of the plan."""
    return list(own_scenarios(stories(), shipped_plan()))


def hunt(row: str) -> dict[Defect, bool]:
    """Return for each defect that this row can have whether a scenario of its own caught it.

    Raises:
        KeyError: no scenario asks for this row alone.
    """
    plan = shipped_plan()
    able = [one for one in Defect if planted(plan, row, one) is not None]
    found = dict.fromkeys(able, False)
    for name in own_scenarios(stories(), plan)[row]:
        if all(found.values()):
            break
        verdict, sound = _played(name)
        if not verdict.passed:
            continue
        for defect in able:
            mutant = None if found[defect] else planted(plan, row, defect)
            if mutant is not None:
                found[defect] = _caught(name, mutant, sound)
    return found


def _played(
    name: str, plan: Plan | None = None, prepare: Callable[[Engine], None] | None = None
) -> tuple[Verdict, Played]:
    scenario, rules = stories()[name], plan or shipped_plan()
    played = play(scenario, 0, generator(name, 0), rules, checkers(rules), prepare)
    return judge(scenario, played, families(rules)), played


def _caught(name: str, mutant: Mutant, sound: Played) -> bool:
    """Whether this scenario catches the defect; not when it does not come to what it is in."""
    if mutant.defect is Defect.UNKNOWN_IS_ABSENT:
        return _through_a_loss(name, mutant, sound)
    verdict, worse = _played(name, mutant.plan, mutant.prepare)
    here = life(sound, mutant.row)
    return not verdict.passed or (mutant.defect in _LIVES and life(worse, mutant.row) != here)


def _through_a_loss(name: str, mutant: Mutant, sound: Played) -> bool:
    """Whether the row ends where nobody knows, in which the shipped rules hold it."""
    shape = next(row for row in mutant.plan.rows if row.id == mutant.row).__struct_config__.tag
    lossy = with_loss(stories()[name], sound, mutant.row, str(shape))
    if lossy is None:
        return False
    lives = [
        life(play(lossy, 0, generator(name, 0), mutant.plan, (), prepare), mutant.row)
        for prepare in (None, mutant.prepare)
    ]
    return lives[0] != lives[1]


def sections(found: Found) -> list[str]:
    """Return what was caught as a section of Markdown: what slipped through first, then the table.

    `found` is what `hunt` returned, by row. A dash is a defect that the row cannot have.
    """
    plan = shipped_plan()
    slipped = [
        f"- {row}: {defect.value}"
        for row, defects in sorted(found.items())
        for defect, caught in defects.items()
        if not caught
    ]
    count = sum(len(defects) for defects in found.values())
    words = f"{count} in {len(found)} rows, each in scenarios of its row's own;"
    words += f" {count - len(slipped)} were caught. Not caught:"
    table = [_line(row, defects) for row, defects in found.items()]
    absent = [
        f"- {defect.value}: {why}."
        for defect in Defect
        for why in dict.fromkeys(why_not(plan, row, defect) for row in found)
        if why
    ]
    left = [row.id for row in plan.rows if row.id not in found]
    rest = [f"No world comes to: {', '.join(left)}.", ""] if left else []
    return [
        *("## Planted defects", "", words, "", *(slipped or ["Nothing."]), ""),
        *("| row | " + " | ".join(one.value for one in Defect) + " |", "|---|" + "---|" * 5),
        *table,
        "",
        *(["A dash is a defect that a row cannot have:", "", *absent, ""] if absent else []),
        *rest,
    ]


def _line(row: str, defects: Mapping[Defect, bool]) -> str:
    words = {True: "caught", False: "**not caught**", None: "-"}
    cells = [words[defects.get(one)] for one in Defect]
    return f"| {row} | {' | '.join(cells)} |"
