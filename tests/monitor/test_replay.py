"""Replay gives the engine's decisions; a journal is compared by what was decided, not by words."""

import msgspec
import pytest

from alerts.condition import AlarmClass, Kind, Priority, Transition
from monitor.effects import AlarmChanged, BaselineFrozen, Effect, RowOff
from monitor.engine import Engine
from monitor.events import Tick, Woke
from monitor.journal import Record
from monitor.recordings import opened as opened_record
from monitor.recordings import read_csv
from monitor.replay import Compared, Difference, json_line, replay_journal, replay_recording, same
from tests.recorded import plan
from tests.sessions import play

LINE = AlarmChanged(
    at_ms=125_000,
    id="oxygen@125000",
    family="oxygen",
    row="SPO2-LOW",
    transition=Transition.RAISED,
    priority=Priority.HIGH,
    alarm_class=AlarmClass.A,
    kind=Kind.PHYSIOLOGICAL,
    value_x100=8_770,
    limit_x100=8_800,
    reason="SpO2 low",
)


def test_a_line_has_twelve_names_and_its_units() -> None:
    """Values in their unit, times from the start that is given."""
    assert json_line("night", LINE, 5_000) == {
        "record": "night",
        "at_ms": 120_000,
        "id": "oxygen@125000",
        "family": "oxygen",
        "alarm": "SPO2-LOW",
        "transition": "raised",
        "priority": "high",
        "class": "A",
        "kind": "P",
        "value": 87.7,
        "limit": 88.0,
        "reason": "SpO2 low",
    }


def test_what_a_line_does_not_have_is_null() -> None:
    """No number, no class."""
    line = msgspec.structs.replace(LINE, alarm_class=None, value_x100=None, limit_x100=None)
    got = json_line("night", line)
    assert (got["at_ms"], got["class"], got["value"], got["limit"]) == (125_000, None, None, None)


FALL = "record,t_s,spo2\n" + "".join(
    f"night,{t_s},{97 if t_s < 140 else 85}\n" for t_s in range(120, 180)
)


def test_a_recording_gives_the_decisions_of_the_live_engine() -> None:
    """Every effect, in order; progress counts the readings; the end is the last sample."""
    (recording,) = read_csv(FALL, "f.csv")
    engine = Engine()
    expected: list[Effect] = engine.handle(opened_record(recording, plan("vitals_only")))
    for reading in recording.readings:
        expected += engine.handle(reading)
    counted: list[int] = []
    effects = [*replay_recording(recording, plan("vitals_only"), counted.append)]
    assert effects == expected
    assert effects == [*replay_recording(recording, plan("vitals_only"))]
    assert counted == [*range(1, 61)]
    lines = [(e.at_ms, e.row, e.transition.value) for e in effects if isinstance(e, AlarmChanged)]
    assert lines == [
        (150_000, "SPO2-LOW", "raised"),
        (160_000, "SPO2-WARN", "joined"),
        (163_000, "SPO2-FAST", "joined"),
    ]


OFF = RowOff(at_ms=1, row="R", why="because")
FROZEN = BaselineFrozen(at_ms=1, metric="spo2", value_x100=9_700, reason="median")


@pytest.mark.parametrize(
    ("recorded", "now", "what"),
    [
        ((), (), None),
        ((OFF, FROZEN), (OFF, FROZEN), None),
        (
            (OFF, FROZEN),
            (
                RowOff(at_ms=1, row="R", why="other words"),
                msgspec.structs.replace(FROZEN, reason="other"),
            ),
            None,
        ),
        ((OFF,), (), "recorded effect=RowOff at_ms=1 row=R why=because, now nothing"),
        ((), (OFF,), "now effect=RowOff at_ms=1 row=R why=because, recorded nothing"),
        (
            (FROZEN,),
            (msgspec.structs.replace(FROZEN, value_x100=9_600),),
            (
                "recorded effect=BaselineFrozen at_ms=1 metric=spo2 value_x100=9700,"
                " now effect=BaselineFrozen at_ms=1 metric=spo2 value_x100=9600"
            ),
        ),
    ],
    ids=["nothing", "the same", "other words", "one less", "one more", "another value"],
)
def test_effects_are_compared_without_their_words(
    recorded: tuple[Effect, ...], now: tuple[Effect, ...], what: str | None
) -> None:
    """The first difference is told with both sides."""
    assert same(recorded, now) == what


def journal() -> list[Record]:
    """Return a short session as a hub records it."""
    engine = Engine()
    events = play([("dosed", 20), ("stretch", 30, 1000, 85, 70, 31, None)])
    return [Record(n, e, tuple(engine.handle(e))) for n, e in enumerate(events, start=1)]


def test_a_journal_replays_to_the_same_bytes() -> None:
    """Every effect is handed on in order."""
    records = journal()
    got: list[Effect] = []
    assert replay_journal(records, got.append) == Compared(len(records), None, bytes_same=True)
    assert got == [effect for record in records for effect in record.effects]


def test_other_words_are_no_difference_but_other_bytes() -> None:
    """The alarm's reason was put otherwise when it was recorded."""
    records = journal()
    at = next(
        i for i, r in enumerate(records) if any(isinstance(e, AlarmChanged) for e in r.effects)
    )
    effects = tuple(
        msgspec.structs.replace(e, reason="as we said") if isinstance(e, AlarmChanged) else e
        for e in records[at].effects
    )
    records[at] = msgspec.structs.replace(records[at], effects=effects)
    assert replay_journal(records, lambda _: None) == Compared(len(records), None, bytes_same=False)


def test_the_first_difference_ends_the_comparison() -> None:
    """It is named with its record and both sides."""
    records = journal()
    records[9] = msgspec.structs.replace(records[9], effects=(OFF,))
    records[15] = msgspec.structs.replace(records[15], effects=(OFF,))
    what = "recorded effect=RowOff at_ms=1 row=R why=because, now nothing"
    assert replay_journal(records, lambda _: None) == Compared(
        9, Difference(10, what), bytes_same=False
    )


def test_an_event_that_is_refused_is_a_difference() -> None:
    """A journal without its beginning, or one whose times go back."""
    refused = Difference(1, "refused: Woke comes before SessionOpened")
    assert replay_journal([Record(1, Woke(at_ms=1), ())], lambda _: None) == Compared(
        0, refused, bytes_same=False
    )
    records = [journal()[0], Record(2, Tick(at_ms=-5), ())]
    why = "refused: event at -5 ms is earlier than the last at 0"
    assert replay_journal(records, lambda _: None) == Compared(
        1, Difference(2, why), bytes_same=False
    )
