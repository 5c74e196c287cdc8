"""Shape `limit`: a value beyond a limit for a time, by one or more criteria.

Each criterion is one threshold (an absolute limit and a distance from the frozen baseline fold into
one number), a delay on that number, and facts that must be known to be true when it has passed. The
first criterion to hold raises the row; one of higher priority or class raises it further. A row
starts and clears at samples.

    SPO2-LOW: <90 for 30 s, or <88 for 10 s; clears at >=92 for 60 s
"""

from alerts.condition import Absent, AlarmClass, Off, Priority, rank
from devices.observation import Metric
from monitor.chart import Chart
from monitor.detectors.base import ABSENT, Detector, clearing_level, too_short, x100
from monitor.detectors.delay import ClearTime, Delay
from monitor.facts import all_true, known
from monitor.rows import Clear, Criterion, LimitRow
from monitor.stream import Sample

__all__ = ["PENDING", "LimitDetector"]

# The end of an Off that is not final: the baseline may still come.
PENDING = "not frozen yet"

_STEP_PERCENT = 20
_STEP_BACK_MS = 6_000
_AGREES = 15_00
_DOUBTS = {Metric.SPO2: "doubtful_spo2", Metric.PULSE: "doubtful_pulse"}
_NEVER_LOW = -1
_NEVER_HIGH = 1_000_000


class _Track:
    """One criterion at work: beyond below `low` or above `high`."""

    __slots__ = ("delay", "high", "level", "low", "off", "rule", "stepped")

    def __init__(self, rule: Criterion, priority: Priority, alarm_class: AlarmClass | None) -> None:
        self.rule = rule
        self.delay = Delay()
        self.low = _NEVER_LOW
        self.high = _NEVER_HIGH
        self.stepped = False
        self.off = ""
        self.level = rank(rule.priority or priority, rule.alarm_class or alarm_class)


