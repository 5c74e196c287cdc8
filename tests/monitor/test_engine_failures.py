"""A row that fails is loud and alone; a hub that was killed goes on where its record stands."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.condition import Off, Transition
from alerts.effects import AlarmChanged
from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Event, MonitorDown, Tick
from monitor.journal import Record
from monitor.recovery import recover
from tests.effort import tries
from tests.moves import MOVES
from tests.sessions import Move, play, run

FALL = [
    ("dosed", 130),
    ("stretch", 30, 1000, 97, 130, 31, None),
    ("stretch", 60, 1000, 85, 130, 31, None),
]
AT_DOSE = len(play(FALL[:1]))
GONE = (Transition.CLEARED, Transition.LATCHED)


class Broken:
    """A detector's method that raises, so often; it counts its calls."""

    def __init__(self, works: Any, fails: int) -> None:
        self.works, self.fails, self.calls = works, fails, 0

    def __call__(self, *arguments: Any) -> None:
        """Raise, or work again."""
        self.calls += 1
        if self.calls <= self.fails:
            raise ZeroDivisionError("broken on purpose")
        self.works(*arguments)


def broken(row: str, method: str, fails: int, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return an engine just after the dose with one row broken, the row, and its broken method."""
    engine = Engine()
    run(engine, play(FALL)[:AT_DOSE])
    detector = next(detector for detector in engine.board.all if detector.id == row)
    stub = Broken(getattr(detector, method), fails)
    monkeypatch.setattr(detector, method, stub)
    return engine, detector, stub


def lines(effects: list[list[Effect]]) -> list[AlarmChanged]:
    """Return the lines of all alarms."""
    return [one for some in effects for one in some if isinstance(one, AlarmChanged)]


@pytest.mark.parametrize(
    ("row", "method"), [("PR-HIGH", "on_value"), ("SIG-BAD", "on_sample"), ("PR-JUMP", "on_value")]
)
def test_a_failed_row_is_a_high_alarm_and_the_others_go_on(
    row: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ENGINE at the first failure, off after the third within 60 s, every other family as ever."""
    events = play(FALL)
    engine, detector, stub = broken(row, method, 1000, monkeypatch)
    got = lines(run(engine, events[AT_DOSE:]))
    whole = Engine()
    run(whole, events[:AT_DOSE])
    expected = lines(run(whole, events[AT_DOSE:]))
    about_hub = [
        (e.at_ms, e.row, e.transition.value, e.priority.value) for e in got if e.family == "hub"
    ]
    assert about_hub == [(events[AT_DOSE].at_ms, "ENGINE", "raised", "high")]
    assert stub.calls == 3
    assert detector.answer == Off(
        f"row {row} failed: ZeroDivisionError: broken on purpose"
        " (three times in 60 s: off for this session)"
    )
    # Nobody is told of anything here: who is out of reach first differs with what is told.
    others = ("hub", "reach", detector.facts.family)
    assert [e for e in got if e.family not in others] == [
        e for e in expected if e.family not in others
    ]
    assert any(e.row == "SPO2-LOW" for e in got)


def test_a_row_that_failed_twice_is_believed_again_after_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is tried again at the next event; ENGINE stays latched until a person resets it."""
    events = play([*FALL, ("stretch", 60, 1000, 97, 70, 31, None)])
    engine, detector, _ = broken("PR-HIGH", "on_value", 2, monkeypatch)
    about_hub = [e for e in lines(run(engine, events[AT_DOSE:])) if e.family == "hub"]
    second_ms = events[AT_DOSE + 1].at_ms
    assert [(e.at_ms, e.transition) for e in about_hub] == [
        (events[AT_DOSE].at_ms, Transition.RAISED),
        (second_ms + 61_000, Transition.LATCHED),
    ]
    assert not isinstance(detector.answer, Off)


@pytest.mark.parametrize("row", ["SPO2-LOW", "SPO2-WARN", "PR-HIGH", "SPO2-FAST"])
def test_a_row_that_fails_while_it_is_present_is_not_over(
    row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off is no evidence: its alarm stays open, whatever values come after it."""
    events = play([*FALL, ("stretch", 60, 1000, 97, 70, 31, None), ("wait", 60_000)])
    back = len(play(FALL))
    engine = Engine()
    before = lines(run(engine, events[:back]))
    detector = next(detector for detector in engine.board.all if detector.id == row)
    monkeypatch.setattr(detector, "on_value", Broken(detector.on_value, 1000))
    after = lines(run(engine, events[back:]))
    assert any(line.row == row for line in before)
    assert [line for line in after if line.row == row and line.transition in GONE] == []
    assert row in engine.alarms.book.open[detector.facts.family].rows


@pytest.mark.long
@tries(6)
@given(MOVES)
def test_recovery_at_every_record_goes_on_as_if_nothing_had_been(moves: list[Move]) -> None:
    """Killed after any record: the same state, so that the rest gives the same effects."""
    events = play(moves)[:80]
    engine = Engine()
    records = [Record(n, e, tuple(engine.handle(e))) for n, e in enumerate(events, start=1)]
    for kept in range(1, len(records)):
        recovered = recover(records[:kept])
        assert recovered.differs is None
        rest = [tuple(recovered.engine.handle(record.event)) for record in records[kept:]]
        assert rest == [record.effects for record in records[kept:]]


def present_after(events: list[Event], at_ms: int) -> tuple[set[str], list[tuple[int, str, bool]]]:
    """Return which rows are present at a time, and what becomes present or ends after it.

    The outage's own row is left out, and CH-FAIL: a hub that was down has sent other messages.
    """
    rows: set[str] = set()
    later: list[tuple[int, str, bool]] = []
    at_mark: set[str] | None = None
    for line in lines(run(Engine(), events)):
        if line.family in ("outage", "reach"):
            continue
        if at_mark is None and line.at_ms > at_ms:
            at_mark = set(rows)
        before = line.row in rows
        if line.transition in GONE:
            rows.discard(line.row)
        elif line.transition in (Transition.RAISED, Transition.JOINED, Transition.UPGRADED):
            rows.add(line.row)
        if at_mark is not None and (line.row in rows) != before:
            later.append((line.at_ms, line.row, line.row in rows))
    return rows if at_mark is None else at_mark, later


@tries(10)
@given(MOVES, st.integers(0, 1000), st.integers(1, 1000))
def test_after_an_outage_the_rows_are_those_of_the_session_without_it(
    moves: list[Move], first: int, mark: int
) -> None:
    """Down between any two events: two minutes after the restart every row is as it would be."""
    events = play(moves)
    for kept in range(1 + first % 20, len(events), 20):
        kill_ms, next_ms = events[kept - 1].at_ms, events[kept].at_ms
        restart_ms = kill_ms + (next_ms - kill_ms) * mark // 1000
        down = MonitorDown(at_ms=restart_ms, down_ms=restart_ms - kill_ms)
        # Two minutes must have passed in both, also when the session's own events end before.
        end = Tick(at_ms=max(events[-1].at_ms, restart_ms + 120_000))
        got = present_after([*events[:kept], down, *events[kept:], end], restart_ms + 120_000)
        assert got == present_after([*events, end], restart_ms + 120_000)
