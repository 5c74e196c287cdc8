"""Baselines: what a patient's own values were before the drug, frozen once.

SpO2 and PR: "median of valid samples T-5..T0, at least 150 of them, frozen at T0; else the gate's
2 min median; else none: relative rows off and said so (low)". BP: "mean of the accepted gate
readings, frozen at T0" (`clinical.md` 2.0). A recording has no dose: its first minutes of good data
serve. A frozen baseline never moves.

    keeper.consider(at_ms)   -> [(BaselineFrozen(...), Metric.SPO2), ...]   once
"""

from devices.observation import DeviceKind, Metric
from monitor.chart import Chart
from monitor.effects import BaselineFrozen
from monitor.series import Series
from monitor.session import Phase

__all__ = ["BaselineKeeper"]

_GATE_MS = 2 * 60_000
_GATE_READINGS = 2


class BaselineKeeper:
    """Freezes the baselines of one chart."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._done = False

    def due_ms(self, now_ms: int) -> int | None:
        """When the first minutes of a recording are over."""
        if self._done or self.chart.plan.baseline == "before_dose":
            return None
        first_ms = self.chart.oximeter.first_valid_ms
        due_ms = None if first_ms is None else first_ms + self.chart.plan.baseline_s * 1000
        return due_ms if due_ms is not None and due_ms > now_ms else None

    def consider(self, at_ms: int) -> list[tuple[BaselineFrozen, Metric | None]]:
        """Freeze what can be frozen now."""
        if self._done or not self.chart.promised(DeviceKind.OXIMETER):
            return []
        span = self._span(at_ms)
        if span is None:
            return []
        self._done = True
        from_ms, to_ms = span
        oximeter = self.chart.oximeter
        frozen: list[tuple[BaselineFrozen, Metric | None]] = [
            self._freeze(Metric.SPO2, oximeter.spo2, from_ms, to_ms, at_ms),
            self._freeze(Metric.PULSE, oximeter.pulse, from_ms, to_ms, at_ms),
        ]
        if self.chart.plan.baseline == "before_dose":
            frozen += self._freeze_bp(to_ms, at_ms)
        return frozen

    def _span(self, at_ms: int) -> tuple[int, int] | None:
        chart, length_ms = self.chart, self.chart.plan.baseline_s * 1000
        if chart.plan.baseline == "before_dose":
            dose_ms = chart.first_dose_ms
            waiting = dose_ms is None or chart.phase in (Phase.SETUP, Phase.GATE)
            return None if waiting or dose_ms is None else (dose_ms - length_ms, dose_ms)
        first_ms = chart.oximeter.first_valid_ms
        if first_ms is None or at_ms < first_ms + length_ms:
            return None
        return first_ms, first_ms + length_ms

    def _freeze(
        self, metric: Metric, series: Series, from_ms: int, to_ms: int, at_ms: int
    ) -> tuple[BaselineFrozen, Metric]:
        plan, count = self.chart.plan, series.count(from_ms, to_ms)
        reason = f"median of {count} valid samples of {plan.baseline_s // 60} min"
        median2 = series.median2(from_ms, to_ms) if count >= plan.baseline_samples else None
        if median2 is None and plan.baseline == "before_dose":
            expected = _GATE_MS // self.chart.oximeter.interval_ms
            gate = series.count(to_ms - _GATE_MS, to_ms)
            if 2 * gate >= expected:
                median2 = series.median2(to_ms - _GATE_MS, to_ms)
                reason = f"median of {gate} valid samples of the last 2 min of the gate"
        if median2 is None:
            why = f"only {count} valid samples, {plan.baseline_samples} are needed"
            self.chart.baseline_missing[metric] = why
            reason = f"no baseline of {metric.value}: {why}"
            return self._said(metric, None, reason, at_ms), metric
        self.chart.baseline_x100[metric] = median2 // 2
        return self._said(metric, median2 // 2, reason, at_ms), metric

    def _freeze_bp(self, to_ms: int, at_ms: int) -> list[tuple[BaselineFrozen, Metric | None]]:
        gate = [reading for reading in self.chart.readings if reading.at_ms <= to_ms]
        if not gate:
            why = "no blood pressure was taken at the gate"
            self.chart.baseline_missing[Metric.SBP] = why
            return [(self._said(Metric.SBP, None, f"no baseline of sbp: {why}", at_ms), None)]
        last = gate[-_GATE_READINGS:]
        sbp = sum(reading.sbp_x100 for reading in last) // len(last)
        dbp = sum(reading.dbp_x100 for reading in last) // len(last)
        self.chart.baseline_bp = (sbp, dbp)
        reason = f"mean of {len(last)} gate readings"
        return [
            (self._said(Metric.SBP, sbp, reason, at_ms), None),
            (self._said(Metric.DBP, dbp, reason, at_ms), None),
        ]

    @staticmethod
    def _said(metric: Metric, value_x100: int | None, reason: str, at_ms: int) -> BaselineFrozen:
        return BaselineFrozen(
            at_ms=at_ms, metric=metric.value, value_x100=value_x100, reason=reason
        )
