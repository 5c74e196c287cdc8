"""Planted defects of single rows, and whether a row's own scenario catches them.

Five kinds: a delay doubled, a comparison flipped, what is not known taken for absent, latching off,
clearing off. A delay or a comparison is caught by the scenario's own words. The other three are
caught by the row's life: where the shipped rules end it, latch it, or hold it through a loss of
signal, the mutant does not.

What is not known is a signal that is lost for the rows of values, a person who is away for those of
the cuff and of the check-ins.

It plants; it plays nothing by itself. A kind that a row cannot have (a delay of 0) is no mutant:
`why_not` says which part the row has not.

    mutant = planted(plan, "SPO2-LOW", Defect.LATCH_OFF)
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from alerts.condition import Absent, Kind, Present, Transition
from monitor.detectors.base import ABSENT
from monitor.engine import Engine
from monitor.plan import Plan
from simulators.worlds.losses import BEGINS, LOOKS, READINGS, VALUES
from simulators.worlds.played import Played
from simulators.worlds.scenario import Must, Scenario

__all__ = ["Defect", "Mutant", "life", "own_scenarios", "planted", "why_not"]

_ENDS = (Transition.CLEARED, Transition.LATCHED)
_OLD_MS = 5_000
_DELAYS = ("delay_s", "after_s", "over_s", "urgent_delay_s")
_FLIPS = {
    "below": "above",
    "above": "below",
    "at_most": "at_least",
    "at_least": "at_most",
    "under_baseline": "over_baseline",
    "over_baseline": "under_baseline",
}
# Systolic limits of a reading; what the row says of the diastolic one goes with the turn.
_TURNS = {
    "sbp_at_least": "sbp_below",
    "sbp_below": "sbp_at_least",
    "sbp_over_baseline": "sbp_under_baseline",
    "sbp_under_baseline": "sbp_over_baseline",
    "clear_sbp_below": "clear_sbp_at_least",
    "clear_sbp_at_least": "clear_sbp_below",
    "at_least": "below",
    "above": "below",
    "below": "at_least",
    "clear_below": "clear_at_least",
    "clear_at_least": "clear_below",
}
# Shapes whose comparison is in their rule: they are shown the mirror image of each value.
_MIRRORS = {"fall": "at_most", "cumulative": "below", "dips": "nadir_at_most", "slope": "at_most"}
_OLD_READING_MS = 360_000

# What a notice says is so until somebody says that it is over: nobody has to look again.
_NOTICES = frozenset(
    {
        "ideation",
        "intent",
        "left_home",
        "must_go",
        "impaired",
        "stands_alone",
        "bladder",
        "panic",
        "unwell_after",
    }
)


class Defect(StrEnum):
    """What is wrong with the row."""

    DELAY_DOUBLED = "delay doubled"
    FLIPPED = "comparison flipped"
    UNKNOWN_IS_ABSENT = "unknown is absent"
    LATCH_OFF = "latching off"
    CLEAR_OFF = "clearing off"


_WHY_NOT = {
    Defect.DELAY_DOUBLED: "it has no delay",
    Defect.FLIPPED: "it compares with no limit of the plan",
    Defect.UNKNOWN_IS_ABSENT: "what it needs is never unknown, or its being unknown is the alarm",
    Defect.LATCH_OFF: "it does not latch",
    Defect.CLEAR_OFF: "",
}


class Mutant(msgspec.Struct, frozen=True):
    """One defect in one row: rules to run by, and what to do to the engine before it decides."""

    row: str
    defect: Defect
    plan: Plan
    prepare: Callable[[Engine], None] | None = None


def planted(plan: Plan, row: str, defect: Defect) -> Mutant | None:
    """Return the mutant, or None when this row cannot have this defect.

    Raises:
        KeyError: the plan has no such row.
    """
    whole: dict[str, Any] = msgspec.to_builtins(plan)
    rows = {one["id"]: one for one in whole["rows"]}
    found = rows[row]
    prepare = None
    match defect:
        case Defect.DELAY_DOUBLED:
            changed = _doubled(found)
        case Defect.FLIPPED:
            changed = _flipped(found)
            if not changed and found["shape"] in _MIRRORS:
                changed, prepare = True, _mirrored(row, found[_MIRRORS[found["shape"]]])
        case Defect.LATCH_OFF:
            changed = found.pop("latch", None) is not None
        case Defect.UNKNOWN_IS_ABSENT:
            changed, prepare = _can_be_unknown(found), _forgetful(row, found["shape"])
        case _:
            changed, prepare = True, _sticky(row)
    if not changed:
        return None
    return Mutant(row, defect, msgspec.convert(whole, Plan), prepare)


def why_not(plan: Plan, row: str, defect: Defect) -> str:
    """Return why this row cannot have this defect; empty when it can."""
    if planted(plan, row, defect) is not None:
        return ""
    return _WHY_NOT[defect]


def _parts(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the row itself and its criteria, their steps and its stages."""
    parts = [row, *row.get("criteria", ()), *row.get("stages", ())]
    return [*parts, *(one["stepped"] for one in parts if one.get("stepped"))]


