"""One simulated home sends, second by second, what its devices and people would send."""

from dataclasses import replace
from typing import Any

import msgspec
from numpy.random import default_rng

from alerts.condition import Priority
from alerts.effects import TaskChanged, TaskState
from alerts.rehearsal import RehearsalChanged, Stand
from alerts.sound_proof import TestSound
from devices.checkin import CheckIn
from devices.command import Accept, CalledBack, CuffStarted, Dose, Heard
from devices.observation import DeviceKind, DeviceReport, Flag, Mode
from monitor.effects import Refused
from simulators.board import Board, Seen, Told
from simulators.faults import kinds
from simulators.oximeter_model import CLASS_A
from simulators.scenario import find
from simulators.world import BACKUP, COMPANION, CUFF, OXIMETER, PHYSICIAN, Said, World

MIN = 60_000
GATE = Board("s1", Mode.DEMO, 0, "gate")


def world(name: str = "standard", seed: int = 1) -> World:
    """A home whose own time begins at 5 s."""
    return World(find(name), default_rng(seed), mode=Mode.DEMO, start_ms=5_000)


def lowest_spo2_pct(said: list[Said]) -> float:
    """The lowest saturation that the oximeter sent."""
    reports = [one.what for one in said if isinstance(one.what, DeviceReport)]
    values = [
        report.observations[0].value_x100
        for report in reports
        if report.kind is DeviceKind.OXIMETER
    ]
    return min(value for value in values if value is not None) / 100


def test_the_same_seed_says_the_same() -> None:
    """Two homes of one seed send the same messages, in steps of any length."""
    one, other = world("lifelike", 3), world("lifelike", 3)
    whole = one.advance(12 * MIN, GATE)
    parts = [said for at_ms in range(0, 12 * MIN + 1, 7_000) for said in other.advance(at_ms, GATE)]
    parts += other.advance(12 * MIN, GATE)
    assert whole == parts


def test_another_seed_says_something_else() -> None:
    """The seed is what makes one session differ from the next."""
    assert world(seed=1).advance(MIN, GATE) != world(seed=2).advance(MIN, GATE)


def test_a_minute_has_sixty_readings() -> None:
    """One oximeter report each second from the first whole second on; the past does nothing."""
    home = world()
    said = home.advance(5_000 + MIN, GATE)
    again = home.advance(4_000, GATE)
    times = [one.at_ms for one in said if one.by == OXIMETER]
    assert (times, again, home.now_ms) == (
        [5_000 + second * 1000 for second in range(1, 61)],
        [],
        65_000,
    )


def test_before_the_session_only_the_oximeter_speaks() -> None:
    """People begin with the first board, and the gate's times count from it."""
    home = world()
    before = home.advance(5_000 + 20 * MIN, None)
    after = home.advance(5_000 + 31 * MIN, GATE)
    people = [one.at_ms for one in after if one.by == COMPANION]
    assert ({one.by for one in before}, people[0]) == ({OXIMETER}, 5_000 + 25 * MIN)


def test_the_gate_sends_cuffs_a_check_in_and_a_dose() -> None:
    """In the first eleven minutes the companion does the work of the gate."""
    said = world().advance(11 * MIN, GATE)
    kinds = [(one.by, type(one.what)) for one in said if one.by != OXIMETER]
    assert kinds == [
        (COMPANION, CuffStarted),
        (CUFF, DeviceReport),
        (COMPANION, CheckIn),
        (COMPANION, CuffStarted),
        (CUFF, DeviceReport),
        (COMPANION, Dose),
    ]


def test_oxygen_falls_once_after_a_confirmed_dose() -> None:
    """Forty minutes after the hub confirmed the dose saturation falls below 88 %, not before."""
    home = world()
    home.advance(10 * MIN, GATE)
    dosed = msgspec.structs.replace(GATE, phase="onset", dose_ms=10 * MIN)
    before = home.advance(49 * MIN, dosed)
    fall = home.advance(55 * MIN, dosed)
    assert (lowest_spo2_pct(before) > 94, 80 < lowest_spo2_pct(fall) < 88) == (True, True)


