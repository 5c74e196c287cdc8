"""Shape `report`: what a person entered, a device's own word, or the hub's own condition.

What somebody reports is true by definition; when it is so and when no longer is decided where it is
heard (`monitor/observer.py`). This shape only turns it into the row's answer.

    SED-3: on = "moaas_2"   present from the rating 2 until two ratings of 4 or more
"""

from msgspec.structs import replace

from alerts.condition import Absent, Off
from monitor.chart import Chart, Report
from monitor.detectors.base import ABSENT, Detector
from monitor.rows import ReportRow

__all__ = ["ReportDetector"]


class ReportDetector(Detector):
    """One row of shape `report`."""

    def __init__(self, row: ReportRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.on = row.on
        self.off_on = row.off_on
        self.facts = replace(self.facts, once=row.once)
        self._seen: Report | None = None

    def refresh(self, now_ms: int) -> None:  # noqa: ARG002 - a report knows no time
        """Take over what is reported now."""
        off = self.chart.reports.get(self.off_on)
        if off is not None and off.present:
            self.answer, self._seen = Off(off.reason), None
            return
        if isinstance(self.answer, Off):
            self.answer = ABSENT
        report = self.chart.reports.get(self.on)
        if report is self._seen or report is None:
            return
        self._seen = report
        if report.present:
            self.answer = self.present(
                f"{self.label}: {report.reason}", report.value_x100, None, report.priority
            )
        else:
            self.answer = Absent(report.reason)
