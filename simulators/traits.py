"""One simulated person: the constants that differ from person to person and from day to day.

`typical_person` is the middle of every distribution of `clinical.md` 6.1 to 6.4; `draw_person`
draws one person on one day from a generator that is handed in; `draw_usual` and `on_the_day` draw
the two halves apart, for somebody who comes back for several sessions. `spread` scales how far
people and days differ: 0 gives the typical person, 1 the population of the sources; a
demonstration uses a little in between so that its story holds for every seed.

It never advances anything and keeps no state.

>>> typical_person(weight_kg=75).spo2_pct
97.5
"""

from dataclasses import dataclass, replace
from math import exp, log, sqrt

from numpy.random import Generator

from simulators.body.kinetics import Uptake, typical

__all__ = [
    "Person",
    "PersonError",
    "Profile",
    "draw_person",
    "draw_usual",
    "lognormal",
    "on_the_day",
    "typical_person",
]

PEAK_NG_ML = 212.6
"""Plasma peak of the typical 75 kg person after 200 mg: the scale of "at peak" in 6.2."""

_HALF = sqrt(1 / 2)
"""Half of a variance, as a factor of the SD: the person's half and the day's half."""

_RANGES = {
    "spo2_pct": (70.0, 100.0),
    "pulse_bpm": (25.0, 180.0),
    "sbp_mmhg": (60.0, 240.0),
    "dbp_mmhg": (30.0, 160.0),
    "pi_pct": (0.02, 20.0),
    "sbp_slope_mmhg": (0.0, 10.0),
    "dbp_share": (0.0, 3.0),
    "pulse_slope_bpm": (-1.0, 1.0),
    "sleep_factor": (0.05, 20.0),
    "cadss_ec50_ng_ml": (10.0, 5000.0),
    "rr_bpm": (4.0, 40.0),
    "lung_ml_mmhg": (0.5, 30.0),
    "blood_ml": (50.0, 3000.0),
    "vo2_ml_min": (50.0, 1000.0),
    "altitude_m": (0.0, 4500.0),
    "oximeter_bias_pct": (-20.0, 20.0),
    "cuff_bias_mmhg": (-60.0, 60.0),
}


class PersonError(ValueError):
    """A constant that no simulated person can have; the message says which and what is allowed."""


