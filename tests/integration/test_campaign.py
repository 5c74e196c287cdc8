"""The campaign's default part: every alarm and every single fault in virtual time, none lost.

`make campaign` plays all of it, with every pair of faults and a kill at every record. Here each
fault meets an eighth of the alarms, and those of the five key rows meet every fault.
"""

import pytest

from simulators.campaign.crew import play_cell
from simulators.campaign.faults import FAULTS, NONE
from simulators.campaign.matrix import KILLED, Cell, Row, kill_cells
from simulators.campaign.scenes import SCENES

EVERY = 8
MORE_S = 330.0
"""As far as the last rung of every ladder and the first repeat; the campaign plays twice that."""


def _scenes(turn: int) -> tuple[str, ...]:
    others = [name for name in SCENES if name not in KILLED]
    return (*KILLED, *others[turn % EVERY :: EVERY])


@pytest.mark.parametrize("cast", ["deaf", "physician"])
@pytest.mark.parametrize("fault", [NONE.name, *FAULTS])
def test_no_single_fault_loses_an_alarm(fault: str, cast: str) -> None:
    """Raised, heard, told, answered in time; nothing unexplained; the way after a failed one."""
    turn = [NONE.name, *FAULTS].index(fault)
    broken = FAULTS.get(fault, NONE)
    row = play_cell(Cell((broken,), cast, _scenes(turn), more_s=MORE_S))
    assert (row.lost, row.problems) == (0, [])


@pytest.mark.parametrize("cell", kill_cells(20), ids=lambda cell: cell.name)
def test_a_kill_at_any_record_loses_nothing(cell: Cell) -> None:
    """Every 20th of those at which the campaign kills, before and after its commit."""
    row: Row = play_cell(cell)
    assert (row.lost, row.problems) == (0, [])
