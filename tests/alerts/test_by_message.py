"""An answer by the way of a message is the person's own, held against what they were told."""

import pytest
from msgspec import structs

from alerts.delivery import DeliveryState, Verdict
from tests.alerts.room import ANN, CRIT, HIGH, LEE, LOW, MEDIUM, PHYSICIAN, SPO2_LOW, WARN, E, Room

ACCEPT, REJECT = Verdict.ACCEPT, Verdict.REJECT


def room_of(*, answers: bool = True) -> Room:
    """A high alarm that the companion and the physician were told of."""
    room = Room(answers=answers)
    room.present(SPO2_LOW, 0, HIGH)
    room.take()
    return room


def answer(room: Room, delivery: str, verdict: Verdict, at_s: float) -> str | None:
    """The person of a message answers it; returns why that means nothing."""
    room.run(at_s)
    why = room.system.answered(delivery, verdict, "key", room.now_ms)
    room.run(at_s)
    return why


def test_a_named_person_takes_the_alarm_by_their_message() -> None:
    """The lease is theirs, in their role; the message is answered."""
    room = room_of()
    assert answer(room, "oxygen@0/lee/0@0", ACCEPT, 9) is None
    assert room.take() == [
        "9 accepted oxygen@0 LOW high A by lee",
        "9 signal oxygen@0 accepted until 309",
        "9 sound silent",
    ]
    delivery = room.system.post.deliveries["oxygen@0/lee/0@0"]
    assert (delivery.state, delivery.verdict) == (DeliveryState.ANSWERED, ACCEPT)


def test_a_person_who_cannot_brings_the_next_rung_forward() -> None:
    """As on the page."""
    room = room_of()
    assert answer(room, "oxygen@0/lee/0@0", REJECT, 9) is None
    assert room.take() == [
        "9 skip oxygen@0 lee: lee cannot take it: next rung",
        "9 send oxygen@0/ann/1@9000 companion+30s",
    ]


def test_the_same_answer_once_more_is_said_and_changes_nothing() -> None:
    """A double receipt, or a key pressed twice."""
    room = room_of()
    answer(room, "oxygen@0/lee/0@0", ACCEPT, 9)
    room.take()
    assert answer(room, "oxygen@0/lee/0@0", ACCEPT, 100) is None
    assert room.take() == ["100 skip oxygen@0 answer: lee says accept once more"]
    assert room.system.cares["oxygen@0"].leases["lee"].until_ms == 309_000


def test_another_answer_by_the_same_message_is_the_later_word() -> None:
    """Who took it and then cannot gives it back."""
    room = room_of()
    answer(room, "oxygen@0/lee/0@0", ACCEPT, 9)
    room.take()
    assert answer(room, "oxygen@0/lee/0@0", REJECT, 10) is None
    assert room.take()[0] == "10 lease_ended oxygen@0 LOW high A by lee"
    assert answer(room, "oxygen@0/lee/0@0", ACCEPT, 11) is None
    assert [*room.system.cares["oxygen@0"].leases] == ["lee"]


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.TIMED_OUT])
def test_an_answer_counts_when_the_message_had_been_given_up(state: DeliveryState) -> None:
    """Late, and still a named person's."""
    room = room_of(answers=False)
    room.report("oxygen@0/lee/0@0", state, 2)
    assert answer(room, "oxygen@0/lee/0@0", ACCEPT, 20) is None
    assert [*room.system.cares["oxygen@0"].leases] == ["lee"]


def test_who_was_told_of_less_has_not_taken_what_it_has_become() -> None:
    """Upgraded since: no lease, the ladder goes on; what they cannot take they still cannot."""
    room = Room()
    room.present(WARN, 0)
    room.present(SPO2_LOW, 5, HIGH)
    room.take()
    assert answer(room, "oxygen@0/ann/0@0", ACCEPT, 6) == (
        "oxygen@0 was upgraded since message oxygen@0/ann/0@0: ann has not taken it as it is"
        " now, high"
    )
    assert (room.take(), room.system.cares["oxygen@0"].leases) == ([], {})
    assert answer(room, "oxygen@0/ann/0@5000", ACCEPT, 7) is None
    room.present(CRIT, 8, HIGH, E)
    why = answer(room, "oxygen@0/ann/0@5000", REJECT, 9)
    assert (why, room.system.cares["oxygen@0"].leases) == (None, {})


def test_class_e_is_more_than_any_other_high() -> None:
    """A message about class A takes no emergency."""
    room = room_of()
    room.present(CRIT, 1, HIGH, E)
    why = answer(room, "oxygen@0/lee/0@0", ACCEPT, 2)
    assert why is not None
    assert why.startswith("oxygen@0 was upgraded since message oxygen@0/lee/0@0")


def test_who_was_told_of_more_takes_what_it_has_fallen_to() -> None:
    """A high alarm that is medium now."""
    room = Room()
    room.present(WARN, 0, HIGH)
    room.present(WARN, 1, MEDIUM)
    assert answer(room, "oxygen@0/lee/0@0", ACCEPT, 2) is None


def test_an_answer_to_what_is_over_or_unknown_takes_nothing() -> None:
    """It says why; the answer is kept with the message."""
    room = Room()
    room.present(WARN, 0, LOW)
    assert answer(room, "nobody/0@0", ACCEPT, 1) == (
        "no message nobody/0@0 is known: it is too old, or was never sent"
    )
    room.absent(WARN, 2)
    room.well(3)
    why = answer(room, "oxygen@0/ann/0@0", ACCEPT, 4)
    assert why == "no alarm oxygen@0 is open"
    assert room.system.post.deliveries["oxygen@0/ann/0@0"].state is DeliveryState.ANSWERED
    room.system.end_all("session is ended", 5_000)
    why = answer(room, "oxygen@0/ann/0@0", REJECT, 6)
    assert why == "alarm oxygen@0 needs no answer: session is ended"


def test_an_answer_that_the_post_has_by_another_report_is_taken() -> None:
    """The channel said "answered" first, and how a moment later."""
    room = room_of(answers=False)
    room.report("oxygen@0/lee/0@0", DeliveryState.ANSWERED, 1)
    assert answer(room, "oxygen@0/lee/0@0", ACCEPT, 2) is None


def test_who_is_no_longer_on_call_takes_nothing() -> None:
    """Somebody else is being told; that they cannot is still heard."""
    room = room_of()
    kim = structs.replace(LEE, id="kim", name="Dr Kim")
    assert room.system.on_call(PHYSICIAN, kim, 1_000) is None
    assert answer(room, "oxygen@0/lee/0@0", ACCEPT, 2) == (
        "lee is no longer on call, somebody else is being told"
    )
    assert room.system.cares["oxygen@0"].leases == {}
    assert answer(room, "oxygen@0/ann/0@0", ACCEPT, 3) is None
    assert [*room.system.cares["oxygen@0"].leases] == [ANN.id]
