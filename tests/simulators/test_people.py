"""People act on what they see, after a human delay, and not twice."""

from dataclasses import replace

import msgspec
import pytest
from numpy.random import default_rng

from alerts.condition import Priority
from devices.checkin import Breathing, CheckIn
from devices.command import (
    Accept,
    CuffStarted,
    Discharge,
    Dose,
    Gate,
    Heard,
    PulseCount,
    Rehearse,
    Reset,
    SoundTest,
)
from devices.observation import Mode
from monitor.effects import PromptKind
from simulators.board import Board, Item, Prompt, Row, Seen, Told, Trials
from simulators.habits import Habits
from simulators.patient import Vitals
from simulators.people import HANDS, Act, Companion, Deed

S = 1000
LOW_ROW = Row("SPO2-LOW", Priority.HIGH, "SpO2 86 %")
ALARM = Seen("oxygen@5", "oxygen", Priority.HIGH, 5, rows=(LOW_ROW,))
NEVER = {Priority.LOW: 0.0, Priority.MEDIUM: 0.0, Priority.HIGH: 0.0}
PUNCTUAL = Habits(
    log_sd=0.0, miss=0.0, alarm_miss=NEVER, physician_late=0.0, rating_error=0.0, on_back=0.0
)
ACCEPT = Accept(session="s1", mode=Mode.DEMO, alarm="oxygen@5")
RESET = Reset(session="s1", mode=Mode.DEMO, alarm="oxygen@5")
DOSE = Dose(session="s1", mode=Mode.DEMO)
STARTED = CuffStarted(session="s1", mode=Mode.DEMO)
WELL = CheckIn.parse("W5 B0 C0 D0 X0")


def truth(at_ms: int) -> Vitals:
    """A patient who is well."""
    return Vitals(at_ms, 97.0, 72.0, 120.0, 75.0, 3.0, 5, 0.0)


def board(*alarms: Seen, phase: str = "peak", prompts: tuple[Prompt, ...] = ()) -> Board:
    """What the hub shows."""
    return Board("s1", Mode.DEMO, 0, phase, alarms=alarms, prompts=prompts)


def companion(
    habits: Habits = PUNCTUAL, gate_items: tuple[str, ...] = (), **proved: str
) -> Companion:
    """A companion in a session that opened at 0, with ten minutes of rest before the dose."""
    return Companion(
        default_rng(1),
        habits,
        session="s1",
        mode=Mode.DEMO,
        start_ms=0,
        rest_ms=600 * S,
        gate_items={**dict.fromkeys(gate_items), **proved},
    )


def watch(
    who: Companion, shown: Board, begin_s: int, end_s: int, step_s: int = 1
) -> list[tuple[int, Act]]:
    """What the companion does from second to second, with its second."""
    return [
        (second, act)
        for second in range(begin_s, end_s + 1, step_s)
        for act in who.look(msgspec.structs.replace(shown, at_ms=second * S), truth(second * S))
    ]


def late(who: Companion) -> Companion:
    """The same companion after the gate: what was planned for it has been done."""
    watch(who, board(), 0, 1000, step_s=100)
    return who


def test_the_gate_is_worked_through_before_the_dose() -> None:
    """Cuffs at 5 and 7 min with a check-in between, the items after them, the dose at 10 min."""
    got = watch(companion(gate_items=("companion", "place")), board(phase="gate"), 0, 650)
    assert got == [
        (300, Deed.START_CUFF),
        (300, STARTED),
        (360, WELL),
        (420, Deed.START_CUFF),
        (420, STARTED),
        (470, Gate(session="s1", mode=Mode.DEMO, item="companion", state="pass")),
        (475, Gate(session="s1", mode=Mode.DEMO, item="place", state="pass")),
        (600, DOSE),
    ]


def test_the_dose_waits_for_the_items() -> None:
    """A gate of forty items takes longer than the rest: the dose comes after the last."""
    got = watch(
        companion(gate_items=tuple(f"item{number}" for number in range(40))),
        board(phase="gate"),
        0,
        700,
    )
    assert got[-1] == (670, DOSE)


