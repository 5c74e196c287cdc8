"""A board reads the hub's snapshot strictly enough, and tells in sentences what has changed."""

from typing import Any

import msgspec
import pytest

from alerts.condition import AlarmClass, Kind, Priority, Transition
from alerts.rehearsal import RehearsalChanged, Stand
from alerts.signal import Pattern
from alerts.sound_proof import TestSound
from devices.observation import Metric, Mode
from monitor.effects import AlarmChanged, PromptKind, Refused, Sound
from simulators.board import (
    Board,
    BoardError,
    Line,
    Prompt,
    Row,
    Seen,
    Told,
    Value,
    changes,
    effect_line,
    read_board,
    read_effect,
)

FALLING = Row("SPO2-WARN", Priority.MEDIUM, "SpO2 91 % < 92 % for 20 s", 91_00, 92_00)
LOW = Row("SPO2-LOW", Priority.HIGH, "SpO2 86 % < 88 % for 10 s", 86_00, 88_00)


def oxygen(priority: Priority, *rows: Row, accepted_by: str | None = None) -> Seen:
    """One alarm of the oxygen family."""
    return Seen("oxygen@5", "oxygen", priority, 5, rows=rows, accepted_by=accepted_by)


def board(*alarms: Seen, at_ms: int = 9, phase: str = "peak", told: tuple[Told, ...] = ()) -> Board:
    """A board with these alarms."""
    return Board("s1", Mode.DEMO, at_ms, phase, alarms=alarms, told=told)


def test_a_snapshot_is_read_whole() -> None:
    """Every field that people act on survives; unknown fields are left alone."""
    payload = msgspec.json.encode(
        {
            "session": "s1",
            "mode": "demo",
            "at_ms": 61_000,
            "phase": "peak",
            "dose_ms": 1_000,
            "patient_name": "Alex",
            "values": {"spo2": {"value_x100": 9700, "at_ms": 60_500}},
            "alarms": [
                {
                    "id": "oxygen@5",
                    "family": "oxygen",
                    "rows": [
                        {
                            "row": "SPO2-LOW",
                            "priority": "high",
                            "reason": "SpO2 86 % < 88 % for 10 s",
                            "value_x100": 8600,
                            "limit_x100": 8800,
                            "present": True,
                            "latched": False,
                        }
                    ],
                    "priority": "high",
                    "alarm_class": "A",
                    "signal": "accepted",
                    "raised_ms": 5,
                    "accepted_by": "sam",
                    "accepted_until_ms": 300_005,
                }
            ],
            "prompts": [{"prompt": "cuff", "due_ms": 90_000}],
            "told": [
                {
                    "delivery": "d1",
                    "contact": "sam",
                    "channel": "console",
                    "state": "sent",
                    "at_ms": 6,
                    "alarm": "oxygen@5",
                }
            ],
            "gate": {"place": "pass"},
            "record": 42,
            "recording": False,
            "streams": {"oximeter": {"last_ms": 1, "last_valid_ms": 1}},
        }
    )
    assert read_board(payload) == Board(
        session="s1",
        mode=Mode.DEMO,
        at_ms=61_000,
        phase="peak",
        dose_ms=1_000,
        patient_name="Alex",
        values={"spo2": Value(9700, 60_500)},
        alarms=(
            Seen(
                "oxygen@5",
                "oxygen",
                Priority.HIGH,
                5,
                "accepted",
                AlarmClass.A,
                (LOW,),
                "sam",
            ),
        ),
        prompts=(Prompt(PromptKind.CUFF, 90_000),),
        told=(Told("d1", "sam", "console", "sent", 6, "oxygen@5"),),
        gate={"place": "pass"},
        record=42,
        recording=False,
    )


def test_a_rehearsal_is_told_by_person_and_a_test_sound_by_its_number() -> None:
    """The log of a demonstration says who answered; ways and what runs are on the pages."""
    head: dict[str, Any] = {"at_ms": 7, "id": "rehearsal@5", "contact": "sam"}
    effects = (
        RehearsalChanged(state=Stand.PASSED, reason="sam answered on their page", **head),
        RehearsalChanged(state=Stand.UNPROVED, way=0, channel="console", **head),
        RehearsalChanged(state=Stand.RUNNING, **head),
        TestSound(at_ms=7, bursts=3),
    )
    assert [effect_line(read_effect(msgspec.json.encode(effect))) for effect in effects] == [
        Line(7, "test alarm passed: sam answered on their page"),
        None,
        None,
        Line(7, "test sound: 3 beeps"),
    ]


