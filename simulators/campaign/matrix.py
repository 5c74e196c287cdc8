"""All runs of the campaign, and what they come to: one row for each fault, in the table's order.

A cell is a fault (or a pair) with every scene and one cast. Runs are independent, so any number of
processes may play them; the order of the results is that of the cells. Judges nothing itself.

    cells(singles=True, both=False)[0].faults      -> (NONE,)
    sum_up(cell, audits)                           -> Row(...)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from simulators.campaign.audit import Audit
from simulators.campaign.faults import FAULTS, NONE, Fault, pairs
from simulators.campaign.people import PEOPLE
from simulators.campaign.run import Kill, Run
from simulators.campaign.scenes import SCENES

__all__ = ["KILLED", "Cell", "Row", "cells", "kill_cells", "runs_of", "sum_up", "total"]

_CASTS = ("deaf", "physician")
KILLED = {"SPO2-LOW": 1, "SED-4": 1, "BP-SEV": 3, "SIG-LOST": 3, "DOSE-EXTRA": 3}
"""The alarms whose life is cut, and at every how many records: high, class E, a call-back, stages,
and a P0."""

_LIFE = range(376, 700)
"""Records of a run's session from the trouble on: its alarm, its ladder, a lease and its end."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is played together. `kills` are records at which the hub is killed, one a run.

    Each run goes on for `more_s` after its alarm was due.
    """

    faults: tuple[Fault, ...]
    cast: str
    scenes: tuple[str, ...] = tuple(SCENES)
    kills: tuple[int, ...] = ()
    committed: bool = True
    more_s: float = 600.0

    @property
    def name(self) -> str:
        """How the table calls it."""
        if self.kills:
            when = "after its commit" if self.committed else "before its commit"
            return f"{self.scenes[0]}: a kill at each of {len(self.kills)} records, {when}"
        return " + ".join(fault.name for fault in self.faults)


@dataclass(slots=True)
class Row:
    """One line of the table. Times are the worst of all runs, in seconds."""

    name: str
    cast: str
    runs: int = 0
    lost: int = 0
    sound_s: float = 0.0
    companion_s: float = 0.0
    physician_s: float = 0.0
    untold: int = 0
    person_s: float = 0.0
    messages: int = 0
    repeats: int = 0
    problems: list[str] = field(default_factory=list)


def cells(*, singles: bool = True, both: bool = False) -> list[Cell]:
    """Return the cells of single faults, and of pairs if wanted."""
    found: list[Cell] = []
    if singles:
        found += [Cell((fault,), cast) for cast in _CASTS for fault in (NONE, *FAULTS.values())]
    if both:
        found += [Cell(pair, "deaf", _in_turn(n)) for n, pair in enumerate(pairs())]
    return found


def _in_turn(number: int) -> tuple[str, ...]:
    """The key alarms, and a third of the others: each pair meets another third."""
    others = [name for name in SCENES if name not in KILLED]
    return (*KILLED, *others[number % 3 :: 3])


def kill_cells(step: int = 1) -> list[Cell]:
    """Return cells that kill at the records of an alarm's life, or at every `step`-th of those."""
    return [
        Cell((NONE,), "physician", (scene,), tuple(_LIFE[:: every * step]), committed)
        for scene, every in KILLED.items()
        for committed in (True, False)
    ]


def runs_of(cell: Cell) -> list[Run]:
    """Return the runs of a cell."""
    cast = PEOPLE[cell.cast]
    if cell.kills:
        scene = SCENES[cell.scenes[0]]
        kills = [Kill(n, cell.committed) for n in cell.kills]
        return [Run(scene, (), cast, kill, cell.more_s) for kill in kills]
    return [Run(SCENES[name], cell.faults, cast, None, cell.more_s) for name in cell.scenes]


def sum_up(cell: Cell, audits: Sequence[tuple[Run, Audit]]) -> Row:
    """Return the line of a cell from what its runs came to."""
    row = Row(cell.name, cell.cast)
    for run, found in audits:
        row.runs += 1
        row.lost += found.raised_s is None
        row.sound_s = max(row.sound_s, found.sound_s or 0.0)
        row.companion_s = _worst(row.companion_s, found.told_s.get("sam"))
        row.physician_s = _worst(row.physician_s, found.told_s.get("lee"))
        row.untold += not found.told_s
        row.person_s = _worst(row.person_s, found.answered_s)
        row.messages += found.messages
        row.repeats += found.repeats
        at = f" at record {run.kill.record}" if run.kill else ""
        row.problems += [f"{run.scene.row}{at}: {problem}" for problem in found.problems]
    return row


def _worst(so_far: float, new: float | None) -> float:
    return so_far if new is None else max(so_far, new)


def total(rows: Iterable[Row]) -> tuple[int, int, int]:
    """Return runs, lost alarms and problems of all rows."""
    kept = list(rows)
    return (
        sum(row.runs for row in kept),
        sum(row.lost for row in kept),
        sum(len(row.problems) for row in kept),
    )
