"""What people say reaches the alarm system; each "no" is one refusal, and changes nothing."""

from typing import Any

import pytest

from alerts.contact import Role
from alerts.delivery import Verdict
from alerts.effects import TaskState
from monitor.effects import AlarmChanged, Effect, PhaseChanged, Refused, TaskChanged
from monitor.engine import Engine
from monitor.events import (
    Accepted,
    Acknowledged,
    Annotated,
    CalledBack,
    DeliveryAnswered,
    Ended,
    HelpCalled,
    HelpCancelled,
    Rejected,
    ResetByPerson,
)
from tests.sessions import opened, play, run

FALL = play([("dosed", 130), ("stretch", 12, 1000, 85, 75, 31, None)])


def said(effects: list[Effect]) -> list[tuple[str, ...]]:
    """Return lines, changes of phase and refusals as short text."""
    found: list[tuple[str, ...]] = []
    for effect in effects:
        if isinstance(effect, AlarmChanged):
            found.append((effect.transition.value, effect.row, effect.priority.value))
        elif isinstance(effect, PhaseChanged):
            found.append(("phase", effect.phase, effect.reason))
        elif isinstance(effect, Refused):
            found.append(("refused", effect.what, effect.reason))
    return found


def fallen() -> tuple[Engine, dict[str, Any], str]:
    """Return a session whose SpO2 has fallen, the companion's next tap, and the alarm."""
    engine = Engine()
    run(engine, FALL)
    (alarm,) = engine.alarms.book.open.values()
    by: dict[str, Any] = {"at_ms": engine.now_ms + 500, "by": "ann", "role": Role.COMPANION}
    return engine, by, alarm.id


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (Acknowledged, ("acknowledged", "SPO2-LOW", "high")),
        (Accepted, ("accepted", "SPO2-LOW", "high")),
    ],
)
def test_an_answer_is_a_line_in_the_name_of_who_gave_it(kind: Any, line: tuple[str, ...]) -> None:
    """The alarm system does it; the line names the person."""
    engine, by, alarm = fallen()
    effects = engine.handle(kind(alarm=alarm, **by))
    assert said(effects) == [line]
    assert [e.by for e in effects if isinstance(e, AlarmChanged)] == ["ann"]


@pytest.mark.parametrize("kind", [Acknowledged, Accepted, Rejected, ResetByPerson])
def test_an_answer_to_no_alarm_is_refused(kind: Any) -> None:
    """So is one of a person who has no say, and a reset of what is present."""
    engine, by, alarm = fallen()
    name = kind.__name__
    assert said(engine.handle(kind(alarm="oxygen@1", **by))) == [
        ("refused", name, "no alarm oxygen@1 is open")
    ]
    viewer = {**by, "role": Role.VIEWER}
    assert said(engine.handle(kind(alarm=alarm, **viewer))) == [
        ("refused", name, "a viewer may not answer alarms")
    ]


def test_what_is_present_cannot_be_reset() -> None:
    """A reset ends only what is latched."""
    engine, by, alarm = fallen()
    assert said(engine.handle(ResetByPerson(alarm=alarm, **by))) == [
        (
            "refused",
            "ResetByPerson",
            f"alarm {alarm} cannot be reset: its condition is still present",
        )
    ]


def test_an_answer_by_a_message_is_the_persons_own() -> None:
    """They take the alarm, or it is refused by name with the reason."""
    engine, _, alarm = fallen()
    now_ms = engine.now_ms
    (to_dr,) = [d.id for d in engine.alarms.post.bag.about(alarm) if d.contact == "dr"]
    first = DeliveryAnswered(at_ms=now_ms, delivery=to_dr, verdict=Verdict.ACCEPT, detail="key 1")
    assert said(engine.handle(first)) == [("accepted", "SPO2-LOW", "high")]
    assert said(engine.handle(first)) == []
    other = DeliveryAnswered(at_ms=now_ms, delivery="x/dr/0@1", verdict=Verdict.ACCEPT)
    assert said(engine.handle(other)) == [
        (
            "refused",
            "DeliveryAnswered",
            "no message x/dr/0@1 is known: it is too old, or was never sent",
        )
    ]


