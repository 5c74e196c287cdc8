"""A physician's word about an alarm is kept with their name, and changes nothing else."""

from typing import Any

import pytest

from alerts.contact import Role
from devices.judge_orders import AlarmVerdict
from monitor.effects import Refused
from monitor.engine import Engine
from monitor.events import AlarmJudged, Annotated, Tick
from monitor.journal import Record, decode, encode
from monitor.verdicts import VerdictView
from tests.sessions import play, run

FALL = play([("dosed", 130), ("stretch", 12, 1000, 85, 75, 31, None)])


def fallen() -> tuple[Engine, str]:
    """A session whose SpO2 has fallen, and the alarm of it."""
    engine = Engine()
    run(engine, FALL)
    (alarm,) = engine.alarms.book.open.values()
    return engine, alarm.id


def word(engine: Engine, **more: Any) -> AlarmJudged:
    """A backup's word, a little later."""
    fields: dict[str, Any] = {"by": "bo", "role": Role.BACKUP, "verdict": AlarmVerdict.FALSE}
    return AlarmJudged(at_ms=engine.now_ms + 500, **(fields | more))


def test_the_last_word_counts_and_nothing_follows() -> None:
    """No effect comes of it, and another word takes its place."""
    engine, alarm = fallen()
    assert engine.handle(word(engine, alarm=alarm, note="clip off")) == []
    assert engine.verdicts == {
        alarm: VerdictView(AlarmVerdict.FALSE, "clip off", "bo", engine.now_ms)
    }
    assert engine.handle(word(engine, alarm=alarm, verdict=AlarmVerdict.TRUE)) == []
    assert engine.verdicts == {alarm: VerdictView(AlarmVerdict.TRUE, "", "bo", engine.now_ms)}


def test_a_session_with_verdicts_decides_as_one_without() -> None:
    """The deadlines and what they bring are the same, word for word."""
    judged, alarm = fallen()
    plain, _ = fallen()
    judged.handle(word(judged, alarm=alarm))
    # Any word of a person moves time as far.
    by: dict[str, Any] = {"at_ms": judged.now_ms, "by": "bo", "role": Role.BACKUP}
    assert plain.handle(Annotated(text="x", **by)) == []
    for _ in range(20):
        due_ms = judged.next_deadline()
        assert due_ms == plain.next_deadline()
        assert due_ms is not None
        assert judged.handle(Tick(at_ms=due_ms)) == plain.handle(Tick(at_ms=due_ms))


@pytest.mark.parametrize("role", [Role.COMPANION, Role.PATIENT, Role.VIEWER, Role.ADMIN])
def test_only_a_physician_judges(role: Role) -> None:
    """Everybody else is refused by name."""
    engine, alarm = fallen()
    event = word(engine, alarm=alarm, role=role, by="ann")
    assert engine.handle(event) == [
        Refused(
            at_ms=event.at_ms,
            what="AlarmJudged",
            reason=f"a {role.value} may not do this; a physician judges an alarm",
            by="ann",
        )
    ]
    assert engine.verdicts == {}


def test_an_alarm_that_never_was_cannot_be_judged() -> None:
    """One that is over can."""
    engine, alarm = fallen()
    event = word(engine, alarm="oxygen@1")
    assert engine.handle(event) == [
        Refused(
            at_ms=event.at_ms,
            what="AlarmJudged",
            reason="there was no alarm oxygen@1 in this session",
            by="bo",
        )
    ]
    for open_alarm in list(engine.alarms.book.open.values()):
        del engine.alarms.book.open[open_alarm.family]
    assert engine.handle(word(engine, alarm=alarm)) == []


def test_a_verdict_survives_the_journal() -> None:
    """What is written is read again, with the words of the wire."""
    event = AlarmJudged(
        at_ms=9, by="lee", role=Role.PHYSICIAN, alarm="oxygen@5", verdict=AlarmVerdict.UNCLEAR
    )
    body = encode(Record(7, event, ()))
    assert b'"verdict":"unclear"' in body
    assert decode(body).event == event