def test_without_a_dose_nothing_falls() -> None:
    """A dose that the hub never confirmed was not taken."""
    assert lowest_spo2_pct(world().advance(60 * MIN, GATE)) > 94


def test_the_clip_slips_in_the_short_scenario() -> None:
    """From 60 to 85 s after the opening the oximeter says that it is off the finger."""
    said = world("short").advance(3 * MIN, GATE)
    off = [
        one.at_ms - 5_000
        for one in said
        if isinstance(one.what, DeviceReport) and Flag.FINGER_OUT in one.what.flags
    ]
    assert off == [second * 1000 for second in range(60, 85)]


def test_people_answer_an_alarm_and_wake_the_patient() -> None:
    """Roused, saturation is back earlier than the four minutes that it would have been down."""
    home = world()
    home.advance(10 * MIN, GATE)
    dosed = msgspec.structs.replace(GATE, phase="peak", dose_ms=10 * MIN)
    home.advance(51 * MIN, dosed)
    alarm = {"id": "oxygen@1", "family": "oxygen", "priority": "high", "raised_ms": 1}
    board = msgspec.convert({**msgspec.to_builtins(dosed), "alarms": [alarm]}, Board)
    paged = msgspec.structs.replace(
        board, told=(Told("d1", PHYSICIAN, "console", "sent", 1, "oxygen@1"),)
    )
    answered = home.advance(53 * MIN, paged)
    after = home.advance(54 * MIN, dosed)
    people = {one.by for one in answered} - {OXIMETER}
    assert (people, lowest_spo2_pct(after) > 94) == ({COMPANION, PHYSICIAN}, True)


def test_the_test_sound_and_the_test_alarm_reach_people() -> None:
    """Each by name; who the message has not reached, and who is not there yet, hears nothing."""
    home = world()
    home.hear(TestSound(at_ms=5_000, bursts=3))
    home.advance(6_000, GATE)
    home.hear(TestSound(at_ms=6_000, bursts=3))
    for contact, state in ((COMPANION, Stand.UNPROVED), (PHYSICIAN, Stand.UNPROVED)):
        home.hear(RehearsalChanged(at_ms=6_000, id="rehearsal@6", state=state, contact=contact))
    home.hear(RehearsalChanged(at_ms=6_000, id="rehearsal@6", state=Stand.FAILED, contact=BACKUP))
    home.hear(Refused(at_ms=6_000, what="dose", reason="gate"))
    said = home.advance(3 * MIN, GATE)
    orders = [(one.by, one.what) for one in said if isinstance(one.what, Heard | Accept)]
    head: dict[str, Any] = {"session": "s1", "mode": Mode.DEMO}
    assert sorted(orders, key=str) == [
        (PHYSICIAN, Accept(alarm="rehearsal@6", **head)),
        (COMPANION, Accept(alarm="rehearsal@6", **head)),
        (COMPANION, Heard(bursts=3, **head)),
    ]


def test_a_physician_who_is_asked_calls_the_room() -> None:
    """The one who is asked, some minutes later; a call that is already made asks nobody."""
    home = world()
    home.advance(6_000, GATE)
    task = TaskChanged(
        at_ms=6_000,
        alarm="pressure_high@5",
        row="BP-SEV",
        state=TaskState.OPEN,
        to=PHYSICIAN,
    )
    home.hear(task)
    home.hear(msgspec.structs.replace(task, state=TaskState.DONE, to=BACKUP))
    said = home.advance(10 * MIN, GATE)
    calls = [(one.by, one.what) for one in said if isinstance(one.what, CalledBack)]
    called = CalledBack(session="s1", mode=Mode.DEMO, alarm="pressure_high@5")
    assert calls == [(PHYSICIAN, called)]


