"""The hub's own events: an outage is an alarm by its length, and its messages are late once."""

from typing import Any

import pytest

from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState
from monitor.effects import AlarmChanged, Effect, Prompted, Refused, Send, Skipped
from monitor.engine import Engine
from monitor.events import (
    ClockSettled,
    DeliveryReported,
    HubCondition,
    MonitorDown,
    OnCallChanged,
    Reading,
    RecordGap,
    Tick,
    Woke,
)
from tests.sessions import WALL_MS, Play, opened, play, run
from tests.timeline import Timeline

FALL = [("dosed", 130), ("stretch", 12, 1000, 85, 75, 31, None)]


def rows(effects: list[Effect]) -> list[tuple[int, str, str, str]]:
    """Return every line of every alarm."""
    return [
        (e.at_ms, e.row, e.transition.value, e.priority.value)
        for e in effects
        if isinstance(e, AlarmChanged)
    ]


@pytest.mark.parametrize(
    ("down_ms", "priority", "reason"),
    [
        (9_999, None, ""),
        (10_000, "low", "the hub did not run for 10 s"),
        (44_999, "low", "the hub did not run for 44 s"),
        (45_000, "medium", "the hub did not run for 45 s"),
        (119_999, "medium", "the hub did not run for 119 s"),
        (120_000, "high", "the hub did not run for 120 s"),
        (None, "high", "the hub did not run, nobody can know for how long. clock lost"),
    ],
)
def test_an_outage_is_an_alarm_by_its_length(
    down_ms: int | None, priority: str | None, reason: str
) -> None:
    """Low from 10 s, medium from 45 s, high from 120 s or when nobody can know."""
    engine = Engine()
    engine.handle(opened())
    at_ms = 1_000 + (down_ms or 0)
    effects = engine.handle(MonitorDown(at_ms=at_ms, down_ms=down_ms, detail="clock lost"))
    got = [e for e in effects if isinstance(e, AlarmChanged) and e.family == "outage"]
    opening = [(e.transition.value, e.priority.value, e.reason) for e in got[:1]]
    assert opening == ([] if priority is None else [("raised", priority, f"{LABEL}: {reason}")])
    ends = [e.transition.value for e in got[1:]]
    assert ends == {None: [], "low": ["cleared"]}.get(priority, ["latched"])


LABEL = "nobody was watching"


def sends(effects: list[Effect]) -> list[tuple[str, str, str, bool, bool]]:
    """Return every message: alarm's family, person, rung, late, may repeat."""
    return [
        (e.alarm.partition("@")[0], e.contact, e.rung, e.late, e.may_repeat)
        for e in effects
        if isinstance(e, Send) and e.purpose == "alarm"
    ]


def test_what_became_due_in_an_outage_is_recorded_and_told_once_a_person() -> None:
    """Nothing is sent at its time; at the end each person has one late message, the highest rung.

    The message whose fate was not known goes out once again, marked as a possible repeat.
    """
    session = Play(opened())
    for event in play(FALL)[1:]:
        session.add(event)
    asked_ms = session.engine.now_ms
    unknown = [("oxygen", "ann", "companion+0s"), ("oxygen", "dr", "physician+0s")]
    before = [one[:3] for one in sends(session.effects)]
    assert before == [unknown[0], *unknown]
    down_ms = 130_000
    effects = session.engine.handle(MonitorDown(at_ms=asked_ms + down_ms, down_ms=down_ms))
    end_ms = asked_ms + down_ms
    assert {e.at_ms for e in effects if isinstance(e, Send)} == {end_ms}
    assert sends(effects) == [
        *((*one, False, True) for one in unknown),
        ("no_signal", "ann", "companion+30s", True, False),
        ("no_signal", "dr", "physician+60s", True, False),
        ("no_signal", "bo", "backup+120s", True, False),
        ("outage", "ann", "companion+0s", False, False),
        ("outage", "dr", "physician+0s", False, False),
    ]
    passed_by = [
        (e.alarm.partition("@")[0], e.rung, e.reason.partition(";")[0])
        for e in effects
        if isinstance(e, Skipped)
    ]
    why = "due while the hub did not run"
    assert passed_by == [
        ("oxygen", "speak", why),
        ("no_signal", "speak", why),
        ("oxygen", "speak", why),
        ("no_signal", "speak", why),
        ("no_signal", "companion+0s", why),
        ("no_signal", "physician+0s", why),
        ("oxygen", "companion+30s", why),
        ("oxygen", "physician+60s", why),
        ("oxygen", "backup+120s", why),
    ]
    raised = [(row, priority) for _, row, what, priority in rows(effects) if what == "raised"]
    assert raised == [("SIG-LOST+", "high"), ("MONITOR-DOWN", "high")]