@pytest.mark.parametrize("payload", [b"", b"{}", b"[1]", b'{"session":"\xff"}', b'{"at_ms":"x"}'])
def test_what_is_no_snapshot_is_refused(payload: bytes) -> None:
    """The error says that the snapshot cannot be read, and why."""
    with pytest.raises(BoardError, match=r"the hub's snapshot cannot be read: ."):
        read_board(payload)


def test_a_value_grows_old() -> None:
    """A value is shown up to its greatest age, then it is missing, as one that never came."""
    seen = Board("s1", Mode.DEMO, 20_000, "peak", values={"spo2": Value(9700, 10_000)})
    got = [seen.value(Metric.SPO2, 10_000), seen.value(Metric.SPO2, 9_999)]
    assert [*got, seen.value(Metric.PULSE, 10_000)] == [9700, None, None]


def test_an_alarm_speaks_for_its_highest_row() -> None:
    """The reason is the highest row's; an alarm without rows has only its family."""
    both = oxygen(Priority.HIGH, FALLING, LOW)
    assert (both.reason, oxygen(Priority.LOW).reason) == (LOW.reason, "oxygen")


def test_an_alarm_is_over_when_only_latched_rows_are_left() -> None:
    """Present rows, or no rows at all, are not "over"."""
    latched = msgspec.structs.replace(LOW, present=False, latched=True)
    got = [
        oxygen(Priority.HIGH, latched).is_over,
        oxygen(Priority.HIGH, latched, FALLING).is_over,
        oxygen(Priority.HIGH).is_over,
    ]
    assert got == [True, False, False]


def test_the_first_board_is_the_opening() -> None:
    """Without a board before, the log starts with the session."""
    assert changes(None, board()) == [Line(9, "session s1 is open, phase peak")]


def test_nothing_new_says_nothing() -> None:
    """Two equal boards give no line."""
    now = board(oxygen(Priority.HIGH, LOW, accepted_by="sam"))
    assert changes(now, now) == []


def test_phases_messages_and_a_stopped_record_are_told() -> None:
    """Each new state of a message is one line; a record that stops is loud."""
    sent = Told("d1", "sam", "console", "sent", 7, "oxygen@5")
    before = board(told=(sent,))
    after = msgspec.structs.replace(
        board(phase="offset", told=(msgspec.structs.replace(sent, state="answered", at_ms=8),)),
        recording=False,
    )
    assert changes(before, after) == [
        Line(9, "phase peak -> offset"),
        Line(9, "RECORDING HAS STOPPED; watching goes on", "high"),
        Line(8, "sam by console: answered (oxygen@5)"),
    ]


def test_several_people_may_take_one_alarm() -> None:
    """The hub writes their names with commas; nobody is nobody."""
    both = oxygen(Priority.HIGH, LOW, accepted_by="sam, dr-lee")
    assert (both.takers, oxygen(Priority.HIGH).takers) == (("sam", "dr-lee"), ())


def test_an_alarm_is_told_line_by_line() -> None:
    """Mark, family, what happened, row and reason; the style is the priority's."""
    line = AlarmChanged(
        at_ms=7,
        id="no_signal@5",
        family="no_signal",
        row="STALE",
        transition=Transition.RAISED,
        priority=Priority.MEDIUM,
        alarm_class=None,
        kind=Kind.TECHNICAL,
        reason="no data for 45 s",
    )
    taken = msgspec.structs.replace(
        line, transition=Transition.LEASE_ENDED, reason="lease of sam ended"
    )
    assert [effect_line(line), effect_line(taken)] == [
        Line(7, "!! no signal ALARM: STALE, no data for 45 s", "medium"),
        Line(7, "!! no signal lease ended: STALE, lease of sam ended", "medium"),
    ]


def test_a_refusal_is_told_and_a_sound_is_not() -> None:
    """Who was refused what, and why; what a board shows itself is no line."""
    refused = Refused(at_ms=7, what="dose", reason="gate", by="sam")
    nameless = Refused(at_ms=7, what="dose", reason="gate")
    silent = Sound(at_ms=7, pattern=Pattern.SILENT)
    sent = [msgspec.json.encode(effect) for effect in (refused, nameless, silent)]
    assert [effect_line(read_effect(payload)) for payload in sent] == [
        Line(7, "refused: dose (sam): gate", "refused"),
        Line(7, "refused: dose: gate", "refused"),
        None,
    ]


@pytest.mark.parametrize("payload", [b"", b"{}", b'{"effect":"\xff"}'])
def test_a_line_that_is_no_effect_is_an_error(payload: bytes) -> None:
    """The error says that the hub's line cannot be read."""
    with pytest.raises(BoardError, match="the hub's line cannot be read"):
        read_effect(payload)
