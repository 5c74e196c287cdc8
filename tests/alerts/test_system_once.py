"""What happened once, in the alarm system: nobody who finds all well has heard of it."""

import pytest

from alerts.alarm import RowFacts
from alerts.condition import Kind
from tests.alerts.room import ANN, MEDIUM, Room

EXTRA = RowFacts("EXTRA", "dose", Kind.WORKFLOW, MEDIUM, once=True)
STATE = RowFacts("STATE", "dose", Kind.WORKFLOW, MEDIUM)


def sends(room: Room) -> list[str]:
    """Return the lines of what was sent since the last call."""
    return [line for line in room.take() if "send" in line]


@pytest.mark.parametrize("well", [True, False])
def test_looking_well_is_no_answer_to_what_happened(well: bool) -> None:
    """The ladder goes on, and begins again from 300 s on; that of a state ends."""
    rooms = []
    for row in (EXTRA, STATE):
        room = Room()
        room.present(row, 0)
        room.absent(row, 0)
        if well:
            room.well(20)
        room.run(600)
        rooms.append(len(sends(room)))
    assert rooms == [9, 1 if well else 6]


def test_an_answer_ends_its_ladder() -> None:
    """A person has it: nobody else is told, and no lease has to be renewed."""
    room = Room()
    room.present(EXTRA, 0)
    room.absent(EXTRA, 0)
    room.take()
    assert room.person("accept", "dose@0", ANN, 10) is None
    room.run(1_200)
    assert sends(room) == []
    assert room.person("reset", "dose@0", ANN, 1_200) is None
    assert room.system.book.open == {}
