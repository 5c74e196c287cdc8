"""The hub speaks of high alarms only, while nobody in the room has taken them."""

import pytest
from msgspec import structs

from alerts.alarm import RowFacts
from alerts.condition import AlarmClass, Kind
from tests.alerts.room import ANN, CRIT, HIGH, LADDER, LEE, PEOPLE, SLOW, SPO2_LOW, WARN, E, Room


def spoken(room: Room) -> list[str]:
    """What was said aloud, or was not and why."""
    return [line for line in room.take() if " speak" in line]


@pytest.mark.parametrize(
    ("row", "alarm_class", "said"),
    [
        (SPO2_LOW, None, ["60 speak oxygen@0 LOW", "120 speak oxygen@0 LOW and call"]),
        (CRIT, E, ["60 speak oxygen@0 CRIT", "120 speak oxygen@0 CRIT and call"]),
        (SLOW, None, ["60 speak pressure_high@0 SLOW"]),
    ],
)
def test_the_first_line_after_a_minute_and_whom_to_call_after_two(
    row: RowFacts, alarm_class: AlarmClass | None, said: list[str]
) -> None:
    """Classes E and A at 120 s again, class S once (`clinical.md` 1.5)."""
    room = Room()
    room.present(row, 0, HIGH, alarm_class)
    room.run(999)
    assert spoken(room) == said


def test_below_high_nothing_is_spoken() -> None:
    """Also not after a fall; an upgrade begins anew."""
    room = Room()
    room.present(WARN, 0)
    room.run(70)
    room.present(WARN, 70, HIGH)
    room.run(100)
    room.present(WARN, 100)
    room.run(400)
    assert spoken(room) == []
    room.present(SPO2_LOW, 400, HIGH)
    room.run(470)
    assert spoken(room) == ["460 speak oxygen@0 LOW"]


@pytest.mark.parametrize("who", [ANN, LEE])
def test_whoever_takes_it_ends_the_speaking_until_the_lease_is_over(who: object) -> None:
    """The room is in good hands, or the physician has it."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", who, 30)  # type: ignore[arg-type]
    room.run(389)
    assert spoken(room) == []
    room.run(391)
    assert spoken(room) == ["390 speak oxygen@0 LOW"]


def test_a_paused_sound_pauses_the_voice_and_what_was_due_is_said_once() -> None:
    """At the end of the pause, with whom to call."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("acknowledge", "oxygen@0", ANN, 30)
    room.run(149)
    assert spoken(room) == []
    room.run(999)
    assert spoken(room) == ["150 speak oxygen@0 LOW and call"]


def test_a_pause_that_is_renewed_is_waited_for_again() -> None:
    """Two pauses of two minutes."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("acknowledge", "oxygen@0", ANN, 30)
    room.person("acknowledge", "oxygen@0", ANN, 140)
    room.run(259)
    assert spoken(room) == []
    room.run(261)
    assert spoken(room) == ["260 speak oxygen@0 LOW and call"]


def test_a_condition_that_is_gone_is_not_spoken_of() -> None:
    """Though it is latched; back again it is, at once when its time has passed."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.absent(SPO2_LOW, 50)
    room.run(90)
    assert spoken(room) == []
    room.present(SPO2_LOW, 90, HIGH)
    room.run(119)
    assert spoken(room) == ["90 speak oxygen@0 LOW"]


def test_a_return_does_not_repeat_what_was_said() -> None:
    """It goes on where its ladder stood."""
    room = Room()
    room.present(WARN, 0, HIGH)
    room.absent(WARN, 70)
    room.present(WARN, 80, HIGH)
    room.run(119)
    assert spoken(room) == ["60 speak oxygen@0 WARN"]
    room.run(121)
    assert spoken(room) == ["120 speak oxygen@80000 WARN and call"]


def test_the_private_card_is_never_aloud() -> None:
    """On a screen beside the patient it is enough."""
    room = Room()
    room.present(RowFacts("SI-2", "mood", Kind.OBSERVER, HIGH, AlarmClass.S), 0, HIGH)
    room.run(61)
    assert spoken(room) == ["60 skip mood@0 speak: this card is private"]


def test_what_was_due_while_the_hub_did_not_run_is_not_spoken_late() -> None:
    """The outage is an alarm of its own."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.system.hold()
    room.run(70)
    room.system.release(70_000)
    assert spoken(room) == ["60 skip oxygen@0 speak: due while the hub did not run"]
    room.run(121)
    assert spoken(room) == ["120 speak oxygen@0 LOW and call"]


def test_the_end_of_the_session_ends_it() -> None:
    """And a plan that says nothing never speaks."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.system.end_all("session is ended", 10_000)
    room.run(999)
    assert spoken(room) == []
    room = Room(PEOPLE)
    room.system.carer.ladder = structs.replace(LADDER, speak=())
    room.present(SPO2_LOW, 0, HIGH)
    room.run(999)
    assert spoken(room) == []
