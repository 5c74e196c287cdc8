"""Plays the runs of one cell, in whatever process it is called.

play_cell(Cell((FAULTS["ntfy dead"],), "deaf"))     -> Row("ntfy dead", ...)
"""

from simulators.campaign.audit import audit
from simulators.campaign.matrix import Cell, Row, runs_of, sum_up
from simulators.campaign.play import play

__all__ = ["play_cell"]


def play_cell(cell: Cell) -> Row:
    """Play all runs of a cell and sum them up."""
    return sum_up(cell, [(run, audit(run, play(run))) for run in runs_of(cell)])
