"""A chart and samples for tests of single rows: no engine, no alarms.

>>> rig = Rig("SPO2-CRIT")
>>> rig.give(0, 79)
>>> rig.answer()
Absent(reason='', until_ms=None)
"""

from collections.abc import Mapping

import msgspec

from alerts.condition import Assessment, Present
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
    pulse_bpm,
    spo2_pct,
)
from monitor.chart import Chart
from monitor.detectors.base import Detector
from monitor.detectors.build import Board
from monitor.patient import DeviceBinding
from monitor.plan import Plan
from monitor.rows import Row
from monitor.session import Phase
from monitor.stream import OximeterStream, Sample
from tests.bedside import DEFAULT, VITALS_ONLY

__all__ = ["Rig", "cuff_report", "oximeter_report", "row_named", "take"]


def oximeter_report(
    spo2: float | None = 97,
    pulse: float | None = 70,
    *flags: Flag,
    pi: float | None = None,
    measured_ms: int | None = None,
    seq: int | None = None,
) -> DeviceReport:
    """Return one report of the oximeter."""
    values = [] if spo2 is None else [spo2_pct(spo2)]
    values += [] if pulse is None else [pulse_bpm(pulse)]
    values += [] if pi is None else [Observation(Metric.PI, round(pi * 100))]
    return DeviceReport(
        device="ox",
        kind=DeviceKind.OXIMETER,
        mode=Mode.TEST,
        observations=tuple(values),
        flags=flags,
        measured_ms=measured_ms,
        seq=seq,
    )


def cuff_report(
    sbp: float, dbp: float, pulse: float = 70, validity: Validity = Validity.VALID
) -> DeviceReport:
    """Return one reading of the cuff."""
    values = ((Metric.SBP, sbp), (Metric.DBP, dbp), (Metric.CUFF_PULSE, pulse))
    return DeviceReport(
        device="cuff",
        kind=DeviceKind.CUFF,
        mode=Mode.TEST,
        observations=tuple(
            Observation(metric, round(value * 100), validity) for metric, value in values
        ),
    )


def take(
    stream: OximeterStream, at_ms: int, spo2: float | None = 97, pulse: float | None = 70
) -> Sample:
    """Give the stream one sample."""
    return stream.take(oximeter_report(spo2, pulse), at_ms)


def row_named(name: str) -> Row:
    """Return a row of the default plan."""
    return next(row for row in DEFAULT.rows if row.id == name)


class Rig:
    """One row of the default plan on a chart in the peak, with values changed at will."""

    def __init__(
        self,
        name: str,
        changes: Mapping[str, object] | None = None,
        *,
        recording: bool = False,
        interval_ms: int | None = None,
        oximeter: bool = True,
        fibrillation: bool = False,
    ) -> None:
        row = msgspec.structs.replace(row_named(name), **(changes or {}))
        plan: Plan = msgspec.structs.replace(VITALS_ONLY if recording else DEFAULT, rows=(row,))
        devices = (DeviceBinding("ox", DeviceKind.OXIMETER, interval_ms),) if oximeter else ()
        self.chart = Chart(plan, devices, athlete=False, fibrillation=fibrillation)
        self.chart.phase = Phase.PEAK
        self.chart.required_since_ms = 0
        self.board = Board(plan.rows, self.chart)
        self.detector: Detector = self.board.all[0]

    def answer(self) -> Assessment:
        """What the row says now."""
        return self.detector.answer

    def is_present(self) -> bool:
        """Whether the row is present now."""
        return isinstance(self.detector.answer, Present)

    def give(self, at_s: float, spo2: float | None = 97, pulse: float | None = 70) -> None:
        """One sample, as the judge brings it."""
        sample = take(self.chart.oximeter, round(at_s * 1000), spo2, pulse)
        for metric, value in ((Metric.SPO2, sample.spo2), (Metric.PULSE, sample.pulse)):
            if value is not None and self.detector in self.board.by_metric[metric]:
                self.detector.on_value(value, sample)
        self.detector.on_sample(sample)
