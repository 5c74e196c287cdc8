"""Every silence ends by itself: pauses, leases, ladders and reminders in virtual time."""

from alerts.alarm import RowFacts
from alerts.condition import Kind
from alerts.delivery import DeliveryState
from alerts.escalation import Ladder
from tests.alerts.room import (
    ANN,
    HIGH,
    LEE,
    LOST,
    LOW,
    MEDIUM,
    SLOW,
    SPO2_LOW,
    WARN,
    A,
    Room,
)

BRIEF = RowFacts("BRIEF", "oxygen", Kind.PHYSIOLOGICAL, None, A)


def test_nobody_answers_a_medium_alarm() -> None:
    """R15: the whole ladder of 1.5 in its order, and then repeats for ever."""
    room = Room()
    room.present(WARN, 0)
    room.run(430)
    assert room.take() == [
        "0 raised oxygen@0 WARN medium",
        "0 signal oxygen@0 on",
        "0 send oxygen@0/ann/0@0 companion+0s",
        "0 sound medium oxygen@0",
        "30 send oxygen@0/ann/0@30000 companion+30s",
        "60 send oxygen@0/ann/1@60000 companion+60s",
        "120 send oxygen@0/lee/0@120000 physician+120s",
        "180 send oxygen@0/lee/1@180000 physician+180s",
        "300 send oxygen@0/ito/0@300000 backup+300s",
        "300 send oxygen@0/ann/1@300000 companion+60s",
        "420 send oxygen@0/lee/0@420000 physician+120s",
    ]


def test_nobody_answers_a_high_alarm_of_class_a() -> None:
    """The physician at 0 s, the backup at 120 s, repeats from 300 s."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.run(430)
    assert room.take() == [
        "0 raised oxygen@0 LOW high A",
        "0 signal oxygen@0 on",
        "0 send oxygen@0/ann/0@0 companion+0s",
        "0 send oxygen@0/lee/0@0 physician+0s",
        "0 sound high oxygen@0",
        "30 send oxygen@0/ann/1@30000 companion+30s",
        "60 send oxygen@0/lee/1@60000 physician+60s",
        "60 speak oxygen@0 LOW",
        "120 send oxygen@0/ito/0@120000 backup+120s",
        "120 speak oxygen@0 LOW and call",
        "300 send oxygen@0/lee/1@300000 physician+60s",
        "420 send oxygen@0/ito/0@420000 backup+120s",
    ]


def test_nobody_answers_a_high_alarm_of_class_s() -> None:
    """The physician a third time at 120 s, the backup at 300 s."""
    room = Room()
    room.present(SLOW, 0, HIGH)
    room.run(430)
    assert room.take() == [
        "0 raised pressure_high@0 SLOW high S",
        "0 signal pressure_high@0 on",
        "0 send pressure_high@0/ann/0@0 companion+0s",
        "0 send pressure_high@0/lee/0@0 physician+0s",
        "0 sound high pressure_high@0",
        "30 send pressure_high@0/ann/1@30000 companion+30s",
        "60 send pressure_high@0/lee/1@60000 physician+60s",
        "60 speak pressure_high@0 SLOW",
        "120 send pressure_high@0/lee/2@120000 physician+120s",
        "300 send pressure_high@0/ito/0@300000 backup+300s",
        "300 send pressure_high@0/lee/1@300000 physician+60s",
        "420 send pressure_high@0/lee/2@420000 physician+120s",
    ]


def test_nobody_answers_a_low_alarm() -> None:
    """Only the companion is told; a person with one rung too many is not told twice."""
    room = Room()
    room.present(LOST, 0, LOW)
    room.run(430)
    assert room.take() == [
        "0 raised no_signal@0 LOST low",
        "0 signal no_signal@0 on",
        "0 send no_signal@0/ann/0@0 companion+0s",
        "0 sound low no_signal@0",
        "120 send no_signal@0/ann/0@120000 companion+120s",
        "300 send no_signal@0/ann/0@300000 companion+300s",
        "300 skip no_signal@0 companion+120s: ann is told so at this instant already",
        "420 send no_signal@0/ann/0@420000 companion+120s",
    ]


def test_a_pause_ends_by_itself_after_120_s_and_stops_no_rung() -> None:
    """R06: nothing but the sound is paused."""
    room = Room()
    room.present(WARN, 0)
    room.person("acknowledge", "oxygen@0", ANN, 10)
    room.run(131)
    assert room.take() == [
        "0 raised oxygen@0 WARN medium",
        "0 signal oxygen@0 on",
        "0 send oxygen@0/ann/0@0 companion+0s",
        "0 sound medium oxygen@0",
        "10 acknowledged oxygen@0 WARN medium by ann",
        "10 signal oxygen@0 acknowledged until 130",
        "10 sound silent",
        "30 send oxygen@0/ann/0@30000 companion+30s",
        "60 send oxygen@0/ann/1@60000 companion+60s",
        "120 send oxygen@0/lee/0@120000 physician+120s",
        "130 signal oxygen@0 on",
        "130 sound medium oxygen@0",
    ]


def test_a_new_alarm_breaks_a_pause() -> None:
    """2.7.5, even a low one."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("acknowledge", "oxygen@0", ANN, 5)
    room.take()
    room.present(SLOW, 10, LOW)
    assert room.take() == [
        "10 raised pressure_high@10000 SLOW low",
        "10 signal pressure_high@10000 on",
        "10 signal oxygen@0 on",
        "10 send pressure_high@10000/ann/0@10000 companion+0s",
        "10 sound high oxygen@0",
    ]


