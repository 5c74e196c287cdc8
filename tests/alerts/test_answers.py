"""What people do about an alarm, what follows, and the reason of each no (`clinical.md` 1.5)."""

from alerts.contact import Contact, Role
from alerts.effects import Skipped
from alerts.escalation import Ladder
from tests.alerts.room import ANN, HIGH, ITO, LEE, SLOW, SPO2_LOW, WARN, Room


def test_who_may_not_answer_is_told_so() -> None:
    """A patient and a viewer answer no alarm, and nothing changes."""
    room = Room()
    room.present(WARN, 0)
    room.take()
    pat = Contact("pat", Role.PATIENT, "Pat")
    ways = ("acknowledge", "accept", "reject", "reset")
    refused = [room.person(way, "oxygen@0", pat, 1) for way in ways]
    assert refused == ["a patient may not answer alarms"] * 4
    refused = [room.person(way, "oxygen@9", ANN, 1) for way in ways]
    assert refused == ["no alarm oxygen@9 is open"] * 4
    assert room.take() == []


def test_acknowledging_again_pauses_anew() -> None:
    """Each time at most 120 s."""
    room = Room()
    room.present(SLOW, 0, HIGH)
    room.person("acknowledge", "pressure_high@0", ANN, 1)
    room.person("acknowledge", "pressure_high@0", ANN, 20)
    room.take()
    room.run(141)
    assert room.take() == [
        "30 send pressure_high@0/ann/1@30000 companion+30s",
        "60 send pressure_high@0/lee/1@60000 physician+60s",
        "120 send pressure_high@0/lee/2@120000 physician+120s",
        "140 signal pressure_high@0 on",
        "140 sound high pressure_high@0",
        "140 speak pressure_high@0 SLOW",
    ]


def test_acknowledging_what_is_accepted_changes_no_lease() -> None:
    """The record has it."""
    room = Room()
    room.present(WARN, 0)
    room.person("accept", "oxygen@0", ANN, 5)
    room.take()
    room.person("acknowledge", "oxygen@0", ANN, 10)
    assert room.take() == [
        "10 acknowledged oxygen@0 WARN medium by ann",
        "10 signal oxygen@0 accepted until 305",
    ]
    assert room.timers.next_due_ms() == 305000


def test_accepting_ends_a_pause() -> None:
    """The pause timer is gone."""
    room = Room()
    room.present(WARN, 0)
    room.person("acknowledge", "oxygen@0", ANN, 5)
    room.take()
    room.person("accept", "oxygen@0", ANN, 10)
    assert room.take() == [
        "10 accepted oxygen@0 WARN medium by ann",
        "10 signal oxygen@0 accepted until 310",
    ]
    assert room.timers.due_ms(("pause", "oxygen@0")) is None


def test_a_latched_alarm_that_is_acknowledged_plays_low() -> None:
    """2.7.2a; it has no pause, and plays its own pattern when the condition is back."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.absent(SPO2_LOW, 40)
    room.take()
    room.person("acknowledge", "oxygen@0", ANN, 45)
    assert room.take() == [
        "45 acknowledged oxygen@0 LOW high A by ann",
        "45 signal oxygen@0 latched",
        "45 sound low oxygen@0",
    ]
    room.present(SPO2_LOW, 50, HIGH)
    room.absent(SPO2_LOW, 55)
    room.run(61)
    assert room.take() == [
        "50 joined oxygen@0 LOW high A",
        "50 signal oxygen@0 on",
        "50 sound high oxygen@0",
        "55 latched oxygen@0 LOW high A",
        "55 signal oxygen@0 latched",
        "60 send oxygen@0/lee/1@60000 physician+60s",
    ]


def test_a_condition_that_clears_by_itself_goes_on_to_the_end_of_its_ladder() -> None:
    """Nobody has looked: everybody is told, once."""
    room = Room()
    room.present(WARN, 0)
    room.absent(WARN, 40)
    room.run(400)
    assert room.take() == [
        "0 raised oxygen@0 WARN medium",
        "0 signal oxygen@0 on",
        "0 send oxygen@0/ann/0@0 companion+0s",
        "0 sound medium oxygen@0",
        "30 send oxygen@0/ann/0@30000 companion+30s",
        "40 cleared oxygen@0 WARN medium",
        "40 signal oxygen@0 off",
        "40 sound silent",
        "60 send oxygen@0/ann/1@60000 companion+60s",
        "120 send oxygen@0/lee/0@120000 physician+120s",
        "180 send oxygen@0/lee/1@180000 physician+180s",
        "300 send oxygen@0/ito/0@300000 backup+300s",
        "300 skip oxygen@0 rest: end of the ladder",
    ]


def test_accepting_after_the_condition_is_gone_ends_the_ladder() -> None:
    """Also an alarm that is over; acknowledging or resetting that one is refused."""
    room = Room()
    room.present(WARN, 0)
    room.absent(WARN, 40)
    why = room.person("acknowledge", "oxygen@0", ANN, 50)
    assert why == "alarm oxygen@0 is over, nothing sounds"
    why = room.person("reset", "oxygen@0", ANN, 50)
    assert why == "alarm oxygen@0 is over, nothing is latched"
    room.take()
    assert room.person("accept", "oxygen@0", ANN, 50) is None
    room.run(400)
    assert room.take() == [
        "50 skip oxygen@0 rest: condition gone, accepted by ann",
    ]


def test_accepting_a_latched_alarm_ends_its_ladder_but_not_its_latch() -> None:
    """When the condition comes back the ladder begins again."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.absent(SPO2_LOW, 40)
    room.take()
    room.person("accept", "oxygen@0", ANN, 45)
    room.run(49)
    assert room.timers.next_due_ms() is None
    room.present(SPO2_LOW, 50, HIGH)
    assert room.take() == [
        "45 accepted oxygen@0 LOW high A by ann",
        "45 signal oxygen@0 latched",
        "45 skip oxygen@0 rest: condition gone, accepted by ann",
        "45 sound low oxygen@0",
        "50 joined oxygen@0 LOW high A",
        "50 signal oxygen@0 on",
        "50 send oxygen@0/ann/0@50000 companion+0s",
        "50 send oxygen@0/lee/0@50000 physician+0s",
        "50 sound high oxygen@0",
    ]


