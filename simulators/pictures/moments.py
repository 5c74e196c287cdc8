"""One simulated session up to a moment, as a hub would tell it to a page.

A whole world is played in virtual time with the shipped plan and the real engine; when the moment
has come the session is told once, complete with its past and its decisions, and the world stops.
The same scenario, seed and moment give the same words. Nothing is opened or drawn here.

    told = until(scenario, alarmed(Priority.HIGH, 20), rng, plan, texts)
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import structs
from numpy.random import Generator

from alerts.condition import Priority
from alerts.texts import Texts
from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Event, SessionOpened
from monitor.feed_lines import lines_of
from monitor.feed_words import SnapshotSent
from monitor.history import History, HistoryView
from monitor.patient_taps import patient_check
from monitor.plan import Plan
from monitor.snapshot import snapshot
from monitor.stream import OximeterStream
from simulators.worlds.played import Unkept
from simulators.worlds.scenario import Scenario
from simulators.worlds.script import play

__all__ = ["Moment", "after_dose", "alarmed", "asked", "shifted", "silent", "until"]

Moment = Callable[[Engine], bool]

_LINES = 200


class _NowError(Exception):
    """The moment has come; the rest of the world is not needed."""


def after_dose(minutes: float) -> Moment:
    """So long after the dose."""
    return lambda engine: (
        engine.chart.dose_ms is not None
        and engine.now_ms - engine.chart.dose_ms >= minutes * 60_000
    )


def alarmed(priority: Priority, for_s: int, *, accepted: bool = False) -> Moment:
    """An alarm of this priority has been open for so long; with or without somebody who has it."""

    def came(engine: Engine) -> bool:
        for alarm in engine.alarms.book.open.values():
            care = engine.alarms.cares[alarm.id]
            aged = engine.now_ms - alarm.raised_ms >= for_s * 1_000
            if alarm.level[0] is priority and aged and bool(care.leases) is accepted:
                return True
        return False

    return came


def silent(seconds: int) -> Moment:
    """The oximeter was heard last so long ago, after the dose."""

    def came(engine: Engine) -> bool:
        last = engine.chart.oximeter.spo2.last
        dosed = engine.chart.dose_ms is not None
        return dosed and last is not None and engine.now_ms - last[0] >= seconds * 1_000

    return came


def asked() -> Moment:
    """The patient has been asked for a tap, after the peak, and has not given it yet."""

    def came(engine: Engine) -> bool:
        from_ms = patient_check(engine).from_ms
        return after_dose(60)(engine) and from_ms is not None and from_ms <= engine.now_ms

    return came


class _Watch:
    """Follows one world and stops it at its moment."""

    def __init__(self, moment: Moment, texts: Texts) -> None:
        self._moment, self._texts = moment, texts
        self._history = History(OximeterStream())
        self._lines: list[dict[str, Any]] = []
        self.told: SnapshotSent | None = None

    def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Take one decision."""
        if isinstance(event, SessionOpened):
            self._history = History.of(event.patient)
        self._history.take(event, effects)
        self._lines = [*self._lines, *lines_of(event, effects)][-_LINES:]
        if not self._moment(engine):
            return []
        state = snapshot(engine, engine.now_ms, self._texts, record=1, recording=True)
        self.told = SnapshotSent(
            session="s",
            seq=1,
            state=msgspec.to_builtins(state),
            history=self._history.view(),
            lines=self._lines,
        )
        raise _NowError


def until(
    scenario: Scenario, moment: Moment, rng: Generator, plan: Plan, texts: Texts
) -> SnapshotSent:
    """Return what a page is told of this session at the moment.

    Raises:
        LookupError: the moment never comes in this scenario.
    """
    watch = _Watch(moment, texts)
    with suppress(_NowError):
        play(scenario, 0, rng, plan, [watch])
    if watch.told is None:
        raise LookupError(f"the moment for a picture never comes in {scenario.name}")
    return watch.told


def shifted(told: SnapshotSent, to_ms: int, session: str, name: str) -> SnapshotSent:
    """The same session moved in time and named, so that several stand on one wall."""
    by_ms = to_ms - int(told.state["at_ms"])
    # Of the past, a bin's length is no time, and readings of the cuff are bare numbers.
    past = _moved(msgspec.to_builtins(told.history), by_ms) | {
        "bin_ms": told.history.bin_ms,
        "bp": [(at_ms + by_ms, sbp, dbp) for at_ms, sbp, dbp in told.history.bp],
    }
    return structs.replace(
        told,
        session=session,
        state=_moved(told.state, by_ms) | {"session": session, "patient_name": name},
        history=msgspec.convert(past, HistoryView),
        lines=_moved(told.lines, by_ms),
    )


def _moved(told: Any, by_ms: int) -> Any:
    if isinstance(told, list | tuple):
        return [_moved(one, by_ms) for one in told]
    if not isinstance(told, dict):
        return told
    return {
        key: value + by_ms
        if key.endswith("_ms") and isinstance(value, int)
        else _moved(value, by_ms)
        for key, value in told.items()
    }