def test_the_dose_is_offered_again_while_the_gate_holds() -> None:
    """A refused dose is offered every 4 min until the phase has changed."""
    got = watch(late(companion()), board(phase="gate"), 1001, 1500)
    assert got == [(1001, DOSE), (1241, DOSE), (1481, DOSE)]


def test_a_cuff_prompt_is_answered_once() -> None:
    """40 s after the prompt the cuff is started; the same prompt is not answered again at once."""
    asked = board(prompts=(Prompt(PromptKind.CUFF, 1060 * S),))
    got = watch(late(companion()), asked, 1001, 1200)
    assert got == [(1041, Deed.START_CUFF), (1041, STARTED)]


def test_a_prompt_that_stays_is_answered_again() -> None:
    """After four minutes of the same prompt the companion tries once more."""
    asked = board(prompts=(Prompt(PromptKind.CUFF, 1060 * S),))
    got = [second for second, act in watch(late(companion()), asked, 1001, 1400) if act == STARTED]
    assert got == [1041, 1321]


def test_two_inflations_are_two_minutes_apart() -> None:
    """A second cuff prompt waits until two minutes after the first start."""
    asked = board(prompts=(Prompt(PromptKind.CUFF, 1), Prompt(PromptKind.CUFF, 2)))
    got = [second for second, act in watch(late(companion()), asked, 1001, 1200) if act == STARTED]
    assert got == [1041, 1161]


def test_a_check_in_prompt_is_answered_with_what_is_seen() -> None:
    """The codes come from the patient at that second: drowsy, noisy and blue here."""
    who = late(companion())
    asked = board(prompts=(Prompt(PromptKind.CHECK_IN, 1060 * S),))
    ill = replace(truth(0), moaas=4, spo2_pct=75.0)
    got = [
        act
        for second in range(1001, 1060)
        for act in who.look(
            msgspec.structs.replace(asked, at_ms=second * S), replace(ill, at_ms=second * S)
        )
    ]
    assert got == [CheckIn.parse("W4 B1 C2 D0 X0")]


def test_an_oxygen_alarm_is_taken_and_the_patient_woken() -> None:
    """HIGH: accepted after 12 s, woken 5 s later, asked the first two questions after 25 s."""
    got = watch(late(companion()), board(ALARM), 1001, 1080)
    assert got == [(1013, ACCEPT), (1018, Deed.ROUSE), (1038, CheckIn.parse("W5 B0"))]


def test_other_alarms_are_only_taken() -> None:
    """A pressure alarm wakes nobody."""
    high = Seen("pressure_high@5", "pressure_high", Priority.LOW, 5)
    got = watch(late(companion()), board(high), 1001, 1100)
    assert got == [(1061, Accept(session="s1", mode=Mode.DEMO, alarm="pressure_high@5"))]


def test_an_upgrade_is_answered_again() -> None:
    """The companion who took a medium alarm takes it again when it becomes high."""
    who = late(companion())
    medium = msgspec.structs.replace(ALARM, priority=Priority.MEDIUM)
    first = watch(who, board(medium), 1001, 1030)
    then = watch(who, board(ALARM), 1031, 1050)
    accepts = [(second, act) for second, act in first + then if act == ACCEPT]
    assert accepts == [(1026, ACCEPT), (1043, ACCEPT)]


def test_an_accepted_alarm_is_left_alone_until_its_signal_returns() -> None:
    """Signals other than "on" need nobody; after 90 s a returned one is taken again."""
    who = late(companion())
    quiet = msgspec.structs.replace(ALARM, signal="accepted", family="pressure_high")
    back = msgspec.structs.replace(ALARM, family="pressure_high")
    got = watch(who, board(quiet), 1001, 1010)
    got += watch(who, board(back), 1011, 1140)
    assert got == [(1023, ACCEPT), (1125, ACCEPT)]


def test_what_is_over_is_reset_after_a_minute() -> None:
    """A latched alarm whose condition is gone is reset after 60 s; again if it stays 4 min."""
    latched = msgspec.structs.replace(LOW_ROW, present=False, latched=True)
    over = msgspec.structs.replace(ALARM, rows=(latched,), signal="latched")
    got = watch(late(companion()), board(over), 1001, 1310)
    assert got == [(1061, RESET), (1301, RESET)]


