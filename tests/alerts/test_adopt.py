"""Taking over from a record: ids and levels of the record, no more and no less."""

from typing import Any

import pytest

from alerts.adopt import Held, adopt, follow
from alerts.alarm import RowFacts
from alerts.condition import Absent, AlarmClass, Kind, Present, Priority, Transition
from alerts.contact import Contact, Role, Way
from alerts.effects import AlarmChanged, Sound
from alerts.signal import Pattern, SignalState
from alerts.system import AlarmSystem
from alerts.timers import Timers
from tests.recorded import plan

WARN = RowFacts("SPO2-WARN", "oxygen", Kind.PHYSIOLOGICAL, Priority.HIGH)
LOW = RowFacts("SPO2-LOW", "oxygen", Kind.PHYSIOLOGICAL, Priority.HIGH, AlarmClass.A)
FACTS = {row.id: row for row in (WARN, LOW)}
PEOPLE = (
    Contact("ann", Role.COMPANION, "Ann", (Way("console"),)),
    Contact("dr", Role.PHYSICIAN, "Dr", (Way("console"),)),
)


def line(transition: str, **changes: Any) -> AlarmChanged:
    """Return one recorded line."""
    said: dict[str, Any] = {
        "at_ms": 5_000,
        "id": "oxygen@5000",
        "family": "oxygen",
        "row": "SPO2-WARN",
        "transition": Transition(transition),
        "priority": Priority.MEDIUM,
        "alarm_class": None,
        "kind": Kind.PHYSIOLOGICAL,
        "value_x100": 9_100,
        "limit_x100": 9_200,
        "reason": "SpO2 below 92 %",
    }
    return AlarmChanged(**{**said, **changes})


HIGH: dict[str, Any] = {
    "row": "SPO2-LOW",
    "priority": Priority.HIGH,
    "alarm_class": AlarmClass.A,
    "at_ms": 9_000,
}


@pytest.mark.parametrize(
    ("lines", "held"),
    [
        ([], {}),
        ([Sound(at_ms=1, pattern=Pattern.SILENT)], {}),
        ([line("cleared")], {}),
        (
            [line("raised")],
            {
                "oxygen@5000": Held(
                    "oxygen", 5_000, Priority.MEDIUM, None, {"SPO2-WARN": line("raised")}
                )
            },
        ),
        (
            [line("raised"), line("upgraded", **HIGH), line("latched", **HIGH), line("accepted")],
            {
                "oxygen@5000": Held(
                    "oxygen",
                    5_000,
                    Priority.MEDIUM,
                    None,
                    {"SPO2-WARN": line("raised"), "SPO2-LOW": line("latched", **HIGH)},
                )
            },
        ),
        (
            [line("raised"), line("upgraded", **HIGH), line("cleared"), line("reset", **HIGH)],
            {},
        ),
        (
            [line("raised"), line("raised", id="oxygen@7000", at_ms=7_000)],
            {
                "oxygen@7000": Held(
                    "oxygen",
                    7_000,
                    Priority.MEDIUM,
                    None,
                    {"SPO2-WARN": line("raised", id="oxygen@7000", at_ms=7_000)},
                )
            },
        ),
    ],
    ids=[
        "nothing",
        "no line",
        "the end of what was never seen",
        "one row",
        "the level is that of the last line",
        "all rows ended",
        "one family is one alarm",
    ],
)
def test_what_a_record_holds_open(lines: list[object], held: dict[str, Held]) -> None:
    """Rows come by raised, joined, upgraded, latched; they go by cleared and reset."""
    assert follow(lines, {}) == held


def system() -> AlarmSystem:
    """Return an alarm system with two people and the shipped ladder."""
    return AlarmSystem(plan("default").ladder, PEOPLE, Timers())


def shown(alarms: AlarmSystem) -> dict[str, dict[str, tuple[bool, bool, str]]]:
    """Return id to row to (present, latched, priority)."""
    return {
        alarm.id: {
            row: (state.present, state.latched, state.shown.priority.value)
            for row, state in alarm.rows.items()
        }
        for alarm in alarms.book.open.values()
    }


def medium(answer_ms: int = 0) -> Present:
    """Return what today's row says."""
    return Present(Priority.MEDIUM, None, f"today {answer_ms}")


