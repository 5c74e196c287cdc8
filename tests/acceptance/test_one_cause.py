"""One cause, one alarm (`clinical.md` 2.7), sentence by sentence, on the shipped rows."""

import pytest

from alerts.alarm import Alarm
from alerts.contact import Role
from alerts.effects import AlertEffect, Send, SignalChanged, Sound
from alerts.signal import Pattern
from monitor.effects import AlarmChanged
from monitor.events import Acknowledged
from monitor.snapshot import snapshot
from tests.timeline import LIMITS, Timeline
from tests.words import ENGLISH


def fallen() -> Timeline:
    """Return a session whose SpO2 has slid to 93 without an alarm: a fall from here is no FAST."""
    return Timeline(LIMITS).at(20).spo2(95).at(120).spo2(93).at(200)


def alarm(line: Timeline, family: str = "oxygen") -> Alarm:
    """Return the open alarm of a family."""
    return line.engine.alarms.book.open[family]


def told(line: Timeline) -> list[type[AlertEffect]]:
    """Return what was done about alarms since the last story."""
    return [type(e) for e in line.effects if isinstance(e, Send | SignalChanged | Sound)]


def acknowledge(line: Timeline, family: str = "oxygen") -> None:
    """The companion pauses the sound."""
    which = alarm(line, family).id
    line.send(Acknowledged(at_ms=line.now_ms, by="ann", role=Role.COMPANION, alarm=which))


def test_a_higher_row_goes_up_in_place() -> None:
    """Rule 1: one id from the first row to the highest, with every row in it."""
    line = fallen().spo2(79).at(225)
    changes = [e for e in line.effects if isinstance(e, AlarmChanged)]
    assert {e.id for e in changes} == {f"oxygen@{(600 + 203) * 1000}"}
    assert set(alarm(line).rows) == {"SPO2-CRIT", "SPO2-FAST", "SPO2-LOW", "SPO2-WARN"}


def test_a_lower_row_that_comes_later_adds_its_reason_and_nothing_else() -> None:
    """Rule 1: LOW before WARN is normal in a fast fall; nobody is told, nothing sounds anew."""
    line = fallen().spo2(87).at(219.5)
    line.effects.clear()
    line.at(220.5)
    assert [line.text(e) for e in line.effects if isinstance(e, AlarmChanged)] == [
        "220 joined SPO2-WARN high/A"
    ]
    assert told(line) == []


def test_it_falls_when_the_higher_row_has_cleared_and_a_person_has_reset_it() -> None:
    """Rule 2: latched it stays high; reset it goes on at the next row."""
    line = fallen().spo2(87)
    line.story(until=299)
    assert line.spo2(93).story(until=400) == ["360 latched SPO2-LOW high/A"]
    assert alarm(line).level[0].value == "high"
    assert line.reset("oxygen").story(until=401) == [
        "400 reset SPO2-LOW medium",
        "400 downgraded SPO2-FAST medium",
    ]


def test_going_on_at_the_next_row_is_no_new_alarm() -> None:
    """Rule 2: the sound becomes that of the lower priority; nobody is told, no signal begins."""
    line = fallen().spo2(87).at(300).spo2(93).at(400)
    line.effects.clear()
    line.reset("oxygen")
    assert told(line) == [Sound]
    assert line.engine.alarms.sound[0] is Pattern.MEDIUM


def test_a_latched_alarm_keeps_its_words_and_is_low_after_an_acknowledgement() -> None:
    """Rule 2a: what it was is told beside what is now; its sound is high, then the low pattern."""
    line = fallen().spo2(87).at(220).spo2(97).at(300)
    before = line.engine.alarms.sound[0]
    acknowledge(line)
    picture = snapshot(line.engine, line.now_ms, ENGLISH, record=0, recording=True)
    (view,) = [one for one in picture.alarms if one.family == "oxygen"]
    row = view.rows[0]
    assert (row.row, row.value_x100, row.present, row.latched) == ("SPO2-LOW", 87_00, False, True)
    assert (picture.values["spo2"].value_x100, view.signal.value) == (97_00, "latched")
    assert (before, line.engine.alarms.sound[0]) == (Pattern.HIGH, Pattern.LOW)


def test_a_row_that_is_present_is_not_reset() -> None:
    """Rule 2a: a reset is offered only while the condition is absent."""
    line = fallen().spo2(87).at(220)
    line.effects.clear()
    line.reset("oxygen")
    assert line.refused() == [
        f"alarm oxygen@{(600 + 204) * 1000} cannot be reset: its condition is still present"
    ]


