"""Whose rules EXTENDED has: those of PEAK while the patient is not well, else those of RECOVERY.

"rows, delays and check-in times of PEAK while MOAA/S <5 or a medium/high P alert is open, else of
RECOVERY" (`clinical.md` 1.4). The last rating counts however old it is, and one that never came is
below 5. A row that names EXTENDED itself keeps what it says. No phase is moved here.

    follow(engine, at_ms)    after every change: chart.extended_as is PEAK or RECOVERY
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from alerts.alarm import Alarm
from alerts.condition import Kind, Priority
from monitor.chart import Chart
from monitor.session import Phase

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["follow", "rules_of"]

_FULLY_AWAKE = 5


def rules_of(chart: Chart, alarms: Iterable[Alarm]) -> Phase:
    """Return the phase whose rules EXTENDED has now."""
    if chart.check is None or chart.check.moaas < _FULLY_AWAKE:
        return Phase.PEAK
    open_ = any(
        state.facts.kind is Kind.PHYSIOLOGICAL and alarm.priority_of(state)[0] is not Priority.LOW
        for alarm in alarms
        for state in alarm.rows.values()
    )
    return Phase.PEAK if open_ else Phase.RECOVERY


def follow(engine: "Engine", at_ms: int) -> None:
    """Bring the rules of EXTENDED up to date; what is due comes nearer by it, never later."""
    chart = engine.chart
    if chart.phase is not Phase.EXTENDED:
        chart.extended_as = Phase.PEAK
        return
    rules = rules_of(chart, engine.alarms.book.open.values())
    if rules is chart.extended_as:
        return
    chart.extended_as = rules
    for due in (chart.cuff, chart.check_in):
        due.enter(chart.pace, at_ms, chart.dose_ms)
    engine.refresh(at_ms)
