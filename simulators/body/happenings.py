"""Events played over time: what they add to a body in each second of a block.

Planned events wait for the first dose; others begin when they are handed in. Waking the patient or
turning them on the side ends a closed airway or a stopped breath once its least time is over; on
the side, later closures are half as deep.

It moves no body and reads no clock; it draws from the generator that is handed in the times and
depths of the closures that a co-sedative brings, at the event's own beginning.

>>> from numpy.random import default_rng
>>> from simulators.body.events import anxiety
>>> play = Happenings((anxiety(after_dose_ms=0),), default_rng(1))
>>> play.dosed(at_ms=0)
>>> play.overlay(np.array([120_000])).pulse_bpm.tolist()
[20.0]
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from devices.checkin import Breathing, Mood, Sign
from simulators.body.events import Apnoea, CoSedative, Event, Obstruction, Surge
from simulators.body.kinetics import FloatArray

__all__ = ["BREATHS", "MOODS", "Happenings", "IntArray", "Overlay"]

BREATHS = (Breathing.QUIET, Breathing.SLOW, Breathing.NOISY, Breathing.NOT)
MOODS = (Mood.CALM, Mood.UNEASY, Mood.UPSET, Mood.FIGHTING)
_GASP = 2.5
_ON_SIDE = 0.5
_HOUR_MS = 3_600_000
_DIP_MS = (15_000, 45_000)
_DIP_PCT = (4.0, 15.0)
_DIP_RECOVER_MS = (20_000, 30_000)

IntArray = NDArray[np.int64]


class Overlay:
    """What all events together do in each second: sums, products, and the worst that is seen."""

    def __init__(self, seconds: int) -> None:
        self.dip_pct: FloatArray = np.zeros(seconds)
        self.breath: FloatArray = np.ones(seconds)
        self.opioid: FloatArray = np.ones(seconds)
        self.sleep: FloatArray = np.ones(seconds)
        self.sbp_mmhg: FloatArray = np.zeros(seconds)
        self.dbp_mmhg: FloatArray = np.zeros(seconds)
        self.pulse_bpm: FloatArray = np.zeros(seconds)
        self.rr_bpm: FloatArray = np.zeros(seconds)
        self.moving: IntArray = np.zeros(seconds, dtype=np.int64)
        self.mood: IntArray = np.zeros(seconds, dtype=np.int64)
        self.breathing: IntArray = np.zeros(seconds, dtype=np.int64)
        self.signs: list[tuple[Sign, ...]] = [()] * seconds


@dataclass(slots=True)
class _Play:
    """One event from its beginning; `until_ms` is when an airway opens or breath returns."""

    event: Event
    begin_ms: int
    until_ms: int = 0

    def __post_init__(self) -> None:
        self.until_ms = self._down_ms() + getattr(self.event, "max_hold_ms", 0)

    def _down_ms(self) -> int:
        """When it is fully there."""
        return self.begin_ms + getattr(self.event, "fall_ms", 0)

    def end_by(self, at_ms: int) -> bool:
        """Somebody helps now; return whether that changes anything."""
        event = self.event
        if not isinstance(event, Obstruction | Apnoea) or not self.begin_ms < at_ms < self.until_ms:
            return False
        until_ms = min(max(at_ms, self._down_ms() + event.hold_ms), self.until_ms)
        is_sooner = until_ms < self.until_ms
        self.until_ms = until_ms
        return is_sooner


class Happenings:
    """All events of one body."""

    def __init__(self, events: tuple[Event, ...], rng: Generator) -> None:
        self._planned = events
        self._rng = rng
        self._plays: list[_Play] = []
        self._on_side_from_ms: int | None = None

    def dosed(self, at_ms: int) -> None:
        """The first dose is taken: what was planned from it gets its time."""
        for event in self._planned:
            self._begin(event, at_ms + event.after_dose_ms)
        self._planned = ()

    def begin(self, event: Event, at_ms: int) -> None:
        """An event begins now, whatever its own time says."""
        self._begin(event, at_ms)

    def rouse(self, at_ms: int) -> bool:
        """Somebody wakes the patient; return whether that changes anything."""
        # Every one of them is told: any() would stop at the first that changes.
        changed = [play.end_by(at_ms) for play in self._plays]
        return any(changed)

    def turn_on_side(self, at_ms: int) -> bool:
        """Somebody turns the patient on the side; return whether that changes anything."""
        changed = self.rouse(at_ms) or self._on_side_from_ms is None
        if self._on_side_from_ms is None:
            self._on_side_from_ms = at_ms
        return changed

    def overlay(self, times_ms: IntArray) -> Overlay:
        """Return what happens at these times (ascending)."""
        over = Overlay(len(times_ms))
        for play in self._plays:
            if play.begin_ms > times_ms[-1]:
                continue
            event = play.event
            if isinstance(event, Obstruction):
                self._obstruct(over, times_ms, play, event)
            elif isinstance(event, Apnoea):
                _stop_breath(over, times_ms, play, event)
            elif isinstance(event, CoSedative):
                _sedate(over, times_ms - play.begin_ms, event)
            else:
                _surge(over, times_ms - play.begin_ms, event)
        return over

    def _begin(self, event: Event, at_ms: int) -> None:
        self._plays.append(_Play(event, at_ms))
        if isinstance(event, CoSedative) and event.dips_per_h > 0:
            for dip in _closures(event, self._rng):
                self._plays.append(_Play(dip, at_ms + dip.after_dose_ms))

    def _obstruct(self, over: Overlay, at_ms: IntArray, play: _Play, event: Obstruction) -> None:
        """The airway closes, saturation falls; after the opening it recovers from where it is."""
        shut = np.minimum((at_ms - play.begin_ms) / max(event.fall_ms, 1), 1.0)
        left = 1.0 - np.maximum(at_ms - play.until_ms, 0) / max(event.recover_ms, 1)
        share = np.clip(np.minimum(shut, left), 0.0, 1.0)
        side_ms = self._on_side_from_ms
        depth_pct = event.depth_pct
        if side_ms is not None and play.begin_ms >= side_ms:
            depth_pct *= _ON_SIDE
        over.dip_pct += depth_pct * share
        _breathe(over, (at_ms > play.begin_ms) & (at_ms < play.until_ms), Breathing.NOISY)


def _closures(event: CoSedative, rng: Generator) -> list[Obstruction]:
    """Draw the closed airways of one drug: lengths, depths and recoveries of sleep literature."""
    dips: list[Obstruction] = []
    at_ms = event.onset_ms
    while True:
        at_ms += round(float(rng.exponential(_HOUR_MS / event.dips_per_h)))
        if at_ms > event.onset_ms + event.hold_ms:
            return dips
        length_ms = round(float(rng.uniform(*_DIP_MS)))
        fall_ms = length_ms * 3 // 4
        hold_ms = length_ms - fall_ms
        dips.append(
            Obstruction(
                after_dose_ms=at_ms,
                depth_pct=float(rng.uniform(*_DIP_PCT)),
                fall_ms=fall_ms,
                hold_ms=hold_ms,
                max_hold_ms=hold_ms,
                recover_ms=round(float(rng.uniform(*_DIP_RECOVER_MS))),
            )
        )


def _breathe(over: Overlay, now: NDArray[np.bool_], what: Breathing) -> None:
    over.breathing = np.maximum(over.breathing, np.where(now, BREATHS.index(what), 0))


def _stop_breath(over: Overlay, at_ms: IntArray, play: _Play, event: Apnoea) -> None:
    stopped = (at_ms > play.begin_ms) & (at_ms <= play.until_ms)
    gasps = (at_ms > play.until_ms) & (at_ms <= play.until_ms + event.gasp_ms)
    over.breath *= np.where(stopped, 0.0, np.where(gasps, _GASP, 1.0))
    _breathe(over, stopped, Breathing.NOT)


def _share(into_ms: IntArray, rise_ms: int, hold_ms: int, fall_ms: int) -> FloatArray:
    """Return 0..1: up in `rise_ms`, there for `hold_ms`, back in `fall_ms`."""
    up = into_ms / max(rise_ms, 1)
    down = 1.0 - (into_ms - rise_ms - hold_ms) / max(fall_ms, 1)
    return np.clip(np.minimum(up, down), 0.0, 1.0)


def _sedate(over: Overlay, into_ms: IntArray, event: CoSedative) -> None:
    share = _share(into_ms, event.onset_ms, event.hold_ms, event.offset_ms)
    over.sleep *= 1.0 + (event.sleep_shift - 1.0) * share
    left = 1.0 - (1.0 - event.ventilation) * share
    if event.is_opioid:
        over.opioid *= left
    else:
        over.breath *= left


def _surge(over: Overlay, into_ms: IntArray, event: Surge) -> None:
    share = _share(into_ms, event.rise_ms, event.hold_ms, event.fall_ms)
    over.sbp_mmhg += event.sbp_mmhg * share
    over.dbp_mmhg += event.dbp_mmhg * share
    over.pulse_bpm += event.pulse_bpm * share
    over.rr_bpm += event.rr_bpm * share
    seen = (into_ms > 0) & (into_ms <= event.rise_ms + event.hold_ms)
    over.moving = np.maximum(over.moving, np.where(seen, event.moving, 0))
    over.mood = np.maximum(over.mood, np.where(seen, MOODS.index(event.mood), 0))
    if event.signs:
        for second in np.flatnonzero(seen).tolist():
            over.signs[second] += tuple(
                sign for sign in event.signs if sign not in over.signs[second]
            )
