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

from alerts.contact import Role
from alerts.escalation import Ladder, Rung
from monitor.faults import Faults, FaultsError, convert, read_toml
from monitor.follow_plan import FollowUp
from monitor.gate_items import GateItem
from monitor.plan_faults import follow_up_faults, may_be_high, shape_faults, telling_faults
from monitor.rows import Row
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
    `follow_up`: what is asked after the discharge; without it the discharge is the end.
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
    follow_up: FollowUp | None = None
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
        if isinstance(follow_up := base.get("follow_up"), dict):
            follow_up["rows"] = [one for one in follow_up.get("rows", []) if one in only]
    return {**base, **mapping}


def _check(plan: Plan, where: str, faults: Faults) -> None:
    seen: set[str] = set()
    for row in plan.rows:
        at = f"{where}: rows[{row.id}]"
        if row.id in seen:
            faults.add(at, "the id stands twice", "give each row its own id")
        seen.add(row.id)
        if row.alarm_class is None and may_be_high(row):
            faults.add(at, "can be high but has no alarm_class", 'write alarm_class = "A" or "S"')
        for what, advice in [*telling_faults(row), *shape_faults(row)]:
            faults.add(at, what, advice)
    local = {(row.family, row.local) for row in plan.rows}
    for family in sorted({family for family, is_local in local if (family, not is_local) in local}):
        # A local alarm stays one when another row joins it.
        what = "some of its rows are local and some are not"
        faults.add(f"{where}: family {family}", what, "write local in all of them or in none")
    _check_gate(plan, where, faults)
    for what, advice in follow_up_faults(plan.follow_up, tuple(row.id for row in plan.rows)):
        faults.add(f"{where}: follow_up", what, advice)
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
