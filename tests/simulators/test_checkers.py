"""Each checker is silent in a sound world and catches the defect that is planted for it."""

from collections.abc import Callable, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs
from numpy.random import default_rng

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.contact import Role
from alerts.effects import AlarmChanged, Send, SignalChanged, Skipped
from alerts.signal import SignalState
from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Accepted, MonitorDown, Tick
from monitor.session import Phase
from simulators.checkers import (
    ClearsByKnowledge,
    HighIsHeard,
    HighReaches,
    MessagesBounded,
    PausesEnd,
    checkers,
)
from simulators.checkers_late import LatenessTold
from simulators.checkers_watch import SilenceTold
from simulators.twin import Twin, shifted
from simulators.worlds.ear import Checker
from simulators.worlds.played import Played
from simulators.worlds.reader import read_scenario
from simulators.worlds.script import play
from simulators.worlds.ways import CONTACTS
from tests.timeline import DEFAULT

# Each world is played again for every defect that is planted.
pytestmark = pytest.mark.long
STORY = """
name = "short"
title = "low, accepted for longer than a lease; then nothing comes, then nothing that counts"
length_min = 14
[[course]]
name = "low"
at_min = 1
of = "spo2_pct"
points = [[0, 97], [20, 84], [400, 84], [420, 97]]
[[wire]]
name = "silent"
at_min = 9
what = "silent"
for_s = 70
[[wire]]
name = "useless"
at_min = 11.5
what = "invalid"
for_s = 70
"""
SCENARIO = read_scenario(STORY, "short.toml")
Plant = Callable[[Engine], None]


def world(plant: Plant | None = None, more: Sequence[Checker] = (), text: str = "") -> Played:
    """Play the story, with a defect planted in its engine."""
    scenario = read_scenario(text, "x.toml") if text else SCENARIO
    watch = (*checkers(DEFAULT), *more)
    return play(scenario, 0, default_rng(5), DEFAULT, watch, plant)


def broken(played: Played) -> set[str]:
    """Return which checkers found something."""
    return {one.checker for one in played.unkept}


@cache
def sound() -> Played:
    """The story as it should be, twice over a day later."""
    return world(more=(Twin(shift_ms=86_400_000, doubled=True),))


def rewritten(change: Callable[[Effect], list[Effect]]) -> Plant:
    """A defect in what comes out of the engine."""

    def plant(engine: Engine) -> None:
        handle = engine.handle

        def worse(event: Any) -> list[Effect]:
            return [new for effect in handle(event) for new in change(effect)]

        engine.handle = worse  # type: ignore[method-assign]

    return plant


def settled(change: Callable[[Any, Any], Any]) -> Plant:
    """A defect between a row's answer and the alarm system; None: the answer is lost."""

    def plant(engine: Engine) -> None:
        settle = engine.alarms.settle

        def worse(row: Any, answer: Any, at_ms: int) -> None:
            changed = change(row, answer)
            if changed is not None:
                settle(row, changed, at_ms)

        engine.alarms.settle = worse  # type: ignore[method-assign]

    return plant


def dumb(engine: Engine) -> None:
    """The room never sounds."""
    engine.alarms.update_sound = lambda at_ms: None  # type: ignore[method-assign] # noqa: ARG005


def stretched(effect: Effect) -> list[Effect]:
    """A pause or a lease that lasts an hour longer."""
    if isinstance(effect, SignalChanged) and effect.until_ms is not None:
        return [structs.replace(effect, until_ms=effect.until_ms + 3_600_000)]
    return [effect]


