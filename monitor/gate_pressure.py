"""The blood pressure of the gate: rounds of readings, their mean, and the reading that is next.

"mean of 2 readings 1-2 min apart ...; third if they differ by >10 SBP or >6 DBP" (`clinical.md`
1.4). A high mean is rested for 10 min and taken again before anybody is asked; a low one that stops
needs no second round. Nobody is prompted here.

    mean_of(rounds_of(chart)[-1])   -> Mean(sbp=128, dbp=81)
    next_reading(chart)             -> Wanted(due_ms=120000, why="the gate takes ...")
"""

from typing import NamedTuple

from monitor.chart import BpReading, Chart

__all__ = ["Mean", "Wanted", "apart", "mean_of", "next_reading", "rounds_of", "state_of"]

_MINUTE_MS = 60_000
# Readings that are further apart belong to another round; the second is taken after a minute.
_ROUND_MS = 5 * _MINUTE_MS
_APART_MS = _MINUTE_MS
_REST_MS = 10 * _MINUTE_MS
_DIFFER_SBP_X100, _DIFFER_DBP_X100 = 10_00, 6_00
_SBP, _SBP_OLD, _DBP, _OLD_YEARS = 140, 150, 90, 65
_SBP_STOP, _DBP_STOP = 160, 100
_SBP_LOW, _SBP_LOW_STOP, _DBP_LOW = 100, 90, 55
_PAIR = 2


class Mean(NamedTuple):
    """A mean in whole mmHg."""

    sbp: int
    dbp: int

    @property
    def words(self) -> str:
        """As people read it."""
        return f"blood pressure {self.sbp}/{self.dbp}"

    @property
    def too_low(self) -> bool:
        """So low that no dose is given today."""
        return self.sbp < _SBP_LOW_STOP


class Wanted(NamedTuple):
    """One more reading: when, and why."""

    due_ms: int
    why: str


def rounds_of(chart: Chart) -> list[list[BpReading]]:
    """Return the readings of this gate in rounds; one too soon after another counts for nothing."""
    rounds: list[list[BpReading]] = []
    for reading in chart.readings:
        if reading.at_ms < chart.opened_ms:
            continue
        if not rounds or reading.at_ms - rounds[-1][-1].at_ms > _ROUND_MS:
            rounds.append([reading])
        elif reading.at_ms - rounds[-1][-1].at_ms >= _APART_MS:
            rounds[-1].append(reading)
    return rounds


def apart(round_: list[BpReading]) -> bool:
    """Whether a round has two readings that differ too much, and no third yet."""
    if len(round_) != _PAIR:
        return False
    one, two = round_
    return (
        abs(one.sbp_x100 - two.sbp_x100) > _DIFFER_SBP_X100
        or abs(one.dbp_x100 - two.dbp_x100) > _DIFFER_DBP_X100
    )


def mean_of(round_: list[BpReading]) -> Mean:
    """Return the mean of the last two, or the only one, rounded half up to whole mmHg."""
    one, two = round_[-2:] if len(round_) > 1 else round_ * 2
    return Mean(_whole(one.sbp_x100 + two.sbp_x100), _whole(one.dbp_x100 + two.dbp_x100))


def state_of(chart: Chart, mean: Mean) -> str:
    """Return pass, hold or stop for one mean."""
    years = chart.health.age_years
    top = _SBP_OLD if years is not None and years > _OLD_YEARS else _SBP
    if mean.sbp >= _SBP_STOP or mean.dbp >= _DBP_STOP or mean.too_low:
        return "stop"
    if mean.sbp > top or mean.dbp > _DBP or mean.sbp < _SBP_LOW or mean.dbp < _DBP_LOW:
        return "hold"
    return "pass"


def next_reading(chart: Chart) -> Wanted | None:
    """Return the reading that the gate wants after those it has; None: it has enough."""
    rounds = rounds_of(chart)
    if not rounds:
        return None
    last = rounds[-1]
    last_ms = last[-1].at_ms
    if len(last) < _PAIR:
        return Wanted(last_ms + _APART_MS, "the gate takes the mean of two readings")
    if apart(last):
        return Wanted(last_ms + _APART_MS, "the two readings differ: a third one decides")
    mean = mean_of(last)
    if state_of(chart, mean) == "pass" or mean.too_low:
        return None
    before = rounds[-2] if len(rounds) > 1 else None
    if before is not None and state_of(chart, mean_of(before)) != "pass":
        return None
    return Wanted(last_ms + _REST_MS, "after 10 min of rest: two new readings")


def _whole(sum_x100: int) -> int:
    """The mean of two values x 100, rounded half up to a whole number."""
    return (sum_x100 + 100) // 200