TRIAL = Discharge(
    session="s1",
    mode=Mode.DEMO,
    walk=True,
    drink=True,
    nausea=1,
    oriented=True,
    feels_normal=True,
    no_ideation=True,
    stays=True,
)


def test_discharge_is_tried_after_two_minutes_of_recovery() -> None:
    """A walk comes first; then every 4 min; a phase that came back starts anew."""
    who = late(companion())
    got = watch(who, board(phase="recovery"), 1001, 1400)
    watch(who, board(phase="extended"), 1401, 1410)
    again = watch(who, board(phase="recovery"), 1411, 1600)
    assert (got, again) == ([(1121, TRIAL), (1361, TRIAL)], [(1531, TRIAL)])


def test_a_trial_that_met_everything_is_repeated_after_ten_minutes() -> None:
    """The second one is the discharge; until it helped it comes every 4 min."""
    who = late(companion())
    got = watch(who, board(phase="recovery"), 1001, 1125)
    met = msgspec.structs.replace(board(phase="recovery"), discharge=Trials(1_121_000))
    got += watch(who, met, 1126, 2000)
    assert got == [(1121, TRIAL), (1726, TRIAL), (1966, TRIAL)]


def test_a_missed_prompt_is_noticed_minutes_later() -> None:
    """Somebody who misses every prompt at first reacts after four minutes."""
    who = late(companion(replace(PUNCTUAL, miss=1.0)))
    asked = board(prompts=(Prompt(PromptKind.CHECK_IN, 1060 * S),))
    assert watch(who, asked, 1001, 1300) == [(1241, WELL)]


def test_the_chain_is_rehearsed_and_the_sound_counted_before_the_dose() -> None:
    """Between the two cuffs the test alarm, after it the test sound; no word is said for them."""
    who = companion(gate_items=("place",), alarm_chain="rehearsal", sound="sound")
    got = [(s, act) for s, act in watch(who, board(phase="gate"), 300, 599) if s in (400, 450, 470)]
    assert got == [
        (400, Rehearse(session="s1", mode=Mode.DEMO)),
        (450, SoundTest(session="s1", mode=Mode.DEMO)),
        (470, Gate(session="s1", mode=Mode.DEMO, item="place", state="pass")),
    ]


def test_what_is_not_proved_is_tried_again_instead_of_the_dose() -> None:
    """Each 4 min, until the hub's board shows a pass."""
    items = {"alarm_chain": Item("stop", "rehearsal"), "sound": Item("pass", "sound")}
    unproved = msgspec.structs.replace(board(phase="gate"), gate_items=items)
    got = watch(late(companion()), unproved, 1001, 1245)
    again = Rehearse(session="s1", mode=Mode.DEMO)
    assert got == [(1001, again), (1241, again)]


def test_the_bursts_that_were_heard_are_tapped() -> None:
    """Four seconds after the test sound the companion taps its number."""
    who = late(companion())
    who.hear(3, 1001 * S)
    assert watch(who, board(), 1001, 1010) == [
        (1005, Heard(session="s1", mode=Mode.DEMO, bursts=3))
    ]


def test_a_test_alarm_is_answered_once() -> None:
    """By whoever it has reached, however many of its messages come."""
    who = late(companion())
    for _ in range(2):
        who.test_alarm("rehearsal@5", 1001 * S, 12.0)
    accept = Accept(session="s1", mode=Mode.DEMO, alarm="rehearsal@5")
    assert watch(who, board(), 1001, 1100) == [(1013, accept)]


def test_a_cuff_with_a_timer_is_started_when_it_has_run_out() -> None:
    """What is due more than a minute later is waited for."""
    asked = board(prompts=(Prompt(PromptKind.CUFF, 1300 * S),))
    got = watch(late(companion()), asked, 1001, 1400)
    assert got == [(1300, Deed.START_CUFF), (1300, STARTED)]


def test_the_hub_s_time_need_not_be_the_world_s() -> None:
    """A cuff that is due in 100 s by the hub's clock is started in 100 s by the body's."""
    asked = board(prompts=(Prompt(PromptKind.CUFF, 9_000_100 * S),))
    asked = msgspec.structs.replace(asked, at_ms=9_000_000 * S)
    who = late(companion())
    got = [
        (second, act) for second in range(1001, 1200) for act in who.look(asked, truth(second * S))
    ]
    assert got == [(1101, Deed.START_CUFF), (1101, STARTED)]