def test_accepting_cancels_what_is_under_way() -> None:
    """A high alarm: only to the companion; then the physician accepts too."""
    room = Room(answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    room.take()
    room.person("accept", "oxygen@0", ANN, 1)
    assert room.take() == [
        "1 accepted oxygen@0 LOW high A by ann",
        "1 signal oxygen@0 accepted until 301",
        "1 cancel oxygen@0/ann/0@0: accepted by ann",
        "1 sound silent",
    ]
    room.person("accept", "oxygen@0", ITO, 2)
    assert room.take() == [
        "2 accepted oxygen@0 LOW high A by ito",
        "2 signal oxygen@0 accepted until 302",
        "2 cancel oxygen@0/lee/0@0: accepted by ito",
    ]


def test_a_physician_who_cannot_take_it_hands_it_on() -> None:
    """The lease ends, the sound is on again, and the next rung is due now."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", LEE, 10)
    room.take()
    room.person("reject", "oxygen@0", LEE, 200)
    room.run(231)
    assert room.take() == [
        "130 send oxygen@0/lee/0@130000 reminder",
        "200 lease_ended oxygen@0 LOW high A by lee",
        "200 signal oxygen@0 on",
        "200 skip oxygen@0 lee: lee cannot take it: next rung",
        "200 send oxygen@0/ann/1@200000 companion+30s",
        "200 sound high oxygen@0",
        "230 send oxygen@0/lee/1@230000 physician+60s",
        "230 speak oxygen@0 LOW",
    ]


def test_one_of_two_hands_it_back() -> None:
    """The other still has it; the signal shows until when."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", ANN, 10)
    room.person("accept", "oxygen@0", LEE, 20)
    room.take()
    room.person("reject", "oxygen@0", LEE, 25)
    assert room.take() == [
        "25 lease_ended oxygen@0 LOW high A by lee",
        "25 signal oxygen@0 accepted until 310",
        "25 skip oxygen@0 lee: lee cannot take it: next rung",
        "25 skip oxygen@0 companion+30s: accepted by ann",
    ]
    room.person("accept", "oxygen@0", LEE, 30)
    room.take()
    room.person("reject", "oxygen@0", ANN, 40)
    assert room.take() == [
        "40 lease_ended oxygen@0 LOW high A by ann",
        "40 skip oxygen@0 ann: ann cannot take it: lee has it",
    ]


def test_rejecting_without_a_lease_brings_the_next_rung_forward() -> None:
    """The rungs after it keep their distance."""
    room = Room()
    room.present(WARN, 0)
    room.take()
    room.person("reject", "oxygen@0", ANN, 10)
    room.run(100)
    assert room.take() == [
        "10 skip oxygen@0 ann: ann cannot take it: next rung",
        "10 send oxygen@0/ann/0@10000 companion+30s",
        "40 send oxygen@0/ann/1@40000 companion+60s",
        "100 send oxygen@0/lee/0@100000 physician+120s",
    ]


def test_rejecting_at_the_end_of_a_ladder_begins_it_again() -> None:
    """As long as the condition is there."""
    room = Room()
    room.system.carer.ladder = Ladder((), room.system.carer.ladder.medium[:1], ())
    room.present(WARN, 0)
    room.take()
    room.person("reject", "oxygen@0", ANN, 10)
    assert room.take() == [
        "10 skip oxygen@0 ann: ann cannot take it: next rung",
        "10 send oxygen@0/ann/0@10000 companion+0s",
        "10 skip oxygen@0 rest: end of the ladder",
    ]


def test_rejecting_a_latched_alarm_whose_ladder_has_ended_says_so() -> None:
    """There is nobody else to tell."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.absent(SPO2_LOW, 10)
    room.person("accept", "oxygen@0", ANN, 20)
    room.take()
    room.person("reject", "oxygen@0", LEE, 30)
    last = room.said[-1]
    assert isinstance(last, Skipped)
    assert (
        last.reason == "lee cannot take it: the ladder has ended: condition gone, accepted by ann"
    )
