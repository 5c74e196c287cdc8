"""One simulated person: the constants that differ from person to person, typical or drawn.

`typical_person` is the middle of every distribution of `clinical.md` 6.1 to 6.4; `draw_person`
draws around it from a generator that is handed in. `spread` scales how far people differ: 0 gives
the typical person, 1 the population of the sources; a demonstration uses a little in between so
that its story holds for every seed.

It never advances anything and keeps no state.

>>> typical_person(weight_kg=75).spo2_pct
97.5
"""

from dataclasses import dataclass
from math import exp, log, sqrt

from numpy.random import Generator

from simulators.kinetics import Uptake, typical

__all__ = ["Person", "draw_person", "lognormal", "typical_person"]

PEAK_NG_ML = 212.6
"""Plasma peak of the typical 75 kg person after 200 mg: the scale of "at peak" in 6.2."""


@dataclass(frozen=True, slots=True)
class Person:
    """Constants of one person in one session.

    `spo2_pct`, `pulse_bpm`, `sbp_mmhg`, `dbp_mmhg` are at rest before the dose; `pi_pct` is the
    perfusion index at the finger. `sbp_slope_mmhg` is the rise of systolic pressure for each
    ng/mL at the effect site before tolerance (median 0.05, GSD 1.7: 6.2, anchored on the esketamine
    label); the diastolic rise is `dbp_share` of it. `pulse_slope_bpm` is beats a minute for each
    ng/mL. `sleep_factor` multiplies the concentration that wakefulness feels (1; CV 25 %: 6.3).
    `oximeter_bias_pct` and `cuff_bias_mmhg` belong to the meeting of this body and its devices
    (SD 1.5 and 4: 6.4).
    """

    weight_kg: float
    uptake: Uptake
    spo2_pct: float = 97.5
    pulse_bpm: float = 72.0
    sbp_mmhg: float = 122.0
    dbp_mmhg: float = 77.0
    pi_pct: float = 3.0
    sbp_slope_mmhg: float = 0.05
    dbp_share: float = 0.6
    pulse_slope_bpm: float = 5 / PEAK_NG_ML
    sleep_factor: float = 1.0
    oximeter_bias_pct: float = 0.0
    cuff_bias_mmhg: float = 0.0


def typical_person(weight_kg: float) -> Person:
    """Return the middle person of that weight (30..250 kg)."""
    return Person(weight_kg, typical(weight_kg))


def lognormal(rng: Generator, median: float, log_sd: float) -> float:
    """Draw from a lognormal distribution named by its median and the SD of its logarithm."""
    return median * exp(log_sd * float(rng.standard_normal()))


def draw_person(rng: Generator, weight_kg: float, spread: float = 1.0) -> Person:
    """Draw one person; `spread` 0..1 scales every between-subject variation.

    Raises:
        ValueError: a spread outside 0..1.
    """
    if not 0 <= spread <= 1:
        raise ValueError(f"spread is {spread}: use 0 (typical) to 1 (whole population)")
    middle = typical_person(weight_kg)

    def around(mean: float, sd: float) -> float:
        return mean + spread * sd * float(rng.standard_normal())

    def times(median: float, log_sd: float) -> float:
        return lognormal(rng, median, spread * log_sd)

    return Person(
        weight_kg=weight_kg,
        uptake=_draw_uptake(middle.uptake, rng, spread),
        spo2_pct=min(around(middle.spo2_pct, 1.0), 99.5),
        pulse_bpm=around(middle.pulse_bpm, 8.0),
        sbp_mmhg=around(middle.sbp_mmhg, 8.0),
        dbp_mmhg=around(middle.dbp_mmhg, 5.0),
        pi_pct=min(max(times(middle.pi_pct, 0.8), 0.3), 15.0),
        sbp_slope_mmhg=times(middle.sbp_slope_mmhg, log(1.7)),
        dbp_share=times(middle.dbp_share, 0.2),
        pulse_slope_bpm=around(middle.pulse_slope_bpm, 6 / PEAK_NG_ML),
        sleep_factor=times(middle.sleep_factor, _log_sd(0.25)),
        oximeter_bias_pct=around(0.0, 1.5),
        cuff_bias_mmhg=around(0.0, 4.0),
    )


def _draw_uptake(middle: Uptake, rng: Generator, spread: float) -> Uptake:
    def times(median: float, variation: float) -> float:
        return lognormal(rng, median, spread * _log_sd(variation))

    return Uptake(
        # 0.45 in each path is the fast absorber of 6.1, the worst that the sources describe.
        mucosal_fraction=min(times(middle.mucosal_fraction, 0.4), 0.45),
        gut_fraction=min(times(middle.gut_fraction, 0.4), 0.45),
        mucosal_per_min=times(middle.mucosal_per_min, 0.3),
        gut_per_min=times(middle.gut_per_min, 0.4),
        gut_lag_s=round(times(middle.gut_lag_s, 0.3)),
        clearance_l_h=times(middle.clearance_l_h, 0.25),
        central_l=times(middle.central_l, 0.25),
        peripheral_l=times(middle.peripheral_l, 0.25),
        exchange_l_h=times(middle.exchange_l_h, 0.25),
        effect_half_min=times(middle.effect_half_min, 0.3),
    )


def _log_sd(variation: float) -> float:
    """Return the SD of the logarithm of a lognormal variable with this coefficient of variation."""
    return sqrt(log(1 + variation * variation))