def test_a_value_that_dithers_at_its_limit_is_one_alarm() -> None:
    """Rule 4: the same alarm needs the way out by its clearing level first."""
    line = fallen()
    for start_s in range(200, 800, 40):
        line.at(start_s).spo2(91).at(start_s + 30).spo2(93)
    assert line.story(until=820) == ["220 raised SPO2-WARN medium"]


def warned(line: Timeline, start_s: int) -> Timeline:
    """SpO2 of 91 for 25 s, then 95 for 35 s: WARN comes after 20 s and is over after a minute."""
    return line.at(start_s).spo2(91).at(start_s + 25).spo2(95).at(start_s + 60)


def test_the_third_return_in_15_minutes_is_one_priority_up() -> None:
    """Rule 4: counted each time, then high, with class and ladder of a high alarm."""
    line = fallen()
    for start_s in (200, 300, 400, 500):
        warned(line, start_s)
    assert [one for one in line.story(until=561) if "cleared" not in one] == [
        "220 raised SPO2-WARN medium",
        "320 raised SPO2-WARN medium",
        "320 repeated SPO2-WARN medium",
        "420 raised SPO2-WARN medium",
        "420 repeated SPO2-WARN medium",
        "520 raised SPO2-WARN high/A",
        "520 repeated SPO2-WARN high/A",
    ]


@pytest.mark.parametrize(("apart_s", "level"), [(359, "high/A"), (361, "medium")])
def test_only_what_returns_within_five_minutes_is_a_return(apart_s: int, level: str) -> None:
    """Rule 4: over at +55 s, so the next at +20 s is 5 min later when they are 335 s apart."""
    line = fallen()
    starts = (200, 300, 400, 400 + apart_s - 24)
    for start_s in starts:
        warned(line, start_s)
    story = [one for one in line.story(until=starts[-1] + 61) if "raised" in one]
    assert story[-1].endswith(f"raised SPO2-WARN {level}")


def test_a_technical_alarm_goes_to_medium_and_no_further() -> None:
    """Rule 4: a clip that comes off again and again is medium from the third return on."""
    line = Timeline(LIMITS)
    for start_s in (100, 200, 300, 400, 500):
        line.at(start_s).spo2(None).at(start_s + 20).spo2(97).at(start_s + 60)
    story = [one for one in line.story(until=600) if "raised" in one]
    assert story == [
        "114 raised SIG-LOST low",
        "214 raised SIG-LOST low",
        "314 raised SIG-LOST low",
        "414 raised SIG-LOST medium",
        "514 raised SIG-LOST medium",
    ]


def test_an_acknowledgement_pauses_the_sound_for_two_minutes_and_stops_no_rung() -> None:
    """Rule 5: the physician is told while it is quiet; at 120 s it sounds again."""
    line = fallen().spo2(91).at(221)
    acknowledge(line)
    line.effects.clear()
    line.at(342)
    sends = [(e.at_ms / 1000 - 600, e.contact) for e in line.effects if isinstance(e, Send)]
    sounds = [(e.at_ms / 1000 - 600, e.pattern) for e in line.effects if isinstance(e, Sound)]
    assert (340.0, "dr") in sends
    assert sounds == [(341.0, Pattern.MEDIUM)]


@pytest.mark.parametrize("new", ["upgraded", "another"])
def test_what_is_new_or_upgraded_breaks_the_pause(new: str) -> None:
    """Rule 5: LOW above WARN, or a pressure beside it."""
    line = fallen().spo2(91).at(221)
    acknowledge(line)
    quiet = line.engine.alarms.sound[0]
    if new == "upgraded":
        line.spo2(87).at(233)
    else:
        line.bp(205, 95)
    assert (quiet, line.engine.alarms.sound[0]) == (Pattern.SILENT, Pattern.HIGH)


def test_each_family_has_its_own_alarm() -> None:
    """Rule 1: oxygen, pulse and pressure at once are three; rows of one cause are one."""
    line = fallen().spo2(87, 150).bp(205, 120)
    line.at(300)
    families = [one.family for one in line.engine.alarms.book.open.values()]
    assert len(families) == len(set(families))
    assert {"oxygen", "pulse_fast", "pressure_high"} <= set(families)


def test_a_reading_that_goes_up_at_once_is_told_as_what_it_is() -> None:
    """Its first row is low, "checking", its highest high: the companion's message is a high one."""
    line = fallen()
    line.effects.clear()
    line.bp(205, 120)
    sends = [(e.contact, e.priority.value) for e in line.effects if isinstance(e, Send)]
    assert sends == [("ann", "high"), ("dr", "high")]
