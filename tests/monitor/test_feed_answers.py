"""What a page is answered when it asks, and whom nothing is told."""

import pytest
from msgspec import structs

from alerts.contact import Role
from monitor.ambulance import Ambulance
from monitor.engine import Engine
from monitor.feed_answers import answer
from monitor.feed_room import FeedRoom
from monitor.question_words import Ask, Told
from monitor.sheet_views import SheetContact, SheetView
from monitor.ward import Bed
from tests.sessions import opened

HOME = Ambulance("12 Mill Lane")
PEOPLE = (
    SheetContact("Ann", "companion", ""),
    SheetContact("Dr Berg", "physician", ""),
    SheetContact("Dr Bo", "backup", ""),
)


def place() -> tuple[FeedRoom, Bed]:
    """A session of a patient whose file has a table for the ambulance."""
    first = opened()
    first = structs.replace(first, patient=structs.replace(first.patient, ambulance=HOME))
    engine = Engine()
    effects = engine.handle(first)
    room = FeedRoom(first.session, first.patient)
    room.past(first, effects)
    return room, Bed(engine, first)


def test_each_question_has_its_answer() -> None:
    """Lines with their number, the plan, the sheet."""
    found = place()
    past = answer(Role.VIEWER, Ask("q", "s1", "past", 5), found)
    plan = answer(Role.VIEWER, Ask("q", "s1", "plan"), found)
    sheet = answer(Role.COMPANION, Ask("q", "s1", "sheet"), found)
    assert (past, sheet) == (
        Told(ref="q", first_line=0, lines=found[0].lines_before(5)[1]),
        Told(ref="q", sheet=SheetView(HOME, PEOPLE)),
    )
    assert isinstance(plan.rules, tuple)
    assert len(plan.rules) == len(found[1].engine.chart.rows)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PATIENT, Role.ADMIN])
def test_an_address_is_not_for_everybody(role: Role) -> None:
    """What is not there is refused in the same words."""
    refused = Told(ref="q", error="sheet of session s1 is not for you")
    ask = Ask("q", "s1", "sheet")
    assert (answer(role, ask, place()), answer(Role.PHYSICIAN, ask, None)) == (refused, refused)
