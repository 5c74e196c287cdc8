"""A plan: the frozen rules of one session, read from TOML, every fault named at once.

A plan lists phases' streams and schedules, the ladder, and the rows. It is frozen into the session
at its opening: what is edited later changes no running session. This module reads no file.

>>> load_plan("name = 'x'", "x.toml")
Traceback (most recent call last):
    ...
monitor.plan.PlanError: ...
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from alerts.condition import Priority
from alerts.contact import Role
from alerts.escalation import Ladder, Rung
from devices.observation import Metric
from monitor.faults import Faults, FaultsError, convert, read_toml
from monitor.gate_items import GateItem
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
    RisingRow,
    Row,
    ShareRow,
    SilenceRow,
    SinceRow,
    SlopeRow,
    StepRow,
)
from monitor.rows_cuff import told_in_danger
from monitor.session import Phase

__all__ = ["GateItem", "Plan", "PlanError", "Schedule", "Stream", "load_plan", "plan_hash"]

Minutes = Annotated[int, Meta(ge=0, le=1440, description="whole minutes up to a day")]


class PlanError(FaultsError):
    """The plan cannot be used; the message names every fault."""


class Stream(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Phases in which a stream is required. `if_bound`: only when a device is bound (replay)."""

    required_in: tuple[Phase, ...]
    if_bound: bool = False


