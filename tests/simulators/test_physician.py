"""A physician takes what has reached them, after a human delay, and tidies up from afar."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from numpy.random import default_rng

from alerts.condition import Priority
from devices.command import Accept, CalledBack, CloseEmergency, Gate, Override, Reset
from devices.observation import Mode
from simulators.board import Board, Item, Row, Seen, Told
from simulators.habits import ATTENTIVE, Habits
from simulators.person import Act
from simulators.physician import Physician

S = 1000
LOW_ROW = Row("SPO2-LOW", Priority.HIGH, "SpO2 86 %")
ALARM = Seen("oxygen@5", "oxygen", Priority.HIGH, 5, rows=(LOW_ROW,))
PUNCTUAL = replace(ATTENTIVE, physician_s=45.0, log_sd=0.0)
ACCEPT = Accept(session="s1", mode=Mode.DEMO, alarm="oxygen@5")
RESET = Reset(session="s1", mode=Mode.DEMO, alarm="oxygen@5")
CLOSE = CloseEmergency(session="s1", mode=Mode.DEMO)


def board(*alarms: Seen, phase: str = "peak") -> Board:
    """What the hub shows."""
    return Board("s1", Mode.DEMO, 0, phase, alarms=alarms)


def watch(who: Physician, shown: Board, begin_s: int, end_s: int) -> list[tuple[int, Act]]:
    """What the physician does from second to second, with its second."""
    return [
        (second, act) for second in range(begin_s, end_s) for act in who.look(shown, second * S)
    ]


def physician(habits: Habits = PUNCTUAL) -> Physician:
    """Dr Lee, on call."""
    return Physician(default_rng(1), habits, contact="dr-lee", session="s1", mode=Mode.DEMO)


def test_the_physician_takes_what_they_were_told() -> None:
    """Told once, Dr Lee accepts after 45 s; what others were told is not theirs."""
    told = (
        Told("d1", "sam", "console", "sent", 0, "oxygen@5"),
        Told("d2", "dr-lee", "console", "sent", 0, "oxygen@5"),
    )
    shown = msgspec.structs.replace(board(ALARM), told=told)
    who = physician()
    got = [(second, act) for second in range(100) for act in who.look(shown, second * S)]
    assert got == [(45, ACCEPT)]


def test_the_physician_answers_for_an_alarm_that_is_already_gone() -> None:
    """A page about an alarm that no board shows any more is answered too: it ends the ladder."""
    told = (Told("d2", "dr-lee", "console", "sent", 0, "oxygen@5"),)
    shown = msgspec.structs.replace(board(), told=told)
    who = physician()
    assert [act for second in range(100) for act in who.look(shown, second * S)] == [ACCEPT]


def test_the_physician_resets_what_the_companion_left() -> None:
    """After three minutes a latched alarm that is over is reset from afar."""
    latched = msgspec.structs.replace(LOW_ROW, present=False, latched=True)
    over = board(msgspec.structs.replace(ALARM, rows=(latched,), signal="latched"))
    who = physician()
    got = [(second, act) for second in range(200) for act in who.look(over, second * S)]
    assert got == [(180, RESET)]


def test_delays_have_the_medians_of_the_sources() -> None:
    """Accepted after a median of 45 s, and by 5 % not within five minutes (`clinical.md` 6.4)."""
    told = Told("d", "dr-lee", "console", "sent", 0, "a")
    shown = msgspec.structs.replace(board(), told=(told,))
    seconds = []
    for seed in range(3000):
        who = physician(Habits())
        who._rng = default_rng(seed)
        who.look(shown, 0)
        seconds.append(who._plans[0][0] / S)
    seconds.sort()
    late = sum(second > 300 for second in seconds) / 3000
    assert seconds[1500] == pytest.approx(47.0, rel=0.1)
    assert seconds[-1] <= 900
    assert late == pytest.approx(0.05, abs=0.01)


def test_a_physician_answers_a_test_only_when_it_has_reached_them() -> None:
    """What the board says of a rehearsal's messages is no message to them."""
    told = (Told("d1", "dr-lee", "console", "sent", 0, "rehearsal@5"),)
    who = physician()
    shown = msgspec.structs.replace(board(), told=told)
    assert [act for second in range(100) for act in who.look(shown, second * S)] == []


def test_the_backup_resets_nothing() -> None:
    """What is over is reset by the companion or the physician."""
    latched = msgspec.structs.replace(LOW_ROW, present=False, latched=True)
    over = board(msgspec.structs.replace(ALARM, rows=(latched,), signal="latched"))
    who = Physician(
        default_rng(1), PUNCTUAL, contact="dr-roy", session="s1", mode=Mode.DEMO, is_backup=True
    )
    assert [act for second in range(400) for act in who.look(over, second * S)] == []


def test_a_call_back_that_was_asked_for_is_made() -> None:
    """Two minutes later, and said so."""
    who = physician()
    who.call_back("pressure_high@5", 10 * S)
    called = CalledBack(session="s1", mode=Mode.DEMO, alarm="pressure_high@5")
    assert watch(who, board(), 11, 200) == [(130, called)]


def test_an_emergency_that_is_over_is_ended() -> None:
    """Five minutes without a high alarm; one that comes back begins the five minutes anew."""
    who = physician()
    over = msgspec.structs.replace(LOW_ROW, present=False)
    calm = board(msgspec.structs.replace(ALARM, rows=(over,), signal="accepted"), phase="emergency")
    medium = board(Seen("cuff@5", "cuff", Priority.MEDIUM, 5), phase="emergency")
    got = watch(who, medium, 0, 200)
    got += watch(who, board(ALARM, phase="emergency"), 200, 210)
    got += watch(who, medium, 210, 600)
    assert got == [(510, CLOSE)]
    assert CLOSE in [act for _, act in watch(physician(), calm, 0, 302)]
    assert [act for _, act in watch(physician(), board(), 0, 900)] == []


def test_a_gate_on_hold_is_decided_after_a_call() -> None:
    """What a call settles may pass; a pressure that stayed too high stops the day."""
    items = {
        "place": Item("pass"),
        "blood_pressure": Item("hold", note="blood pressure 145/82"),
        "alarm_chain": Item("hold", "rehearsal"),
    }
    told = (Told("d2", "dr-lee", "console", "sent", 0, "gate@5"),)
    shown = msgspec.structs.replace(board(phase="gate"), gate_items=items, told=told)
    got = watch(physician(replace(PUNCTUAL, call_s=100.0)), shown, 0, 200)
    by: dict[str, Any] = {"session": "s1", "mode": Mode.DEMO}
    assert got == [
        (45, Accept(alarm="gate@5", **by)),
        (145, Gate(item="blood_pressure", state="stop", note="not today", **by)),
        (145, Override(item="alarm_chain", reason="spoke with both by phone", **by)),
    ]
