"""The auditor finds every defect that is planted into a good run, and nothing in the good run."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from msgspec import structs

from alerts.condition import Priority, Transition
from alerts.delivery import DeliveryState
from alerts.effects import AlarmChanged, Send
from alerts.signal import Pattern
from simulators.campaign.audit import Audit, audit
from simulators.campaign.crew import play_cell
from simulators.campaign.faults import FAULTS
from simulators.campaign.log import (
    Answered,
    Bug,
    Decided,
    Died,
    Learned,
    Log,
    Out,
    Outcomed,
    Rose,
    Sounded,
)
from simulators.campaign.matrix import Cell
from simulators.campaign.people import PEOPLE
from simulators.campaign.play import play
from simulators.campaign.run import START_S, Kill, Run
from simulators.campaign.scenes import SCENES
from simulators.campaign.table import page

LOW = Run(SCENES["SPO2-LOW"], (), PEOPLE["physician"], more_s=300)
DEAD = Run(SCENES["SPO2-LOW"], (FAULTS["ntfy dead"],), PEOPLE["deaf"], more_s=300)
KILLED = Run(SCENES["SPO2-LOW"], (FAULTS["kill, back in 3 s"],), PEOPLE["deaf"], more_s=200)

Edit = Callable[[list], list]  # type: ignore[type-arg]


@pytest.fixture(scope="module")
def logs() -> dict[str, Log]:
    """One log of each run; tests copy before they edit."""
    return {"low": play(LOW), "dead": play(DEAD), "killed": play(KILLED)}


def _judged(run: Run, log: Log, edit: Edit = list) -> Audit:
    return audit(run, Log(log.clock, edit(list(log.entries))))


def _without(kind: type, which: Callable[..., bool] = lambda _: True) -> Edit:
    return lambda entries: [e for e in entries if not (isinstance(e, kind) and which(e))]


def _about(entry: object, alarm: str) -> bool:
    return isinstance(entry, Out) and entry.message.alarm.startswith(alarm)


def test_good_runs_have_no_problem(logs: dict[str, Log]) -> None:
    """Without a fault, with a dead way, with a kill."""
    low, dead = _judged(LOW, logs["low"]), _judged(DEAD, logs["dead"])
    assert (low.problems, dead.problems, _judged(KILLED, logs["killed"]).problems) == ([], [], [])
    assert low.raised_s == 10.0
    assert low.sound_s == 0.0
    # The intent's commit takes 2 ms; a page then 50 ms, a notification 300 ms.
    assert low.told_s == pytest.approx({"sam": 0.052, "lee": 0.302})
    assert low.answered_s is not None
    assert dead.answered_s is None
    assert dead.told_s["lee"] == pytest.approx(0.524, abs=0.01)


def _never_raised(entries: list) -> list:  # type: ignore[type-arg]
    def calm(entry: object) -> object:
        if not isinstance(entry, Decided):
            return entry
        kept = tuple(
            e for e in entry.effects if not (isinstance(e, AlarmChanged) and e.row == "SPO2-LOW")
        )
        return replace(entry, effects=kept)

    return [calm(entry) for entry in entries]


def _raised_twice(entries: list) -> list:  # type: ignore[type-arg]
    for place, entry in enumerate(entries):
        if isinstance(entry, Decided):
            for effect in entry.effects:
                if isinstance(effect, AlarmChanged) and effect.row == "SPO2-LOW":
                    again = Decided(
                        entry.at_s + 5,
                        entry.event,
                        (_as_raised(effect),),
                    )
                    return [*entries[: place + 1], *entries[place + 1 :], again]
    return entries


def _as_raised(effect: AlarmChanged) -> AlarmChanged:
    return structs.replace(effect, transition=Transition.RAISED, id="oxygen@9")


def _silent_sam(entry: Out) -> bool:
    return entry.message.person == "sam" and entry.at_s > START_S


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        pytest.param(_never_raised, "was never raised: a lost alarm", id="lost alarm"),
        pytest.param(_raised_twice, "oxygen was raised again as oxygen@9", id="new id"),
        pytest.param(_without(Sounded), "no sound within 2 s", id="no sound"),
        pytest.param(_without(Out, _silent_sam), "sam was not told of oxygen@", id="not told"),
        pytest.param(
            _without(Outcomed, lambda e: "/lee/" in e.delivery),
            "the physician was not told within 20 s, nor was that said",
            id="physician",
        ),
        pytest.param(
            lambda entries: [
                *entries,
                *[replace(e, at_s=e.at_s + 0.5) for e in entries if _about(e, "oxygen")][:1],
            ],
            "goes out again and is not marked",
            id="doubled",
        ),
        pytest.param(
            lambda entries: [*entries, Bug(5.0, "it fell over")],
            "our bug: 5.00 it fell over",
            id="bug",
        ),
        pytest.param(
            lambda entries: [
                *entries,
                Answered(600.0, "roy", "oxygen@1/roy/0@5", "accept"),
                Learned(600.2, "sms", "oxygen@1/roy/0@5", DeliveryState.ANSWERED, heard=True),
            ],
            "roy's answer at 600.0 s was not taken",
            id="answer lost",
        ),
    ],
)
def test_a_planted_defect_is_found(logs: dict[str, Log], edit: Edit, says: str) -> None:
    """Each edit of a good log breaks one promise."""
    problems = _judged(LOW, logs["low"], edit).problems
    assert [problem for problem in problems if says in problem] != []


def _first_out(log: Log, alarm: str) -> Out:
    return next(e for e in log.entries if isinstance(e, Out) and _about(e, alarm))


def test_a_message_that_nobody_decided_is_a_problem(logs: dict[str, Log]) -> None:
    """And so is one that is marked although the hub was there."""
    log = logs["low"]
    out = _first_out(log, "oxygen")
    stray = structs.replace(out.message, delivery="oxygen@1/sam/0@2")
    late = structs.replace(out.message, late=True)
    problems = _judged(
        LOW, log, lambda entries: [*entries, Out(500.0, "page", stray, reached=False)]
    ).problems
    assert problems == ["500.00 s page to sam about " + stray.alarm + ": the hub never decided it"]
    problems = _judged(
        LOW, log, lambda entries: [*entries, Out(500.0, "page", late, reached=False)]
    ).problems
    what = f"500.00 s page to sam about {late.alarm}"
    assert problems == [f"{what}: is marked late or repeated, and the hub was not away"]


def test_a_message_at_no_time_of_its_ladder_is_a_problem(logs: dict[str, Log]) -> None:
    """Decided 7 s after the alarm: no rung, no failure, no retry."""
    log = logs["low"]
    out = _first_out(log, "oxygen")
    decided = next(
        (entry, effect)
        for entry in log.entries
        if isinstance(entry, Decided)
        for effect in entry.effects
        if isinstance(effect, Send) and effect.delivery == out.message.delivery
    )
    entry, send = decided
    name = "oxygen@1/sam/0@7"
    extra = [
        Decided(out.at_s + 7, entry.event, (structs.replace(send, delivery=name),)),
        Out(out.at_s + 7, "page", structs.replace(out.message, delivery=name), reached=False),
    ]
    problems = _judged(LOW, log, lambda entries: [*entries, *extra]).problems
    assert [p for p in problems if "nothing asked for it" in p] != []


def test_a_failed_way_that_no_other_follows_is_a_problem(logs: dict[str, Log]) -> None:
    """The text to the physician after the dead notification is missing."""
    edit = _without(Out, lambda e: e.message.person == "lee" and e.way == "sms")
    problems = _judged(DEAD, logs["dead"], edit).problems
    assert [p for p in problems if "ntfy to lee failed, and no next way within 1 s" in p] != []


def test_two_repeats_by_one_way_after_a_kill_are_a_problem(logs: dict[str, Log]) -> None:
    """At most one a way and alarm for each kill."""
    log = logs["killed"]
    rose = next(e for e in log.entries if isinstance(e, Rose))
    out = _first_out(log, "oxygen")
    twice = [
        Out(rose.at_s + 0.1, "page", structs.replace(out.message, may_repeat=True), reached=False)
        for _ in range(2)
    ]
    problems = _judged(KILLED, log, lambda entries: [*entries, *twice]).problems
    assert [p for p in problems if "sam got 2 repeats by page" in p] != []


def test_a_hub_that_never_returns_tells_nobody(logs: dict[str, Log]) -> None:
    """What is due after its death is nobody's fault but its own, and is not counted as told."""
    log = logs["killed"]
    edit = _without(Rose)
    assert _judged(KILLED, log, edit).raised_s == 10.0
    assert any(isinstance(e, Died) for e in log.entries)