def acts(who: Companion, alarm: Seen, patient: Vitals, until_s: int = 1200) -> list[Act]:
    """What the companion does about one alarm, in order."""
    return [
        act
        for second in range(1001, until_s)
        for act in who.look(board(alarm), replace(patient, at_ms=second * S))
    ]


def test_a_lost_signal_sends_the_hands_to_the_clip() -> None:
    """Where the world knows that deed; the patient is woken and looked at in any case."""
    alarm = Seen("no_signal@5", "no_signal", Priority.MEDIUM, 5)
    who = late(companion())
    who.can = HANDS | {Deed.CLIP}
    accept = Accept(session="s1", mode=Mode.DEMO, alarm="no_signal@5")
    assert acts(who, alarm, truth(0), 1060) == [accept, Deed.CLIP, Deed.ROUSE, WELL]
    assert acts(late(companion()), alarm, truth(0), 1060) == [accept, Deed.ROUSE, WELL]


def test_a_sleepy_patient_is_turned_on_the_side() -> None:
    """And lies there at the next check-in, whoever lay on the back before."""
    alarm = Seen("sedation@5", "sedation", Priority.MEDIUM, 5)
    who = late(companion(replace(PUNCTUAL, on_back=1.0)))
    who.can = HANDS | {Deed.TURN}
    shown = msgspec.structs.replace(board(), dose_ms=0)
    before = who._looks.check_in(shown, truth(0)).codes
    got = acts(who, alarm, truth(0), 1060)
    after = who._looks.check_in(shown, truth(0)).codes
    assert (before[-2:], got[1:], after[-2:]) == ("L1", [Deed.ROUSE, Deed.TURN, WELL], "L0")


def test_two_devices_that_disagree_have_the_pulse_counted() -> None:
    """35 s after the companion took it, about what it is; nobody counts who does not."""
    row = Row("CONFLICT-PR", Priority.LOW, "")
    alarm = Seen("pulse@5", "pulse", Priority.LOW, 5, rows=(row,))
    [_, counted] = acts(late(companion()), alarm, truth(0), 1150)
    assert isinstance(counted, PulseCount)
    assert 66 <= counted.pulse <= 78
    lazy = late(companion(replace(PUNCTUAL, counts_pulse=False)))
    assert len(acts(lazy, alarm, truth(0), 1150)) == 1


def test_hands_come_before_taps() -> None:
    """A noisy breath is helped three times, 15 s apart, before the companion taps what they see."""
    noisy = replace(truth(0), breathing=Breathing.NOISY)
    [_, *got] = acts(late(companion()), ALARM, noisy, 1090)
    assert got == [*[Deed.ROUSE] * 4, CheckIn.parse("W5 B1")]
    still = replace(truth(0), breathing=Breathing.NOT)
    [_, *at_once] = acts(late(companion()), ALARM, still, 1060)
    assert at_once == [Deed.ROUSE, CheckIn.parse("W5 B3")]


def test_what_was_meant_to_be_done_while_away_is_not_done() -> None:
    """Somebody who wakes up after ten minutes does not answer the prompts of their sleep."""
    who = late(companion())
    asked = board(prompts=(Prompt(PromptKind.CHECK_IN, 1060 * S),))
    watch(who, asked, 1001, 1010)
    who.away(1100 * S)
    assert watch(who, board(), 1101, 1200) == []


def test_answers_to_alarms_are_those_of_the_sources() -> None:
    """Medians 60, 25 and 12 s; missed at first 10, 3 and 1 % (`clinical.md` 6.4)."""
    figures = {}
    for priority in Priority:
        delays = []
        for seed in range(1500):
            who = companion(Habits())
            who._rng, who._plans = default_rng(seed), []
            who._attend(Seen("a@5", "cuff", priority, 5), 0)
            delays.append(who._plans[0][0] / S)
        missed = sum(delay == 240 for delay in delays) / 1500
        figures[priority] = (sorted(delays)[750], missed)
    assert [round(figures[one][1], 2) for one in Priority] == pytest.approx(
        [{"low": 0.10, "medium": 0.03, "high": 0.01}[one.value] for one in Priority], abs=0.02
    )
    assert [figures[one][0] for one in Priority] == pytest.approx(
        [{"low": 66, "medium": 25.5, "high": 12.1}[one.value] for one in Priority], rel=0.1
    )


