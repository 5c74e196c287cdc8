"""Planted defects of a row are caught by the scenarios that ask for it; `make evaluate` has all."""

import pytest

from simulators.mutation import hunt, mutated_rows, sections, stories
from simulators.worlds.crew import read_all, shipped_plan
from simulators.worlds.mutants import Defect

pytestmark = pytest.mark.long


@pytest.mark.parametrize("row", ["PR-TACHY"])
@pytest.mark.timeout(300)
def test_every_defect_of_a_row_is_caught(row: str) -> None:
    """All five kinds: delay, comparison, unknown, latch, clearing."""
    assert hunt(row) == dict.fromkeys(Defect, True)


@pytest.mark.timeout(300)
def test_a_row_that_people_see_is_held_while_nobody_looks() -> None:
    """The companion's word has no delay and no limit; it latches, and its silence ends nothing."""
    kinds = (Defect.UNKNOWN_IS_ABSENT, Defect.LATCH_OFF, Defect.CLEAR_OFF)
    assert hunt("LIPS-PALE") == dict.fromkeys(kinds, True)


@pytest.mark.timeout(300)
def test_a_row_of_pressure_is_held_while_nobody_measures() -> None:
    """Its comparison is that of the systolic limit."""
    kinds = (Defect.FLIPPED, Defect.UNKNOWN_IS_ABSENT, Defect.CLEAR_OFF)
    assert hunt("BP-LOW1") == dict.fromkeys(kinds, True)


def test_every_row_has_a_world_that_asks_for_it_alone() -> None:
    """A scenario of its own, or a story; stories come beside the scenarios and replace none."""
    assert {row.id for row in shipped_plan().rows} == set(mutated_rows())
    assert read_all().items() <= stories().items()


def test_what_slipped_through_is_named_first() -> None:
    """Counted, by row and kind; then a table of all, and why some cannot be."""
    found = {
        "PR-TACHY": dict.fromkeys(Defect, True),
        "SED-3": {Defect.LATCH_OFF: False, Defect.CLEAR_OFF: True},
    }
    page = sections(found)
    assert page[:13] == [
        "## Planted defects",
        "",
        "7 in 2 rows, each in scenarios of its row's own; 6 were caught. Not caught:",
        "",
        "- SED-3: latching off",
        "",
        f"| row | {' | '.join(one.value for one in Defect)} |",
        "|---|---|---|---|---|---|",
        "| PR-TACHY | caught | caught | caught | caught | caught |",
        "| SED-3 | - | - | - | **not caught** | caught |",
        "",
        "A dash is a defect that a row cannot have:",
        "",
    ]
    assert sections({})[4] == "Nothing."