PLANTED = {
    "high is heard": dumb,
    "high reaches": rewritten(
        lambda one: [] if isinstance(one, Send) and "oxygen" in one.alarm else [one]
    ),
    "caused": rewritten(
        lambda one: [
            structs.replace(one, at_ms=one.at_ms - 1) if isinstance(one, AlarmChanged) else one
        ]
    ),
    "clears by knowledge": rewritten(
        lambda one: (
            [one, structs.replace(one, transition=Transition.CLEARED)]
            if isinstance(one, AlarmChanged) and one.transition is Transition.RAISED
            else [one]
        )
    ),
    "messages bounded": rewritten(lambda one: [one, one] if isinstance(one, Send) else [one]),
    "pauses end": rewritten(stretched),
    "silence told": settled(lambda row, answer: None if row.family == "no_signal" else answer),
    "watched": settled(lambda row, answer: None if row.family == "no_signal" else answer),
}


def test_a_sound_world_breaks_no_promise() -> None:
    """And its twin, a day later with every report twice, decides the same."""
    assert sound().unkept == []
    rows = {line.row for line in sound().lines}
    assert {"SPO2-LOW", "STALE", "SIG-LOST"} <= rows


@pytest.mark.parametrize("checker", sorted(PLANTED))
def test_a_planted_defect_is_caught(checker: str) -> None:
    """By the checker that it was planted for."""
    assert checker in broken(world(PLANTED[checker]))


def test_a_twin_that_decides_otherwise_is_told_once() -> None:
    """The first difference is the one to look at."""
    late = rewritten(
        lambda one: (
            [structs.replace(one, reason="x"), one]
            if isinstance(one, AlarmChanged) and one.row == "SPO2-LOW"
            else [one]
        )
    )
    found = [one for one in world(late, (Twin(),)).unkept if one.checker == "twin"]
    assert len(found) == 1


def test_a_twin_says_nothing_after_a_restart() -> None:
    """The other engine was rebuilt, the twin was not."""
    text = STORY.replace("length_min = 14", "length_min = 6") + (
        '[[hub]]\nname = "killed"\nat_min = 3\nwhat = "kill"\nfor_s = 20\n'
    )
    assert broken(world(more=(Twin(shift_ms=5),), text=text)) == set()


def test_an_event_is_shifted_with_its_ids() -> None:
    """Times and the ids that are made of them; nothing else."""
    moved = shifted(
        Accepted(at_ms=5, by="sam", role=Role.COMPANION, alarm="oxygen@3", tap=None), 10
    )
    assert moved == Accepted(at_ms=15, by="sam", role=Role.COMPANION, alarm="oxygen@13")


# --- what a whole world does not come to --------------------------------------------------------


def engine(**parts: Any) -> Any:
    """An engine that has only what a checker looks at."""
    alarms = SimpleNamespace(
        book=SimpleNamespace(open=parts.get("open", {})),
        post=SimpleNamespace(contacts=CONTACTS),
    )
    return SimpleNamespace(alarms=alarms, chart=SimpleNamespace(phase=Phase.PEAK))


def line(at_ms: int, transition: Transition, by: str | None = None) -> AlarmChanged:
    """One line of a high alarm of class A."""
    return AlarmChanged(
        at_ms=at_ms,
        id="oxygen@0",
        family="oxygen",
        row="SPO2-LOW",
        transition=transition,
        priority=Priority.HIGH,
        alarm_class=AlarmClass.A,
        kind=Kind.PHYSIOLOGICAL,
        by=by,
    )


def told(contact: str) -> Send:
    """One message about it."""
    return Send(
        at_ms=0,
        delivery=f"oxygen@0/{contact}",
        alarm="oxygen@0",
        contact=contact,
        way=0,
        channel="sms",
        address="",
        priority=Priority.HIGH,
        rung="r",
    )


def reaches(*steps: tuple[int, list[Any]]) -> list[str]:
    """What the checker of messages says of these steps."""
    checker = HighReaches(DEFAULT)
    return [
        one.what
        for at_ms, effects in steps
        for one in checker.hear(Tick(at_ms=at_ms), effects, engine())
    ]


RAISED: list[Effect] = [line(0, Transition.RAISED), told("sam"), told("dr-lee")]