def test_whose_finger_it_is_is_looked_at() -> None:
    """A check-in 5 s after the question was taken answers it."""
    row = Row("ID-CHECK", Priority.LOW)
    alarm = Seen("identity@5", "identity", Priority.LOW, 5, rows=(row,))
    accept = Accept(session="s1", mode=Mode.DEMO, alarm="identity@5")
    got = acts(late(companion()), alarm, truth(0), 1080)
    assert got == [accept, CheckIn.parse("W5 B0 C0 D0 X0 F0")]


def test_who_has_just_looked_still_has_the_alarm() -> None:
    """A check-in renews the lease of what the companion took, from medium on and of theirs only."""
    who = late(companion())
    mine = Seen("sedation@5", "sedation", Priority.MEDIUM, 5)
    watch(who, board(mine), 1001, 1060)
    taken = msgspec.structs.replace(mine, signal="accepted")
    theirs = msgspec.structs.replace(taken, id="cuff@7", family="cuff")
    shown = board(taken, theirs, prompts=(Prompt(PromptKind.CHECK_IN, 1160 * S),))
    accept = Accept(session="s1", mode=Mode.DEMO, alarm="sedation@5")
    assert watch(who, shown, 1101, 1150) == [(1141, WELL), (1141, accept)]
    low = msgspec.structs.replace(taken, priority=Priority.LOW)
    shown = board(low, prompts=(Prompt(PromptKind.CHECK_IN, 1300 * S),))
    assert watch(who, shown, 1201, 1250) == [(1241, WELL)]


def test_no_item_is_passed_against_what_the_gate_shows() -> None:
    """SpO2 is on hold when its turn comes: the word is not said then."""
    who = companion(gate_items=("spo2", "place"))
    items = {"spo2": Item("hold", note="SpO2 94 %"), "place": Item("open")}
    shown = msgspec.structs.replace(board(phase="gate"), gate_items=items)
    got = [act for _, act in watch(who, shown, 465, 480) if isinstance(act, Gate)]
    assert got == [Gate(session="s1", mode=Mode.DEMO, item="place", state="pass")]


def test_an_alarm_that_was_over_at_once_is_answered_on_the_telephone() -> None:
    """Once, after 25 s; what others were told, a test alarm and what is shown are none of that."""
    told = (
        Told("d1", "sam", "page", "delivered", 0, "no_signal@5"),
        Told("d2", "sam", "page", "delivered", 0, "rehearsal@5"),
        Told("d3", "dr-lee", "page", "delivered", 0, "oxygen@7"),
        Told("d4", "sam", "page", "delivered", 0, "cuff@9"),
    )
    cuff = Seen("cuff@9", "cuff", Priority.LOW, 9, signal="accepted")
    shown = msgspec.structs.replace(board(cuff), told=told)
    accept = Accept(session="s1", mode=Mode.DEMO, alarm="no_signal@5")
    who = late(companion())
    who.contact = "sam"
    assert watch(who, shown, 1001, 1200) == [(1026, accept)]


def test_one_look_serves_a_prompt_and_an_alarm() -> None:
    """A prompt's check-in at 1041 s, the alarm's would be at 1050 s; one that is asked for comes.

    Half a minute later the patient is looked at anew.
    """
    prompt = Prompt(PromptKind.CHECK_IN, 1060 * S)
    shown = board(msgspec.structs.replace(ALARM, priority=Priority.MEDIUM))
    asked = msgspec.structs.replace(shown, prompts=(prompt,))
    for after, got in ((shown, [1041]), (asked, [1041, 1051])):
        who = late(companion())
        acts = watch(who, asked, 1001, 1041) + watch(who, after, 1042, 1070)
        assert [second for second, act in acts if isinstance(act, CheckIn)] == got
    who = late(companion())
    watch(who, asked, 1001, 1041)
    later = watch(who, board(ALARM), 1042, 1090)
    assert [second for second, act in later if isinstance(act, CheckIn)] == [1079]
