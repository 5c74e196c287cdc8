"""When a session may end well: the ten criteria of `clinical.md` 1.4, all twice, 10 min apart.

Six are measured, four are what the companion saw at a trial; an answer is known for 15 min. Each
criterion is met, not met or not known (None), and what is not known is not met. This module judges
and counts trials; it moves no phase and asks nobody.

    trials.answered(answers, at_ms)
    trials.judge(judged(chart, trials, open_alarms, at_ms), at_ms)   first time: met since now
    trials.twice(at_ms)                                              ten minutes later: True
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from alerts.alarm import Alarm
from alerts.condition import Kind, Priority
from devices.observation import Metric
from monitor.chart import BpReading, Chart

__all__ = ["Answers", "Criterion", "Trials", "judged", "next_reading_ms", "unmet"]

_MINUTE_MS = 60_000
_SINCE_DOSE_MS = 120 * _MINUTE_MS
_APART_MS = 10 * _MINUTE_MS
_BP_FRESH_MS = _ANSWER_MS = 15 * _MINUTE_MS
_WINDOW_MS = 10 * _MINUTE_MS
# What a companion needs for a reading once it was asked for.
_READING_MS = 3 * _MINUTE_MS
_MORE_MS = 5 * _MINUTE_MS
_GOOD_PERCENT = 80
_SBP_UP, _DBP_UP = 10_00, 8_00
_SBP, _DBP = 140_00, 90_00
_SBP_OVER, _DBP_OVER = 20_00, 10_00
_SBP_NEVER, _DBP_NEVER = 160_00, 100_00
_PULSE_HIGH, _PULSE_OVER, _PULSE_LOW = 110_00, 20_00, 50_00
_PULSE_GATE = 100_00
_SLOW_BASELINE, _PULSE_UNDER = 55_00, 5_00
_SPO2, _SPO2_UNDER = 94_00, 2_00
_AWAKE = 5
_NAUSEA_OF_TEN = 3


class Answers(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the companion saw at a trial; None is not answered, and so not met.

    `walk`: without help; `drink`: without vomiting; `nausea`: 0 to 10; `oriented`: to person, place
    and date; `feels_normal`: or nearly, both say so; `no_ideation`: no thoughts of suicide above
    the plan's level; `stays`: the companion stays until bedtime, and nobody drives today.
    """

    walk: bool | None = None
    drink: bool | None = None
    nausea: Annotated[int, Meta(ge=0, le=10)] | None = None
    oriented: bool | None = None
    feels_normal: bool | None = None
    no_ideation: bool | None = None
    stays: bool | None = None


class Criterion(Struct, frozen=True):
    """One criterion: met, not met, or not known, and why in plain words."""

    met: bool | None
    words: str


class Trials:
    """The trials of one session, and what the companion last answered.

    `met_since_ms`: the first of the trials in a row at which all criteria were met.
    """

    def __init__(self) -> None:
        self._answers: Answers | None = None
        self._answers_ms = 0
        self.met_since_ms: int | None = None

    def answers(self, now_ms: int) -> Answers | None:
        """What was answered in the last 15 min."""
        fresh = now_ms - self._answers_ms <= _ANSWER_MS
        return self._answers if fresh else None

    def answered(self, answers: Answers, at_ms: int) -> None:
        """The companion answers the items that nothing can measure."""
        self._answers, self._answers_ms = answers, at_ms

    def judge(self, criteria: Mapping[str, Criterion], at_ms: int) -> None:
        """Count this trial: one that is not met in full starts over."""
        if unmet(criteria):
            self.restart()
        elif self.met_since_ms is None:
            self.met_since_ms = at_ms

    def twice(self, now_ms: int) -> bool:
        """Whether all criteria, met now, were met ten minutes ago too."""
        return self.met_since_ms is not None and now_ms - self.met_since_ms >= _APART_MS

    def restart(self) -> None:
        """What was met before counts no longer (a trial failed, or the phase has changed)."""
        self.met_since_ms = None


