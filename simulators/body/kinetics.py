"""Where the ketamine of a sublingual dose is, second by second.

Two absorption paths (through the mucosa at once, through the gut after the lozenge is swallowed)
feed a two-compartment body; an effect site follows the plasma with a short delay; norketamine is
made from what the liver takes, on the first pass and later. The model is linear, so one matrix
carries a state through a second exactly and its powers carry it through whole blocks of seconds.

It never draws a random number and knows nothing of effects: `haemodynamics`, `sedation` and
`ventilation` turn the effect-site concentration into what a body does.

>>> body = Kinetics(typical(weight_kg=70))
>>> body.take(25)
>>> body.advance(41 * 60)
>>> round(body.plasma_ng_ml)
27
"""

from dataclasses import dataclass, fields
from math import log

import numpy as np
from numpy.typing import NDArray

__all__ = ["BLOCK_S", "FloatArray", "Kinetics", "KineticsError", "Uptake", "typical"]

FloatArray = NDArray[np.float64]

BLOCK_S = 600
"""The longest look ahead, seconds."""

_MAX_DOSE_MG = 1000.0
_MAX_STEP_S = 7 * 24 * 3600
_MIN_WEIGHT_KG = 30.0
_MAX_WEIGHT_KG = 250.0
_REFERENCE_KG = 70.0
_NORKETAMINE_SHARE = 0.8
_MUCOSA, _GUT, _CENTRAL, _PERIPHERAL, _SITE, _NORKETAMINE = range(6)
_TAYLOR_TERMS = 20


class KineticsError(ValueError):
    """A dose, weight, time or constant outside what the model can carry; the message says which."""


@dataclass(frozen=True, slots=True)
class Uptake:
    """One person's constants for one session (default model of `clinical.md` 6.1).

    Fractions are of the dose (0..1, together at most 1; a gut fraction of 0 is a dose that was spat
    out); rates are per minute; the lag is the hold time before the saliva is swallowed; clearances
    are litres per hour, volumes litres. Sources: fractions and peak Rolan 2014 (S47), Chong 2006
    (S126) and Simons 2022 (S48: 80 % of a dose becomes norketamine); disposition Kamp 2020 (S128);
    the split into paths and the effect-site half-life are design choices fitted to them.

    Raises:
        KineticsError: a fraction outside 0..1, or any other constant that is not above 0.
    """

    mucosal_fraction: float
    gut_fraction: float
    mucosal_per_min: float
    gut_per_min: float
    gut_lag_s: int
    clearance_l_h: float
    central_l: float
    peripheral_l: float
    exchange_l_h: float
    effect_half_min: float
    norketamine_clearance_l_h: float = 70.0
    norketamine_l: float = 175.0

    def __post_init__(self) -> None:
        shares = (self.mucosal_fraction, self.gut_fraction)
        if not (min(shares) >= 0 and sum(shares) <= 1):
            raise KineticsError(
                f"mucosal_fraction and gut_fraction are {shares}: use 0..1, together at most 1"
            )
        for field in fields(self)[2:]:
            value = getattr(self, field.name)
            if not value > 0:
                raise KineticsError(f"{field.name} is {value}: use a number above 0")


def typical(weight_kg: float) -> Uptake:
    """Return the middle person of 6.1; clearance grows with weight to the power 0.75.

    Raises:
        KineticsError: a weight outside 30..250 kg.
    """
    if not _MIN_WEIGHT_KG <= weight_kg <= _MAX_WEIGHT_KG:
        raise KineticsError(f"weight_kg is {weight_kg}: use {_MIN_WEIGHT_KG}..{_MAX_WEIGHT_KG}")
    return Uptake(
        mucosal_fraction=0.12,
        gut_fraction=0.17,
        mucosal_per_min=1 / 25,
        gut_per_min=1 / 45,
        gut_lag_s=15 * 60,
        clearance_l_h=79 * (weight_kg / _REFERENCE_KG) ** 0.75,
        central_l=80,
        peripheral_l=172,
        exchange_l_h=120,
        effect_half_min=4,
    )


