"""Who is told instead: at once, of a person whom no way reaches, and of one who is off duty."""

import pytest
from msgspec import structs

from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState
from tests.alerts.room import (
    ANN,
    BACKUP,
    COMPANION,
    DOSE,
    HIGH,
    ITO,
    LEE,
    LOW,
    PEOPLE,
    PHYSICIAN,
    SPO2_LOW,
    WARN,
    Room,
)

FAILED = DeliveryState.FAILED
ONE_WAY = structs.replace(LEE, ways=(Way("sms", "2"),))
KIM = structs.replace(LEE, id="kim", name="Dr Kim")


def instead(room: Room) -> list[str]:
    """Who was told in place of another, or why not."""
    return [line for line in room.take() if " for " in line and "further" not in line]


def test_a_physician_whose_last_way_has_failed_is_stood_in_for_in_the_same_instant() -> None:
    """The backup, two minutes before their own rung, which still comes."""
    room = Room((ANN, ONE_WAY, ITO), answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    room.report("oxygen@0/lee/0@0", FAILED, 0.4, "refused")
    assert instead(room) == ["0.4 send oxygen@0/ito/0@400 backup for lee"]
    room.report("oxygen@0/ito/0@400", DeliveryState.DELIVERED, 0.5)
    room.run(121)
    assert "120 send oxygen@0/ito/0@120000 backup+120s" in room.take()


def test_each_person_is_stood_in_for_by_one_who_is_not_being_told_already() -> None:
    """High: companion and physician were told at 0 s. The backup cannot be reached either."""
    room = Room((structs.replace(ANN, ways=(Way("sms", "1"),)), ONE_WAY, ITO), answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    room.report("oxygen@0/ann/0@0", FAILED, 0.1)
    assert instead(room) == []
    room.report("oxygen@0/lee/0@0", FAILED, 0.2)
    room.report("oxygen@0/ito/0@200", FAILED, 0.3)
    assert instead(room) == ["0.2 send oxygen@0/ito/0@200 backup for lee"]


def test_the_companion_of_a_medium_alarm_is_stood_in_for_by_the_physician() -> None:
    """Of a low one by nobody: no physician stands on that ladder."""
    ann = structs.replace(ANN, ways=(Way("sms", "1"),))
    room = Room((ann, LEE, ITO), answers=False)
    room.present(WARN, 0)
    room.present(DOSE, 0, LOW, full=False)
    room.report("oxygen@0/ann/0@0", FAILED, 0.1)
    room.report("dose@0/ann/0@0", FAILED, 0.1)
    assert instead(room) == ["0.1 send oxygen@0/lee/0@100 physician for ann"]


@pytest.mark.parametrize("people", [(ANN, ITO), (ANN, structs.replace(LEE, ways=()), ITO)])
def test_a_rung_for_nobody_is_taken_by_the_next_at_once(people: tuple[Contact, ...]) -> None:
    """No such person, or no way to them."""
    room = Room(people)
    room.present(SPO2_LOW, 0, HIGH)
    assert instead(room)[-1] == "0 send oxygen@0/ito/0@0 backup for no physician"


def test_with_nobody_left_nobody_stands_in() -> None:
    """The skipped rung says it."""
    room = Room((ANN,))
    room.present(SPO2_LOW, 0, HIGH)
    assert [line for line in room.take() if "send" in line or "skip" in line] == [
        "0 send oxygen@0/ann/0@0 companion+0s",
        "0 skip oxygen@0 physician+0s: no physician is set for this session",
    ]


def test_nobody_stands_in_for_what_somebody_has_taken() -> None:
    """The companion has a medium alarm; a failed reminder starts nobody's ladder either."""
    room = Room((ANN, ONE_WAY, ITO), answers=False)
    room.present(DOSE, 0)
    room.person("accept", "dose@0", ANN, 1)
    room.report("dose@0/lee/0@0", FAILED, 2)
    assert instead(room) == ["2 skip dose@0 backup for lee: accepted by ann"]
    room.run(301)
    room.take()
    room.report("dose@0/ann/0@300000", FAILED, 301)
    room.report("dose@0/ann/1@301000", FAILED, 302)
    assert instead(room) == []


def test_nobody_stands_in_when_the_ladder_is_over_or_the_alarm_is_unknown() -> None:
    """The last message of an ended ladder fails."""
    room = Room((ANN, ONE_WAY), answers=False)
    room.present(DOSE, 0, LOW)
    room.system.post.tell(ONE_WAY, "other@0", HIGH, "test", 0)
    room.absent(DOSE, 1)
    room.well(2)
    room.report("dose@0/lee/0@0", FAILED, 3)
    room.report("other@0/lee/0@0", FAILED, 3)
    assert instead(room) == []


def test_an_ended_ladder_has_no_stand_in_though_its_alarm_is_latched() -> None:
    """Taken, and gone: nobody needs to be told, but what P0 promised was lost on the way."""
    room = Room((ANN, ONE_WAY, ITO), answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", ANN, 1)
    room.absent(SPO2_LOW, 2)
    room.take()
    room.system.post.tell(ONE_WAY, "oxygen@0", HIGH, "P0", 3_000)
    room.report("oxygen@0/lee/0@3000", FAILED, 3)
    assert instead(room) == []


# --- another person on call -------------------------------------------------------------------


def change(room: Room, role: Role, contact: Contact | None, at_s: float) -> str | None:
    """Another person is on call; returns why not."""
    room.run(at_s)
    why = room.system.on_call(role, contact, room.now_ms)
    room.run(at_s)
    return why


def test_who_comes_on_call_is_told_of_what_the_one_before_was_told_of() -> None:
    """Once, whoever has accepted; the later rungs are theirs, and what was under way is stopped."""
    lee = structs.replace(LEE, ways=(Way("voice", "2"),))
    room = Room((ANN, lee, ITO), answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    room.present(WARN, 0)
    room.report("oxygen@0/lee/0@0", DeliveryState.SENT, 1)
    room.take()
    assert change(room, PHYSICIAN, KIM, 5) is None
    assert room.take() == [
        "5 cancel oxygen@0/lee/0@0: kim is on call now as physician",
        "5 send oxygen@0/kim/0@5000 hand-over",
    ]
    assert room.system.post.contacts == (ANN, ITO, KIM)
    room.run(61)
    assert "60 send oxygen@0/kim/1@60000 physician+60s" in room.take()


def test_who_comes_on_call_is_told_although_the_one_before_has_it() -> None:
    """A lease of the one before runs to its end; then the new one is called."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", LEE, 2)
    room.take()
    change(room, PHYSICIAN, KIM, 5)
    assert room.take() == ["5 send oxygen@0/kim/0@5000 hand-over"]
    room.run(303)
    assert "302 send oxygen@0/kim/0@302000 physician+0s" in room.take()


def test_who_comes_on_call_is_not_told_of_what_was_never_the_role_s_turn() -> None:
    """A low alarm, a medium one before its 120 s, one that needs nobody, one that they have."""
    room = Room()
    room.present(WARN, 0)
    room.present(DOSE, 0, LOW, full=False)
    room.present(SPO2_LOW, 1, HIGH)
    room.person("accept", "oxygen@0", ANN, 2)
    room.absent(SPO2_LOW, 3)
    room.absent(WARN, 3)
    room.take()
    change(room, PHYSICIAN, KIM, 5)
    assert room.take() == []
    room.present(SPO2_LOW, 6, HIGH)
    room.person("accept", "oxygen@0", structs.replace(ITO, role=BACKUP), 7)
    room.take()
    change(room, BACKUP, structs.replace(KIM, role=BACKUP, id="roy"), 8)
    assert room.take() == []


def test_a_gap_tells_the_backup_in_its_place_and_who_ends_it_is_told_of_all() -> None:
    """Whose turn came while nobody was on call is told when somebody is."""
    room = Room()
    assert change(room, PHYSICIAN, None, 0) is None
    room.present(SPO2_LOW, 1, HIGH)
    assert instead(room)[-1] == "1 send oxygen@1000/ito/0@1000 backup for no physician"
    assert change(room, PHYSICIAN, LEE, 9) is None
    assert room.take() == ["9 send oxygen@1000/lee/0@9000 hand-over"]


def test_the_same_person_with_other_ways_is_told_nothing_twice() -> None:
    """Only the ways are new."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.take()
    assert change(room, PHYSICIAN, ONE_WAY, 5) is None
    assert (room.take(), room.system.post.contact_of(PHYSICIAN)) == ([], ONE_WAY)


@pytest.mark.parametrize(
    ("role", "contact", "why"),
    [
        (PHYSICIAN, LEE, "lee is on call already"),
        (PHYSICIAN, ITO, "ito is a backup, not a physician"),
        (COMPANION, None, "nobody is on call as companion: only a physician and a backup are"),
    ],
)
def test_what_is_no_hand_over_is_refused(role: Role, contact: Contact | None, why: str) -> None:
    """And changes nothing."""
    room = Room()
    assert change(room, role, contact, 1) == why
    assert room.system.post.contacts == PEOPLE


def test_nobody_twice_and_nobody_after_the_end() -> None:
    """Both are refused."""
    room = Room((ANN, LEE))
    assert change(room, BACKUP, None, 1) == "nobody is on call already"
    room.system.end_all("session is ended", 2_000)
    assert change(room, BACKUP, ITO, 3) == "nobody needs to be on call: session is ended"


def test_who_could_not_be_reached_is_nobodys_worry_once_off_duty() -> None:
    """CH-FAIL ends for them with their duty."""
    room = Room((ANN, LEE, ITO), answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    room.run(46)
    room.system.post.reach.take_news()
    change(room, PHYSICIAN, KIM, 47)
    assert ("lee", None) in room.system.post.reach.take_news()
