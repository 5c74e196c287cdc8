"""What the measured values say of the gate: pass, hold, stop, or not known yet.

The numbers are those of `clinical.md` 1.4. What is not known passes nothing. This module looks at
the chart; it moves no item, and whether people agree is not asked here.

    judged(chart, "spo2", at_ms)   -> Found("hold", "SpO2 94 % for two minutes: warm the hand ...")
"""

from collections.abc import Callable

from msgspec import Struct

from devices.observation import DeviceKind
from monitor.chart import BpReading, Chart
from monitor.series import Series

__all__ = ["MEASURES", "Found", "judged"]

_MINUTE_MS = 60_000
_WINDOW_MS = 2 * _MINUTE_MS
# Readings that are further apart belong to another round; the second is taken after a minute.
_ROUND_MS = 5 * _MINUTE_MS
_APART_MS = _MINUTE_MS
_FRESH_MS = 30_000
# "rest 10 min, repeat"; and two minutes of signal for each of three tries (`clinical.md` 1.4).
_REST_MS, _HANDS_MS = 10 * _MINUTE_MS, 6 * _MINUTE_MS
_GOOD_PERCENT = 80
_SBP, _SBP_OLD, _DBP, _OLD_YEARS = 140, 150, 90, 65
_SBP_STOP, _DBP_STOP = 160, 100
_SBP_LOW, _SBP_LOW_STOP, _DBP_LOW = 100, 90, 55
_PULSE_LOW, _PULSE_SLOW_OK, _PULSE_HIGH, _PULSE_STOP = 50, 40, 100, 130
_SPO2, _SPO2_STOP, _SPO2_STOP_HIGH_UP = 95, 92, 90
_RR_OK, _RR_HOLD = (10, 20), (8, 24)
_AWAKE = 5


class Found(Struct, frozen=True):
    """`state`: pass, hold or stop; None: not known. `ask`: a hold that a physician decides.

    `after_ms`: not before the hold has stood so long, for what is to be repeated takes that long.
    """

    state: str | None
    words: str
    ask: bool = True
    after_ms: int = 0


def judged(chart: Chart, measure: str, now_ms: int) -> Found:
    """Return what is known of one measure at the gate."""
    return _MEASURES[measure](chart, now_ms)


def _pressure(chart: Chart, _now_ms: int) -> Found:
    """The mean of two readings, of the last two when there was a third; high ones in two rounds.

    One reading alone is judged as it is: a single high one is reason enough to take another.
    """
    rounds = _rounds([r for r in chart.readings if r.at_ms >= chart.opened_ms])
    if not rounds:
        return _not_yet(chart, DeviceKind.CUFF, "take two blood pressures, a minute apart")
    found = [_of_mean(chart, _mean(one)) for one in rounds]
    last = found[-1]
    if last.state == "pass":
        return last
    if len(found) < 2 or found[-2].state == "pass":  # noqa: PLR2004 - the round before
        return Found("hold", f"{last.words}: rest 10 min, then two new readings", ask=False)
    if last.state == "stop" and found[-2].state != "stop":
        return Found("hold", last.words)
    return last


def _not_yet(chart: Chart, kind: DeviceKind, words: str) -> Found:
    """Not known yet; without a device that could tell, people's word stands alone."""
    return Found("pass", "by word") if chart.bound(kind) is None else Found(None, words)


def _rounds(readings: list[BpReading]) -> list[list[BpReading]]:
    """Readings in rounds; one that comes less than a minute after another counts for nothing."""
    rounds: list[list[BpReading]] = []
    for reading in readings:
        if not rounds or reading.at_ms - rounds[-1][-1].at_ms > _ROUND_MS:
            rounds.append([reading])
        elif reading.at_ms - rounds[-1][-1].at_ms >= _APART_MS:
            rounds[-1].append(reading)
    return rounds


def _mean(readings: list[BpReading]) -> tuple[int, int]:
    """The mean of the last two, or the only one, in whole mmHg."""
    one, two = readings[-2:] if len(readings) > 1 else readings * 2
    return _whole(one.sbp_x100 + two.sbp_x100), _whole(one.dbp_x100 + two.dbp_x100)