class Kinetics:
    """The amounts in one body, advanced in whole seconds."""

    def __init__(self, uptake: Uptake) -> None:
        self._uptake = uptake
        self._now_s = 0
        # Amounts in mg, but the effect site, which is a concentration (ng/mL).
        self._state: FloatArray = np.zeros(6)
        self._swallowed: list[tuple[int, float]] = []
        self._carry = _carried(_change_per_s(uptake))

    @property
    def plasma_ng_ml(self) -> float:
        """Ketamine in the central compartment, ng/mL."""
        return float(self._state[_CENTRAL]) * 1000 / self._uptake.central_l

    @property
    def effect_ng_ml(self) -> float:
        """Ketamine at the effect site, ng/mL."""
        return float(self._state[_SITE])

    @property
    def norketamine_ng_ml(self) -> float:
        """Norketamine in its own volume, ng/mL; to show only, it is given no effect."""
        return float(self._state[_NORKETAMINE]) * 1000 / self._uptake.norketamine_l

    def take(self, dose_mg: float) -> None:
        """Put one dose under the tongue now; what is swallowed reaches the gut after the lag.

        Raises:
            KineticsError: a dose outside 0..1000 mg.
        """
        if not 0 < dose_mg <= _MAX_DOSE_MG:
            raise KineticsError(f"dose_mg is {dose_mg}: use more than 0 and at most {_MAX_DOSE_MG}")
        self._state = self._state.copy()
        self._state[_MUCOSA] += dose_mg * self._uptake.mucosal_fraction
        self._swallowed.append(
            (self._now_s + self._uptake.gut_lag_s, dose_mg * self._uptake.gut_fraction)
        )

    def effect_ahead(self, seconds: int) -> FloatArray:
        """Return the effect site (ng/mL) after 1, 2 .. `seconds` (1..600), moving nothing."""
        return self._ahead(seconds)[:, _SITE]

    def advance(self, seconds: int) -> None:
        """Let `seconds` pass (0..one week).

        Raises:
            KineticsError: a negative or absurd time.
        """
        if not 0 <= seconds <= _MAX_STEP_S:
            raise KineticsError(f"seconds is {seconds}: use 0..{_MAX_STEP_S}")
        while seconds:
            step_s = min(seconds, BLOCK_S)
            self._state = self._ahead(step_s)[-1]
            self._now_s += step_s
            self._swallowed = [one for one in self._swallowed if one[0] >= self._now_s]
            seconds -= step_s

    def _ahead(self, seconds: int) -> FloatArray:
        """Return the states after each of the next seconds, one row each."""
        ahead = np.zeros((seconds, 6))
        for part, carried in enumerate(self._carry):
            ahead += carried[:seconds] * self._state[part]
        for due_s, amount_mg in self._swallowed:
            wait_s = due_s - self._now_s
            if wait_s < seconds:
                ahead[wait_s:] += self._carry[_GUT][: seconds - wait_s] * amount_mg
        return ahead


def _change_per_s(uptake: Uptake) -> FloatArray:
    """Return the matrix of the model: how each state's change depends on every state."""
    mucosal = uptake.mucosal_per_min / 60
    gut = uptake.gut_per_min / 60
    leave = uptake.clearance_l_h / 3600 / uptake.central_l
    out = uptake.exchange_l_h / 3600 / uptake.central_l
    back = uptake.exchange_l_h / 3600 / uptake.peripheral_l
    to_site = log(2) / (uptake.effect_half_min * 60)
    # What the gut takes up but the liver keeps, for each mg that gets past it.
    lost = 1 - uptake.mucosal_fraction - uptake.gut_fraction
    first_pass = lost / uptake.gut_fraction if uptake.gut_fraction else 0.0
    change = np.zeros((6, 6))
    change[_MUCOSA, _MUCOSA] = -mucosal
    change[_GUT, _GUT] = -gut
    change[_CENTRAL, [_MUCOSA, _GUT, _CENTRAL, _PERIPHERAL]] = mucosal, gut, -leave - out, back
    change[_PERIPHERAL, [_CENTRAL, _PERIPHERAL]] = out, -back
    change[_SITE, [_CENTRAL, _SITE]] = to_site * 1000 / uptake.central_l, -to_site
    change[_NORKETAMINE, [_GUT, _CENTRAL, _NORKETAMINE]] = (
        _NORKETAMINE_SHARE * gut * first_pass,
        _NORKETAMINE_SHARE * leave,
        -uptake.norketamine_clearance_l_h / 3600 / uptake.norketamine_l,
    )
    return change


def _carried(change: FloatArray) -> FloatArray:
    """Return, for one unit in each state, all states after 1..BLOCK_S seconds.

    The exponential of the matrix is summed as its series: in one second every rate is far below 1.
    """
    one = term = np.eye(6)
    for order in range(1, _TAYLOR_TERMS):
        term = term @ change / order
        one = one + term
    powers = one[np.newaxis]
    while len(powers) < BLOCK_S:
        powers = np.concatenate((powers, powers @ powers[-1]))
    return np.ascontiguousarray(powers[:BLOCK_S].transpose(2, 0, 1))
