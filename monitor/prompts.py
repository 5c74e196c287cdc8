"""What the companion and the patient are asked to do next, and when.

A cuff at home is started by hand, so every order is a prompt; a check-in is asked 60 s before it is
due, a tap of the patient when it is. A prompt is given once for each due
time. This module reads the schedules, moves none of them and rings no bell itself.

    prompts.arm(at_ms)                 set the timers of what is due next
    prompts.fire("check_in", at_ms)    -> Prompted(prompt=CHECK_IN, due_ms=...)
"""

from alerts.timers import Timers
from monitor.chart import Chart
from monitor.cuff_cycle import CuffStep
from monitor.effects import Prompted, PromptKind
from monitor.schedule import Due
from monitor.session import Phase

__all__ = ["Prompts"]

_ORDER = 5_001


class Prompts:
    """The open prompts of one session: kind to due time."""

    def __init__(self, chart: Chart, timers: Timers) -> None:
        self.chart = chart
        self.timers = timers
        self.open: dict[PromptKind, int] = {}
        self._asked: dict[PromptKind, int] = {}

    def arm(self, at_ms: int) -> None:
        """Have each prompt fire when it is time; forget what is no longer due."""
        plan = self.chart.plan
        for kind, before_s in (
            (PromptKind.CUFF, plan.cuff_schedule.prompt_s),
            (PromptKind.CHECK_IN, plan.check_in_schedule.prompt_s),
            (PromptKind.PATIENT_CHECK, plan.patient_check_schedule.prompt_s),
        ):
            due_ms = self._due(kind).due_ms
            if due_ms is None:
                if kind is PromptKind.PATIENT_CHECK:
                    # The phase asks no more; a companion's prompt ends when the thing is done.
                    self.done(kind)
                self.timers.cancel(("prompt", kind.value))
            elif self._asked.get(kind) != due_ms:
                self.timers.set(
                    ("prompt", kind.value), max(at_ms, due_ms - before_s * 1000), _ORDER
                )

    def fire(self, name: str, at_ms: int) -> Prompted | None:
        """A prompt's time has come."""
        kind = PromptKind(name)
        due = self._due(kind)
        if due.due_ms is None or self._asked.get(kind) == due.due_ms:
            return None
        self._asked[kind] = due.due_ms
        self.open[kind] = due.due_ms
        if kind is PromptKind.CUFF:
            self.open[kind] = self.chart.cuff_asked_ms = self.cuff_may_ms(due.due_ms)
            self.chart.cuff_cycle.take(CuffStep.PROMPTED, at_ms)
        return Prompted(at_ms=at_ms, prompt=kind, due_ms=self.open[kind], reason=due.reason)

    def one_more(self, due_ms: int, reason: str, at_ms: int) -> Prompted | None:
        """A row wants one more cuff reading; one prompt serves all rows that want it."""
        due_ms = self.cuff_may_ms(due_ms)
        if self.open.get(PromptKind.CUFF) == due_ms:
            return None
        self.open[PromptKind.CUFF] = self.chart.cuff_asked_ms = due_ms
        self.chart.cuff_cycle.take(CuffStep.PROMPTED, at_ms)
        return Prompted(at_ms=at_ms, prompt=PromptKind.CUFF, due_ms=due_ms, reason=reason)

    def cuff_may_ms(self, due_ms: int) -> int:
        """When a reading that is wanted at `due_ms` may be started (`clinical.md` 1.4).

        In an emergency only the pause between two inflations is kept.
        """
        emergency = self.chart.phase is Phase.EMERGENCY
        return self.chart.cuff_cycle.may_start_ms(due_ms, bounded=not emergency)

    def _due(self, kind: PromptKind) -> Due:
        chart = self.chart
        if kind is PromptKind.PATIENT_CHECK:
            return chart.patient_check
        return chart.cuff if kind is PromptKind.CUFF else chart.check_in

    def done(self, kind: PromptKind) -> None:
        """It was done."""
        self.open.pop(kind, None)