def _whole(sum_x100: int) -> int:
    """The mean of two values x 100, rounded half up to a whole number."""
    return (sum_x100 + 100) // 200


def _of_mean(chart: Chart, mean: tuple[int, int]) -> Found:
    (sbp, dbp), years = mean, chart.health.age_years
    top = _SBP_OLD if years is not None and years > _OLD_YEARS else _SBP
    words = f"blood pressure {sbp}/{dbp}"
    if sbp >= _SBP_STOP or dbp >= _DBP_STOP or sbp < _SBP_LOW_STOP:
        return Found("stop", words)
    if sbp > top or dbp > _DBP or sbp < _SBP_LOW or dbp < _DBP_LOW:
        return Found("hold", words)
    return Found("pass", words)


def _pulse(chart: Chart, now_ms: int) -> Found:
    median2 = _median2(chart, chart.oximeter.pulse, now_ms)
    if median2 is None:
        return _not_yet(chart, DeviceKind.OXIMETER, "the pulse needs two minutes of good signal")
    slow_ok = chart.athlete or chart.health.beta_blocker
    low = _PULSE_SLOW_OK if slow_ok else _PULSE_LOW
    words = f"pulse {median2 / 200:g} for two minutes"
    if median2 > 200 * _PULSE_STOP or median2 < 200 * _PULSE_SLOW_OK:
        return Found("stop", words)
    if median2 > 200 * _PULSE_HIGH:
        return Found("hold", f"{words}: rest 10 min", after_ms=_REST_MS)
    return Found("hold" if median2 < 200 * low else "pass", words)


def _spo2(chart: Chart, now_ms: int) -> Found:
    median2 = _median2(chart, chart.oximeter.spo2, now_ms)
    if median2 is None:
        return _not_yet(chart, DeviceKind.OXIMETER, "SpO2 needs two minutes of good signal")
    usual = chart.health.usual_oxygen_pct
    least, stop = (_SPO2, _SPO2_STOP) if usual is None else (min(_SPO2, usual), _SPO2_STOP_HIGH_UP)
    words = f"SpO2 {median2 / 200:g} % for two minutes"
    if median2 >= 200 * least:
        return Found("pass", words)
    if median2 <= 200 * stop:
        return Found("stop", words)
    todo = "warm the hand, try another finger, then the other hand"
    return Found("hold", f"{words}: {todo}", after_ms=_HANDS_MS)


def _awake(chart: Chart, now_ms: int) -> Found:
    """The rating of a check-in at the gate, and the breathing where the oximeter measures it.

    Without a check-in it is the companion's word alone: a rating is nothing else.
    """
    check, rr = chart.check, chart.gate_rr
    if check is not None and check.moaas < _AWAKE:
        return Found("stop", f"not wide awake (MOAA/S {check.moaas})")
    if rr is not None and now_ms - rr[0] <= _FRESH_MS:
        words = f"{rr[1] / 100:g} breaths a minute"
        if not 100 * _RR_HOLD[0] <= rr[1] <= 100 * _RR_HOLD[1]:
            return Found("stop", words)
        if not 100 * _RR_OK[0] <= rr[1] <= 100 * _RR_OK[1]:
            return Found("hold", words)
    return Found("pass", "awake")


def _median2(chart: Chart, series: Series, now_ms: int) -> int | None:
    """Twice the median of two minutes of good quality; None: there are none."""
    from_ms = now_ms - _WINDOW_MS
    expected = _WINDOW_MS // chart.oximeter.interval_ms
    if series.count(from_ms, now_ms) * 100 < expected * _GOOD_PERCENT:
        return None
    return series.median2(from_ms, now_ms)


_MEASURES: dict[str, Callable[[Chart, int], Found]] = {
    "pressure": _pressure,
    "pulse": _pulse,
    "spo2": _spo2,
    "awake": _awake,
}
MEASURES = tuple(_MEASURES)
"""What a gate item may be measured by."""