def test_an_alarm_that_is_missing_is_opened_latched() -> None:
    """Signal latched, ladder at its foot, and the row of the plan behind it."""
    alarms = system()
    taken: set[str] = set()
    held = follow([line("raised")], {})
    assert adopt(alarms, held, FACTS, taken, 9_000) == ["oxygen@5000"]
    assert taken == {"oxygen@5000"}
    assert shown(alarms) == {"oxygen@5000": {"SPO2-WARN": (False, True, "medium")}}
    assert alarms.book.open["oxygen"].rows["SPO2-WARN"].facts is WARN
    care = alarms.cares["oxygen@5000"]
    assert (care.state, care.standing.base_ms) == (SignalState.LATCHED, 9_000)
    assert adopt(alarms, held, FACTS, taken, 9_500) == []


def test_a_row_that_the_plan_has_no_more_is_taken_over_by_its_line() -> None:
    """Its facts are those of the record."""
    alarms = system()
    held = follow([line("raised", row="SPO2-OLD")], {})
    assert adopt(alarms, held, {}, set(), 9_000) == ["oxygen@5000"]
    assert alarms.book.open["oxygen"].rows["SPO2-OLD"].facts == RowFacts(
        "SPO2-OLD", "oxygen", Kind.PHYSIOLOGICAL, Priority.MEDIUM, None
    )


def test_an_open_alarm_takes_the_recorded_id_and_keeps_its_rows() -> None:
    """What today's rows see stays present."""
    alarms = system()
    alarms.settle(WARN, medium(), 6_000)
    held = follow([line("raised")], {})
    assert adopt(alarms, held, FACTS, set(), 9_000) == ["oxygen@5000"]
    assert shown(alarms) == {"oxygen@5000": {"SPO2-WARN": (True, False, "medium")}}
    assert [*alarms.cares] == ["oxygen@5000"]


def test_an_open_alarm_rises_to_the_recorded_level() -> None:
    """The row that the record has besides is latched at the recorded level, the ladder restarts."""
    alarms = system()
    alarms.settle(WARN, medium(), 5_000)
    held = follow([line("raised"), line("upgraded", **HIGH)], {})
    alarms.out.clear()
    assert adopt(alarms, held, FACTS, set(), 9_000) == ["oxygen@5000"]
    assert shown(alarms) == {
        "oxygen@5000": {"SPO2-WARN": (True, False, "high"), "SPO2-LOW": (False, True, "high")}
    }
    (upgraded,) = [e for e in alarms.out if isinstance(e, AlarmChanged)]
    assert (upgraded.transition, upgraded.priority, upgraded.alarm_class) == (
        Transition.UPGRADED,
        Priority.HIGH,
        AlarmClass.A,
    )
    assert alarms.cares["oxygen@5000"].standing.priority is Priority.HIGH


def test_a_missing_row_of_the_same_level_is_added() -> None:
    """No upgrade: the alarm is as high as the record has it."""
    alarms = system()
    alarms.settle(WARN, medium(), 5_000)
    held = follow([line("raised"), line("joined", row="SPO2-LOW")], {})
    assert adopt(alarms, held, FACTS, set(), 9_000) == ["oxygen@5000"]
    assert shown(alarms) == {
        "oxygen@5000": {"SPO2-WARN": (True, False, "medium"), "SPO2-LOW": (False, True, "medium")}
    }


def test_a_higher_level_of_today_stays() -> None:
    """The record never takes from what is wrong."""
    alarms = system()
    alarms.settle(LOW, Present(Priority.HIGH, AlarmClass.A, "today"), 5_000)
    held = follow([line("raised", row="SPO2-LOW")], {})
    assert adopt(alarms, held, FACTS, set(), 9_000) == []
    assert shown(alarms) == {"oxygen@5000": {"SPO2-LOW": (True, False, "high")}}


def test_what_the_record_ended_is_ended_unless_it_is_seen() -> None:
    """A taken-over alarm goes with its record; a present row keeps it."""
    alarms = system()
    taken: set[str] = set()
    adopt(alarms, follow([line("raised")], {}), FACTS, taken, 9_000)
    assert adopt(alarms, {}, FACTS, taken, 10_000) == []
    assert (shown(alarms), taken) == ({}, set())

    alarms = system()
    adopt(alarms, follow([line("raised")], {}), FACTS, taken, 9_000)
    alarms.settle(WARN, medium(), 9_500)
    adopt(alarms, {}, FACTS, taken, 10_000)
    assert shown(alarms) == {"oxygen@5000": {"SPO2-WARN": (True, False, "medium")}}
    alarms.settle(WARN, Absent("better"), 11_000)
    assert {*shown(alarms)} == {"oxygen@5000"}


def test_after_the_end_of_a_session_nothing_is_taken_over() -> None:
    """Nobody is told any more."""
    alarms = system()
    alarms.end_all("session is ended", 8_000)
    assert adopt(alarms, follow([line("raised")], {}), FACTS, set(), 9_000) == []
    assert shown(alarms) == {}
