"""From a plan's rows to detectors, in plan order, and by what each one listens to.

board = Board(plan.rows, chart)
board.by_metric[Metric.SPO2]    the detectors that judge SpO2 values
"""

from collections.abc import Callable
from typing import Any

from devices.observation import Metric
from monitor.chart import Chart
from monitor.detectors.apart import ApartDetector
from monitor.detectors.attempts import AttemptsDetector
from monitor.detectors.base import Detector
from monitor.detectors.confirmed import ConfirmedDetector
from monitor.detectors.conflict import ConflictDetector
from monitor.detectors.cuff import CuffDetector
from monitor.detectors.cumulative import CumulativeDetector
from monitor.detectors.dips import DipsDetector
from monitor.detectors.faint import FaintDetector
from monitor.detectors.fall import FallDetector
from monitor.detectors.flagged import FlaggedDetector
from monitor.detectors.frozen import FrozenDetector
from monitor.detectors.identity import IdentityDetector
from monitor.detectors.limit import LimitDetector
from monitor.detectors.overdue import OverdueDetector
from monitor.detectors.overruled import OverruledDetector
from monitor.detectors.repeated import RepeatedDetector
from monitor.detectors.report import ReportDetector
from monitor.detectors.rising import RisingDetector
from monitor.detectors.share import ShareDetector
from monitor.detectors.sign import SignDetector
from monitor.detectors.silence import SilenceDetector
from monitor.detectors.since import SinceDetector
from monitor.detectors.slope import SlopeDetector
from monitor.detectors.step import StepDetector
from monitor.rows import (
    ApartRow,
    AttemptsRow,
    ConfirmedRow,
    ConflictRow,
    CumulativeRow,
    DerivedRow,
    DipsRow,
    FaintRow,
    FallRow,
    FlaggedRow,
    FrozenRow,
    IdentityRow,
    LimitRow,
    OverdueRow,
    OverruledRow,
    RepeatedRow,
    ReportRow,
    RisingRow,
    Row,
    ShareRow,
    SignRow,
    SilenceRow,
    SinceRow,
    SlopeRow,
    StepRow,
)
from monitor.stream import VALUED

__all__ = ["SHAPES", "Board"]

# The shapes of rules: a new shape is one module and one line here.
SHAPES: dict[type, Callable[[Any, Chart], Detector]] = {
    LimitRow: LimitDetector,
    FallRow: FallDetector,
    StepRow: StepDetector,
    ConfirmedRow: ConfirmedDetector,
    SilenceRow: SilenceDetector,
    ShareRow: ShareDetector,
    OverdueRow: OverdueDetector,
    AttemptsRow: AttemptsDetector,
    ReportRow: ReportDetector,
    CumulativeRow: CumulativeDetector,
    DipsRow: DipsDetector,
    SlopeRow: SlopeDetector,
    FrozenRow: FrozenDetector,
    FlaggedRow: FlaggedDetector,
    RepeatedRow: RepeatedDetector,
    ConflictRow: ConflictDetector,
    OverruledRow: OverruledDetector,
    IdentityRow: IdentityDetector,
    DerivedRow: ConfirmedDetector,
    RisingRow: RisingDetector,
    SignRow: SignDetector,
    FaintRow: FaintDetector,
    ApartRow: ApartDetector,
    SinceRow: SinceDetector,
}
# Shapes that judge each valid value of their metric, and those that look at every sample.
_VALUED = (
    LimitDetector | FallDetector | StepDetector | CumulativeDetector | DipsDetector | SlopeDetector
)
_SAMPLED = (
    SilenceDetector
    | ShareDetector
    | FrozenDetector
    | FlaggedDetector
    | OverruledDetector
    | IdentityDetector
)
_READING = CuffDetector | RepeatedDetector | ConflictDetector


class Board:
    """All detectors of a session. `index` is plan order and breaks ties of time."""

    def __init__(self, rows: tuple[Row, ...], chart: Chart) -> None:
        self.all: list[Detector] = [SHAPES[type(row)](row, chart) for row in rows]
        self.index = {id(detector): index for index, detector in enumerate(self.all)}
        self.limits = [d for d in self.all if isinstance(d, LimitDetector)]
        self.cuff = [d for d in self.all if isinstance(d, CuffDetector)]
        self.readings = [d for d in self.all if isinstance(d, _READING)]
        self.in_danger = [
            d
            for d in self.all
            if isinstance(d, ConfirmedDetector | RepeatedDetector) and d.row.danger
        ]
        self.overdue = [d for d in self.all if isinstance(d, OverdueDetector)]
        self.asking = [d for d in self.all if isinstance(d, SinceDetector) and d.row.waits]
        self.samples = [d for d in self.all if isinstance(d, _SAMPLED)]
        self.by_metric: dict[Metric, list[Detector]] = {metric: [] for metric in VALUED}
        for detector in self.all:
            if isinstance(detector, _VALUED):
                self.by_metric[detector.metric].append(detector)

    def hold(self, until_ms: int) -> None:
        """Nobody could be asked, or answer: what is not late yet is not so before `until_ms`."""
        for overdue in self.overdue:
            overdue.hold(until_ms)
        for asking in self.asking:
            asking.hold(until_ms)

    def begin_anew(self, index: int) -> None:
        """Put one row back to how it was at the opening, with the limits that it has now."""
        detector = self.all[index]
        row = detector.chart.rows[detector.id]
        detector.__dict__ = vars(SHAPES[type(row)](row, detector.chart))

    def next_reading(self, at_ms: int) -> tuple[int, str] | None:
        """When a row wants the reading after the one at `at_ms`, and why; None: as scheduled."""
        waits = [(d.every_ms, d.id) for d in self.cuff]
        wait_ms, row = min(
            ((wait, row) for wait, row in waits if wait is not None),
            key=lambda one: one[0],
            default=(None, ""),
        )
        if wait_ms is None:
            return None
        return at_ms + wait_ms, f"{row}: every {wait_ms // 60_000} min"