def test_an_upgraded_alarm_breaks_the_pause_of_another() -> None:
    """2.7.5 says new or upgraded."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.present(SLOW, 0, LOW)
    room.person("acknowledge", "oxygen@0", ANN, 5)
    room.take()
    room.present(SLOW, 10, MEDIUM)
    assert room.take() == [
        "10 upgraded pressure_high@0 SLOW medium",
        "10 signal oxygen@0 on",
        "10 send pressure_high@0/ann/0@10000 companion+0s",
        "10 sound high oxygen@0",
    ]


def test_a_new_alarm_leaves_a_lease() -> None:
    """A person who took an alarm still has it."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", LEE, 5)
    room.take()
    room.present(SLOW, 10, LOW)
    assert room.take() == [
        "10 raised pressure_high@10000 SLOW low",
        "10 signal pressure_high@10000 on",
        "10 send pressure_high@10000/ann/0@10000 companion+0s",
        "10 sound low pressure_high@10000",
    ]


def test_a_lease_of_a_medium_alarm_ends_and_all_begins_again() -> None:
    """Signal and escalation resume after 5 min."""
    room = Room()
    room.present(WARN, 0)
    room.person("accept", "oxygen@0", ANN, 10)
    room.run(345)
    assert room.take() == [
        "0 raised oxygen@0 WARN medium",
        "0 signal oxygen@0 on",
        "0 send oxygen@0/ann/0@0 companion+0s",
        "0 sound medium oxygen@0",
        "10 accepted oxygen@0 WARN medium by ann",
        "10 signal oxygen@0 accepted until 310",
        "10 sound silent",
        "310 lease_ended oxygen@0 WARN medium by ann",
        "310 signal oxygen@0 on",
        "310 sound medium oxygen@0",
        "310 send oxygen@0/ann/0@310000 companion+0s",
        "340 send oxygen@0/ann/0@340000 companion+30s",
    ]


def test_a_companion_takes_a_high_alarm() -> None:
    """Only their own calls stop; they are reminded every 2 min; at the end all begins again."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", ANN, 10)
    room.run(320)
    assert room.take() == [
        "0 raised oxygen@0 LOW high A",
        "0 signal oxygen@0 on",
        "0 send oxygen@0/ann/0@0 companion+0s",
        "0 send oxygen@0/lee/0@0 physician+0s",
        "0 sound high oxygen@0",
        "10 accepted oxygen@0 LOW high A by ann",
        "10 signal oxygen@0 accepted until 310",
        "10 sound silent",
        "30 skip oxygen@0 companion+30s: accepted by ann",
        "60 send oxygen@0/lee/1@60000 physician+60s",
        "120 send oxygen@0/ito/0@120000 backup+120s",
        "130 send oxygen@0/ann/0@130000 reminder",
        "250 send oxygen@0/ann/0@250000 reminder",
        "300 send oxygen@0/lee/1@300000 physician+60s",
        "310 lease_ended oxygen@0 LOW high A by ann",
        "310 signal oxygen@0 on",
        "310 sound high oxygen@0",
        "310 send oxygen@0/ann/0@310000 companion+0s",
        "310 send oxygen@0/lee/0@310000 physician+0s",
    ]


def test_two_people_take_a_high_alarm() -> None:
    """The ladder stops; the end of one lease changes nothing while the other lasts."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", ANN, 10)
    room.person("accept", "oxygen@0", LEE, 20)
    room.run(325)
    assert room.take() == [
        "0 raised oxygen@0 LOW high A",
        "0 signal oxygen@0 on",
        "0 send oxygen@0/ann/0@0 companion+0s",
        "0 send oxygen@0/lee/0@0 physician+0s",
        "0 sound high oxygen@0",
        "10 accepted oxygen@0 LOW high A by ann",
        "10 signal oxygen@0 accepted until 310",
        "10 sound silent",
        "20 accepted oxygen@0 LOW high A by lee",
        "20 signal oxygen@0 accepted until 320",
        "130 send oxygen@0/ann/0@130000 reminder",
        "140 send oxygen@0/lee/0@140000 reminder",
        "250 send oxygen@0/ann/0@250000 reminder",
        "260 send oxygen@0/lee/0@260000 reminder",
        "310 lease_ended oxygen@0 LOW high A by ann",
        "320 lease_ended oxygen@0 LOW high A by lee",
        "320 signal oxygen@0 on",
        "320 sound high oxygen@0",
        "320 send oxygen@0/ann/0@320000 companion+0s",
        "320 send oxygen@0/lee/0@320000 physician+0s",
    ]


