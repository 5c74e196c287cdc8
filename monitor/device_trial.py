"""What a visit to a device proves: a first value, and whether it will do for a session.

The same words hold as in a session: a sample is valid by `stream`'s rules, an oximeter sends at
least every 2 s, four fifths of a minute's samples are valid, a battery is above 30 %, and a cuff's
reading that is older than five minutes comes from its memory. What a device does not tell is no
fault, and is said.

Judges what was heard; hears nothing itself.

>>> battery_fault(31), battery_fault(None)
('', '')
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from devices.device_clock import CLOCK_OK_S, off_s
from devices.heard import Heard, Identity, report
from devices.observation import Metric, Mode, Validity
from monitor.stream import OximeterStream

__all__ = [
    "CuffTrial",
    "OximeterTrial",
    "battery_fault",
    "clock_fault",
    "oximeter_trial",
    "value_words",
]

_SLOW_MS = 2_200
_GOOD_PERCENT, _BATTERY_PCT = 80, 30
_OLD_S = 5 * 60
_FEWEST = 5
_WORDS = {Metric.SPO2: "SpO2 {} %", Metric.PULSE: "pulse {}", Metric.CUFF_PULSE: "pulse {}"}


class OximeterTrial(NamedTuple):
    """What an oximeter sent: how many reports, how many of them valid, its median step."""

    reports: int
    valid: int
    step_ms: int | None
    first: Heard | None
    why_invalid: tuple[str, ...]

    @property
    def slow(self) -> str:
        """Why it is too slow for a session, empty when it is not, or nobody knows."""
        if self.step_ms is None or self.step_ms <= _SLOW_MS:
            return ""
        return (
            f"it sends every {self.step_ms / 1000:.1f} s: a session's oximeter at least every 2 s"
        )

    @property
    def faults(self) -> list[str]:
        """Everything that keeps it from a session."""
        if not self.reports:
            return ["sent no report: switch it on, put it on a finger and bring it nearer"]
        found = [self.slow] if self.slow else []
        if self.valid * 100 < self.reports * _GOOD_PERCENT:
            why = ", ".join(self.why_invalid) or "no value"
            found.append(
                f"{self.valid} of {self.reports} samples were valid ({why}): warm the hand, take"
                " another finger, keep still"
            )
        return found


def oximeter_trial(heard: Iterable[tuple[int, Heard]]) -> OximeterTrial:
    """Judge what was heard of an oximeter; times in ms, in order."""
    stream, times, valid, first = OximeterStream(), [], 0, None
    why: dict[str, None] = {}
    for number, (at_ms, one) in enumerate(heard):
        if not one.reports:
            continue
        times.append(at_ms)
        sample = stream.take(report(one, Identity("trial", Mode.TEST, "trial", number)), at_ms)
        if one.stored or one.mode is not None:
            why["from its memory" if one.stored else f"{one.mode} mode"] = None
        elif sample.spo2 is not None and sample.pulse is not None:
            valid += 1
            first = first or one
        elif sample.why:
            why[sample.why.replace("_", " ")] = None
    steps = sorted(late - early for early, late in pairwise(times))
    step_ms = steps[len(steps) // 2] if len(times) >= _FEWEST else None
    return OximeterTrial(len(times), valid, step_ms, first, tuple(why))


class CuffTrial:
    """What a cuff sent, reading by reading.

    `first` is its first live reading; `clock_right` whether its own time is to be believed, as was
    known before or as a reading shows. Without that an old reading cannot be told from a new one.
    """

    def __init__(self, *, clock_right: bool) -> None:
        self.first: Heard | None = None
        self.clock_right = clock_right
        self._memory = 0
        self._doubtful: list[int] = []
        self._faults: dict[str, None] = {}

    def take(self, one: Heard, local: datetime) -> None:
        """Judge one reading that came at this local time."""
        if not one.reports:
            return
        off = None if one.at is None or not one.at.known else off_s(one.at, local)
        if off is not None and abs(off) <= CLOCK_OK_S:
            self.clock_right = True
        values = {o.metric: o for o in one.observations if o.validity is Validity.VALID}
        if one.stored:
            self._memory += 1
        elif off is not None and not self._oldest_s <= off <= CLOCK_OK_S:
            self._doubtful.append(off)
        elif one.mode is not None:
            self._faults[f"is in {one.mode} mode: no reading of it is anybody's"] = None
        elif one.failure is not None:
            self._faults[f"could not measure: {one.failure}"] = None
        elif Metric.SBP not in values or Metric.DBP not in values:
            self._faults["sent a reading without pressures"] = None
        else:
            self.first = self.first or one

    @property
    def _oldest_s(self) -> int:
        return -_OLD_S if self.clock_right else -CLOCK_OK_S

    @property
    def memory(self) -> int:
        """How many readings came from its memory, as far as its clock can be believed."""
        return self._memory + (len(self._doubtful) if self.clock_right else 0)

    @property
    def faults(self) -> list[str]:
        """What was wrong with its other readings."""
        found = list(self._faults)
        if self._doubtful and not self.clock_right:
            found.append(
                f"stamps its readings {self._doubtful[-1]:+d} s from now: set its clock, for an old"
                " reading cannot be told from a new one"
            )
        return found


def battery_fault(level_pct: int | None) -> str:
    """Return what is wrong with a battery, empty when nothing is or it does not tell."""
    if level_pct is None or level_pct > _BATTERY_PCT:
        return ""
    return f"its battery is at {level_pct} %: change or charge it, the gate wants more than 30 %"


def clock_fault(off: int | None) -> str:
    """Return what is wrong with a clock that is ahead by so many seconds; None: not known."""
    if off is None or abs(off) <= CLOCK_OK_S:
        return ""
    return f"its clock is off by {off:+d} s: set it with --set-clock"


def value_words(one: Heard) -> str:
    """Return a reading's values for people."""
    known = {o.metric: o.value_x100 for o in one.observations if o.value_x100 is not None}
    parts = []
    if Metric.SBP in known and Metric.DBP in known:
        parts.append(f"{known[Metric.SBP] / 100:g}/{known[Metric.DBP] / 100:g} mmHg")
    parts += [
        words.format(f"{known[metric] / 100:g}")
        for metric, words in _WORDS.items()
        if metric in known
    ]
    return ", ".join(parts) or "no value"
