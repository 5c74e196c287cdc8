"""The alarm system as a whole: conditions come and go, all follows (`clinical.md` 2.7)."""

from alerts.alarm import RowFacts
from alerts.condition import Kind
from alerts.effects import Send
from tests.alerts.room import (
    ANN,
    CRIT,
    DOSE,
    HIGH,
    LEE,
    LOST,
    LOW,
    MEDIUM,
    SLOW,
    SPO2_LOW,
    WARN,
    A,
    E,
    Room,
    S,
    there,
)

BRIEF = RowFacts("BRIEF", "oxygen", Kind.PHYSIOLOGICAL, None, A)
ABSENT = RowFacts("ABSENT", "companion", Kind.WORKFLOW, None, S)
MISSED = RowFacts("MISSED", "companion", Kind.WORKFLOW, None, A)


def test_an_upgrade_ends_pause_and_lease_and_begins_the_ladder_again() -> None:
    """A lease given at medium is none at high."""
    room = Room()
    room.present(WARN, 0)
    room.person("accept", "oxygen@0", ANN, 10)
    room.take()
    room.present(SPO2_LOW, 20, HIGH)
    room.run(51)
    assert room.take() == [
        "20 upgraded oxygen@0 LOW high A",
        "20 lease_ended oxygen@0 LOW high A by ann",
        "20 signal oxygen@0 on",
        "20 send oxygen@0/ann/0@20000 companion+0s",
        "20 send oxygen@0/lee/0@20000 physician+0s",
        "20 sound high oxygen@0",
        "50 send oxygen@0/ann/1@50000 companion+30s",
    ]


def test_class_e_ends_a_lease_given_at_class_a() -> None:
    """It is above every other high."""
    room = Room()
    room.present(CRIT, 0, HIGH, A)
    room.person("accept", "oxygen@0", LEE, 5)
    room.take()
    room.present(CRIT, 10, HIGH, E)
    assert room.take() == [
        "10 upgraded oxygen@0 CRIT high E",
        "10 lease_ended oxygen@0 CRIT high E by lee",
        "10 signal oxygen@0 on",
        "10 send oxygen@0/ann/0@10000 companion+0s",
        "10 send oxygen@0/lee/0@10000 physician+0s",
        "10 sound high oxygen@0",
    ]


def test_a_lease_given_at_high_lasts_through_medium_and_back() -> None:
    """It was not given at a lower priority; the ladder begins again beside it."""
    room = Room()
    room.present(LOST, 0, HIGH)
    room.person("accept", "no_signal@0", ANN, 5)
    room.settle(LOST, there(MEDIUM), 20)
    room.take()
    room.settle(LOST, there(HIGH, A), 30)
    room.run(151)
    assert room.take() == [
        "30 upgraded no_signal@0 LOST high A",
        "30 skip no_signal@0 companion+0s: accepted by ann",
        "30 send no_signal@0/lee/0@30000 physician+0s",
        "60 skip no_signal@0 companion+30s: accepted by ann",
        "90 send no_signal@0/lee/1@90000 physician+60s",
        "125 send no_signal@0/ann/0@125000 reminder",
        "150 send no_signal@0/ito/0@150000 backup+120s",
    ]


def test_a_fall_to_medium_goes_on_without_telling_again() -> None:
    """No new tone, no message told twice; one acceptance now stops all."""
    room = Room()
    room.present(LOST, 0, HIGH)
    room.person("accept", "no_signal@0", ANN, 5)
    room.take()
    room.settle(LOST, there(MEDIUM), 20)
    room.run(311)
    assert room.take() == [
        "20 downgraded no_signal@0 LOST medium",
        "305 lease_ended no_signal@0 LOST medium by ann",
        "305 signal no_signal@0 on",
        "305 sound medium no_signal@0",
        "305 send no_signal@0/ann/0@305000 companion+0s",
    ]


def test_a_reset_of_the_higher_row_goes_on_at_the_next_one_present() -> None:
    """2.7.2; the medium rungs that are still to come, come."""
    room = Room()
    room.present(WARN, 0)
    room.present(SPO2_LOW, 1, HIGH)
    room.absent(SPO2_LOW, 40)
    room.take()
    assert room.person("reset", "oxygen@0", ANN, 45) is None
    room.run(62)
    assert room.take() == [
        "45 reset oxygen@0 LOW medium by ann",
        "45 downgraded oxygen@0 WARN medium",
        "45 sound medium oxygen@0",
        "61 send oxygen@0/ann/1@61000 companion+60s",
    ]