def test_the_physicians_lease_ends_before_the_companions() -> None:
    """The ladder begins again without the calls to the companion; the signal stays quiet."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", LEE, 10)
    room.person("accept", "oxygen@0", ANN, 250)
    room.take()
    room.run(345)
    assert room.take() == [
        "310 lease_ended oxygen@0 LOW high A by lee",
        "310 skip oxygen@0 companion+0s: accepted by ann",
        "310 send oxygen@0/lee/0@310000 physician+0s",
        "340 skip oxygen@0 companion+30s: accepted by ann",
    ]


def test_a_lease_is_renewed_by_accepting_again() -> None:
    """It runs from the last acceptance, reminders too."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", ANN, 10)
    room.person("accept", "oxygen@0", ANN, 100)
    room.take()
    room.run(405)
    assert room.take() == [
        "120 send oxygen@0/ito/0@120000 backup+120s",
        "220 send oxygen@0/ann/0@220000 reminder",
        "300 send oxygen@0/lee/1@300000 physician+60s",
        "340 send oxygen@0/ann/0@340000 reminder",
        "400 lease_ended oxygen@0 LOW high A by ann",
        "400 signal oxygen@0 on",
        "400 sound high oxygen@0",
        "400 send oxygen@0/ann/0@400000 companion+0s",
        "400 send oxygen@0/lee/0@400000 physician+0s",
    ]


def test_a_return_goes_on_where_its_ladder_stood() -> None:
    """A condition that comes and goes still reaches the physician after 120 s."""
    room = Room()
    room.present(WARN, 0)
    room.absent(WARN, 40)
    room.present(WARN, 70)
    room.run(130)
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
        "70 raised oxygen@70000 WARN medium",
        "70 repeated oxygen@70000 WARN medium",
        "70 signal oxygen@70000 on",
        "70 send oxygen@70000/ann/0@70000 companion+0s",
        "70 skip oxygen@0 rest: goes on as oxygen@70000",
        "70 sound medium oxygen@70000",
        "120 send oxygen@70000/lee/0@120000 physician+120s",
    ]


def test_a_higher_return_has_its_own_ladder() -> None:
    """The lingering one ends: the new one says more."""
    room = Room()
    room.present(SPO2_LOW, 0, MEDIUM)
    room.absent(SPO2_LOW, 10)
    room.take()
    room.present(SPO2_LOW, 20, HIGH)
    assert room.take() == [
        "20 raised oxygen@20000 LOW high A",
        "20 repeated oxygen@20000 LOW high A",
        "20 signal oxygen@20000 on",
        "20 send oxygen@20000/ann/0@20000 companion+0s",
        "20 send oxygen@20000/lee/0@20000 physician+0s",
        "20 skip oxygen@0 rest: superseded by oxygen@20000",
        "20 sound high oxygen@20000",
    ]


def test_a_lower_return_does_not_end_the_ladder_of_a_high_one() -> None:
    """Both go on; one acceptance ends the older."""
    room = Room()
    room.present(BRIEF, 0, HIGH)
    room.absent(BRIEF, 10)
    room.take()
    room.present(WARN, 20)
    room.run(61)
    assert room.take() == [
        "20 raised oxygen@20000 WARN medium",
        "20 repeated oxygen@20000 WARN medium",
        "20 signal oxygen@20000 on",
        "20 send oxygen@20000/ann/0@20000 companion+0s",
        "20 sound medium oxygen@20000",
        "30 send oxygen@0/ann/1@30000 companion+30s",
        "50 send oxygen@20000/ann/0@50000 companion+30s",
        "60 send oxygen@0/lee/1@60000 physician+60s",
    ]
    room.person("accept", "oxygen@20000", ANN, 70)
    assert room.take() == [
        "70 accepted oxygen@20000 WARN medium by ann",
        "70 signal oxygen@20000 accepted until 370",
        "70 skip oxygen@0 rest: condition gone, accepted by ann",
        "70 sound silent",
    ]


