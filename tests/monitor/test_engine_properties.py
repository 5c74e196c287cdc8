"""What holds for every session, however absurd: time, evidence, order, failure and recovery."""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.condition import Transition
from alerts.effects import AlarmChanged
from devices.observation import DeviceKind
from monitor.effects import Effect, PhaseChanged, Unjudged
from monitor.engine import Engine, EventOrderError
from monitor.events import (
    CheckedIn,
    CheckInCorrected,
    Discharged,
    Ended,
    Event,
    HandedOver,
    HelpCancelled,
    Reading,
    Tick,
)
from monitor.journal import Record, decode, encode
from monitor.session import RISK_WINDOW
from tests.moves import MOVES
from tests.sessions import Move, opened, play, run

FEW = settings(max_examples=60)
GONE = (Transition.CLEARED, Transition.LATCHED)


def flat(lists: Iterable[list[Effect]]) -> list[Effect]:
    """Return all effects in order."""
    return [effect for effects in lists for effect in effects]


def decided(moves: list[Move]) -> tuple[list[Event], list[Effect]]:
    """Return a session's events and everything that follows from them."""
    events = play(moves)
    return events, flat(run(Engine(), events))


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
@given(MOVES, st.lists(st.integers(0, 1000), min_size=1, max_size=3).map(sorted))
def test_ticks_inserted_anywhere_change_nothing(moves: list[Move], marks: list[int]) -> None:
    """A tick only lets happen what is due; the effects are the same, in the same order."""
    events, expected = decided(moves)
    assert with_looks(events, marks, ticks=True) == expected


@FEW
@given(MOVES, st.lists(st.integers(0, 1000), min_size=1, max_size=3).map(sorted))
def test_judging_every_row_before_the_next_deadline_changes_nothing(
    moves: list[Move], marks: list[int]
) -> None:
    """Until its deadline no answer changes by time alone, so looking is free."""
    events, expected = decided(moves)
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


# What may end a row of a family, each at its own instant. A sedation row also looks at SpO2.
OVER = (Ended, Discharged, HandedOver)
EVIDENCE: dict[str, Callable[[Event], bool]] = {
    "oxygen": lambda event: has_value(event, DeviceKind.OXIMETER),
    "pulse_slow": lambda event: has_value(event, DeviceKind.OXIMETER),
    "pulse_fast": lambda event: has_value(event, DeviceKind.OXIMETER),
    "pressure_high": lambda event: has_value(event, DeviceKind.CUFF),
    "pressure_low": lambda event: has_value(event, DeviceKind.CUFF),
    "sedation": lambda event: (
        isinstance(event, CheckedIn | CheckInCorrected) or has_value(event, DeviceKind.OXIMETER)
    ),
    "breathing": lambda event: isinstance(event, CheckedIn | CheckInCorrected),
    "symptom": lambda event: isinstance(event, CheckedIn | CheckInCorrected),
    "distress": lambda event: isinstance(event, CheckedIn | CheckInCorrected),
    "panic": lambda event: isinstance(event, HelpCancelled),
    "no_signal": lambda event: (
        isinstance(event, OVER)
        or (isinstance(event, Reading) and event.report.kind is DeviceKind.OXIMETER)
    ),
    "cuff": lambda event: has_value(event, DeviceKind.CUFF) or isinstance(event, OVER),
    "companion": lambda event: isinstance(event, (CheckedIn, *OVER)),
}


def has_value(event: Event, kind: DeviceKind) -> bool:
    """Tell whether this is a report of such a device with a value in it."""
    if not isinstance(event, Reading) or event.report.kind is not kind:
        return False
    return any(observation.value_x100 is not None for observation in event.report.observations)


@FEW
@given(moves=MOVES, same_arm=st.booleans())
def test_a_row_ends_only_at_an_instant_with_evidence(moves: list[Move], *, same_arm: bool) -> None:
    """Silence, time, a cuff on the same arm and other news clear nothing: Unknown is not fine."""
    events = play(moves, opened(same_arm=same_arm))
    effects = flat(run(Engine(), events))
    unfounded = [
        effect
        for effect in effects
        if isinstance(effect, AlarmChanged)
        and effect.transition in GONE
        and effect.family in EVIDENCE
        and not any(
            event.at_ms == effect.at_ms and EVIDENCE[effect.family](event) for event in events
        )
    ]
    assert unfounded == []


@FEW
@given(MOVES, st.integers(0, 1000))
def test_an_oximeter_that_falls_silent_ends_no_row_of_its_own(moves: list[Move], mark: int) -> None:
    """The stream cut at any point: no oxygen or pulse row is cleared or latched after it."""
    events = play(moves)
    cut = len(events) * mark // 1000
    rest = [e for e in events[cut:] if not (isinstance(e, Reading) and e.report.device == "ox")]
    engine = Engine()
    run(engine, events[:cut])
    after = flat(run(engine, [*rest, Tick(at_ms=events[-1].at_ms + 3_600_000)]) if cut else [])
    families = ("oxygen", "pulse_slow", "pulse_fast")
    assert [
        effect
        for effect in after
        if isinstance(effect, AlarmChanged)
        and effect.family in families
        and effect.transition in GONE
    ] == []


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


@FEW
@given(MOVES)
def test_nobody_is_unseen_for_30_seconds_without_an_alarm(moves: list[Move]) -> None:
    """From the dose on: a valid sample of the last 15 s, or an open alarm of family no_signal."""
    engine = Engine()
    watched = [phase.value for phase in RISK_WINDOW]
    dark_since: int | None = None
    phase, signals, last_ms = "", set[str](), 0
    for event in [*(events := play(moves)), Tick(at_ms=events[-1].at_ms + 600_000)]:
        valid_ms = engine.chart.oximeter.last_valid_ms if engine.opened else None
        for effect in [*engine.handle(event), Tick(at_ms=event.at_ms)]:
            seen_until = -1 if valid_ms is None else valid_ms + 15_000
            if phase in watched and not signals and effect.at_ms > seen_until:
                dark_since = max(last_ms, seen_until) if dark_since is None else dark_since
                assert effect.at_ms - dark_since <= 30_000, (dark_since, effect)
            else:
                dark_since = None
            last_ms = effect.at_ms
            if isinstance(effect, PhaseChanged):
                phase = effect.phase
            elif isinstance(effect, AlarmChanged) and effect.family == "no_signal":
                follow(signals, effect)


def follow(rows: set[str], line: AlarmChanged) -> None:
    """Keep the rows that are present or latched."""
    if line.transition in (Transition.CLEARED, Transition.RESET):
        rows.discard(line.row)
    else:
        rows.add(line.row)
