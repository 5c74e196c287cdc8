"""The high-risk profile: who has it, and what it adds to what is asked and watched.

It holds from the opening of the session, or from the moment at which a dose was not as planned, to
the end: more readings and check-ins after the dose, and SPO2-WARN and SPO2-LOW one percent higher;
SPO2-CRIT stays. "All SpO2 shifts together at most +2" (`clinical.md` 1.4). The minutes are the
plan's. No alarm is raised here, and a limit that a physician sets later is theirs.

>>> reasons(Health(age_years=70, sedatives=True))
('aged 65 or more', 'sedatives or opioids')
"""

from typing import TYPE_CHECKING

from monitor.effects import LimitChanged
from monitor.patient import Health
from monitor.tailoring import limit_of, moved

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["begin", "raise_limit", "reasons"]

_OLD_YEARS = 65
_ROWS = ("SPO2-WARN", "SPO2-LOW")
_UP, _MOST_X100 = 1, 2_00
_BY = "high-risk profile"


def reasons(health: Health) -> tuple[str, ...]:
    """Return why this patient is at high risk; empty when nothing says so."""
    found = {
        "aged 65 or more": health.age_years is not None and health.age_years >= _OLD_YEARS,
        "treated hypertension": health.hypertension,
        "sleep apnoea, or a BMI of 35 or more": health.apnoea,
        "sedatives or opioids": health.sedatives,
        "an MAOI or a stimulant": health.stimulants,
        "first session": health.first_session,
        "a higher dose than before": health.dose_increased,
    }
    return tuple(words for words, so in found.items() if so)


def begin(engine: "Engine", why: str, at_ms: int) -> None:
    """From now on the session has the profile; a second reason changes nothing."""
    chart = engine.chart
    if chart.high_risk:
        return
    chart.high_risk = why
    for due in (chart.cuff, chart.check_in):
        due.add_high_risk(at_ms, chart.dose_ms)
    for name in _ROWS:
        raise_limit(engine, name, _UP, by=_BY, reason=why, at_ms=at_ms)


def raise_limit(engine: "Engine", name: str, up: int, *, by: str, reason: str, at_ms: int) -> None:
    """One row's limit goes up by so many percent, never more than two above the plan's."""
    chart = engine.chart
    row = chart.rows.get(name)
    if row is None:
        return
    plan_x100 = next(limit_of(one) for one in chart.plan.rows if one.id == name)
    before_x100 = limit_of(row)
    limit_x100 = min(before_x100 + up * 100, plan_x100 + _MOST_X100)
    if limit_x100 <= before_x100:
        return
    chart.rows[name] = new = moved(row, (limit_x100 - before_x100) / 100)
    chart.tailored[name] = by
    engine.emit(
        LimitChanged(
            at_ms=at_ms,
            row=name,
            before_x100=before_x100,
            limit_x100=limit_x100,
            by=by,
            reason=reason,
        )
    )
    for detector in engine.board.all:
        if detector.id == name:
            detector.retune(new)