def test_the_end_of_a_ladder_does_not_cancel_its_last_message() -> None:
    """The last rung still goes its way to the person."""
    room = Room(answers=False)
    room.present(WARN, 0)
    room.absent(WARN, 299)
    room.take()
    room.run(320)
    assert room.take() == [
        "300 send oxygen@0/ito/0@300000 backup+300s",
        "300 skip oxygen@0 rest: end of the ladder",
        "315 skip oxygen@0 next way: no further way to ito: not confirmed delivered within 15 s",
    ]
    assert room.system.cares == {}
    assert room.timers.next_due_ms() is None


def test_a_ladder_without_rungs_says_so_and_the_lease_still_ends() -> None:
    """An accepted alarm never stays quiet for ever, whatever the plan holds."""
    room = Room()
    room.system.carer.ladder = Ladder((), (), ())
    room.present(WARN, 0)
    room.person("accept", "oxygen@0", ANN, 10)
    room.run(311)
    assert room.take() == [
        "0 raised oxygen@0 WARN medium",
        "0 signal oxygen@0 on",
        "0 skip oxygen@0 rest: end of the ladder",
        "0 sound medium oxygen@0",
        "10 accepted oxygen@0 WARN medium by ann",
        "10 signal oxygen@0 accepted until 310",
        "10 sound silent",
        "310 lease_ended oxygen@0 WARN medium by ann",
        "310 signal oxygen@0 on",
        "310 skip oxygen@0 rest: end of the ladder",
        "310 sound medium oxygen@0",
    ]


def test_a_reminder_that_fails_goes_the_next_way_while_the_lease_lasts() -> None:
    """A reminder is wanted by the person who accepted; by nobody once the lease is over."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", LEE, 0)
    room.take()
    room.answers = False
    room.run(120)
    assert room.report("oxygen@0/lee/0@120000", DeliveryState.FAILED, 121) is None
    room.person("reject", "oxygen@0", LEE, 121.5)
    assert room.report("oxygen@0/lee/1@121000", DeliveryState.FAILED, 121.7) is None
    room.run(125)
    assert room.take() == [
        "120 send oxygen@0/lee/0@120000 reminder",
        "121 send oxygen@0/lee/1@121000 reminder (sms: )",
        "121.5 lease_ended oxygen@0 LOW high A by lee",
        "121.5 cancel oxygen@0/lee/1@121000: lee cannot take it",
        "121.5 signal oxygen@0 on",
        "121.5 skip oxygen@0 lee: lee cannot take it: next rung",
        "121.5 send oxygen@0/ann/1@121500 companion+30s",
        "121.5 sound high oxygen@0",
    ]


def test_a_rename_moves_timers_and_messages() -> None:
    """An alarm goes on under the id of the record, leases included; others are not touched."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.present(SLOW, 0, LOW)
    room.person("acknowledge", "pressure_high@0", ANN, 10)
    room.person("accept", "oxygen@0", ANN, 10)
    room.take()
    room.system.rename(room.system.book.open["oxygen"], "oxygen@7")
    keys = sorted(room.timers._live, key=str)
    assert keys == [
        ("lease", "oxygen@7", "ann"),
        ("pause", "pressure_high@0"),
        ("remind", "oxygen@7", "ann"),
        ("rung", "oxygen@7"),
        ("rung", "pressure_high@0"),
    ]
    alarms = [delivery.alarm for delivery in room.system.post.deliveries.values()]
    assert alarms == ["oxygen@7", "oxygen@7", "pressure_high@0"]
    room.run(61)
    assert room.take() == [
        "30 skip oxygen@7 companion+30s: accepted by ann",
        "60 send oxygen@7/lee/1@60000 physician+60s",
    ]
    assert sorted(room.system.cares) == ["oxygen@7", "pressure_high@0"]


def test_a_renamed_pause_still_ends() -> None:
    """The timer goes by the new id."""
    room = Room()
    room.present(WARN, 0)
    room.person("acknowledge", "oxygen@0", ANN, 10)
    room.system.rename(room.system.book.open["oxygen"], "oxygen@7")
    room.run(60)
    room.take()
    room.run(131)
    assert room.take() == [
        "120 send oxygen@7/lee/0@120000 physician+120s",
        "130 signal oxygen@7 on",
        "130 sound medium oxygen@7",
    ]


def test_a_renamed_lease_ends_before_the_rung_of_the_same_instant() -> None:
    """The order of timers is kept: the ladder begins again, and repeats nothing first."""
    room = Room()
    room.present(SPO2_LOW, 0, HIGH)
    room.person("accept", "oxygen@0", ANN, 0)
    room.run(299)
    room.system.rename(room.system.book.open["oxygen"], "oxygen@7")
    room.take()
    room.run(300)
    assert room.take() == [
        "300 lease_ended oxygen@7 LOW high A by ann",
        "300 signal oxygen@7 on",
        "300 sound high oxygen@7",
        "300 send oxygen@7/ann/0@300000 companion+0s",
        "300 send oxygen@7/lee/0@300000 physician+0s",
    ]
