"""Oxygen and carbon dioxide between breath and artery, second by second.

Two stores: oxygen in lung and blood, emptied by the metabolism and filled by ventilation, and
carbon dioxide. In a steady state the alveolar gas equation holds (PAO2 = PIO2 - PaCO2 / 0.8,
arterial 8 mmHg lower, saturation by Severinghaus): 60 % of the ventilation gives a saturation of
about 90 %. Without breath the store carries a typical body for about 67 s, then saturation falls by
20 to 30 % a minute; an obese one for 30 to 45 s (`clinical.md` 6.3; general knowledge, no single
study).

The two parts of the store are fitted to those times, they are no measured volumes. Not in here:
added oxygen, shunt, the Bohr effect.

>>> round(float(saturation_pct(np.array([58.7]))[0]), 1)
90.0
"""

from dataclasses import dataclass

import numpy as np

from simulators.body.kinetics import FloatArray

__all__ = ["Air", "GasExchange", "air_at", "rest_pct", "saturation_pct"]

_SEVERINGHAUS = 23_400.0
_LINEAR = 150.0
_SEA_LEVEL_MMHG = 760.0
_WATER_MMHG = 47.0
_INSPIRED_MMHG = 150.0
_PACO2_MMHG = 40.0
_PACO2_PER_KM_MMHG = 2.8
_GRADIENT_MMHG = 8.0
_QUOTIENT = 0.8
_CO2_TAU_S = 240.0
_LEAST_MMHG = 1.0
# While ventilation hardly changes, five seconds are one step: the stores answer within minutes.
_LONG_S = 5
_SMOOTH = 0.05
_MAX_ALTITUDE_M = 4500.0


def saturation_pct(pao2_mmhg: FloatArray) -> FloatArray:
    """Return the saturation (0..100 %) of an arterial oxygen pressure (mmHg, 0 or more).

    Severinghaus 1979: 1 / (23400 / (p^3 + 150 p) + 1).
    """
    cubic = pao2_mmhg * (pao2_mmhg * pao2_mmhg + _LINEAR)
    return 100 * cubic / (cubic + _SEVERINGHAUS)


@dataclass(frozen=True, slots=True)
class Air:
    """What a place gives: inspired oxygen, the carbon dioxide people keep there, the gradient."""

    inspired_mmhg: float
    paco2_mmhg: float
    gradient_mmhg: float

    @property
    def rest_mmhg(self) -> float:
        """Alveolar oxygen at rest."""
        return self.inspired_mmhg - self.paco2_mmhg / _QUOTIENT


def air_at(altitude_m: float) -> Air:
    """Return the air at an altitude, 0..4500 m, for people who live there.

    150 mmHg of inspired oxygen and 40 of carbon dioxide at sea level; pressure by the standard
    atmosphere; people keep 2.8 mmHg less carbon dioxide for each km. At 1600 m a resting saturation
    is 3 % lower (6.3).

    Raises:
        ValueError: an altitude outside that range.
    """
    if not 0 <= altitude_m <= _MAX_ALTITUDE_M:
        raise ValueError(f"altitude_m is {altitude_m}: use 0..{_MAX_ALTITUDE_M:g}")
    pressure_mmhg = _SEA_LEVEL_MMHG * (1 - 2.25577e-5 * altitude_m) ** 5.25588
    share = (pressure_mmhg - _WATER_MMHG) / (_SEA_LEVEL_MMHG - _WATER_MMHG)
    return Air(
        inspired_mmhg=_INSPIRED_MMHG * share,
        paco2_mmhg=_PACO2_MMHG - _PACO2_PER_KM_MMHG * altitude_m / 1000,
        gradient_mmhg=_GRADIENT_MMHG * share,
    )


def rest_pct(air: Air) -> float:
    """Return the saturation at rest in this air, before a person's own difference from it."""
    return float(saturation_pct(np.array([air.rest_mmhg - air.gradient_mmhg]))[0])