def test_a_severe_pressure_asks_for_a_call_until_a_physician_has_made_it() -> None:
    """Ten minutes, then the backup; it ends by the physician's word alone."""
    moves = [("dosed", 130), ("cuff", 190, 100, None), ("wait", 60_000), ("cuff", 190, 100, None)]
    engine = Engine()
    effects = run(engine, play([*moves, ("wait", 600_000), ("person", "note", Role.COMPANION)]))
    calls = [e for some in effects for e in some if isinstance(e, TaskChanged)]
    (asked, missed) = calls
    assert (asked.row, asked.state, asked.to) == ("BP-SEV", TaskState.OPEN, "dr")
    assert (missed.state, missed.to, missed.at_ms) == (TaskState.MISSED, "bo", asked.due_ms)
    assert asked.due_ms == asked.at_ms + 600_000
    by: dict[str, Any] = {"at_ms": engine.now_ms, "alarm": asked.alarm}
    assert said(engine.handle(CalledBack(by="ann", role=Role.COMPANION, **by))) == [
        (
            "refused",
            "CalledBack",
            "a companion does not call back: the physician says that they have called",
        )
    ]
    (done,) = [
        effect
        for effect in engine.handle(CalledBack(by="dr", role=Role.PHYSICIAN, **by))
        if isinstance(effect, TaskChanged)
    ]
    assert (done.state, done.by, done.due_ms) == (TaskState.DONE, "dr", None)


@pytest.mark.parametrize("role", [Role.PATIENT, Role.COMPANION, Role.VIEWER])
def test_anybody_may_call_for_help(role: Role) -> None:
    """PANIC at once, and the emergency phase; a second call adds nothing."""
    engine = Engine()
    engine.handle(opened())
    by: dict[str, Any] = {"at_ms": 5, "by": "x", "role": role}
    assert said(engine.handle(HelpCalled(**by))) == [
        ("phase", "emergency", "help was called"),
        ("raised", "PANIC", "high"),
    ]
    assert said(engine.handle(HelpCalled(**by))) == []


def test_a_cancelled_help_stays_latched() -> None:
    """The patient may cancel their own call; a viewer may not, and nobody what nobody called."""
    engine = Engine()
    engine.handle(opened())
    patient: dict[str, Any] = {"at_ms": 5, "by": "p1", "role": Role.PATIENT}
    nobody = [("refused", "HelpCancelled", "nobody has called for help")]
    assert said(engine.handle(HelpCancelled(**patient))) == nobody
    engine.handle(HelpCalled(**patient))
    assert said(engine.handle(HelpCancelled(at_ms=5, by="vi", role=Role.VIEWER))) == [
        ("refused", "HelpCancelled", "a viewer may not do this")
    ]
    assert said(engine.handle(HelpCancelled(**patient))) == [("latched", "PANIC", "high")]
    assert said(engine.handle(HelpCancelled(**patient))) == nobody


def test_after_the_end_nobody_is_told_and_that_is_said() -> None:
    """Help after the session is refused with what to do instead."""
    engine = Engine()
    engine.handle(opened())
    engine.handle(Ended(at_ms=1, by="dr", role=Role.PHYSICIAN))
    by: dict[str, Any] = {"at_ms": 2, "by": "p1", "role": Role.PATIENT}
    assert said(engine.handle(HelpCalled(**by))) == [
        (
            "refused",
            "HelpCalled",
            "the session is aborted: nobody is told; call for help yourself",
        )
    ]
    assert said(engine.handle(HelpCancelled(**by))) == [
        ("refused", "HelpCancelled", "the session is aborted")
    ]


def test_a_note_decides_nothing() -> None:
    """It is for the record."""
    engine, by, _ = fallen()
    assert engine.handle(Annotated(text="pale", **by)) == []
