"""An alarm's life, line by line, with what a receiver of alarms asks for: phase, state, source.

A family is one alarm; its rows come and go. `start` is the raise, `escalate` and `de-escalate` a
change of its priority, `update` another row, `continue` everything that changes only how it is
answered or shown, `end` the end of its signal. Pure bookkeeping: nothing is decided again.

    lines(story, "oxygen@2607000")[0].phase     -> "start"
"""

from dataclasses import dataclass

from alerts.condition import Transition
from alerts.effects import AlarmChanged
from alerts.signal import SignalState
from devices.observation import Metric
from monitor.effects import SignalChanged
from monitor.export.story import Story

__all__ = ["Line", "lines", "metric_of"]

_PHASES = {
    Transition.RAISED: "start",
    Transition.UPGRADED: "escalate",
    Transition.DOWNGRADED: "de-escalate",
    Transition.JOINED: "update",
    Transition.CLEARED: "update",
    Transition.LATCHED: "update",
}
_SHOWN = {
    SignalState.ACKNOWLEDGED: "audio-paused",
    SignalState.ACCEPTED: "alert-acknowledged",
}
_COMES = frozenset({Transition.RAISED, Transition.JOINED, Transition.UPGRADED})


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `changed` is what the record says, with the time `at_ms`.

    `by_signal`: no line says that the alarm is over, only its signal went off; then `changed` is
    the last line before.

    `phase`: start, update, continue, escalate, de-escalate, end; `state`: active, latched,
    inactive; `inactivation`: enabled, audio-paused, alert-acknowledged.
    """

    at_ms: int
    changed: AlarmChanged
    phase: str
    state: str
    inactivation: str
    by_signal: bool = False


def lines(story: Story, alarm: str) -> list[Line]:
    """Return the life of one alarm; its last line is its end, if it has ended."""
    found: list[Line] = []
    signals = story.signals.get(alarm, [])
    ended_ms = next((s.at_ms for s in signals if s.state is SignalState.OFF), None)
    present: set[str] = set()
    for changed in story.alarms[alarm]:
        if changed.transition in _COMES:
            present.add(changed.row)
        elif changed.transition in (Transition.CLEARED, Transition.LATCHED):
            present.discard(changed.row)
        phase = _PHASES.get(changed.transition, "continue")
        state = "active" if present else "latched"
        shown = _shown(signals, changed.at_ms)
        found.append(Line(changed.at_ms, changed, phase, state, shown))
    if ended_ms is not None:
        last = found[-1]
        ends = last.at_ms == ended_ms and last.changed.transition not in _COMES
        end = Line(ended_ms, last.changed, "end", "inactive", "enabled", by_signal=not ends)
        found = [*found[:-1], end] if ends else [*found, end]
    return found


def _shown(signals: list[SignalChanged], at_ms: int) -> str:
    states = [one.state for one in signals if one.at_ms <= at_ms]
    return _SHOWN.get(states[-1], "enabled") if states else "enabled"


def metric_of(story: Story, changed: AlarmChanged) -> Metric | None:
    """Return what the line's number is a number of; None: of nothing that is measured.

    A row of blood pressure holds several numbers against several limits; which of them it names is
    told by the last reading before it.
    """
    if changed.value_x100 is None:
        return None
    rows = {row.id: row for row in story.opened.plan.rows}
    metric = getattr(rows.get(changed.row), "metric", None)
    if isinstance(metric, Metric):
        return metric
    before = [
        one.values
        for one in story.pressures
        if one.at_ms <= changed.at_ms and Metric.SBP in one.values
    ]
    names = (Metric.SBP, Metric.DBP, Metric.MAP)
    last = before[-1] if before else {}
    return next((name for name in names if last.get(name) == changed.value_x100), None)
