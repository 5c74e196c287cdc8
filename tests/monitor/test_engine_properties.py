"""What holds for every session, however absurd: looks, ticks, other times, doubles, order."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.effects import Effect, Unjudged
from monitor.engine import Engine, EventOrderError
from monitor.events import (
    Event,
    Reading,
    SessionOpened,
    Tick,
)
from monitor.journal import Record, decode, encode
from tests.effort import tries
from tests.moves import MOVES, STARTS
from tests.sessions import Move, decided, flat, opened, play, run

FEW = tries(20)


def with_looks(events: list[Event], marks: list[int], *, ticks: bool) -> list[Effect]:
    """Run the events with a look between them at every mark (thousandths of each gap).

    A look is a tick, or every row judged, which must not be at or after the next deadline.
    """
    engine = Engine()
    out = [engine.handle(events[0])]
    for before, event in pairwise(events):
        for mark in marks:
            at_ms = before.at_ms + (event.at_ms - before.at_ms) * mark // 1000
            due_ms = engine.next_deadline()
            if ticks:
                out.append(engine.handle(Tick(at_ms=max(at_ms, engine.now_ms))))
            elif at_ms >= engine.now_ms and (due_ms is None or at_ms < due_ms):
                engine.judge.refresh(at_ms)
        out.append(engine.handle(event))
    return flat(out)


@FEW
@given(MOVES, STARTS, st.lists(st.integers(0, 1000), min_size=1, max_size=3).map(sorted))
def test_ticks_inserted_anywhere_change_nothing(
    moves: list[Move], start: SessionOpened, marks: list[int]
) -> None:
    """A tick only lets happen what is due; the effects are the same, in the same order."""
    events, expected = decided(moves, start)
    assert with_looks(events, marks, ticks=True) == expected


@FEW
@given(MOVES, STARTS, st.lists(st.integers(0, 1000), min_size=1, max_size=3).map(sorted))
def test_judging_every_row_before_the_next_deadline_changes_nothing(
    moves: list[Move], start: SessionOpened, marks: list[int]
) -> None:
    """Until its deadline no answer changes by time alone, so looking is free."""
    events, expected = decided(moves, start)
    assert with_looks(events, marks, ticks=False) == expected


@FEW
@given(MOVES)
def test_the_next_deadline_is_always_later_than_now(moves: list[Move]) -> None:
    """A loop that waits for it never spins; and going from one to the next changes nothing."""
    events, expected = decided(moves)
    engine = Engine()
    out: list[Effect] = []
    for event in events:
        while (due_ms := engine.next_deadline()) is not None and due_ms < event.at_ms:
            assert due_ms > engine.now_ms
            out += engine.handle(Tick(at_ms=due_ms))
        out += engine.handle(event)
        due_ms = engine.next_deadline()
        assert due_ms is None or due_ms > engine.now_ms
    assert out == expected


def shifted(values: Iterable[Any], by_ms: int) -> list[Any]:
    """Return events or effects as plain values, with hub times and names moved by `by_ms`."""

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: inner + by_ms
                if key in ("at_ms", "received_ms", "until_ms", "due_ms") and inner is not None
                else moved(inner)
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [moved(inner) for inner in value]
        if isinstance(value, str):
            return re.sub(r"@(\d+)", lambda m: f"@{int(m[1]) + by_ms}", value)
        return value

    return [moved(msgspec.json.decode(msgspec.json.encode(value))) for value in values]


@FEW
@given(MOVES, st.integers(1, 10**10))
def test_a_session_at_another_time_is_the_same_session(moves: list[Move], by_ms: int) -> None:
    """All hub times shifted: the same effects, with times and names shifted."""
    events, expected = decided(moves)
    later = msgspec.convert(shifted(events, by_ms), list[Event])
    assert shifted(flat(run(Engine(), later)), 0) == shifted(expected, by_ms)


@FEW
@given(MOVES, st.data())
def test_a_duplicated_report_changes_nothing(moves: list[Move], data: st.DataObject) -> None:
    """Every numbered report comes again, at once or later: it is known, and only that is said."""
    events, expected = decided(moves)
    engine = Engine()
    out: list[Effect] = []
    numbered: list[Reading] = []
    every = data.draw(st.integers(1, 9))
    for event in events:
        out += engine.handle(event)
        if isinstance(event, Reading) and event.report.seq is not None:
            numbered.append(event)
        if numbered and len(out) % every == 0:
            again = data.draw(st.sampled_from(numbered)) if len(out) % 7 == 0 else numbered[-1]
            assert engine.is_duplicate(again.report)
            extra = engine.handle(msgspec.structs.replace(again, at_ms=engine.now_ms))
            assert [type(effect) for effect in extra] == [Unjudged]
    assert out == expected


@FEW
@given(MOVES, st.integers(1, 10_000_000), st.integers(1, 20))
def test_an_event_of_the_past_is_refused_and_changes_nothing(
    moves: list[Move], back_ms: int, every: int
) -> None:
    """Nor may a session be opened twice, or begin with anything else."""
    events, expected = decided(moves)
    engine = Engine()
    out: list[Effect] = []
    with pytest.raises(EventOrderError):
        engine.handle(Tick(at_ms=0))
    for number, event in enumerate(events):
        out += engine.handle(event)
        if number % every == 0:
            for wrong in (event, opened()):
                at_ms = event.at_ms - (back_ms if wrong is event else 0)
                with pytest.raises(EventOrderError):
                    engine.handle(msgspec.structs.replace(wrong, at_ms=at_ms))
    assert out == expected


@FEW
@given(MOVES)
def test_the_same_events_give_the_same_bytes_also_through_the_journal(moves: list[Move]) -> None:
    """Events and effects survive their JSON, and decide the same again to the byte."""
    events = play(moves)
    engine, again = Engine(), Engine()
    for n, event in enumerate(events, start=1):
        record = Record(n, event, tuple(engine.handle(event)))
        body = encode(record)
        read = decode(body)
        assert read == record
        assert encode(Record(n, read.event, tuple(again.handle(read.event)))) == body


@FEW
@given(MOVES)
def test_an_effect_lies_between_the_event_before_and_its_own(moves: list[Move]) -> None:
    """Nothing is decided in the past or the future, and effects come in the order of time."""
    engine = Engine()
    before_ms = -1
    for event in play(moves):
        times = [effect.at_ms for effect in engine.handle(event)]
        assert times == sorted(times)
        assert all(before_ms < at_ms <= event.at_ms or at_ms == event.at_ms for at_ms in times)
        before_ms = event.at_ms