class Schedule(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When something is due: minutes after the last dose, then every so many minutes by phase.

    `early_s`: a reading so long before counts as it; `prompt_s`: the person is asked so long
    before; `stale_s`: this late the old value is unknown; `high_risk_min`: more, at high risk.
    """

    at_min: tuple[Minutes, ...] = ()
    high_risk_min: tuple[Minutes, ...] = ()
    every_min: dict[Phase, Minutes] = {}
    early_s: Annotated[int, Meta(ge=0, le=3600)] = 0
    prompt_s: Annotated[int, Meta(ge=0, le=3600)] = 0
    stale_s: Annotated[int, Meta(ge=0, le=3600)] = 180


class Plan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rules of one session. `signed_by` is empty until a licensed clinician signs.

    `gate_min`: after so many minutes the gate lapses, whatever was passed in it. `only_rehearsal`:
    the session rehearses the alarm chain and ends by itself; it watches nobody and takes no dose.
    """

    name: str
    version: str
    signed_by: str = ""
    start: Literal["gate", "peak"] = "gate"
    baseline: Literal["before_dose", "first_minutes"] = "before_dose"
    baseline_s: Annotated[int, Meta(ge=1, le=3600)] = 300
    baseline_samples: Annotated[int, Meta(ge=1, le=3600)] = 150
    gate: tuple[GateItem, ...] = ()
    gate_min: Annotated[int, Meta(ge=1, le=1440)] = 60
    only_rehearsal: bool = False
    oximeter: Stream
    cuff: Stream
    check_in: Stream
    patient_check: Stream = Stream(required_in=())
    cuff_schedule: Schedule = Schedule()
    check_in_schedule: Schedule = Schedule()
    patient_check_schedule: Schedule = Schedule()
    ladder: Ladder
    rows: Annotated[tuple[Row, ...], Meta(min_length=1)]

    @property
    def gate_ids(self) -> tuple[str, ...]:
        """The names of the gate's items, in their order."""
        return tuple(item.id for item in self.gate)


def load_plan(text: str, where: str, bases: Mapping[str, str] | None = None) -> Plan:
    """Read a plan.

    Args:
        text: the TOML text.
        where: the file's name, for the faults.
        bases: texts of the plans that it may extend, by name. A plan that `extends` another takes
            every key that it does not write itself, and with `only` just these rows.

    Raises:
        PlanError: with every fault of the file: what, where and what to do.
    """
    faults = Faults()
    mapping = _extended(read_toml(text, where, faults), where, bases or {}, faults)
    plan = None if mapping is None else convert(Plan, mapping, where, faults)
    if plan is not None:
        _check(plan, where, faults)
    if plan is None or faults:
        raise PlanError(faults)
    return plan


def plan_hash(plan: Plan) -> str:
    """SHA-256 over the plan's canonical JSON: the same rules have the same hash."""
    return hashlib.sha256(msgspec.json.encode(plan, order="deterministic")).hexdigest()


def _extended(
    mapping: dict[str, Any] | None, where: str, bases: Mapping[str, str], faults: Faults
) -> dict[str, Any] | None:
    if mapping is None or "extends" not in mapping:
        return mapping
    name = mapping.pop("extends")
    if name not in bases:
        faults.add(
            f"{where}: extends",
            f"there is no plan {name!r}",
            f"write one of {', '.join(sorted(bases)) or 'none'}",
        )
        return None
    # A base may extend another; never itself, or reading would not end.
    others = {other: text for other, text in bases.items() if other != name}
    base = _extended(read_toml(bases[name], f"{name}.toml", faults), f"{name}.toml", others, faults)
    if base is None:
        return None
    only = mapping.pop("only", None)
    if only is not None:
        rows = {row.get("id"): row for row in base.get("rows", [])}
        for row_id in only:
            if row_id not in rows:
                faults.add(f"{where}: only", f"{name} has no row {row_id!r}", "write its row ids")
        base["rows"] = [row for row_id, row in rows.items() if row_id in only]
    return {**base, **mapping}


def _check(plan: Plan, where: str, faults: Faults) -> None:
    seen: set[str] = set()
    for row in plan.rows:
        at = f"{where}: rows[{row.id}]"
        if row.id in seen:
            faults.add(at, "the id stands twice", "give each row its own id")
        seen.add(row.id)
        if row.alarm_class is None and _may_be_high(row):
            faults.add(at, "can be high but has no alarm_class", 'write alarm_class = "A" or "S"')
        for what, advice in [*_telling_faults(row), *_shape_faults(row)]:
            faults.add(at, what, advice)
    local = {(row.family, row.local) for row in plan.rows}
    for family in sorted({family for family, is_local in local if (family, not is_local) in local}):
        # A local alarm stays one when another row joins it.
        what = "some of its rows are local and some are not"
        faults.add(f"{where}: family {family}", what, "write local in all of them or in none")
    _check_gate(plan, where, faults)
    for name in ("low", "medium", "high"):
        _check_ladder(f"{where}: ladder.{name}", getattr(plan.ladder, name), faults)
    if not any(rung.at_s == 0 and rung.to is Role.PHYSICIAN for rung in plan.ladder.high):
        what = "pages no physician at 0 s"
        faults.add(f"{where}: ladder.high", what, 'write { at_s = 0, to = "physician" }')


def _check_gate(plan: Plan, where: str, faults: Faults) -> None:
    for item_id in sorted({i for i in plan.gate_ids if plan.gate_ids.count(i) > 1}):
        faults.add(f"{where}: gate[{item_id}]", "the id stands twice", "give each item its own id")
    for item in plan.gate:
        if item.ask and (item.measure or item.proof):
            what = "has questions and a measure or a proof"
            faults.add(f"{where}: gate[{item.id}]", what, "make two items of it")
        ids = [one.id for one in item.ask]
        for ask_id in sorted({one for one in ids if ids.count(one) > 1}):
            what = f"the question {ask_id} stands twice"
            faults.add(f"{where}: gate[{item.id}].ask", what, "give each question its own id")


def _check_ladder(at: str, rungs: tuple[Rung, ...], faults: Faults) -> None:
    times = [rung.at_s for rung in rungs]
    if 0 not in times:
        faults.add(at, "tells nobody at 0 s", 'write { at_s = 0, to = "companion" } first')
    if times != sorted(times):
        faults.add(at, "rungs are not in order", "sort them by at_s")


def _may_be_high(row: Row) -> bool:
    if row.priority is Priority.HIGH:
        return True
    if isinstance(row, LimitRow):
        return any(criterion.priority is Priority.HIGH for criterion in row.criteria)
    if isinstance(row, SinceRow | SilenceRow | OverdueRow | AttemptsRow | FrozenRow):
        return any(stage.priority is Priority.HIGH for stage in row.stages)
    return told_in_danger(row)


def _telling_faults(row: Row) -> list[tuple[str, str]]:
    """A row that contradicts itself about whom it tells."""
    found = []
    if row.callback_s is not None and not row.p0:
        found.append(("asks for a call but informs nobody at once", "write p0 = true"))
    if row.local and (row.p0 or _may_be_high(row)):
        found.append(("is local, and yet tells a physician", "drop local, p0 or the high priority"))
    return found


def _shape_faults(row: Row) -> list[tuple[str, str]]:
    if isinstance(row, LimitRow):
        return _limit_faults(row)
    if isinstance(row, FallRow) and row.from_s >= row.to_s:
        return [("from_s is not below to_s", "write the nearer edge of the window as from_s")]
    if isinstance(row, ConfirmedRow):
        return _pressure_faults(row)
    if isinstance(row, DerivedRow) and (
        sum(n is not None for n in (row.at_least, row.above, row.below)) != 1
    ):
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
    return [("needs either limits above or limits below", "write one side")] if high == low else []


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
