"""Who cannot be reached: all has failed, nothing more is to come, and nothing reached them."""

import pytest
from msgspec import structs

from alerts.contact import Contact, Way
from alerts.delivery import DeliveryState
from alerts.reach import has_reached
from tests.alerts.room import ANN, HIGH, LEE, SLOW, SPO2_LOW, Room

FAILED, SENT, DELIVERED = DeliveryState.FAILED, DeliveryState.SENT, DeliveryState.DELIVERED
CONSOLE = Contact("ann", ANN.role, "Ann", (Way("console"), Way("sms", "1")))


def room_of(*people: Contact) -> Room:
    """A room whose channels say nothing by themselves, with a high alarm."""
    room = Room(people, answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    return room


def news(room: Room) -> list[tuple[str, str | None]]:
    """What is new of people who cannot be reached."""
    return room.system.post.reach.take_news()


def test_a_person_all_of_whose_ways_failed_is_lost_when_the_retries_have_failed_too() -> None:
    """Not before: the first failure starts the retries, and one of them may reach the person."""
    room = room_of(structs.replace(LEE, ways=(Way("sms", "1"),)))
    room.report("oxygen@0/lee/0@0", FAILED, 0, "refused")
    room.run(1)
    room.report("oxygen@0/lee/0@1000", FAILED, 1, "refused")
    assert news(room) == []
    room.run(3)
    room.report("oxygen@0/lee/0@3000", FAILED, 3, "busy")
    why = "cannot reach Dr Lee: sms: busy"
    assert news(room) == [("lee", why)]
    assert room.system.post.reach.lost == {"lee": why}


def test_silence_by_the_last_way_is_a_failure() -> None:
    """Both ways unconfirmed for 15 s each; once more changes nothing that is known."""
    room = room_of(ANN)
    room.run(29.9)
    assert news(room) == []
    room.run(120)
    why = "cannot reach Ann: sms: not confirmed delivered within 15 s"
    assert news(room) == [("ann", why)]


@pytest.mark.parametrize("state", [DELIVERED, DeliveryState.ANSWERED])
def test_one_message_that_reaches_the_person_ends_it(state: DeliveryState) -> None:
    """Also a late one, that had been given up."""
    room = room_of(ANN)
    room.run(30)
    news(room)
    room.report("oxygen@0/ann/0@0", SENT, 31)
    assert news(room) == []
    room.report("oxygen@0/ann/0@0", state, 32)
    assert (news(room), room.system.post.reach.lost) == ([("ann", None)], {})
    room.system.post.reach.over("ann")
    assert news(room) == []


def test_two_attempts_that_meet_in_one_message_are_one() -> None:
    """The second way of the first attempt is the rung of the same instant."""
    room = room_of(ANN)
    room.run(14)
    room.system.post.tell(ANN, "oxygen@0", HIGH, "again", 15_000, way=1)
    room.run(29)
    assert news(room) == []
    room.run(30)
    assert news(room) == [("ann", "cannot reach Ann: sms: not confirmed delivered within 15 s")]


def test_a_way_that_can_prove_no_more_than_sent_has_reached_the_person_as_far_as_it_can() -> None:
    """The console took it: the failure of the telephone after it is no loss of the person."""
    room = room_of(CONSOLE)
    room.report("oxygen@0/ann/0@0", SENT, 0)
    room.run(15)
    room.report("oxygen@0/ann/1@15000", FAILED, 15)
    room.run(29)
    assert news(room) == []


def test_what_reached_the_person_before_this_attempt_is_no_proof_of_now() -> None:
    """Delivered at 0 s; at 30 s the telephone is dead, and then the first way is too."""
    room = room_of(ANN)
    room.report("oxygen@0/ann/0@0", DELIVERED, 0)
    room.run(61)
    assert news(room) == [("ann", "cannot reach Ann: sms: not confirmed delivered within 15 s")]


def test_a_dead_telephone_is_no_loss_of_a_person_whose_page_works() -> None:
    """The rung of 30 s begins with the telephone; the page, tried after it, reaches them."""
    room = room_of(ANN)
    room.report("oxygen@0/ann/0@0", DELIVERED, 0)
    room.run(30)
    room.report("oxygen@0/ann/1@30000", FAILED, 30)
    room.report("oxygen@0/ann/0@30000", DELIVERED, 30)
    room.run(59)
    assert news(room) == []


def test_what_another_alarm_brought_to_the_person_counts() -> None:
    """Some way to them works."""
    room = room_of(ANN)
    room.present(SLOW, 5)
    room.report("pressure_high@5000/ann/0@5000", DELIVERED, 5)
    room.run(30)
    assert news(room) == []


def test_what_reaches_a_person() -> None:
    """Of a way that can prove delivery only that does."""
    room = room_of(CONSOLE)
    room.run(15)
    by_console, by_sms = room.system.post.deliveries.values()
    states = [*DeliveryState]
    assert [s for s in states if has_reached(structs.replace(by_console, state=s))] == [
        SENT,
        DELIVERED,
        DeliveryState.ANSWERED,
    ]
    assert [s for s in states if has_reached(structs.replace(by_sms, state=s))] == [
        DELIVERED,
        DeliveryState.ANSWERED,
    ]