class GasExchange:
    """The two stores of one body. At the start they are as at rest."""

    def __init__(
        self, *, lung_ml_mmhg: float, blood_ml: float, vo2_ml_min: float, altitude_m: float
    ) -> None:
        """`lung_ml_mmhg` is what the lung gives for each mmHg (typical 7.3 mL, obese 3.3).

        `blood_ml` is what full blood gives on its way to empty (typical 450 mL, obese 700);
        `vo2_ml_min` is the oxygen used (250 mL a minute).

        Raises:
            ValueError: a store or a use that is not above 0, an altitude outside 0..4500 m.
        """
        if not min(lung_ml_mmhg, blood_ml, vo2_ml_min) > 0:
            raise ValueError(
                f"lung_ml_mmhg, blood_ml and vo2_ml_min are {lung_ml_mmhg}, {blood_ml} and "
                f"{vo2_ml_min}: use numbers above 0"
            )
        self.air = air_at(altitude_m)
        self._lung_ml_mmhg = lung_ml_mmhg
        self._blood_ml = blood_ml
        self._use_ml_s = vo2_ml_min / 60
        self._alveolar_mmhg = self.air.rest_mmhg
        self._paco2_mmhg = self.air.paco2_mmhg
        self._ahead: tuple[FloatArray, FloatArray] = (np.zeros(0), np.zeros(0))

    def look_ahead(self, ventilation: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return saturation (%) and PaCO2 (mmHg) for the next seconds, moving nothing.

        `ventilation` has one share of the resting ventilation for each second (0 or more).
        """
        seconds = len(ventilation)
        is_smooth = seconds % _LONG_S == 0 and np.ptp(ventilation) < _SMOOTH
        step_s = _LONG_S if is_smooth else 1
        oxygen, carbon = self._steps(ventilation[step_s // 2 :: step_s].tolist(), step_s)
        if is_smooth:
            at_s, all_s = np.arange(0, seconds + 1, step_s), np.arange(1, seconds + 1)
            oxygen = np.interp(all_s, at_s, np.append(self._alveolar_mmhg, oxygen))
            carbon = np.interp(all_s, at_s, np.append(self._paco2_mmhg, carbon))
        self._ahead = (oxygen, carbon)
        return saturation_pct(oxygen - self.air.gradient_mmhg), carbon

    def _steps(self, ventilation: list[float], step_s: int) -> tuple[FloatArray, FloatArray]:
        """Return alveolar oxygen and PaCO2 (mmHg) after each step.

        The part that is linear in the state is taken at the middle of the step (a trapezium).
        """
        air, use_ml = self.air, self._use_ml_s
        fill = use_ml / (air.inspired_mmhg - air.rest_mmhg)
        lung_ml, blood_ml = self._lung_ml_mmhg, self._blood_ml
        least = air.gradient_mmhg + _LEAST_MMHG
        alveolar, paco2 = self._alveolar_mmhg, self._paco2_mmhg
        oxygen, carbon = [], []
        for share in ventilation:
            pressure = alveolar - air.gradient_mmhg
            square = pressure * pressure
            held = pressure * (square + _LINEAR) + _SEVERINGHAUS
            store_ml = lung_ml + blood_ml * _SEVERINGHAUS * (3 * square + _LINEAR) / (held * held)
            flow_ml = fill * share * (air.inspired_mmhg - alveolar) - use_ml
            alveolar += step_s * flow_ml / (store_ml + fill * share * step_s / 2)
            alveolar = max(alveolar, least)
            change = step_s * (air.paco2_mmhg - share * paco2)
            paco2 += change / (_CO2_TAU_S + share * step_s / 2)
            oxygen.append(alveolar)
            carbon.append(paco2)
        return np.array(oxygen), np.array(carbon)

    def settle(self, seconds: int) -> None:
        """Live that many of the seconds that were last looked at."""
        if seconds:
            oxygen, carbon = self._ahead
            self._alveolar_mmhg = float(oxygen[seconds - 1])
            self._paco2_mmhg = float(carbon[seconds - 1])
