"""Where the ketamine of a sublingual dose is, second by second.

Two absorption paths (through the mucosa at once, through the gut after the lozenge is swallowed)
feed a two-compartment body; an effect site follows the plasma with a short delay. The model is
linear and is solved with classical Runge-Kutta steps of one second, in plain floats and one
written order, so that the same calls give the same digits.

It never draws a random number and knows nothing of effects: `patient` turns the effect-site
concentration into pressure, pulse and wakefulness. Norketamine is left out: it adds little in the
first hours.

>>> body = Kinetics(typical(weight_kg=70))
>>> body.take(25)
>>> body.advance(41 * 60)
>>> round(body.plasma_ng_ml)
27
"""

from dataclasses import dataclass
from math import log

__all__ = ["Kinetics", "KineticsError", "Uptake", "typical"]

_MAX_DOSE_MG = 1000.0
_MAX_STEP_S = 7 * 24 * 3600
_MIN_WEIGHT_KG = 30.0
_MAX_WEIGHT_KG = 250.0
_REFERENCE_KG = 70.0


class KineticsError(ValueError):
    """A dose, weight or time outside what the model can carry; the message says which."""


@dataclass(frozen=True, slots=True)
class Uptake:
    """One person's constants for one session (default model of `clinical.md` 6.1).

    Fractions are of the dose (0..1); rates are per minute; the lag is the hold time before the
    saliva is swallowed; clearances are litres per hour, volumes litres.
    Anchors: Rolan 2014 and Chong 2006 for the fractions and the peak, Kamp 2020 for the body.
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


_State = tuple[float, float, float, float, float]  # mucosa, gut, central, peripheral mg; effect


class Kinetics:
    """The amounts in one body, advanced in whole seconds."""

    def __init__(self, uptake: Uptake) -> None:
        self._uptake = uptake
        self._now_s = 0
        self._state: _State = (0.0, 0.0, 0.0, 0.0, 0.0)
        self._swallowed: list[tuple[int, float]] = []
        # Per second, worked out once: they are used 40,000 times in a session.
        self._mucosal = uptake.mucosal_per_min / 60
        self._gut = uptake.gut_per_min / 60
        self._leave = uptake.clearance_l_h / 3600 / uptake.central_l
        self._out = uptake.exchange_l_h / 3600 / uptake.central_l
        self._back = uptake.exchange_l_h / 3600 / uptake.peripheral_l
        self._to_site = log(2) / (uptake.effect_half_min * 60)
        self._ng_ml_per_mg = 1000 / uptake.central_l

    @property
    def plasma_ng_ml(self) -> float:
        """Ketamine in the central compartment, ng/mL."""
        return self._state[2] * self._ng_ml_per_mg

    @property
    def effect_ng_ml(self) -> float:
        """Ketamine at the effect site, ng/mL."""
        return self._state[4]

    def take(self, dose_mg: float) -> None:
        """Put one dose under the tongue now; what is swallowed reaches the gut after the lag.

        Raises:
            KineticsError: a dose outside 0..1000 mg.
        """
        if not 0 < dose_mg <= _MAX_DOSE_MG:
            raise KineticsError(f"dose_mg is {dose_mg}: use more than 0 and at most {_MAX_DOSE_MG}")
        mucosa, gut, central, peripheral, site = self._state
        under_tongue_mg = dose_mg * self._uptake.mucosal_fraction
        self._state = (mucosa + under_tongue_mg, gut, central, peripheral, site)
        self._swallowed.append(
            (self._now_s + self._uptake.gut_lag_s, dose_mg * self._uptake.gut_fraction)
        )

    def advance(self, seconds: int) -> None:
        """Let `seconds` pass (0..one week).

        Raises:
            KineticsError: a negative or absurd time.
        """
        if not 0 <= seconds <= _MAX_STEP_S:
            raise KineticsError(f"seconds is {seconds}: use 0..{_MAX_STEP_S}")
        for _ in range(seconds):
            self._swallow()
            self._state = self._step(self._state)
            self._now_s += 1

    def _swallow(self) -> None:
        while self._swallowed and self._swallowed[0][0] <= self._now_s:
            _, amount_mg = self._swallowed.pop(0)
            mucosa, gut, central, peripheral, site = self._state
            self._state = (mucosa, gut + amount_mg, central, peripheral, site)

    def _step(self, state: _State) -> _State:
        """One second of the fourth-order Runge-Kutta rule."""
        first = self._change(state)
        second = self._change(_along(state, first, 0.5))
        third = self._change(_along(state, second, 0.5))
        fourth = self._change(_along(state, third, 1.0))
        slopes = zip(first, second, third, fourth, strict=True)
        mean = tuple((a + 2 * b + 2 * c + d) / 6 for a, b, c, d in slopes)
        return _along(state, mean, 1.0)

    def _change(self, state: _State) -> _State:
        mucosa, gut, central, peripheral, site = state
        from_mucosa = self._mucosal * mucosa
        from_gut = self._gut * gut
        exchange = self._out * central - self._back * peripheral
        return (
            -from_mucosa,
            -from_gut,
            from_mucosa + from_gut - self._leave * central - exchange,
            exchange,
            self._to_site * (central * self._ng_ml_per_mg - site),
        )


def _along(state: _State, slopes: tuple[float, ...], seconds: float) -> _State:
    mucosa, gut, central, peripheral, site = (
        value + seconds * slope for value, slope in zip(state, slopes, strict=True)
    )
    return mucosa, gut, central, peripheral, site
