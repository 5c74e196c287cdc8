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

_DOSE, _GONE = "dose", "companion_gone"


class SinceDetector(Detector):
    """One row of shape `since`."""

    def __init__(self, row: SinceRow, chart: Chart) -> None:
        super().__init__(row, chart)
        self.row = row
        self.on = row.on
        self._began_ms: dict[str, int] = {}
        self._held_until_ms = 0

    def hold(self, until_ms: int) -> None:
        """Nobody could answer in time: a stage that is not reached is not so before `until_ms`."""
        if not isinstance(self.answer, Present):
            self._held_until_ms = until_ms

    def refresh(self, now_ms: int) -> None:
        """Say what holds now; idempotent until the answer's `until_ms`."""
        starts = {on: self._start(on, now_ms) for on in self._ons()}
        if all(start_ms is None for start_ms, _ in starts.values()):
            reason = starts[self.on][1]
            if not isinstance(self.answer, Absent) or self.answer.until_ms is not None:
                self.answer = Absent(reason)
            return
        reached: list[tuple[SinceStage, str]] = []
        unknown = False
        later: list[int] = []
        for stage in self.row.stages:
            start_ms, reason = starts[stage.on or self.on]
            if start_ms is None or (stage.phases and not self.chart.is_in(stage.phases)):
                continue
            due_ms = max(start_ms + stage.after_s * 1000, self._held_until_ms)
            if now_ms < due_ms:
                later.append(due_ms)
                continue
            facts = [known(self.chart, fact, now_ms) for fact in stage.facts]
            if all(facts):
                reached.append((stage, reason))
            elif False not in facts:
                unknown = True
        if any(stage.facts for stage in self.row.stages):
            stale_ms = self.chart.moaas_until_ms(now_ms)
            later += [stale_ms] if stale_ms is not None and stale_ms > now_ms else []
        self._say(reached, min(later, default=None), unknown=unknown)

    def _ons(self) -> dict[str, None]:
        """What the row counts from, its own start first."""
        return dict.fromkeys([self.on, *(stage.on for stage in self.row.stages if stage.on)])

    def _say(
        self, reached: list[tuple[SinceStage, str]], until_ms: int | None, *, unknown: bool
    ) -> None:
        answer: Present | Absent | Unknown
        if reached:
            top, reason = max(reached, key=lambda one: urgency(one[0].priority, one[0].alarm_class))
            words = f"{self.label}: {reason}" if reason else self.label
            answer = self.present(
                words,
                None,
                None,
                top.priority,
                top.alarm_class,
                full=not top.asks,
                until_ms=until_ms,
            )
        elif unknown:
            answer = Unknown("no fresh answer", until_ms)
        else:
            answer = Absent("it is not so", until_ms)
        if answer != self.answer:
            self.answer = answer

    def _start(self, on: str, now_ms: int) -> tuple[int | None, str]:
        """When it began, and why; None: it is not so, and why not."""
        if on == _DOSE:
            return self.chart.dose_ms, ""
        if on == _GONE:
            return self._gone()
        report = self.chart.reports.get(on)
        if report is None or not report.present:
            self._began_ms.pop(on, None)
            return None, "" if report is None else report.reason
        return self._began_ms.setdefault(on, now_ms), report.reason

    def _gone(self) -> tuple[int | None, str]:
        """Only while the companion is needed, from the dose to the end."""
        chart = self.chart
        gone_ms = chart.companion.gone_ms if chart.requires(chart.plan.check_in, None) else None
        if gone_ms is None:
            return None, "the companion is there"
        return gone_ms, "no page, no tap; tap: I am here"
