"""How a session went as a whole: phases, the end and by whom, outages, changed limits, rows off.

Read from the record alone. A session that has not ended says so; a time over which the hub's clock
was unknown makes every length across it "at least".

    track.take(event, effects, refused=False)
    track.watched(dose_ms, last_ms)       -> [(dose_ms, discharge_ms)]
"""

from collections.abc import Iterable

from msgspec import Struct

from alerts.rehearsal import RehearsalChanged
from monitor.effects import (
    BaselineFrozen,
    Effect,
    Informed,
    LimitChanged,
    PhaseChanged,
    RowOff,
)
from monitor.events import (
    ClockSettled,
    Discharged,
    DischargeTried,
    Ended,
    Event,
    HandedOver,
    HelpCalled,
    MonitorDown,
    RecordGap,
)
from monitor.report.oximetry import Span
from monitor.session import MONITORED, OVER, Phase

__all__ = ["CourseTrack", "End", "Stage"]

_LEAVES = frozenset({Phase.FOLLOW_UP, Phase.DISCHARGED})


class Stage(Struct, frozen=True):
    """One phase, from when to when; `to_ms` is None while it goes on."""

    phase: Phase
    from_ms: int
    to_ms: int | None
    reason: str


class End(Struct, frozen=True):
    """How watching ended: `phase`, when, by whom (None: by nobody's word) and why."""

    phase: Phase
    at_ms: int
    by: str | None
    reason: str


class CourseTrack:
    """The course of one session."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []
        self.ends: list[End] = []
        self.downs: list[MonitorDown] = []
        self.settled: list[ClockSettled] = []
        self.gaps: list[RecordGap] = []
        self.baselines: dict[str, BaselineFrozen] = {}
        self.limits: list[LimitChanged] = []
        self.off: list[RowOff] = []
        self.informed: list[Informed] = []
        self.rehearsals: list[RehearsalChanged] = []
        self.handed: list[HandedOver] = []
        self.help: list[HelpCalled] = []
        self.trials: list[DischargeTried] = []

    @property
    def discharge(self) -> End | None:
        """The discharge; None: there was none."""
        return next((end for end in reversed(self.ends) if end.phase in _LEAVES), None)

    @property
    def end(self) -> End | None:
        """How watching ended; None: it goes on."""
        if not self.ends or self.stages[-1].phase in MONITORED:
            return None
        since_ms = self.watched_to_ms(self.stages[-1].from_ms)
        return next(end for end in self.ends if end.at_ms >= since_ms)

    @property
    def phase(self) -> Phase:
        """The phase that the record ends in."""
        return self.stages[-1].phase if self.stages else Phase.SETUP

    def watched_to_ms(self, last_ms: int) -> int:
        """When watching ended for good; `last_ms`, the last record, while it goes on."""
        watched = [stage for stage in self.stages if stage.phase in MONITORED]
        to_ms = watched[-1].to_ms if watched else None
        return last_ms if to_ms is None else to_ms

    @property
    def at_least(self) -> bool:
        """The hub was down for a time that nobody ever learnt."""
        unknown = sum(down.down_ms is None for down in self.downs)
        return unknown > len(self.settled)

    @property
    def cuts(self) -> tuple[int, ...]:
        """Hub times at which the clock of day starts anew (`monitor/report/wall.py`)."""
        unknown = [down.at_ms for down in self.downs if down.down_ms is None]
        return tuple(sorted([*unknown, *(one.at_ms for one in self.settled)]))

    def take(self, event: Event, effects: Iterable[Effect], *, refused: bool) -> None:
        """Take one record."""
        if isinstance(event, MonitorDown):
            self.downs.append(event)
        elif isinstance(event, ClockSettled):
            self.settled.append(event)
        elif isinstance(event, RecordGap):
            self.gaps.append(event)
        elif isinstance(event, HandedOver) and not refused:
            self.handed.append(event)
        elif isinstance(event, HelpCalled) and not refused:
            self.help.append(event)
        elif isinstance(event, DischargeTried) and not refused:
            self.trials.append(event)
        for effect in effects:
            self._effect(event, effect)

    def watched(self, from_ms: int, last_ms: int) -> list[Span]:
        """The spans from `from_ms` to `last_ms` in which the session was watched."""
        spans: list[Span] = []
        for stage in self.stages:
            if stage.phase not in MONITORED:
                continue
            start = max(stage.from_ms, from_ms)
            end = last_ms if stage.to_ms is None else stage.to_ms
            if end <= start:
                continue
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans

    def _effect(self, event: Event, effect: Effect) -> None:
        if isinstance(effect, PhaseChanged):
            self._phase(event, effect)
        elif isinstance(effect, BaselineFrozen):
            self.baselines[effect.metric] = effect
        elif isinstance(effect, LimitChanged):
            self.limits.append(effect)
        elif isinstance(effect, RowOff):
            self.off.append(effect)
        elif isinstance(effect, Informed):
            self.informed.append(effect)
        elif isinstance(effect, RehearsalChanged) and not effect.contact:
            self.rehearsals.append(effect)

    def _phase(self, event: Event, change: PhaseChanged) -> None:
        phase = Phase(change.phase)
        if self.stages:
            last = self.stages[-1]
            self.stages[-1] = Stage(last.phase, last.from_ms, change.at_ms, last.reason)
        self.stages.append(Stage(phase, change.at_ms, None, change.reason))
        if phase in OVER or phase in _LEAVES:
            persons = (Discharged, DischargeTried, Ended, HandedOver)
            by = event.by if isinstance(event, persons) else None
            self.ends.append(End(phase, change.at_ms, by, change.reason))
