"""What the measured values say of the gate: pass, hold, stop, or not known yet.

The numbers are those of `clinical.md` 1.4. What is not known passes nothing. This module looks at
the chart; it moves no item, and whether people agree is not asked here.

    judged(chart, "spo2", at_ms)   -> Found("hold", "SpO2 94 % for two minutes: warm the hand ...")
"""

from collections.abc import Callable
from itertools import pairwise

from msgspec import Struct

from devices.observation import DeviceKind
from monitor.chart import BpReading, Chart
from monitor.gate_pressure import apart, mean_of, rounds_of, state_of
from monitor.series import Series

__all__ = ["MEASURES", "Found", "judged"]

_MINUTE_MS = 60_000
_WINDOW_MS = 2 * _MINUTE_MS
_FRESH_MS = 30_000
# "rest 10 min, repeat"; and two minutes of signal for each of three tries (`clinical.md` 1.4).
_REST_MS, _HANDS_MS = 10 * _MINUTE_MS, 6 * _MINUTE_MS
_GOOD_PERCENT = 80
_PULSE_LOW, _PULSE_SLOW_OK, _PULSE_HIGH, _PULSE_STOP = 50, 40, 100, 130
_SPO2, _SPO2_STOP, _SPO2_STOP_HIGH_UP = 95, 92, 90
_RR_OK, _RR_HOLD = (10, 20), (8, 24)
_AWAKE = 5
_INTERVAL_MS, _BATTERY_PCT = 2_000, 30
# What arrives every 2 s arrives a little early or late; a tenth is not slower.
_SLOW_MS, _FEWEST_GAPS = _INTERVAL_MS * 11 // 10, 5
_GLUCOSE_OK, _GLUCOSE_HOLD = (90, 250), (70, 300)


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
    rounds = rounds_of(chart)
    if not rounds:
        return _not_yet(chart, DeviceKind.CUFF, "take two blood pressures, a minute apart")
    last = rounds[-1]
    if apart(last):
        one, two = last
        words = f"{_text(one)} and {_text(two)} differ much: take a third, a minute later"
        return Found(None, f"blood pressure {words}")
    mean = mean_of(last)
    state = state_of(chart, mean)
    if state == "pass" or (mean.too_low and len(last) > 1):
        return Found(state, mean.words)
    before = state_of(chart, mean_of(rounds[-2])) if len(rounds) > 1 else "pass"
    if before == "pass":
        return Found("hold", f"{mean.words}: rest 10 min, then two new readings", ask=False)
    return Found("hold" if before != "stop" else state, mean.words)


def _text(reading: BpReading) -> str:
    return f"{reading.sbp_x100 / 100:g}/{reading.dbp_x100 / 100:g}"


def _not_yet(chart: Chart, kind: DeviceKind, words: str) -> Found:
    """Not known yet; without a device that could tell, people's word stands alone."""
    return Found("pass", "by word") if chart.bound(kind) is None else Found(None, words)


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


def _devices(chart: Chart, now_ms: int) -> Found:
    """A minute of good quality, a report at least every 2 s, batteries above 30 %, two arms.

    A slower oximeter cannot meet SPO2-CRIT and does not pass (`clinical.md` 2.0), whatever the
    patient's file promises. What was promised slow is a stop; what is only found slow now may be a
    bad link, so it is open until it is fast enough.
    """
    oximeter, stream = chart.bound(DeviceKind.OXIMETER), chart.oximeter
    if oximeter is None:
        return Found("pass", "by word")
    if stream.interval_ms > _INTERVAL_MS:
        return Found(
            "stop", f"the oximeter sends every {stream.interval_ms / 1000:g} s: 2 s at most"
        )
    low = [f"{name} {pct} %" for name, pct in chart.battery_pct.items() if pct <= _BATTERY_PCT]
    if low:
        return Found("hold", f"battery {', '.join(low)}: change or charge it")
    cuff = chart.bound(DeviceKind.CUFF)
    if cuff is not None and cuff.same_arm:
        # Where there is no other arm, a physician knows so and lets it pass.
        return Found("hold", "the cuff is on the oximeter's arm: put it on the other one")
    pace_ms = _pace_ms(stream.valid, now_ms)
    if pace_ms is not None and pace_ms > _SLOW_MS:
        words = f"valid values come every {pace_ms / 1000:.1f} s: 2 s at most"
        return Found(None, f"{words}; bring the oximeter nearer, or take another")
    if not _good(chart, stream.spo2, now_ms, _MINUTE_MS):
        return Found(None, "the oximeter needs a minute of good signal")
    return Found("pass", "devices work")


def _pace_ms(series: Series, now_ms: int) -> int | None:
    """The median step of the last minute's values; None: there are too few to tell."""
    count = series.count(now_ms - _MINUTE_MS, now_ms)
    if count <= _FEWEST_GAPS:
        return None
    times = [series.nth_newest_ms(number) or 0 for number in range(1, count + 1)]
    steps = sorted(late - early for late, early in pairwise(times))
    return steps[len(steps) // 2]


def _glucose(chart: Chart, _now_ms: int) -> Found:
    """Only with insulin or a sulfonylurea: 90 to 250 mg/dL (5.0 to 13.9 mmol/L)."""
    glucose = chart.glucose
    if glucose is None:
        return Found(None, "measure the glucose and enter it")
    words = f"glucose {glucose} mg/dL"
    if not _GLUCOSE_HOLD[0] <= glucose <= _GLUCOSE_HOLD[1]:
        return Found("stop", words)
    return Found("pass" if _GLUCOSE_OK[0] <= glucose <= _GLUCOSE_OK[1] else "hold", words)


def _good(chart: Chart, series: Series, now_ms: int, window_ms: int) -> bool:
    """Whether the quality of this window is good: 80 % of the expected samples are valid."""
    expected = window_ms // chart.oximeter.interval_ms
    return series.count(now_ms - window_ms, now_ms) * 100 >= expected * _GOOD_PERCENT


def _median2(chart: Chart, series: Series, now_ms: int) -> int | None:
    """Twice the median of two minutes of good quality; None: there are none."""
    if not _good(chart, series, now_ms, _WINDOW_MS):
        return None
    return series.median2(now_ms - _WINDOW_MS, now_ms)


_MEASURES: dict[str, Callable[[Chart, int], Found]] = {
    "pressure": _pressure,
    "pulse": _pulse,
    "spo2": _spo2,
    "awake": _awake,
    "devices": _devices,
    "glucose": _glucose,
}
MEASURES = tuple(_MEASURES)
"""What a gate item may be measured by."""
