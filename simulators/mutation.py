"""Plays every planted defect against its row's own scenario and says which were caught.

The scenario files are the outside thing; `worlds/mutants` plants. A defect is caught when its world
fails where the world of the shipped rules passes.

    hunt("SPO2-LOW")    -> {Defect.LATCH_OFF: True, ...}
"""

from simulators.worlds.crew import generator, played_one, read_all, shipped_plan
from simulators.worlds.mutants import Defect, Mutant, life, own_scenarios, planted, with_loss
from simulators.worlds.played import Played
from simulators.worlds.script import play

__all__ = ["hunt", "sections"]


def hunt(row: str) -> dict[Defect, bool]:
    """Return for each defect that this row can have whether a scenario of its own caught it.

    Raises:
        KeyError: no scenario asks for this row alone.
    """
    plan = shipped_plan()
    found: dict[Defect, bool] = {}
    for name in own_scenarios(read_all(), plan)[row]:
        verdict, sound = played_one((name, 0))
        if not verdict.passed:
            continue
        for defect in Defect:
            mutant = None if found.get(defect) else planted(plan, row, defect)
            caught = None if mutant is None else _caught(name, mutant, sound)
            if caught is not None:
                found[defect] = caught
    return found


def _caught(name: str, mutant: Mutant, sound: Played) -> bool | None:
    """Whether this scenario catches the defect; None: it does not come to what the defect is in."""
    if mutant.defect is Defect.UNKNOWN_IS_ABSENT:
        return _through_a_loss(name, mutant, sound)
    here = life(sound, mutant.row)
    needs = {Defect.LATCH_OFF: {"latched"}, Defect.CLEAR_OFF: {"latched", "cleared"}}
    if mutant.defect in needs and not needs[mutant.defect] & {what for _, what in here}:
        return None
    verdict, worse = played_one((name, 0), mutant.plan, mutant.prepare)
    return not verdict.passed or (mutant.defect in needs and life(worse, mutant.row) != here)


def _through_a_loss(name: str, mutant: Mutant, sound: Played) -> bool | None:
    """Whether the row ends in a loss of signal in which the shipped rules hold it."""
    lossy = with_loss(read_all()[name], sound, mutant.row)
    if lossy is None:
        return None
    lives = [
        life(play(lossy, 0, generator(name, 0), mutant.plan, (), prepare), mutant.row)
        for prepare in (None, mutant.prepare)
    ]
    return lives[0] != lives[1]


def sections(found: dict[str, dict[Defect, bool]]) -> list[str]:
    """Return what was caught as a section of Markdown; what slipped through is named first."""
    slipped = [
        f"- {row}: {defect.value}"
        for row, defects in sorted(found.items())
        for defect, caught in defects.items()
        if not caught
    ]
    count = sum(len(defects) for defects in found.values())
    words = f"{count} in {len(found)} rows, each in scenarios of its row's own;"
    words += f" {count - len(slipped)} were caught. Not caught:"
    return ["## Planted defects", "", words, "", *(slipped or ["Nothing."]), ""]
