"""What the oximeter saw: lowest SpO2, time below 90 %, unknown time, gaps, the pulse.

A valid sample is one that the session's rows judged by (`monitor/stream.py` says which). It stands
for the time until the next valid one, for 15 s at the most; what no sample stands for is unknown
time, and unknown time is never counted as fine: known and unknown time add up to the whole. Nothing
is averaged and nothing filled in.

>>> track = OximetryTrack(None)
>>> track.spo2 = [(0, 97_00), (10_000, 89_00), (12_000, 95_00)]
>>> found = figures(track, [(0, 60_000)])
>>> found.below_90_ms, found.known_ms, found.unknown_ms, found.gap_ms
(2000, 27000, 33000, 48000)
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from devices.observation import DeviceKind
from monitor.effects import Effect, Unjudged
from monitor.events import Event, Reading
from monitor.patient import Patient
from monitor.stream import OximeterStream

__all__ = ["HOLD_MS", "LOW_X100", "Extreme", "Oximetry", "OximetryTrack", "Span", "figures"]

HOLD_MS = 15_000
"""For how long a valid sample stands at the most."""
LOW_X100 = 90_00
"""Time below this SpO2 is counted."""

Span = tuple[int, int]
"""From when to when, in hub ms."""


class Extreme(Struct, frozen=True):
    """A lowest or highest valid value x 100, and when it was first seen."""

    at_ms: int
    value_x100: int


class Oximetry(Struct, frozen=True):
    """The figures of some spans of time; all times in ms.

    `spo2_low`: the lowest valid SpO2, a doubtful one (1 to 49 %) included. `below_90_ms`: the time
    for which a valid sample below 90 % stands, in `episodes` stretches that a valid sample of 90 %
    or more, or unknown time, ends. `known_ms`: the time for which any valid SpO2 stands;
    `unknown_ms`: the rest of `whole_ms`. `gap_ms`: the longest time from one valid SpO2 to the
    next, ends of a span included, from `gap_from_ms`. `pulse_low`, `pulse_high`: of the valid
    pulses of the oximeter. `samples`: the valid SpO2.
    """

    whole_ms: int
    spo2_low: Extreme | None
    below_90_ms: int
    episodes: int
    known_ms: int
    unknown_ms: int
    gap_ms: int
    gap_from_ms: int
    pulse_low: Extreme | None
    pulse_high: Extreme | None
    samples: int


class OximetryTrack:
    """Every valid sample of a session, as (hub ms, value x 100)."""

    def __init__(self, patient: Patient | None) -> None:
        devices = () if patient is None else patient.devices
        bound = next((one for one in devices if one.kind is DeviceKind.OXIMETER), None)
        self._stream = (
            OximeterStream()
            if bound is None
            else OximeterStream(bound.interval_ms, clock=bound.clock)
        )
        self.spo2: list[tuple[int, int]] = []
        self.pulse: list[tuple[int, int]] = []
        self.reports = 0

    def take(self, event: Event, effects: Iterable[Effect]) -> None:
        """Keep what one report says, if the session judged it."""
        if not isinstance(event, Reading) or event.report.kind is not DeviceKind.OXIMETER:
            return
        self.reports += 1
        if any(isinstance(effect, Unjudged) for effect in effects):
            return
        sample = self._stream.take(event.report, event.at_ms, event.received_ms)
        if sample.spo2 is not None:
            self.spo2.append((event.at_ms, sample.spo2))
        if sample.pulse is not None:
            self.pulse.append((event.at_ms, sample.pulse))


def figures(track: OximetryTrack, spans: Sequence[Span]) -> Oximetry:
    """Return the figures of these spans, which do not overlap."""
    whole = sum(to_ms - from_ms for from_ms, to_ms in spans)
    known, below, episodes = _held(track.spo2, spans)
    gap_ms, gap_from_ms = _longest_gap(track.spo2, spans)
    spo2, pulse = _within(track.spo2, spans), _within(track.pulse, spans)
    return Oximetry(
        whole_ms=whole,
        spo2_low=_lowest(spo2),
        below_90_ms=below,
        episodes=episodes,
        known_ms=known,
        unknown_ms=whole - known,
        gap_ms=gap_ms,
        gap_from_ms=gap_from_ms,
        pulse_low=_lowest(pulse),
        pulse_high=_highest(pulse),
        samples=len(spo2),
    )


def _held(samples: Sequence[tuple[int, int]], spans: Sequence[Span]) -> tuple[int, int, int]:
    """Known time, time below 90 % and its episodes: each sample until the next, 15 s at most."""
    known = below = episodes = 0
    below_until_ms: int | None = None
    for index, (at_ms, value) in enumerate(samples):
        until_ms = at_ms + HOLD_MS
        if index + 1 < len(samples):
            until_ms = min(until_ms, samples[index + 1][0])
        held = 0
        for from_ms, to_ms in spans:
            held += max(0, min(until_ms, to_ms) - max(at_ms, from_ms))
        if held:
            known += held
        if value >= LOW_X100:
            below_until_ms = None
        elif held:
            below += held
            episodes += below_until_ms != at_ms
            below_until_ms = until_ms
    return known, below, episodes


def _longest_gap(samples: Sequence[tuple[int, int]], spans: Sequence[Span]) -> tuple[int, int]:
    longest, since_ms = 0, spans[0][0] if spans else 0
    for from_ms, to_ms in spans:
        last_ms = from_ms
        for at_ms, _ in [*_within(samples, [(from_ms, to_ms)]), (to_ms, 0)]:
            if at_ms - last_ms > longest:
                longest, since_ms = at_ms - last_ms, last_ms
            last_ms = at_ms
    return longest, since_ms


def _within(samples: Sequence[tuple[int, int]], spans: Sequence[Span]) -> list[tuple[int, int]]:
    return [one for one in samples if any(from_ms <= one[0] <= to_ms for from_ms, to_ms in spans)]


def _lowest(samples: Sequence[tuple[int, int]]) -> Extreme | None:
    best = min(samples, key=lambda one: (one[1], one[0]), default=None)
    return None if best is None else Extreme(*best)


def _highest(samples: Sequence[tuple[int, int]]) -> Extreme | None:
    best = max(samples, key=lambda one: (one[1], -one[0]), default=None)
    return None if best is None else Extreme(*best)