def unmet(criteria: Mapping[str, Criterion]) -> list[str]:
    """Return the words of each criterion that is not known to be met."""
    return [criterion.words for criterion in criteria.values() if not criterion.met]


def next_reading_ms(chart: Chart, criteria: Mapping[str, Criterion], at_ms: int) -> int | None:
    """When this trial wants a blood pressure: now, or in time for the next one; None: not at all.

    "every 30 min and at discharge" (`clinical.md` 1.4, schedule)
    """
    met = criteria["blood_pressure"].met
    if met is None:
        return at_ms
    if not met:
        # High or rising: one more tells noise from a trend.
        return max(at_ms, chart.readings[-1].at_ms + _MORE_MS)
    again_ms = at_ms + _APART_MS
    if unmet(criteria) or again_ms - chart.readings[-1].at_ms <= _BP_FRESH_MS:
        return None
    return again_ms - _READING_MS


def judged(
    chart: Chart, trials: Trials, alarms: Iterable[Alarm], now_ms: int
) -> dict[str, Criterion]:
    """Return every criterion as it is now, by its name."""
    alarms, said = tuple(alarms), trials.answers(now_ms)
    return {
        "time": _time(chart, now_ms),
        "blood_pressure": _pressure(chart, now_ms),
        "pulse": _pulse(chart, now_ms),
        "spo2": _spo2(chart, alarms, now_ms),
        "awake": _awake(chart, said, now_ms),
        "feels_normal": _told(said, lambda a: a.feels_normal, "feels normal, or nearly"),
        "walks": _walks(said),
        "no_alarm": _no_alarm(alarms),
        "no_ideation": _told(said, lambda a: a.no_ideation, "no thoughts of suicide"),
        "stays": _told(said, lambda a: a.stays, "the companion stays, nobody drives"),
    }


def _time(chart: Chart, now_ms: int) -> Criterion:
    if chart.dose_ms is None:
        return Criterion(None, "no dose is on record")
    left_ms = chart.dose_ms + _SINCE_DOSE_MS - now_ms
    if left_ms > 0:
        return Criterion(False, f"{-(-left_ms // _MINUTE_MS)} min left of 120 min since the dose")
    return Criterion(True, "120 min since the dose")


def _pressure(chart: Chart, now_ms: int) -> Criterion:
    readings = [r for r in chart.readings if now_ms - r.at_ms <= _BP_FRESH_MS]
    if not readings:
        return Criterion(None, "no blood pressure of the last 15 min")
    last = readings[-1]
    if len(chart.readings) < 2:  # noqa: PLR2004 - the one before
        return Criterion(None, "only one blood pressure so far")
    before = chart.readings[-2]
    words = f"blood pressure {_text(last)}"
    if last.sbp_x100 - before.sbp_x100 > _SBP_UP or last.dbp_x100 - before.dbp_x100 > _DBP_UP:
        return Criterion(False, f"{words} is rising from {_text(before)}")
    if last.sbp_x100 <= _SBP and last.dbp_x100 <= _DBP:
        return Criterion(True, words)
    baseline = chart.baseline_bp
    if last.sbp_x100 >= _SBP_NEVER or last.dbp_x100 >= _DBP_NEVER:
        return Criterion(False, f"{words} is above 159/99")
    if baseline is None:
        return Criterion(None, f"{words} is above 140/90, and there is no value before the dose")
    near = last.sbp_x100 <= baseline[0] + _SBP_OVER and last.dbp_x100 <= baseline[1] + _DBP_OVER
    return Criterion(near, f"{words}, before the dose {baseline[0] / 100:g}/{baseline[1] / 100:g}")


