"""How many seeds each scenario is played with in an evaluation: by what it must show.

200 for an event, 400 where a high row of saturation or sedation is asked for, 1,000 for uneventful
sessions of the standard profile, which have targets, and 200 for the others, which are reported
beside them. `part` scales them all, for a shorter run that is named so.

>>> many({"x": Scenario(name="x", title="x")}, part=0.1)
{'x': 20}
"""

from collections.abc import Mapping

from alerts.condition import Priority
from simulators.worlds.scenario import Scenario

__all__ = ["is_standard", "many"]

_EVENT, _VITAL, _STANDARD = 200, 400, 1_000
_VITAL_ROWS = frozenset({"SPO2-LOW", "SPO2-CRIT", "SED-3", "SED-4", "SED-COMBO"})


def many(scenarios: Mapping[str, Scenario], part: float = 1.0) -> dict[str, int]:
    """Return the number of seeds by scenario; at least one each.

    Args:
        scenarios: all of them, by name.
        part: which share of the full numbers, above 0 to 1.
    """
    return {name: max(round(_full(one) * part), 1) for name, one in scenarios.items()}


def _full(scenario: Scenario) -> int:
    if scenario.uneventful:
        return _STANDARD if is_standard(scenario) else _EVENT
    vital = any(
        must.priority is Priority.HIGH and _VITAL_ROWS & set(must.rows) for must in scenario.must
    )
    return _VITAL if vital else _EVENT


def is_standard(scenario: Scenario) -> bool:
    """Whether it is uneventful and of the standard profile, for which targets hold (4.4)."""
    who = scenario.patient
    calm = scenario.uneventful and who.motion in ("none", "normal")
    return calm and who.oximeter == "A" and not who.profile