def test_a_raise_that_is_too_late_is_a_problem(logs: dict[str, Log]) -> None:
    """The scene says by when."""
    slow = replace(LOW, scene=replace(LOW.scene, due_s=3.0))
    problems = audit(slow, logs["low"]).problems
    assert problems == ["SPO2-LOW raised after 10.0 s, not 3"]


def test_an_answer_that_no_hub_could_hear_is_no_problem() -> None:
    """Pressed while the power is off, taken first of all when the hub is back."""
    run = Run(SCENES["SYM-EMS"], (FAULTS["power cut of 90 s"],), PEOPLE["physician"], more_s=200)
    found = audit(run, play(run))
    assert found.problems == []
    assert found.answered_s == pytest.approx(130.0, abs=0.1)


@pytest.mark.parametrize(("person", "after_s"), [("lee", 77), ("sam", 120)])
def test_a_message_that_is_no_reminder_of_whoever_has_it_is_a_problem(
    logs: dict[str, Log], person: str, after_s: int
) -> None:
    """Reminders come every 120 s, and to nobody but the physician who took it."""
    log = logs["low"]
    out = next(e for e in log.entries if isinstance(e, Out) and e.message.person == "lee")
    entry, send = next(
        (entry, effect)
        for entry in log.entries
        if isinstance(entry, Decided)
        for effect in entry.effects
        if isinstance(effect, Send) and effect.delivery == out.message.delivery
    )
    taken_s = next(e.at_s for e in log.entries if isinstance(e, Answered))
    name = f"oxygen@1/{person}/0@{after_s}"
    message = structs.replace(out.message, delivery=name, person=person)
    extra = [
        Decided(taken_s + after_s, entry.event, (structs.replace(send, delivery=name),)),
        Out(taken_s + after_s, "ntfy", message, reached=False),
    ]
    problems = _judged(LOW, log, lambda entries: [*entries, *extra]).problems
    assert [p for p in problems if "nothing asked for it" in p] != []


def test_a_cell_is_summed_up_and_shown() -> None:
    """The worst times of its runs, and every problem with its scene."""
    row = play_cell(Cell((FAULTS["sms says everything twice"],), "physician", ("SED-4", "PANIC")))
    assert (row.runs, row.lost, row.problems) == (2, 0, [])
    assert row.physician_s == pytest.approx(0.3, abs=0.01)
    broken = replace(row, problems=[f"PANIC: {n}" for n in range(14)])
    text = page([row], [broken, replace(row, problems=["PANIC: 1"])], [], "Commit abc.")
    assert "| sms says everything twice | physician | 2 | 0 |" in text
    assert "## A kill at every record of an alarm's life" in text
    assert "  - PANIC: 11\n  - and 2 more of these" in text
    assert "## Two faults" not in text


def test_a_kill_cell_kills_at_its_records() -> None:
    """Before and after the commit of one record."""
    for committed in (True, False):
        cell = Cell((FAULTS["broker down"],), "physician", ("SED-4",), (380,), committed)
        row = play_cell(cell)
        assert (row.runs, row.problems) == (1, [])
    assert Kill(5, committed=True).for_s == 3.0
    assert Pattern.HIGH.value == Priority.HIGH.value
