"""Shape `since`: something that is still so, more urgent by stages of time.

It starts with a report, or with the last dose, and lives by deadlines: a stage is reached when its
time has come, in its phases, while its facts are known to be true. A stage whose facts are not
known raises nothing and ends nothing; a new dose starts the time again.

    SED-LATE: MOAA/S below 5 two hours after the last dose: low, three hours: medium
"""

from alerts.alarm import urgency
from alerts.condition import Absent, Present, Unknown
from monitor.chart import Chart
from monitor.detectors.base import Detector
from monitor.facts import known
from monitor.rows import SinceRow, SinceStage

__all__ = ["SinceDetector"]

_DOSE = "dose"


class SinceDetector(Detector):
    """One row of shape `since`."""

    def __init__(self, row: SinceRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self.on = row.on
        self._began_ms: int | None = None

    def refresh(self, now_ms: int) -> None:
        """Say what holds now; idempotent until the answer's `until_ms`."""
        start_ms, reason = self._start(now_ms)
        if start_ms is None:
            if not isinstance(self.answer, Absent) or self.answer.until_ms is not None:
                self.answer = Absent(reason)
            return
        reached: list[SinceStage] = []
        unknown = False
        later: list[int] = []
        for stage in self.row.stages:
            if stage.phases and not self.chart.is_in(stage.phases):
                continue
            due_ms = start_ms + stage.after_s * 1000
            if now_ms < due_ms:
                later.append(due_ms)
                continue
            facts = [known(self.chart, fact, now_ms) for fact in stage.facts]
            if all(facts):
                reached.append(stage)
            elif False not in facts:
                unknown = True
        if any(stage.facts for stage in self.row.stages):
            stale_ms = self.chart.moaas_until_ms(now_ms)
            later += [stale_ms] if stale_ms is not None and stale_ms > now_ms else []
        self._say(reached, reason, min(later, default=None), unknown=unknown)

    def _say(
        self, reached: list[SinceStage], reason: str, until_ms: int | None, *, unknown: bool
    ) -> None:
        answer: Present | Absent | Unknown
        if reached:
            top = max(reached, key=lambda stage: urgency(stage.priority, stage.alarm_class))
            words = f"{self.label}: {reason}" if reason else self.label
            answer = self.present(
                words, None, None, top.priority, top.alarm_class, until_ms=until_ms
            )
        elif unknown:
            answer = Unknown("no fresh answer", until_ms)
        else:
            answer = Absent("it is not so", until_ms)
        if answer != self.answer:
            self.answer = answer

    def _start(self, now_ms: int) -> tuple[int | None, str]:
        """When it began, and why; None: it is not so, and why not."""
        if self.on == _DOSE:
            return self.chart.dose_ms, ""
        report = self.chart.reports.get(self.on)
        if report is None or not report.present:
            self._began_ms = None
            return None, "" if report is None else report.reason
        if self._began_ms is None:
            self._began_ms = now_ms
        return self._began_ms, report.reason