def test_what_was_sent_before_is_not_sent_again() -> None:
    """Its fate is known."""
    session = Play(opened())
    for event in play(FALL)[1:]:
        session.add(event)
    at_ms = session.engine.now_ms
    engine, sent = session.engine, [e.delivery for e in session.effects if isinstance(e, Send)]
    for name in sent:
        engine.handle(DeliveryReported(at_ms=at_ms, delivery=name, state=DeliveryState.SENT))
    effects = engine.handle(MonitorDown(at_ms=at_ms + 2_000, down_ms=2_000))
    assert sends(effects) == []


def test_overdue_rows_wait_until_a_minute_after_the_restart() -> None:
    """A check-in that became due meanwhile is asked for, and late only after 60 s more."""
    line = Timeline().alone()
    line.at(5 * 60)
    down_ms = 20 * 60_000
    line.now_ms += down_ms
    line.effects.clear()
    line.send(MonitorDown(at_ms=line.now_ms, down_ms=down_ms))
    restart_ms = line.now_ms
    overdue = ("CI-MISS-C", "CUFF-OVERDUE")
    assert [one for one in rows(line.effects) if one[1] in overdue] == []
    line.send(Tick(at_ms=restart_ms + 59_999))
    assert [one for one in rows(line.effects) if one[1] in overdue] == []
    line.send(Tick(at_ms=restart_ms + 4 * 60_000))
    first_ms = min(at_ms for at_ms, row, *_ in rows(line.effects) if row in overdue)
    assert first_ms >= restart_ms + 60_000
    assert {row for _, row, *_ in rows(line.effects)} >= {"CI-MISS-C"}
    assert any(isinstance(e, Prompted) for e in line.effects)


def test_a_report_about_no_message_is_refused() -> None:
    """It says which."""
    engine = Engine()
    engine.handle(opened())
    event = DeliveryReported(at_ms=1, delivery="x/ann/0@0", state=DeliveryState.SENT)
    assert engine.handle(event) == [
        Refused(at_ms=1, what="DeliveryReported", reason="no message x/ann/0@0 is known")
    ]


def test_the_hub_says_what_is_wrong_with_itself_and_what_is_right_again() -> None:
    """A condition is present from one word to the other."""
    engine = Engine()
    engine.handle(opened())
    said: dict[str, Any] = {"condition": "broker", "detail": "no answer"}
    wrong = engine.handle(HubCondition(at_ms=5, present=True, **said))
    right = engine.handle(HubCondition(at_ms=9, present=False, **said))
    assert rows(wrong) == [(5, "BROKER-DOWN", "raised", "low")]
    assert rows(right) == [(9, "BROKER-DOWN", "cleared", "low")]


