"""A scenario in which nobody knows: the signal is lost, or nobody looks, while a row is present.

What a row then does shows whether it takes "not known" for "it is not so". It changes scenarios as
data and plays nothing.

    lossy = with_loss(scenario, played, "SPO2-LOW")
"""

from typing import Any

import msgspec

from alerts.condition import Transition
from simulators.worlds.played import Played
from simulators.worlds.scenario import Away, Scenario, Wire

__all__ = ["BEGINS", "LOOKS", "READINGS", "VALUES", "with_loss"]

BEGINS = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED)
# Whose "not known" a row can take for "it is not so": values of the clip, readings, looks.
VALUES = frozenset({"limit", "fall", "cumulative", "dips", "slope"})
READINGS = frozenset({"confirmed", "derived", "rising", "repeated", "faint", "apart"})
LOOKS = frozenset({"report", "overruled"})
_LOSS_S, _AFTER_S, _AWAY_S = 30.0, 3.0, 1_200.0


def with_loss(
    scenario: Scenario, played: Played, row: str, shape: str = "limit"
) -> Scenario | None:
    """Return the scenario with nobody to look, or no signal, while this row is present.

    None: the row never is. A row of values loses its signal for 30 s; of any other row the
    companion is away, and what the scenario makes people say after its beginning is not said.
    `played` is a world of the scenario as it is, by the shipped rules; `shape` that of the row.
    """
    begun_ms = next(
        (line.at_ms for line in played.lines if line.row == row and line.transition in BEGINS),
        None,
    )
    if begun_ms is None or played.dose_ms is None:
        return None
    at_min = (begun_ms - played.dose_ms) / 60_000 + _AFTER_S / 60
    if shape not in VALUES:
        return _alone_from(scenario, max(at_min, 0.0))
    loss = Wire(
        name="loss_of_signal",
        at_min=at_min,
        what="invalid",
        for_s=_LOSS_S,
    )
    return msgspec.structs.replace(scenario, wire=(*scenario.wire, loss))


def _alone_from(scenario: Scenario, at_min: float) -> Scenario:
    """Nobody looks, presses or says anything from then on."""

    def before(happening: Any) -> bool:
        return bool(happening.after == "open" or happening.at_min < at_min)

    return msgspec.structs.replace(
        scenario,
        length_min=max(scenario.length_min, min(300, int(at_min + _AWAY_S / 60) + 2)),
        says=tuple(filter(before, scenario.says)),
        sees=tuple(filter(before, scenario.sees)),
        order=tuple(filter(before, scenario.order)),
        away=(
            *scenario.away,
            Away(name="nobody_looks", at_min=at_min, who="companion", for_s=_AWAY_S),
        ),
    )
