"""The campaign's default part: every alarm and every single fault in virtual time, none lost.

`make campaign` plays all of it, with both casts, every pair of faults and a kill at every record.
Here every fault meets a high alarm, a call-back, and one more kind of alarm in turn.
"""

import pytest

from simulators.campaign.crew import play_cell
from simulators.campaign.faults import FAULTS, NONE
from simulators.campaign.matrix import Cell, Row, kill_cells
from simulators.campaign.scenes import SCENES

KEY = ("SPO2-LOW", "BP-SEV")
MORE_S = 330.0
"""As far as the last rung of every ladder and the first repeat; the campaign plays twice that."""


def _scenes(turn: int) -> tuple[str, ...]:
    others = [name for name in SCENES if name not in KEY]
    return (*KEY, others[turn % len(others)])


@pytest.mark.parametrize("fault", [NONE.name, *FAULTS])
def test_no_single_fault_loses_an_alarm(fault: str) -> None:
    """Raised, heard, told in time; nothing unexplained; the next way after a failed one."""
    turn = [NONE.name, *FAULTS].index(fault)
    cast = ("deaf", "physician")[turn % 2]
    row = play_cell(Cell((FAULTS.get(fault, NONE),), cast, _scenes(turn), more_s=MORE_S))
    assert (row.lost, row.problems) == (0, [])


@pytest.mark.no_cover  # the kills take no line that the faults above do not
@pytest.mark.parametrize("cell", kill_cells(40), ids=lambda cell: cell.name)
def test_a_kill_at_any_record_loses_nothing(cell: Cell) -> None:
    """Every 40th of those at which the campaign kills, before and after its commit."""
    row: Row = play_cell(cell)
    assert (row.lost, row.problems) == (0, [])
