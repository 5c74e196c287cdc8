"""SPO2-HIGHBIAS: an oximeter that may read too high, said to everybody, and the limits that follow.

Oximeters over-read on darker skin, most of all where it matters (FDA 2022 and 2025, S58). That is
no alarm but a thing to know of each number, so it is information for the whole session. For a
patient whose file says so the limits of the rows that the plan names go up besides, WARN and LOW
by 2; "all SpO2 shifts together at most +2; WARN and LOW shift, CRIT stays 80" (`clinical.md` 1.4).

Nothing is raised here, no value is changed, and a limit that a physician sets later is theirs.

>>> from monitor.patient import Health
>>> why(Health(reads_high=True))
'the oximeter may read too high on this skin'
"""

from typing import TYPE_CHECKING

from monitor import risk
from monitor.effects import Informed
from monitor.patient import Health
from monitor.rows import LimitRow

if TYPE_CHECKING:
    from monitor.chart import Chart
    from monitor.engine import Engine

__all__ = ["ROW", "begin", "why", "words"]

ROW = "SPO2-HIGHBIAS"
_BY = "SpO2 profile"


def why(health: Health) -> str:
    """Return why the numbers may be too high; empty when somebody has said that they are not."""
    if health.reads_high:
        return "the oximeter may read too high on this skin"
    if health.reads_high is None:
        return "the oximeter may read too high: its accuracy on this skin is not stated"
    return ""


def words(chart: "Chart") -> str:
    """Return what is shown of it now; empty when nothing is.

    The shift is named as long as the limits are where it put them: a physician may move them.
    """
    reason = why(chart.health) if _shifts(chart) else ""
    if not reason or not chart.health.reads_high:
        return reason
    moved = [up for name, up in _shifts(chart).items() if chart.tailored.get(name) == _BY]
    return f"SpO2 limits +{max(moved)}: {reason}" if moved else reason


def begin(engine: "Engine", at_ms: int) -> None:
    """The session opens: say it once, and raise the limits of a patient of whom it is known."""
    chart = engine.chart
    shifts, reason = _shifts(chart), why(chart.health)
    if not shifts or not reason:
        return
    if chart.health.reads_high:
        for name, up in shifts.items():
            risk.raise_limit(engine, name, up, by=_BY, reason=reason, at_ms=at_ms)
    engine.emit(Informed(at_ms=at_ms, row=ROW, words=words(chart)))


def _shifts(chart: "Chart") -> dict[str, int]:
    """By how much the plan raises which rows; empty when it knows nothing of it (a recording)."""
    if chart.plan.start != "gate":
        return {}
    rows = (row for row in chart.plan.rows if isinstance(row, LimitRow))
    return {row.id: row.high_bias_up for row in rows if row.high_bias_up is not None}