@dataclass(frozen=True, slots=True)
class Person:
    """Constants of one person in one session.

    `spo2_pct` (at sea level), `pulse_bpm`, `sbp_mmhg`, `dbp_mmhg`, `rr_bpm` are at rest before the
    dose; `pi_pct` is the perfusion index at the finger. `sbp_slope_mmhg` is the rise of systolic
    pressure for each ng/mL at the effect site before tolerance (median 0.05, GSD 1.7: 6.2, anchored
    on the esketamine label S5, S18); the diastolic rise is `dbp_share` of it. `pulse_slope_bpm` is
    beats a minute for each ng/mL (S28). `sleep_factor` multiplies the concentration that
    wakefulness feels (1; CV 25 %: 6.3, S20); `cadss_ec50_ng_ml` is where CADSS-6 is half of 24.
    `lung_ml_mmhg`, `blood_ml` and `vo2_ml_min` are the oxygen store and its use (`gas`); somebody
    who lives at `altitude_m` has less oxygen from the start. `oximeter_bias_pct` and
    `cuff_bias_mmhg` belong to the meeting of this body and its devices (SD 1.5 and 4: 6.4).

    Raises:
        PersonError: a value outside the range of its kind; the message gives the range.
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
    cadss_ec50_ng_ml: float = 200.0
    rr_bpm: float = 14.0
    lung_ml_mmhg: float = 7.3
    blood_ml: float = 450.0
    vo2_ml_min: float = 250.0
    altitude_m: float = 0.0

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise PersonError(f"{name} of a person is {value}: use {low:g}..{high:g}")


@dataclass(frozen=True, slots=True)
class Profile:
    """What makes a person differ from the middle before chance does (6.2, 6.3).

    65 years or more, or hypertension: pressure slope x1.5, baseline +15 (S18, S27). SSRI or SNRI
    x1.1 (S30); a stimulant, an MAO inhibitor x1.75 each (1.5 to 2, general knowledge). Obesity: a
    smaller oxygen store. `altitude_m` is where they live, 0..4500.
    """

    is_elderly: bool = False
    is_hypertensive: bool = False
    takes_ssri: bool = False
    takes_stimulant: bool = False
    takes_maoi: bool = False
    is_obese: bool = False
    altitude_m: float = 0.0


STANDARD = Profile()
_STIFF_MMHG = (15.0, 8.0)
_STIFF_SLOPE = 1.5
_SSRI_SLOPE = 1.1
_DRIVEN_SLOPE = 1.75
_OBESE_LUNG_ML_MMHG = 3.3
_OBESE_BLOOD_ML = 700.0


def typical_person(weight_kg: float, profile: Profile = STANDARD) -> Person:
    """Return the middle person of that weight (30..250 kg) and profile."""
    person = Person(weight_kg, typical(weight_kg), altitude_m=profile.altitude_m)
    slope = person.sbp_slope_mmhg
    if profile.is_elderly or profile.is_hypertensive:
        slope *= _STIFF_SLOPE
        more_sbp, more_dbp = _STIFF_MMHG
        person = replace(
            person, sbp_mmhg=person.sbp_mmhg + more_sbp, dbp_mmhg=person.dbp_mmhg + more_dbp
        )
    if profile.takes_ssri:
        slope *= _SSRI_SLOPE
    for is_driven in (profile.takes_stimulant, profile.takes_maoi):
        if is_driven:
            slope *= _DRIVEN_SLOPE
    if profile.is_obese:
        person = replace(person, lung_ml_mmhg=_OBESE_LUNG_ML_MMHG, blood_ml=_OBESE_BLOOD_ML)
    return replace(person, sbp_slope_mmhg=slope)


def lognormal(rng: Generator, median: float, log_sd: float) -> float:
    """Draw from a lognormal distribution named by its median and the SD of its logarithm."""
    return median * exp(log_sd * float(rng.standard_normal()))


def draw_person(
    rng: Generator, weight_kg: float, spread: float = 1.0, profile: Profile = STANDARD
) -> Person:
    """Draw one person on one day; `spread` 0..1 scales every variation.

    Raises:
        PersonError: a spread outside 0..1.
    """
    return on_the_day(rng, draw_usual(rng, weight_kg, spread, profile), spread)


def draw_usual(
    rng: Generator, weight_kg: float, spread: float = 1.0, profile: Profile = STANDARD
) -> Person:
    """Draw what one person is like on all days.

    Raises:
        PersonError: a spread outside 0..1.
    """
    draw = _Draw(rng, spread)
    middle = typical_person(weight_kg, profile)
    uptake = middle.uptake
    return replace(
        middle,
        uptake=replace(
            draw.absorption(uptake),
            clearance_l_h=draw.varied(uptake.clearance_l_h, 0.25),
            central_l=draw.varied(uptake.central_l, 0.25),
            peripheral_l=draw.varied(uptake.peripheral_l, 0.25),
            exchange_l_h=draw.varied(uptake.exchange_l_h, 0.25),
            effect_half_min=draw.varied(uptake.effect_half_min, 0.3),
            norketamine_clearance_l_h=draw.varied(uptake.norketamine_clearance_l_h, 0.3),
            norketamine_l=draw.varied(uptake.norketamine_l, 0.3),
        ),
        **draw.rest(middle),
        sbp_slope_mmhg=draw.times(middle.sbp_slope_mmhg, _HALF * log(1.7)),
        sleep_factor=draw.varied(middle.sleep_factor, 0.25),
        cadss_ec50_ng_ml=draw.varied(middle.cadss_ec50_ng_ml, 0.3),
        rr_bpm=draw.around(middle.rr_bpm, 1.5),
        lung_ml_mmhg=draw.varied(middle.lung_ml_mmhg, 0.08),
        cuff_bias_mmhg=draw.around(0.0, 4.0),
    )


def on_the_day(rng: Generator, usual: Person, spread: float = 1.0) -> Person:
    """Draw one day of a person of `draw_usual`: how the lozenge is held, pressure, the finger.

    Raises:
        PersonError: a spread outside 0..1.
    """
    draw = _Draw(rng, spread)
    return replace(
        usual,
        uptake=draw.absorption(usual.uptake),
        **draw.rest(usual),
        pi_pct=min(max(draw.times(usual.pi_pct, 0.8), 0.3), 15.0),
        sbp_slope_mmhg=draw.times(usual.sbp_slope_mmhg, _HALF * log(1.7)),
        dbp_share=draw.times(usual.dbp_share, 0.25),
        oximeter_bias_pct=draw.around(0.0, 1.5),
    )


class _Draw:
    """Draws around a middle, as far as `spread` says."""

    def __init__(self, rng: Generator, spread: float) -> None:
        if not 0 <= spread <= 1:
            raise PersonError(f"spread is {spread}: use 0 (typical) to 1 (whole population)")
        self._rng = rng
        self._spread = spread

    def around(self, mean: float, sd: float) -> float:
        return mean + self._spread * sd * float(self._rng.standard_normal())

    def times(self, median: float, log_sd: float) -> float:
        return lognormal(self._rng, median, self._spread * log_sd)

    def varied(self, median: float, variation: float, half: float = 1.0) -> float:
        """Draw a lognormal with this coefficient of variation, or half of its variance."""
        return self.times(median, half * sqrt(log(1 + variation * variation)))

    def absorption(self, uptake: Uptake) -> Uptake:
        """Draw one half of how a dose is taken up: a person's way, or the day's."""
        return replace(
            uptake,
            # 0.45 in each path is the fast absorber of 6.1, the worst that the sources describe.
            mucosal_fraction=min(self.varied(uptake.mucosal_fraction, 0.4, _HALF), 0.45),
            gut_fraction=min(self.varied(uptake.gut_fraction, 0.4, _HALF), 0.45),
            mucosal_per_min=self.varied(uptake.mucosal_per_min, 0.3, _HALF),
            gut_per_min=self.varied(uptake.gut_per_min, 0.4, _HALF),
            gut_lag_s=round(self.varied(uptake.gut_lag_s, 0.3, _HALF)),
        )

    def rest(self, middle: Person) -> dict[str, float]:
        """Draw one half of what is measured at rest: a person's level, or the day's."""
        return {
            "spo2_pct": min(self.around(middle.spo2_pct, _HALF * 1.0), 99.5),
            "pulse_bpm": self.around(middle.pulse_bpm, _HALF * 8.0),
            "sbp_mmhg": self.around(middle.sbp_mmhg, _HALF * 9.0),
            "dbp_mmhg": self.around(middle.dbp_mmhg, _HALF * 5.0),
            "pulse_slope_bpm": self.around(middle.pulse_slope_bpm, _HALF * 6 / PEAK_NG_ML),
        }