def test_the_backup_is_told_within_the_bound_unless_somebody_took_it() -> None:
    """An acceptance by the companion is none for the physician; a skipped rung is an answer."""
    late = ["oxygen@0 did not tell the backup within 120 s"]
    skipped = Skipped(at_ms=9, alarm="oxygen@0", rung="backup", reason="nobody is set")
    found = [
        reaches((0, RAISED), (123_000, [])),
        reaches((0, RAISED), (9, [line(9, Transition.ACCEPTED, "sam")]), (123_000, [])),
        reaches((0, RAISED), (9, [line(9, Transition.ACCEPTED, "dr-lee")]), (123_000, [])),
        reaches((0, RAISED), (9, [line(9, Transition.LATCHED)]), (123_000, [])),
        reaches((0, RAISED), (9, [skipped]), (123_000, [])),
        reaches((0, RAISED), (121_000, [told("dr-roy")]), (123_000, [])),
    ]
    assert found == [late, late, [], [], [], []]


def test_after_an_outage_the_bound_begins_anew() -> None:
    """What became due while nobody watched goes out late."""
    checker = HighReaches(DEFAULT)
    checker.hear(Tick(at_ms=0), RAISED, engine())
    down = MonitorDown(at_ms=300_000, down_ms=290_000)
    found = [
        checker.hear(down, [], engine()),
        checker.hear(Tick(at_ms=400_000), [], engine()),
        checker.hear(Tick(at_ms=423_000), [], engine()),
    ]
    assert [len(one) for one in found] == [0, 0, 1]


def test_a_present_alarm_that_is_shown_as_over_is_broken_once() -> None:
    """Told again only after it was right in between; a private row may be silent."""
    state = SimpleNamespace(present=True)
    alarm = SimpleNamespace(
        id="a@0", rows={"SED-4": state}, priority_of=lambda _: (Priority.HIGH, None)
    )
    private = SimpleNamespace(
        id="b@0", rows={"SI-2": state}, priority_of=lambda _: (Priority.HIGH, None)
    )
    house = engine(open={"sedation": alarm, "stay": private})
    shown = {
        state: [SignalChanged(at_ms=0, id="a@0", state=state)]
        for state in (SignalState.OFF, SignalState.ACCEPTED)
    }
    checker = HighIsHeard()
    steps: Any = (shown[SignalState.OFF], [], shown[SignalState.ACCEPTED], shown[SignalState.OFF])
    found = [[o.what for o in checker.hear(Tick(at_ms=0), one, house)] for one in steps]
    off = "a@0 is present and high, and its signal is off"
    assert found == [[off], [], [], [off]]


def test_a_fourth_try_is_too_many() -> None:
    """Two retries are the bound; a repeat after a kill is marked and allowed."""
    checker = MessagesBounded()
    again = structs.replace(told("sam"), may_repeat=True)
    fourth = structs.replace(told("dr-lee"), attempt=4)
    found = checker.hear(Tick(at_ms=0), [told("sam"), again, fourth], engine())
    assert [one.what for one in found] == ["oxygen@0/dr-lee is attempt 4"]


def test_a_pause_that_does_not_end_is_broken() -> None:
    """Grace is two seconds; another signal ends it, so does the end of the session."""
    checker = PausesEnd(lease_ms=300_000)
    paused = SignalChanged(at_ms=0, id="a@0", state=SignalState.ACKNOWLEDGED, until_ms=120_000)
    over = engine()
    over.chart.phase = Phase.DISCHARGED
    found = [
        checker.hear(Tick(at_ms=0), [paused], engine()),
        checker.hear(Tick(at_ms=122_000), [], engine()),
        checker.hear(Tick(at_ms=122_001), [], engine()),
        checker.hear(Tick(at_ms=122_002), [paused], over),
        checker.hear(Tick(at_ms=900_000), [], engine()),
    ]
    assert [[one.what for one in part] for part in found] == [
        [],
        [],
        ["a@0 is still quiet"],
        [],
        [],
    ]


