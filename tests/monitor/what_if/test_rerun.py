"""A session under another plan: what people did stays, what they answered finds its alarm."""

from typing import Any

import pytest
from msgspec.structs import replace

from alerts.condition import Priority
from alerts.contact import Role
from alerts.delivery import DeliveryState, Verdict
from alerts.effects import Send
from monitor.engine import EventOrderError
from monitor.events import Accepted, DeliveryAnswered, DeliveryReported, SessionOpened, Tailored
from monitor.journal import JournalError, Record
from monitor.what_if.recorded import read_session
from monitor.what_if.rerun import rerun
from monitor.what_if.session import ask, badness
from tests.canonical import SESSIONS, records
from tests.monitor.what_if.sessions import OTHER, changed_plan, fall, opened, raw, without
from tests.reports import Recorded as Bed
from tests.reports import dosed

DR: dict[str, Any] = {"by": "dr", "role": Role.PHYSICIAN}
HIGH, MEDIUM = Priority.HIGH, Priority.MEDIUM


def alarm_of(bed: Bed, family: str) -> str:
    """The id of the open alarm of a family."""
    return bed.engine.alarms.book.open[family].id


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_by_its_own_plan_is_the_same_session(name: str) -> None:
    """Whole sessions with alarms, answers, messages and a follow-up: no difference at all.

    The decisions are those of the record, not today's: the plan is the session's own either way.
    """
    session = read_session(raw(records(name)))
    asked = ask(session, session.opened.plan, session.opened.software)
    moved = [one for one in (*asked.alarms, *asked.rows) if one.before != one.after]
    assert (moved, asked.refused, asked.no_longer, asked.off) == ([], {}, {}, {})
    assert asked.alarms != () or name == "quiet"


def test_a_lower_limit_loses_the_row_and_lowers_the_alarm() -> None:
    """The row that stood by the limit is gone; what else held in the family is still there."""
    asked = ask(opened(fall()), OTHER, "")
    rows = {one.name: (one.before is not None, one.after is not None) for one in asked.rows}
    assert rows == {
        "SPO2-FAST": (True, True),
        "SPO2-LOW": (True, False),
        "CI-MISS-C": (True, True),
    }
    oxygen = next(one for one in asked.alarms if one.name == "oxygen")
    assert oxygen.before is not None
    assert oxygen.after is not None
    assert (oxygen.before.priority, oxygen.after.priority, oxygen.shift_ms) == (HIGH, MEDIUM, 0)
    assert badness(asked) == (0, 1, 0, 0, 0, 0)


def test_the_other_way_round_the_row_is_gained() -> None:
    """Nobody has answered it: the messages that it sends arrive, and their fate raises nothing."""
    bed = fall()
    first = bed.records[0]
    assert isinstance(first.event, SessionOpened)
    other = [Record(1, replace(first.event, plan=OTHER), first.effects), *bed.records[1:]]
    # Another version recorded it: its own plan is run again, with today's rows.
    asked = ask(read_session(raw(other)), first.event.plan, "another version")
    assert asked.rerun_before is True
    assert [one.name for one in asked.rows if one.is_gained] == ["SPO2-LOW"]
    assert [one.name for one in asked.rows if one.is_lost] == []
    assert "reach" not in {one.name for one in asked.alarms}


def test_a_persons_answer_goes_to_the_alarm_of_its_family() -> None:
    """By its own id, by a message, or not at all when there is none; each is told apart."""
    bed = dosed().wait(300)
    bed.spo2(86).wait(40)
    alarm = alarm_of(bed, "oxygen")
    bed.send(Accepted(at_ms=bed.now_ms, alarm=alarm, **DR))
    bed.spo2(97).wait(30)
    # Without SPO2-FAST the alarm is raised later: its id is another.
    run = rerun(opened(bed).events, without("SPO2-FAST"))
    accepted = [line for line in run.lines if line.transition.value == "accepted"]
    assert [(line.family, line.by) for line in accepted] == [("oxygen", "dr")]
    assert accepted[0].id != alarm
    gone = rerun(opened(bed).events, without(*OXYGEN))
    assert gone.no_longer["Accepted"] == 1
    assert [line for line in gone.lines if line.family == "oxygen"] == []


OXYGEN = ("SPO2-FAST", "SPO2-LOW", "SPO2-WARN", "SPO2-DROP", "SPO2-DROP2", "SPO2-CUM", "SPO2-ODI")
"""Without these no row says anything of a short fall to 86 %."""


def test_an_answer_by_a_message_goes_to_the_message_of_that_person() -> None:
    """The first of this run about the same family; without one it no longer applies."""
    bed = dosed().wait(300)
    bed.spo2(86).wait(40)
    sends = [one for record in bed.records for one in record.effects if isinstance(one, Send)]
    told = next(
        one for one in sends if one.contact == "dr" and one.alarm == alarm_of(bed, "oxygen")
    )
    bed.send(DeliveryReported(at_ms=bed.now_ms, delivery=told.delivery, state=DeliveryState.SENT))
    bed.send(DeliveryAnswered(at_ms=bed.now_ms, delivery=told.delivery, verdict=Verdict.ACCEPT))
    bed.wait(5)
    events = opened(bed).events
    for plan, by in (
        (changed_plan(), "dr"),
        (without("SPO2-FAST"), "dr"),
        (without(*OXYGEN), None),
    ):
        run = rerun(events, plan)
        found = [line.by for line in run.lines if line.transition.value == "accepted"]
        assert found == ([] if by is None else [by])
        assert run.no_longer.get("DeliveryAnswered", 0) == (by is None)


def test_what_was_refused_when_it_happened_is_refused_again_and_means_nothing_more() -> None:
    """It is not counted as something that has lost its meaning."""
    bed = dosed().wait(5)
    bed.take(Accepted(at_ms=bed.now_ms, alarm="oxygen@1", **DR)).wait(5)
    asked = ask(opened(bed), OTHER, "")
    assert (asked.no_longer, asked.refused) == ({}, {})


def test_what_only_the_other_plan_refuses_is_named() -> None:
    """A limit that its envelope does not know, for example."""
    bed = dosed().wait(5)
    bed.send(Tailored(at_ms=bed.now_ms, row="SPO2-WARN", limit_x100=93_00, reason="known", **DR))
    asked = ask(opened(bed), without("SPO2-WARN"), "")
    assert asked.refused == {"Tailored": 1}


def test_a_record_that_cannot_be_read_is_named_by_its_number() -> None:
    """And a journal that opens no session, and one whose time goes back."""
    whole = raw(fall().records)
    with pytest.raises(JournalError, match=r"^record 3: "):
        read_session([*whole[:2], (3, b"{", b"")])
    for records_ in ([], whole[1:]):
        with pytest.raises(JournalError, match="no record opens a session"):
            read_session(records_)
    session = read_session([*whole, whole[1]])
    with pytest.raises(EventOrderError, match="earlier than the last"):
        ask(session, OTHER, "")


def test_hours_of_watching_end_with_the_discharge() -> None:
    """The night before the next day's questions is nobody's hour of alarms."""
    quiet = read_session(raw(records("quiet")))
    assert quiet.run.end_ms - quiet.opened.at_ms > 20 * 3_600_000
    assert 140 * 60_000 < quiet.watched_ms < 145 * 60_000