def test_a_latched_alarm_is_reset_only_while_its_condition_is_absent() -> None:
    """2.7.2a; two latched rows end together, and nothing is left behind."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.present(CRIT, 0, HIGH, A)
    why = room.person("reset", "oxygen@0", ANN, 1)
    assert why == "alarm oxygen@0 cannot be reset: its condition is still present"
    room.absent(SPO2_LOW, 5)
    room.absent(CRIT, 6)
    room.take()
    assert room.person("reset", "oxygen@0", ANN, 10) is None
    assert room.take() == [
        "10 reset oxygen@0 LOW high A by ann",
        "10 reset oxygen@0 CRIT high A by ann",
        "10 signal oxygen@0 off",
        "10 skip oxygen@0 rest: reset by a person",
        "10 sound silent",
    ]
    assert room.system.cares == {}
    assert room.timers.next_due_ms() is None


def test_unknown_ends_nothing() -> None:
    """R11, R13: neither the alarm nor its ladder, lease or sound."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.take()
    room.unknown(SPO2_LOW, 10)
    room.run(31)
    assert room.take() == [
        "30 send oxygen@0/ann/1@30000 companion+30s",
    ]


def test_class_a_that_joins_class_s_tells_the_backup_at_once() -> None:
    """Its rung of 120 s is past and was never told; back at S the physician hears a third time."""
    room = Room()
    room.present(ABSENT, 0, HIGH)
    room.run(200)
    room.take()
    room.present(MISSED, 200, HIGH)
    room.absent(MISSED, 210)
    room.run(301)
    assert room.take() == [
        "200 joined companion@0 MISSED high A",
        "200 send companion@0/ito/0@200000 backup+120s",
        "200 speak companion@0 MISSED and call",
        "210 cleared companion@0 MISSED high S",
        "210 send companion@0/lee/2@210000 physician+120s",
        "300 send companion@0/ito/0@300000 backup+300s",
        "300 send companion@0/lee/1@300000 physician+60s",
    ]