def _pulse(chart: Chart, now_ms: int) -> Criterion:
    median2 = _median2(chart, Metric.PULSE, now_ms)
    if median2 is None:
        return Criterion(None, "too little pulse signal in the last 10 min")
    words, baseline = f"pulse {median2 / 200:g}", chart.baseline_x100.get(Metric.PULSE)
    if median2 > 2 * _PULSE_HIGH:
        return Criterion(False, f"{words} is above 110")
    slow = baseline is not None and baseline < _SLOW_BASELINE
    lowest = baseline - _PULSE_UNDER if baseline is not None and slow else _PULSE_LOW
    if median2 < 2 * lowest:
        return Criterion(False, f"{words} is below {lowest / 100:g}")
    if baseline is None:
        # The gate's own range stands in for what was not measured before the dose.
        met = True if median2 <= 2 * _PULSE_GATE else None
        return Criterion(met, f"{words}, and there is no value before the dose")
    near = median2 <= 2 * (baseline + _PULSE_OVER)
    return Criterion(near, f"{words}, before the dose {baseline / 100:g}")


def _spo2(chart: Chart, alarms: Iterable[Alarm], now_ms: int) -> Criterion:
    if any(alarm.family == "oxygen" for alarm in alarms):
        return Criterion(False, "an oxygen alarm is open")
    last_ms = chart.oximeter.last_valid_ms
    if last_ms is None or now_ms - last_ms > _MINUTE_MS:
        return Criterion(None, "no valid SpO2 in the last minute")
    median2 = _median2(chart, Metric.SPO2, now_ms)
    if median2 is None:
        return Criterion(None, "too little oxygen signal in the last 10 min")
    baseline = chart.baseline_x100.get(Metric.SPO2)
    level = _SPO2 if baseline is None else min(_SPO2, baseline - _SPO2_UNDER)
    words = f"SpO2 {median2 / 200:g} %"
    if median2 >= 2 * level:
        return Criterion(True, words)
    return Criterion(False, f"{words} is below {level / 100:g} %")


def _median2(chart: Chart, metric: Metric, now_ms: int) -> int | None:
    """Twice the 10 min median, None without good quality: 80 % of the samples valid."""
    series = chart.oximeter.spo2 if metric is Metric.SPO2 else chart.oximeter.pulse
    from_ms = now_ms - _WINDOW_MS
    expected = _WINDOW_MS // chart.oximeter.interval_ms
    if series.count(from_ms, now_ms) * 100 < expected * _GOOD_PERCENT:
        return None
    return series.median2(from_ms, now_ms)


def _awake(chart: Chart, said: Answers | None, now_ms: int) -> Criterion:
    rating = chart.moaas(now_ms)
    if rating is None:
        return Criterion(None, "no fresh check-in")
    if rating < _AWAKE:
        return Criterion(False, f"last check-in: not fully awake (MOAA/S {rating})")
    return _told(said, lambda a: a.oriented, "awake, knows person, place and date")


def _walks(said: Answers | None) -> Criterion:
    def met(answers: Answers) -> bool | None:
        calm = None if answers.nausea is None else answers.nausea <= _NAUSEA_OF_TEN
        parts = (answers.walk, answers.drink, calm)
        return False if False in parts else None if None in parts else True

    return _told(said, met, "walks alone, drinks, nausea 3 of 10 at most")


def _told(said: Answers | None, met: Callable[[Answers], bool | None], words: str) -> Criterion:
    answer = None if said is None else met(said)
    if answer is None:
        return Criterion(None, f"not answered in the last 15 min: {words}")
    return Criterion(answer, words if answer else f"not so: {words}")


def _no_alarm(alarms: Iterable[Alarm]) -> Criterion:
    """R29: "no discharge with open H/M"; a latched row waits for a person."""
    for alarm in alarms:
        if any(state.latched for state in alarm.rows.values()):
            return Criterion(False, f"alarm {alarm.id} is latched; a person must reset it")
        bodily = alarm.top.facts.kind in (Kind.PHYSIOLOGICAL, Kind.OBSERVER)
        if alarm.level[0] is not Priority.LOW and bodily:
            return Criterion(False, f"alarm {alarm.id} is open")
    return Criterion(True, "no alarm of the body is open")


def _text(reading: BpReading) -> str:
    return f"{reading.sbp_x100 / 100:g}/{reading.dbp_x100 / 100:g}"
