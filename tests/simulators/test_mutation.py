"""Planted defects of a row are caught by the scenarios that ask for it; `make evaluate` has all."""

import pytest

from simulators.mutation import hunt, sections
from simulators.worlds.mutants import Defect


@pytest.mark.parametrize("row", ["PR-TACHY"])
@pytest.mark.timeout(300)
def test_every_defect_of_a_row_is_caught(row: str) -> None:
    """All five kinds: delay, comparison, unknown, latch, clearing."""
    assert hunt(row) == dict.fromkeys(Defect, True)


def test_a_row_without_a_limit_has_fewer_defects() -> None:
    """The companion's word has no delay and no limit, and latches."""
    assert hunt("SED-4") == {Defect.LATCH_OFF: True, Defect.CLEAR_OFF: True}


def test_what_slipped_through_is_named_first() -> None:
    """Counted, by row and kind."""
    found = {"A": {Defect.FLIPPED: True, Defect.LATCH_OFF: False}}
    assert sections(found) == [
        "## Planted defects",
        "",
        "2 in 1 rows, each in scenarios of its row's own; 1 were caught. Not caught:",
        "",
        "- A: latching off",
        "",
    ]
    assert sections({})[4] == "Nothing."