def test_a_latched_alarm_whose_ladder_has_ended_begins_again_when_it_is_back() -> None:
    """There is always somebody to tell of what is there."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.absent(SPO2_LOW, 40)
    room.run(900)
    room.take()
    assert room.timers.next_due_ms() is None
    room.present(SPO2_LOW, 901, HIGH)
    assert room.take() == [
        "901 joined oxygen@0 LOW high A",
        "901 signal oxygen@0 on",
        "901 send oxygen@0/ann/0@901000 companion+0s",
        "901 send oxygen@0/lee/0@901000 physician+0s",
    ]


def test_a_condition_gone_after_acceptance_needs_nobody() -> None:
    """Cleared, and latched."""
    room = Room()
    room.present(WARN, 0)
    room.present(BRIEF, 0, HIGH)
    room.person("accept", "oxygen@0", ANN, 10)
    room.take()
    room.absent(BRIEF, 20)
    room.absent(WARN, 30)
    assert room.take() == [
        "20 cleared oxygen@0 BRIEF medium",
        "20 downgraded oxygen@0 WARN medium",
        "30 cleared oxygen@0 WARN medium",
        "30 signal oxygen@0 off",
        "30 skip oxygen@0 rest: condition gone after acceptance",
    ]
    room.present(SPO2_LOW, 40, HIGH)
    room.person("accept", "oxygen@40000", ANN, 41)
    room.take()
    room.absent(SPO2_LOW, 50)
    assert room.take() == [
        "50 latched oxygen@40000 LOW high A",
        "50 signal oxygen@40000 latched",
        "50 skip oxygen@40000 rest: condition gone after acceptance",
        "50 sound low oxygen@40000",
    ]
    assert room.timers.next_due_ms() is None


def test_a_quiet_check_in_after_the_clearing_ends_the_ladder() -> None:
    """Before it, it ends nothing."""
    room = Room()
    room.present(WARN, 0)
    room.well(30)
    room.absent(WARN, 40)
    room.take()
    room.well(50)
    room.well(51)
    room.run(400)
    assert room.take() == [
        "50 skip oxygen@0 rest: seen awake and breathing quietly",
    ]


def test_a_p0_row_informs_the_physician_whoever_has_accepted() -> None:
    """The next way too when the first is silent, though the companion has it."""
    room = Room(answers=False)
    room.present(DOSE, 0, LOW)
    room.person("accept", "dose@0", ANN, 1)
    room.run(16)
    assert room.take() == [
        "0 raised dose@0 DOSE low",
        "0 signal dose@0 on",
        "0 send dose@0/ann/0@0 companion+0s",
        "0 send dose@0/lee/0@0 P0",
        "0 sound low dose@0",
        "1 accepted dose@0 DOSE low by ann",
        "1 signal dose@0 accepted until 301",
        "1 cancel dose@0/ann/0@0: accepted by ann",
        "1 sound silent",
        "15 send dose@0/lee/1@15000 P0 (sms: not confirmed delivered within 15 s)",
    ]
    room.person("accept", "dose@0", LEE, 17)
    assert room.take() == [
        "17 accepted dose@0 DOSE low by lee",
        "17 signal dose@0 accepted until 317",
        "17 cancel dose@0/lee/1@15000: accepted by lee",
    ]


def test_a_p0_row_is_told_once_full_and_is_not_doubled_by_the_ladder() -> None:
    """A row that is still checking informs nobody yet."""
    room = Room()
    room.present(DOSE, 0, LOW, full=False)
    room.present(DOSE, 5, LOW)
    assert room.take() == [
        "0 raised dose@0 DOSE low",
        "0 signal dose@0 on",
        "0 send dose@0/ann/0@0 companion+0s",
        "0 sound low dose@0",
        "5 joined dose@0 DOSE low",
        "5 send dose@0/lee/0@5000 P0",
    ]
    high = Room()
    high.present(DOSE, 0, HIGH)
    told = [line for line in high.take() if "lee" in line]
    assert told == [
        "0 send dose@0/lee/0@0 physician+0s",
        "0 skip dose@0 P0: lee is told so at this instant already",
    ]


def test_the_end_of_the_session_ends_everything_and_says_so() -> None:
    """No sound, no timer, no message under way; nobody can answer, and no row is taken."""
    room = Room(answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    room.present(SLOW, 0, LOW)
    room.absent(SLOW, 1)
    room.take()
    room.system.end_all("session is ended", 2_000)
    room.run(2)
    assert room.take() == [
        "2 signal oxygen@0 off",
        "2 skip oxygen@0 rest: session is ended",
        "2 cancel oxygen@0/ann/0@0: session is ended",
        "2 cancel oxygen@0/lee/0@0: session is ended",
        "2 skip pressure_high@0 rest: session is ended",
        "2 cancel pressure_high@0/ann/0@0: session is ended",
        "2 sound silent",
    ]
    why = room.person("accept", "oxygen@0", ANN, 3)
    assert why == "alarm oxygen@0 needs no answer: session is ended"
    room.present(WARN, 4)
    room.absent(SPO2_LOW, 5)
    room.run(999)
    assert room.take() == []
    assert room.system.sound[0].value == "silent"
    assert room.timers.next_due_ms() is None


def test_the_end_of_the_session_stops_p0_and_what_an_ended_ladder_had_sent() -> None:
    """Nothing goes out after the end, not even the next way of an old message."""
    room = Room(answers=False)
    room.present(WARN, 1)
    room.absent(WARN, 299)
    room.present(DOSE, 300, LOW)
    room.person("accept", "dose@300000", ANN, 300)
    room.run(302)
    room.take()
    room.system.end_all("session is ended", 302_000)
    room.run(302)
    room.run(999)
    assert room.take() == [
        "302 signal dose@300000 off",
        "302 skip dose@300000 rest: session is ended",
        "302 cancel dose@300000/lee/0@300000: session is ended",
        "302 cancel oxygen@1000/ito/0@301000: session is ended",
    ]


def test_a_fall_to_medium_makes_messages_to_the_physician_needless() -> None:
    """The companion has it, and at medium their acceptance stops the whole ladder."""
    room = Room(answers=False)
    room.present(LOST, 0, HIGH)
    room.person("accept", "no_signal@0", ANN, 5)
    room.take()
    room.settle(LOST, there(MEDIUM), 10)
    room.run(99)
    assert room.take() == [
        "10 downgraded no_signal@0 LOST medium",
        "10 cancel no_signal@0/lee/0@0: now medium, and accepted",
    ]


def test_an_outage_tells_each_person_once_at_the_highest_rung() -> None:
    """What was under way goes out again, marked; the pause that ended meanwhile has ended."""
    room = Room(answers=False)
    room.present(SPO2_LOW, 0, HIGH)
    room.person("acknowledge", "oxygen@0", ANN, 1)
    room.take()
    room.system.hold()
    room.run(150)
    assert room.take() == [
        "121 signal oxygen@0 on",
        "121 sound high oxygen@0",
        "121 skip oxygen@0 speak: due while the hub did not run",
    ]
    room.system.release(150_000)
    room.run(150)
    assert room.take() == [
        "150 send oxygen@0/ann/0@0 companion+0s may repeat",
        "150 send oxygen@0/lee/0@0 physician+0s may repeat",
        "150 send oxygen@0/ann/1@30000 companion+30s late",
        "150 send oxygen@0/lee/1@60000 physician+60s late",
        "150 send oxygen@0/ito/0@120000 backup+120s late",
    ]


def test_an_alarm_that_rises_as_it_is_raised_is_told_as_what_it_is() -> None:
    """One message of the higher priority, not one of the lower and half a minute of nothing."""
    room = Room()
    room.system.settle(SLOW, there(LOW), 0)
    room.system.settle(SLOW, there(HIGH, S), 0)
    room.run(0)
    told = [(e.contact, e.priority, e.rung) for e in room.said if isinstance(e, Send)]
    assert told == [("ann", HIGH, "companion+0s"), ("lee", HIGH, "physician+0s")]
    kept = room.system.post.deliveries["pressure_high@0/ann/0@0"]
    assert (kept.priority, kept.rank) == (HIGH, 6)


def test_a_message_that_has_gone_is_not_raised() -> None:
    """It was decided by an earlier event of the same instant; the next rung tells the person."""
    room = Room()
    room.present(SLOW, 0, LOW)
    room.present(SLOW, 0, HIGH)
    told = [(e.contact, e.priority) for e in room.said if isinstance(e, Send)]
    assert told == [("ann", LOW), ("lee", HIGH)]
    assert room.system.post.deliveries["pressure_high@0/ann/0@0"].priority is LOW
