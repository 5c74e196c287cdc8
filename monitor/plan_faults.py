"""What is wrong with one row of a plan, beyond what its types can say: each fault with its advice.

A row that looks both ways, clears beyond its own limit or tells nobody at a high priority is a
mistake of whoever wrote the plan. Nothing is read here, and nothing is repaired.

    shape_faults(row)   -> [("clears below its own limit", "write clear_pct above below_pct")]
"""

from alerts.condition import Priority
from devices.observation import Metric
from monitor.follow_plan import FollowUp
from monitor.rows import (
    AttemptsRow,
    ConfirmedRow,
    CumulativeRow,
    DerivedRow,
    DipsRow,
    FallRow,
    FrozenRow,
    LimitRow,
    OverdueRow,
    RepeatedRow,
    ReportRow,
    RisingRow,
    Row,
    ShareRow,
    SilenceRow,
    SinceRow,
    SlopeRow,
    StepRow,
)
from monitor.rows_cuff import told_in_danger

__all__ = ["follow_up_faults", "may_be_high", "shape_faults", "telling_faults"]


def may_be_high(row: Row) -> bool:
    """Whether this row can reach high priority."""
    if row.priority is Priority.HIGH:
        return True
    if isinstance(row, LimitRow):
        return any(criterion.priority is Priority.HIGH for criterion in row.criteria)
    if isinstance(row, SinceRow | SilenceRow | OverdueRow | AttemptsRow | FrozenRow):
        return any(stage.priority is Priority.HIGH for stage in row.stages)
    return told_in_danger(row)


def telling_faults(row: Row) -> list[tuple[str, str]]:
    """A row that contradicts itself about whom it tells."""
    found = []
    if row.callback_s is not None and not row.p0:
        found.append(("asks for a call but informs nobody at once", "write p0 = true"))
    if row.local and (row.p0 or may_be_high(row)):
        found.append(("is local, and yet tells a physician", "drop local, p0 or the high priority"))
    if isinstance(row, ReportRow) and row.once and row.latch is None:
        found.append(("tells of what happened once, and would be gone at once", "write latch"))
    return found


def shape_faults(row: Row) -> list[tuple[str, str]]:
    """A row whose numbers contradict its shape: what is wrong, and what to write."""
    if isinstance(row, LimitRow):
        return _limit_faults(row)
    if isinstance(row, FallRow) and row.from_s >= row.to_s:
        return [("from_s is not below to_s", "write the nearer edge of the window as from_s")]
    if isinstance(row, ConfirmedRow):
        return _pressure_faults(row)
    if isinstance(row, DerivedRow):
        limits = [n for n in (row.at_least, row.above, row.below) if n is not None]
        if len(limits) != 1:
            return [("needs one of at_least, above and below", "write one limit")]
    if isinstance(row, RisingRow) and row.from_min >= row.to_min:
        return [("from_min is not below to_min", "write the earlier end as from_min")]
    if isinstance(row, ShareRow) and row.clear_pct < row.below_pct:
        return [("clears below its own limit", "write clear_pct above below_pct")]
    return _window_faults(row)


def _window_faults(row: Row) -> list[tuple[str, str]]:
    """Rows that look at more than the value of now."""
    if isinstance(row, FallRow | StepRow | CumulativeRow | DipsRow | SlopeRow) and (
        row.metric not in (Metric.SPO2, Metric.PULSE)
    ):
        what = f"looks back on {row.metric.value}, of which no past is kept"
        return [(what, 'write metric = "spo2" or "pulse"')]
    if isinstance(row, CumulativeRow) and row.clear_under_s > row.over_s:
        return [("clears above its own limit", "write clear_under_s below over_s")]
    if isinstance(row, DipsRow) and row.least_s > row.most_s:
        return [("least_s is above most_s", "write the shorter time as least_s")]
    if isinstance(row, SlopeRow) and not row.per_min <= row.clear_per_min <= 0:
        return [("clears at a slope that is no gentler fall", "write per_min below clear_per_min")]
    if isinstance(row, RepeatedRow) and row.count > row.of:
        return [("asks for more readings than it looks at", "write count up to of")]
    return []


def _pressure_faults(row: ConfirmedRow) -> list[tuple[str, str]]:
    """A row of pressures that looks both ways, or at nothing."""
    highs = (
        row.sbp_at_least,
        row.dbp_at_least,
        row.sbp_over_baseline,
        row.dbp_over_baseline,
        row.sbp_more_than_baseline,
        row.dbp_more_than_baseline,
    )
    high = any(number is not None for number in highs)
    low = row.sbp_below is not None or row.sbp_under_baseline is not None
    if high == low:
        return [("needs either limits above or limits below", "write one side")]
    return []


def _limit_faults(row: LimitRow) -> list[tuple[str, str]]:
    found = []
    for criterion in row.criteria:
        lows = (criterion.below, criterion.at_most, criterion.under_baseline)
        highs = (criterion.above, criterion.at_least, criterion.over_baseline)
        low = any(number is not None for number in lows)
        high = any(number is not None for number in highs)
        if low and high:
            found.append(("a criterion looks both ways", "write it as two criteria"))
        if not (low or high or criterion.facts):
            found.append(("a criterion never holds", "give it a limit or a fact"))
        limit, level = criterion.below, row.clear.at_least
        if limit is not None and level is not None and level < limit:
            found.append((f"clears at {level:g}, below its limit {limit:g}", "add hysteresis"))
        limit, level = criterion.above, row.clear.at_most
        if limit is not None and level is not None and level > limit:
            found.append((f"clears at {level:g}, above its limit {limit:g}", "add hysteresis"))
    return found


def follow_up_faults(follow_up: FollowUp | None, rows: tuple[str, ...]) -> list[tuple[str, str]]:
    """A follow-up that names rows which the plan lacks, or asks in the wrong order."""
    if follow_up is None:
        return []
    found = [
        (f"there is no row {row!r}", "write its row ids")
        for row in follow_up.rows
        if row not in rows
    ]
    if follow_up.message_min >= follow_up.next_day_min:
        found.append(("next_day_min is not after message_min", "ask again on the next day"))
    return found
