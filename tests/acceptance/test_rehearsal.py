"""The test of the alarm chain as a story: who is told, who answers, what the gate makes of it."""

from alerts.effects import CancelSend, Send
from alerts.rehearsal import RehearsalChanged
from alerts.sound_proof import TestSound
from tests.timeline import OPENED_S, Timeline


def told(line: Timeline) -> list[str]:
    """Every message and line of a rehearsal since the last look, in seconds from the start."""
    found = []
    for effect in line.effects:
        at_s = f"{effect.at_ms / 1000 - OPENED_S + 300:g}"
        if isinstance(effect, Send):
            found.append(f"{at_s} send {effect.contact} {effect.alarm.partition('@')[0]}")
        elif isinstance(effect, CancelSend):
            found.append(f"{at_s} cancel {effect.delivery.partition('/')[0].partition('@')[0]}")
        elif isinstance(effect, RehearsalChanged) and effect.way is None:
            found.append(f"{at_s} {effect.contact or 'all'} {effect.state.value}")
    line.effects.clear()
    return found


def at_gate() -> Timeline:
    """Five minutes before the dose; times below are seconds from here."""
    line = Timeline(dosed=False).at(-400).bp(120, 80).at(-320).bp(120, 80).at(-300)
    line.effects.clear()
    return line


def after(line: Timeline, seconds: float) -> Timeline:
    """Go on to so many seconds after the start of the story."""
    return line.at(-300 + seconds)


def test_a_gate_with_a_chain_that_works() -> None:
    """Three test messages, three names, one sound; the dose then is no early one."""
    line = at_gate().rehearse()
    after(line, 12).answers("ann")
    after(line, 45).answers("dr", "bo")
    assert told(line) == [
        "0 all running",
        "0 send ann rehearsal",
        "0 send dr rehearsal",
        "0 send bo rehearsal",
        "12 ann passed",
        "45 dr passed",
        "45 bo passed",
        "45 all passed",
    ]
    line.sound_test()
    assert [effect.bursts for effect in line.effects if isinstance(effect, TestSound)] == [
        line.engine.sound_proof.bursts
    ]
    line.heard(line.engine.sound_proof.bursts)
    line.gate("alarm_chain", "sound").at(0).dose()
    assert line.story(until=1, skip={"NO-BASELINE"}) == []


def test_a_companion_who_does_not_answer_stops_the_dose() -> None:
    """Sent is not heard: the gate is shut until a rehearsal passes, and a dose is an alarm."""
    line = at_gate().rehearse()
    after(line, 30).answers("dr", "bo")
    line.effects.clear()
    after(line, 61)
    assert told(line) == ["60 ann failed", "60 all failed"]
    line.gate("alarm_chain").at(0).dose()
    assert line.story(until=1, skip={"NO-BASELINE"}) == [
        "0 raised DOSE-EARLY medium",
        "0 latched DOSE-EARLY medium",
    ]
    assert line.engine.chart.reports["dose_early"].reason == "gate items open: alarm_chain"


def test_a_real_alarm_waits_for_no_rehearsal() -> None:
    """SpO2 falls while the test runs: the same alarm, at the same seconds, told to the same people.

    The rehearsal goes on beside it, and its answer takes no alarm.
    """
    quiet, busy = at_gate(), at_gate().rehearse()
    for line in (quiet, busy):
        after(line, 5).spo2(86)
    after(busy, 20).answers()
    alarm, both = told(after(quiet, 58)), told(after(busy, 58))
    assert alarm == [entry for entry in both if entry.endswith("oxygen")]
    assert len(alarm) >= 2
    assert "20 all passed" in both
    (oxygen,) = busy.engine.alarms.book.open.values()
    assert busy.engine.alarms.cares[oxygen.id].leases == {}