def _doubled(row: dict[str, Any]) -> bool:
    changed = False
    for part in _parts(row):
        for name in _DELAYS:
            if part.get(name):
                part[name] *= 2
                changed = True
    return changed


def _can_be_unknown(row: dict[str, Any]) -> bool:
    """Whether its input can be missing: what the hub or a notice says is so until it is over."""
    looks = row["shape"] in LOOKS and row.get("on", "") not in _NOTICES
    seen = looks and row["kind"] in ("O", Kind.OBSERVER)
    return seen or row["shape"] in VALUES | READINGS


def _flipped(row: dict[str, Any]) -> bool:
    """Turn every comparison of a limit round; hysteresis is turned with it."""
    if row["shape"] in ("confirmed", "derived"):
        return _turned(row)
    criteria = row.get("criteria", ())
    changed = any(name in _FLIPS for part in criteria for name in part)
    for part in [*criteria, row.get("clear") or {}] if changed else ():
        turned = {_FLIPS.get(name, name): value for name, value in part.items()}
        part.clear()
        part.update(turned)
    return changed


def _turned(row: dict[str, Any]) -> bool:
    """A reading's systolic or derived limit the other way round, and nothing else of it."""
    kept = {name: value for name, value in row.items() if "dbp" not in name and "_or_" not in name}
    row.clear()
    row.update({_TURNS.get(name, name): value for name, value in kept.items()})
    return True


def _mirrored(row: str, level: float) -> Callable[[Engine], None]:
    """The row sees 97 where 85 is, when its level is 91."""

    def plant(engine: Engine) -> None:
        detector: Any = next(one for one in engine.board.all if one.id == row)
        on_value = detector.on_value
        detector.on_value = lambda value_x100, sample: on_value(
            max(round(level * 200) - value_x100, 100), sample
        )
        detector.calm = lambda: None

    return plant


def _sticky(row: str) -> Callable[[Engine], None]:
    """The row's "it is not so" never reaches the alarm system once it was so."""

    def plant(engine: Engine) -> None:
        settle = engine.alarms.settle
        was: set[str] = set()

        def worse(facts: Any, answer: Any, at_ms: int) -> None:
            if facts.id == row and isinstance(answer, Present):
                was.add(row)
            if not (facts.id == row and row in was and isinstance(answer, Absent)):
                settle(facts, answer, at_ms)

        engine.alarms.settle = worse  # type: ignore[method-assign,assignment]

    return plant


def _is_unknown(engine: Engine, shape: str, at_ms: int) -> bool:
    """Whether what the row needs is missing now."""
    chart = engine.chart
    if shape in READINGS:
        return not chart.readings or at_ms - chart.readings[-1].at_ms > _OLD_READING_MS
    if shape in LOOKS:
        return chart.moaas(at_ms) is None
    last_ms = chart.oximeter.last_valid_ms
    return last_ms is not None and at_ms - last_ms > _OLD_MS


def _forgetful(row: str, shape: str) -> Callable[[Engine], None]:
    """Where nobody knows, the row says that it is not so."""

    def plant(engine: Engine) -> None:
        handle = engine.handle
        detector = next(one for one in engine.board.all if one.id == row)

        def worse(event: Any) -> Any:
            out = handle(event)
            unknown = _is_unknown(engine, shape, event.at_ms)
            if unknown and isinstance(detector.answer, Present):
                detector.answer = ABSENT
                engine.alarms.settle(detector.facts, ABSENT, event.at_ms)
            return out

        engine.handle = worse  # type: ignore[method-assign]

    return plant


def own_scenarios(scenarios: Mapping[str, Scenario], plan: Plan) -> dict[str, list[str]]:
    """Return for each row the scenarios that ask for it alone, the catalogue's before others."""
    ordered = sorted(
        scenarios.values(), key=lambda one: (one.number is None, one.number or 0, one.name)
    )
    found: dict[str, list[str]] = {row.id: [] for row in plan.rows}
    for scenario in ordered:
        asked = [must.rows[0] for must in scenario.must if _alone(must)]
        for row in dict.fromkeys(asked):
            if row in found:
                found[row].append(scenario.name)
    return {row: names for row, names in found.items() if names}


def _alone(must: Must) -> bool:
    return must.what == "present" and len(must.rows) == 1


def life(played: Played, row: str) -> list[tuple[int, str]]:
    """Return how a row's life went: when it began, was cleared or latched, in order."""
    return [
        (line.at_ms, "begun" if line.transition in BEGINS else line.transition.value)
        for line in played.lines
        if line.row == row and line.transition in (*BEGINS, *_ENDS)
    ]