class LimitDetector(Detector):
    """One row of shape `limit`."""

    def __init__(self, row: LimitRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.metric = row.metric
        self.series = chart.oximeter.series(row.metric)
        self._gap_name = f"gap_{row.metric.value}"
        self._doubt_name = _DOUBTS.get(row.metric)
        self.clear: Clear = row.clear
        self.tracks = [_Track(rule, row.priority, row.alarm_class) for rule in row.criteria]
        self._clear_time = ClearTime()
        self._level = 0
        self._quiet_low = self._quiet_high = 0
        self.fold()

    def fold(self) -> None:
        """Make one threshold of each criterion; called again when the baseline is frozen."""
        baseline = self.chart.baseline_x100.get(self.metric)
        for track in self.tracks:
            track.off = self._why_off(track.rule, baseline)
            track.low, track.high = self._thresholds(track.rule, baseline, off=bool(track.off))
        working = [track for track in self.tracks if not track.off]
        self._quiet_low = max((track.low for track in working), default=_NEVER_LOW)
        self._quiet_high = min((track.high for track in working), default=_NEVER_HIGH)
        if not working:
            self.answer = Off(self.tracks[0].off)
        elif isinstance(self.answer, Off):
            self.answer = ABSENT
        self._clear_low, self._clear_high = self._clear_levels(baseline)

    def calm(self) -> tuple[int, int] | None:
        """Values that would change nothing but when a value was last inside."""
        if self._level or any(track.delay.start_ms is not None for track in self.tracks):
            return None
        return self._quiet_low, self._quiet_high

    def stayed(self, at_ms: int) -> None:
        """Take note that all values up to then were calm."""
        for track in self.tracks:
            track.delay.last_inside_ms = at_ms

    def retune(self, row: LimitRow) -> None:
        """Take other numbers for the same criteria."""
        self.clear, self.label = row.clear, row.label
        for track, rule in zip(self.tracks, row.criteria, strict=True):
            track.rule = rule
        self.fold()

    def on_value(self, value_x100: int, sample: Sample) -> None:
        """Judge one valid value."""
        if (
            self._quiet_low <= value_x100 <= self._quiet_high
            and self._level == 0
            and not self._is_doubtful(sample)
        ):
            for track in self.tracks:
                if track.delay.start_ms is not None:
                    track.delay.within(sample.at_ms, sample.slot)
                else:
                    track.delay.last_inside_ms = sample.at_ms
            return
        self._judge(value_x100, sample)

    def refresh(self, now_ms: int) -> None:
        """Criteria of facts alone are judged when facts change, at once."""
        if self._level and self._ended_by_facts(now_ms):
            self._end("no longer so by what was seen")
            return
        for track in self.tracks:
            rule = track.rule
            if (
                _is_facts_only(rule)
                and track.level > self._level
                and all_true(self.chart, rule.facts, now_ms)
            ):
                self._rise(track, None, None)

    def _judge(self, value_x100: int, sample: Sample) -> None:
        at_ms = sample.at_ms
        doubtful = self._is_doubtful(sample)
        for track in self.tracks:
            rule = track.rule
            if track.off or _is_facts_only(rule) or (doubtful and not rule.doubtful):
                continue
            if track.low <= value_x100 <= track.high:
                track.delay.within(at_ms, sample.slot)
            elif (
                self._fires(track, value_x100, sample)
                and track.level > self._level
                and all_true(self.chart, rule.facts, at_ms)
            ):
                limit = track.low if value_x100 < track.low else track.high
                self._rise(track, value_x100, limit)
        if self._level and doubtful:
            self._clear_time.restart()
        elif self._level:
            self._maybe_clear(value_x100, sample)

    def _is_doubtful(self, sample: Sample) -> bool:
        """Whether this sample's value of the metric is "doubtful low" (2.0)."""
        return self._doubt_name is not None and getattr(sample, self._doubt_name)

    def _fires(self, track: _Track, value_x100: int, sample: Sample) -> bool:
        at_ms, delay, rule = sample.at_ms, track.delay, track.rule
        if delay.start_ms is None:
            track.stepped = rule.stepped is not None and self.steps(value_x100, at_ms)
        interval_ms = self.chart.oximeter.interval_ms
        return delay.beyond(
            at_ms,
            sample.slot,
            interval_ms,
            self._delay_ms(track, value_x100, at_ms),
            rule.min_samples,
        )

    def steps(self, value_x100: int, at_ms: int) -> bool:
        """Whether this value is a pulse step (2.0): >=20 % from the valid one 6 s earlier."""
        back_ms = at_ms - _STEP_BACK_MS
        before = self.series.at_or_before(back_ms, back_ms - self.chart.oximeter.near_ms)
        return before is not None and abs(value_x100 - before) * 100 >= _STEP_PERCENT * before

    def _delay_ms(self, track: _Track, value_x100: int, at_ms: int) -> int:
        rule = track.rule
        if not track.stepped or rule.stepped is None:
            return rule.delay_s * 1000
        witnesses = self.chart.witnesses(at_ms)
        if not witnesses:
            return rule.stepped.delay_s * 1000
        if any(abs(witness - value_x100) <= _AGREES for witness in witnesses):
            return rule.stepped.agrees_delay_s * 1000
        return (rule.stepped.delay_s + rule.stepped.differs_extra_s) * 1000

    def _rise(self, track: _Track, value_x100: int | None, limit_x100: int | None) -> None:
        rule = track.rule
        self._level = track.level
        self._clear_time.restart()
        if value_x100 is None:
            reason = f"{self.label}: {', '.join(fact.value for fact in rule.facts)}"
        else:
            reason = f"{self.label}: {value_x100 / 100:g} for {rule.delay_s} s"
        self.answer = self.present(reason, value_x100, limit_x100, rule.priority, rule.alarm_class)

    def _maybe_clear(self, value_x100: int, sample: Sample) -> None:
        if not self._clear_low <= value_x100 <= self._clear_high:
            self._clear_time.restart()
            return
        gap: bool = getattr(sample, self._gap_name)
        interval_ms = self.chart.oximeter.interval_ms
        if not self._clear_time.reached(sample.at_ms, gap, self.clear.for_s * 1000, interval_ms):
            return
        if all(known(self.chart, fact, sample.at_ms) is False for fact in self.clear.and_not):
            self._end(f"back to {value_x100 / 100:g} for {self.clear.for_s} s")

    def _ended_by_facts(self, now_ms: int) -> bool:
        return any(known(self.chart, fact, now_ms) is False for fact in self.clear.or_not)

    def _end(self, reason: str) -> None:
        self._level = 0
        self._clear_time.restart()
        for track in self.tracks:
            track.delay.stop()
        self.answer = Absent(reason)

    def _why_off(self, rule: Criterion, baseline: int | None) -> str:
        if self.metric is Metric.RR and not self.chart.measures_breathing:
            return "no device of this session measures the respiratory rate"
        relative = rule.under_baseline is not None or rule.over_baseline is not None
        if relative and baseline is None:
            missing = self.chart.baseline_missing.get(self.metric, PENDING)
            return f"no baseline of {self.metric.value}: {missing}"
        return too_short(self.chart, rule.delay_s)

    def _thresholds(self, rule: Criterion, baseline: int | None, *, off: bool) -> tuple[int, int]:
        if off:
            return _NEVER_LOW, _NEVER_HIGH
        lows, highs = [], []
        below = rule.athlete_below if self.chart.athlete else None
        below = rule.below if below is None else below
        if below is not None:
            lows.append(x100(below))
        if rule.at_most is not None:
            lows.append(x100(rule.at_most) + 1)
        if rule.above is not None:
            highs.append(x100(rule.above))
        if rule.at_least is not None:
            highs.append(x100(rule.at_least) - 1)
        if baseline is not None:
            if rule.under_baseline is not None:
                lows.append(baseline - x100(rule.under_baseline) + 1)
            if rule.over_baseline is not None:
                highs.append(baseline + x100(rule.over_baseline) - 1)
        return min(lows, default=_NEVER_LOW), max(highs, default=_NEVER_HIGH)

    def _clear_levels(self, baseline: int | None) -> tuple[int, int]:
        low, high = _NEVER_LOW, _NEVER_HIGH
        if self.clear.at_least is not None:
            low = x100(self.clear.at_least)
            if self.clear.or_under_baseline is not None and baseline is not None:
                low = min(low, baseline - x100(self.clear.or_under_baseline))
            # A limit that leans on the baseline as well is where both parts are met.
            limits = [t.low for t in self.tracks if t.rule.below is not None and not t.off]
            if self.metric is Metric.SPO2 and limits:
                low = clearing_level(low, max(limits), baseline)
        if self.clear.at_most is not None:
            high = x100(self.clear.at_most)
        if baseline is not None and self.clear.under_baseline is not None:
            low = baseline - x100(self.clear.under_baseline)
        if baseline is not None and self.clear.over_baseline is not None:
            high = baseline + x100(self.clear.over_baseline)
        return low, high


def _is_facts_only(rule: Criterion) -> bool:
    numbers = (rule.below, rule.above, rule.at_most, rule.at_least)
    return all(number is None for number in (*numbers, rule.under_baseline, rule.over_baseline))