def test_an_end_of_the_session_needs_no_look() -> None:
    """What is closed with the session ends whatever its row says."""
    over = engine()
    over.chart.phase = Phase.DISCHARGED
    checker = ClearsByKnowledge()
    assert checker.hear(Tick(at_ms=0), [line(0, Transition.CLEARED)], over) == []


def test_an_oximeter_that_nobody_requires_may_be_silent() -> None:
    """After the end of the session, or in a phase that does not need it."""
    chart = SimpleNamespace(
        plan=DEFAULT,
        required_since_ms=None,
        oximeter=SimpleNamespace(newest_ms=0),
        held_by_cuff=lambda _: None,
    )
    house = engine()
    house.chart = chart
    assert SilenceTold().hear(Tick(at_ms=900_000), [], house) == []


# --- looks and readings that are late, and worlds that are played twice ---------------------------

FORGOTTEN = """
name = "forgotten"
title = "nobody looks or measures for half an hour"
length_min = 32
[[away]]
name = "gone"
who = "companion"
at_min = 3
for_s = 1560
"""


@pytest.mark.parametrize(("family", "row"), [("companion", "CI-MISS-C"), ("cuff", "CUFF-OVERDUE")])
def test_a_late_row_that_never_comes_is_missed_once(family: str, row: str) -> None:
    """What nobody does is due on every screen; an alarm about it must be there in its bound."""
    lost = settled(lambda facts, answer: None if facts.family == family else answer)
    found = [one.what for one in world(lost, text=FORGOTTEN).unkept]
    assert found == [f"{row} should be there"]
    assert broken(world(text=FORGOTTEN)) == set()


def test_after_an_outage_nobody_can_be_late_for_a_minute() -> None:
    """Nobody could be asked while the hub was dead."""
    late = SimpleNamespace(due_ms=0)
    chart = SimpleNamespace(
        plan=DEFAULT, phase=Phase.PEAK, check_in=late, cuff=late, requires=lambda *_: True
    )
    house = engine()
    house.chart = chart
    checker = LatenessTold()
    down = MonitorDown(at_ms=900_000, down_ms=30_000)
    found = [checker.hear(event, [], house) for event in (down, Tick(at_ms=961_000))]
    assert found == [[], []]
    assert [one.what for one in checker.hear(Tick(at_ms=961_001), [], house)] == [
        "CI-MISS-C should be there",
        "CUFF-OVERDUE should be there",
    ]


def test_a_decision_by_the_hour_of_the_clock_is_not_that_of_its_twin() -> None:
    """All times shifted, same decisions: a row that is deaf on the first day is found by that."""

    def deaf(first: Engine) -> None:
        settle = first.alarms.settle

        def worse(row: Any, answer: Any, at_ms: int) -> None:
            if row.id != "SPO2-LOW" or at_ms > 86_400_000:
                settle(row, answer, at_ms)

        first.alarms.settle = worse  # type: ignore[method-assign]

    assert "twin" in broken(world(deaf, (Twin(shift_ms=86_400_000),)))


def test_a_report_that_is_counted_twice_is_not_that_of_its_twin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A duplicated report, same decisions: an intake that knows no duplicates is found by that."""
    text = (
        'name = "odd"\ntitle = "an irregular pulse"\nlength_min = 5\n[patient]\nirregular = 1.0\n'
    )
    assert broken(world(more=(Twin(doubled=True),), text=text)) == set()
    monkeypatch.setattr("monitor.intake._key", lambda _report: None)
    assert broken(world(more=(Twin(doubled=True),), text=text)) == {"twin"}


def test_an_engine_that_draws_lots_has_another_digest() -> None:
    """Same seed, same digest: a reason that is never twice the same is found by that."""
    count = iter(range(1_000_000))
    lots = rewritten(
        lambda one: (
            [structs.replace(one, reason=f"lot {next(count)}")]
            if isinstance(one, AlarmChanged)
            else [one]
        )
    )
    assert world(lots).digest != world(lots).digest
    assert world().digest == sound().digest
