"""Planted defects of single rows, and whether a row's own scenario catches them.

Five kinds: a delay doubled, a comparison flipped, what is not known taken for absent, latching off,
clearing off. A delay or a comparison is caught by the scenario's own words. The other three are
caught by the row's life: where the shipped rules end it, latch it, or hold it through a loss of
signal, the mutant does not.

It plants; it plays nothing by itself. A kind that a row cannot have (a delay of 0) is no mutant.

    mutant = planted(plan, "SPO2-LOW", Defect.LATCH_OFF)
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from alerts.condition import Absent, Present, Transition
from monitor.detectors.base import ABSENT
from monitor.engine import Engine
from monitor.plan import Plan
from simulators.worlds.played import Played
from simulators.worlds.scenario import Must, Scenario, Wire

__all__ = ["Defect", "Mutant", "life", "own_scenarios", "planted", "with_loss"]

_BEGINS = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED)
_ENDS = (Transition.CLEARED, Transition.LATCHED)
_LOSS_S, _AFTER_S, _OLD_MS = 30.0, 3.0, 5_000
_DELAYS = ("delay_s", "after_s", "over_s", "urgent_delay_s")
_FLIPS = {
    "below": "above",
    "above": "below",
    "at_most": "at_least",
    "at_least": "at_most",
    "under_baseline": "over_baseline",
    "over_baseline": "under_baseline",
}
# Shapes that judge values: only they can take "no value" for "all is well".
_VALUES = frozenset({"limit", "fall", "cumulative", "dips", "slope"})


class Defect(StrEnum):
    """What is wrong with the row."""

    DELAY_DOUBLED = "delay doubled"
    FLIPPED = "comparison flipped"
    UNKNOWN_IS_ABSENT = "unknown is absent"
    LATCH_OFF = "latching off"
    CLEAR_OFF = "clearing off"


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
        case Defect.LATCH_OFF:
            changed = found.pop("latch", None) is not None
        case Defect.UNKNOWN_IS_ABSENT:
            changed, prepare = found["shape"] in _VALUES, _forgetful(row)
        case _:
            changed, prepare = True, _sticky(row)
    if not changed:
        return None
    return Mutant(row, defect, msgspec.convert(whole, Plan), prepare)


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


def _flipped(row: dict[str, Any]) -> bool:
    """Turn every comparison of a limit round; hysteresis is turned with it."""
    criteria = row.get("criteria", ())
    changed = any(name in _FLIPS for part in criteria for name in part)
    for part in [*criteria, row.get("clear") or {}] if changed else ():
        turned = {_FLIPS.get(name, name): value for name, value in part.items()}
        part.clear()
        part.update(turned)
    return changed


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


def _forgetful(row: str) -> Callable[[Engine], None]:
    """Without a valid value for 5 s the row says that it is not so."""

    def plant(engine: Engine) -> None:
        handle = engine.handle
        detector = next(one for one in engine.board.all if one.id == row)

        def worse(event: Any) -> Any:
            out = handle(event)
            last_ms = engine.chart.oximeter.last_valid_ms
            unknown = last_ms is not None and event.at_ms - last_ms > _OLD_MS
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
        (line.at_ms, "begun" if line.transition in _BEGINS else line.transition.value)
        for line in played.lines
        if line.row == row and line.transition in (*_BEGINS, *_ENDS)
    ]


def with_loss(scenario: Scenario, played: Played, row: str) -> Scenario | None:
    """Return the scenario with 30 s without a signal while this row is present; None: it is not.

    `played` is a world of the scenario as it is, by the shipped rules.
    """
    begun_ms = next(
        (line.at_ms for line in played.lines if line.row == row and line.transition in _BEGINS),
        None,
    )
    if begun_ms is None or played.dose_ms is None:
        return None
    loss = Wire(
        name="loss_of_signal",
        at_min=(begun_ms - played.dose_ms) / 60_000 + _AFTER_S / 60,
        what="invalid",
        for_s=_LOSS_S,
    )
    return msgspec.structs.replace(scenario, wire=(*scenario.wire, loss))