def test_a_clip_that_slips_is_put_back_when_the_alarm_sounds() -> None:
    """A very loose clip: off for less time in all when somebody answers."""
    loose = replace(find("standard"), oximeter=replace(CLASS_A, slips_per_h=60.0))
    dosed = msgspec.structs.replace(GATE, phase="peak", dose_ms=10 * MIN)
    alarms = tuple(
        Seen(f"no_signal@{number}", "no_signal", Priority.HIGH, number) for number in range(200)
    )
    off = []
    for shown in ((), alarms):
        home = World(loose, default_rng(1), mode=Mode.DEMO, start_ms=0)
        home.advance(40 * MIN, dosed)
        board = msgspec.structs.replace(dosed, alarms=shown)
        said = home.advance(60 * MIN, board)
        flags = [one.what.flags for one in said if isinstance(one.what, DeviceReport)]
        off.append(sum(Flag.FINGER_OUT in one for one in flags))
    assert (off[0] > 60, off[1] <= off[0]) == (True, True)


def test_a_sleepy_patient_is_turned() -> None:
    """What the companion does for a sedation alarm reaches the body."""
    home = world()
    home.advance(6_000, GATE)
    alarm = Seen("sedation@1", "sedation", Priority.HIGH, 1)
    home.advance(2 * MIN, msgspec.structs.replace(GATE, alarms=(alarm,)))
    assert home._patient._happenings._on_side_from_ms is not None


def test_a_cuff_on_the_same_arm_stops_the_finger() -> None:
    """During each inflation of the gate the oximeter searches."""
    shared = replace(find("standard"), same_arm=True)
    home = World(shared, default_rng(1), mode=Mode.DEMO, start_ms=0)
    said = home.advance(11 * MIN, GATE)
    flags = [one.what.flags for one in said if isinstance(one.what, DeviceReport)]
    assert 40 <= flags.count((Flag.SEARCHING,)) <= 72


def test_faults_of_a_scenario_change_what_is_said() -> None:
    """A frozen oximeter from the opening on, and a companion who sleeps through the gate."""
    faults = (kinds.Freeze(for_s=3_600), kinds.Away(for_s=3_600))
    home = World(
        replace(find("standard"), faults=faults), default_rng(1), mode=Mode.DEMO, start_ms=0
    )
    before = home.advance(MIN, None)
    frozen = home.advance(11 * MIN, GATE)
    values = [
        {one.what.observations for one in said if isinstance(one.what, DeviceReport)}
        for said in (before, frozen)
    ]
    assert ({one.by for one in frozen}, len(values[0]) > 5, len(values[1])) == (
        {OXIMETER},
        True,
        1,
    )


def test_a_physician_who_is_away_takes_nothing() -> None:
    """Nor does a backup; back again, they do not catch up with what they would have done."""
    told = tuple(
        Told(f"d{who}", who, "console", "sent", 1, "oxygen@1") for who in (PHYSICIAN, BACKUP)
    )
    board = msgspec.structs.replace(GATE, told=told)
    faults = (
        kinds.Away(who="physician", for_s=600),
        kinds.Away(who="backup", begins_s=1, for_s=600),
    )
    home = World(
        replace(find("standard"), faults=faults), default_rng(1), mode=Mode.DEMO, start_ms=0
    )
    said = home.advance(5 * MIN, board)
    assert [one.by for one in said if isinstance(one.what, Accept)] == []


def test_news_of_a_link_is_no_message_of_this_world() -> None:
    """Its devices are on MQTT: the broker knows whether they are there."""
    faults = (kinds.DropOut(told=True, for_s=30),)
    home = World(
        replace(find("standard"), faults=faults), default_rng(1), mode=Mode.DEMO, start_ms=0
    )
    said = home.advance(MIN, GATE)
    assert (len(said), {one.by for one in said}) == (31, {OXIMETER})