def test_time_that_settles_makes_due_what_is_due() -> None:
    """ClockSettled, Tick and Woke at one instant decide the same; a gap decides nothing."""
    events = play(FALL)
    at_ms = events[-1].at_ms + 40_000
    said = []
    for event in (
        ClockSettled(at_ms=at_ms, gap_ms=40_000),
        Tick(at_ms=at_ms),
        Woke(at_ms=at_ms),
        RecordGap(at_ms=at_ms, from_ms=0, to_ms=1),
    ):
        engine = Engine()
        run(engine, events)
        said.append(engine.handle(event))
    assert said[0] == said[1] == said[2] == said[3]
    due = ["SIG-LOST+", "STALE", "CH-FAIL", "SIG-LOST", "SIG-BAD"]
    assert [row for _, row, *_ in rows(said[0])] == due
    assert isinstance(events[-1], Reading)
    assert events[-1].wall_ms == WALL_MS + events[-1].at_ms


def test_whom_no_way_reaches_is_an_alarm_in_the_room_until_something_reaches_them() -> None:
    """CH-FAIL names the person; nobody but the companion is told of it."""
    session = Play(opened())
    for event in play(FALL)[1:]:
        session.add(event)
    engine, at_ms = session.engine, session.engine.now_ms
    (to_dr,) = [e.delivery for e in session.effects if isinstance(e, Send) and e.contact == "dr"][
        -1:
    ]
    effects: list[Effect] = []
    for after_ms, delivery in ((0, to_dr), (1_000, ""), (3_000, "")):
        effects += engine.handle(Tick(at_ms=at_ms + after_ms))
        name = delivery or [e.delivery for e in effects if isinstance(e, Send)][-1]
        failed = DeliveryReported(
            at_ms=at_ms + after_ms, delivery=name, state=DeliveryState.FAILED, detail="refused"
        )
        effects += engine.handle(failed)
    (line,) = [e for e in effects if isinstance(e, AlarmChanged) and e.row == "CH-FAIL"]
    assert (line.transition.value, line.priority.value, line.at_ms) == (
        "raised",
        "medium",
        at_ms + 3_000,
    )
    assert line.reason == (
        "a person cannot be reached by any way: cannot reach Dr Berg: webhook: refused"
    )
    told = [(e.contact, e.rung) for e in effects if isinstance(e, Send) and e.alarm == line.id]
    assert told == [("ann", "companion+0s")]
    # The backup was told in the same instant as the first failure.
    assert next((e.contact, e.rung, e.at_ms) for e in effects if isinstance(e, Send)) == (
        "bo",
        "backup for dr",
        at_ms,
    )
    reached = DeliveryReported(at_ms=at_ms + 4_000, delivery=to_dr, state=DeliveryState.DELIVERED)
    ended = [e for e in engine.handle(reached) if isinstance(e, AlarmChanged)]
    assert [(e.row, e.transition.value, e.reason) for e in ended] == [
        ("CH-FAIL", "cleared", "dr can be reached again")
    ]


def test_who_is_on_call_changes_in_mid_session_and_a_gap_is_a_condition() -> None:
    """The new physician is told of the alarm; nobody on call stands until somebody is."""
    session = Play(opened())
    for event in play(FALL)[1:]:
        session.add(event)
    engine, at_ms = session.engine, session.engine.now_ms
    (alarm,) = engine.alarms.book.open.values()
    kim = Contact("kim", Role.PHYSICIAN, "Dr Kim", (Way("webhook", "http://127.0.0.1/k"),))
    said: dict[str, Any] = {"at_ms": at_ms, "role": Role.PHYSICIAN}
    effects = engine.handle(OnCallChanged(contact=kim, detail="rota main", **said))
    assert [(e.contact, e.rung) for e in effects if isinstance(e, Send)] == [("kim", "hand-over")]
    engine.handle(OnCallChanged(contact=None, detail="the rota ends here.", **said))
    assert engine.observer.standing()["rota:physician:nobody"] == (
        "nobody is on call as physician. the rota ends here"
    )
    again = engine.handle(OnCallChanged(contact=None, **said))
    assert [e.reason for e in again if isinstance(e, Refused)] == ["nobody is on call already"]
    engine.handle(OnCallChanged(contact=kim, **said))
    assert "rota:physician:nobody" not in engine.observer.standing()
    assert alarm.id in engine.alarms.cares
