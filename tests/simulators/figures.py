"""The published figures of the body (figures.toml), and how each is measured.

A rise of pressure is the drug's own, without noise and cuff. `python -m tests.simulators.figures`
prints the tables of docs/simulator.md.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from simulators.body.gas import GasExchange, air_at, rest_pct
from simulators.body.kinetics import FloatArray, Kinetics, Uptake, typical
from simulators.body.ventilation import ketamine_share
from simulators.traits import Profile, typical_person
from tests.simulators import figures_of_events
from tests.simulators.populations import DAYS, Array, bodies, courses, small_doses

_NO_BREATH_S = 180


@dataclass(frozen=True)
class Figure:
    """One figure: what is published and where, and the interval that is asked for."""

    key: str
    name: str
    unit: str
    published: str
    source: str
    asked: tuple[float, float]
    digits: int = 1


@cache
def curve(uptake: Uptake, dose_mg: float) -> tuple[Array, ...]:
    """Plasma, effect site and norketamine each half minute until T+240, ng/mL."""
    body = Kinetics(uptake)
    body.take(dose_mg)
    rows = []
    for _ in range(480):
        body.advance(30)
        rows.append((body.plasma_ng_ml, body.effect_ng_ml, body.norketamine_ng_ml))
    return tuple(np.array(rows).T)


def of_patients(happened: Array) -> float:
    """Per cent of people to whom it happened in at least one of eight sessions."""
    return float(100 * happened.reshape(-1, DAYS).any(axis=1).mean())


def share(happened: Array) -> float:
    """Per cent."""
    return float(100 * happened.mean())


def peak_ng_ml(dose_mg: float) -> float:
    """The plasma peak of the typical 70 kg person."""
    return float(curve(typical(70), dose_mg)[0].max())


def left_pct(minute: int) -> float:
    """What is left of the plasma peak."""
    plasma = curve(typical(70), 200)[0]
    return float(100 * plasma[2 * minute - 1] / plasma.max())


def fast_ng_ml() -> float:
    """The fast absorber: 45 % through the mucosa, 400 mg, clearance 70 L/h, at T+30."""
    fast = replace(typical(70), mucosal_fraction=0.45, gut_fraction=0.0, clearance_l_h=70.0)
    return float(curve(fast, 400)[0][59])


def ends_min(per_cent: float) -> float:
    """The minute at which sedation is over, of those sessions that had any."""
    asleep = bodies()[0] < 5
    last = [np.flatnonzero(row)[-1] + 1 for row in asleep if row.any()]
    return float(np.percentile(last, per_cent))


def top_rise() -> Array:
    """The highest systolic rise of each session."""
    top: Array = courses().rise().max(axis=1)
    return top


def top_diastolic() -> Array:
    """The highest diastolic rise of each session."""
    top: Array = top_rise() * courses().trait("dbp_share")
    return top


def top_pulse() -> Array:
    """The change of pulse at the highest effect."""
    top: Array = courses().trait("pulse_slope_bpm") * courses().effect.max(axis=1)
    return top


def elderly_pct() -> float:
    """The same people with the slope of somebody of 65 or more."""
    factor = typical_person(75, Profile(is_elderly=True)).sbp_slope_mmhg / 0.05
    return of_patients(courses().rise(factor).max(axis=1) >= 40)


@cache
def without_breath(profile: Profile) -> FloatArray:
    """Saturation for 180 s without breath, from a resting saturation of 97.5 %."""
    person = typical_person(75, profile)
    body = GasExchange(
        lung_ml_mmhg=person.lung_ml_mmhg,
        blood_ml=person.blood_ml,
        vo2_ml_min=person.vo2_ml_min,
        altitude_m=0.0,
    )
    return body.look_ahead(np.zeros(_NO_BREATH_S))[0] + 97.5 - rest_pct(body.air)


def until_s(profile: Profile, below_pct: float) -> float:
    """Seconds without breath until saturation is under that."""
    return float(np.argmax(without_breath(profile) < below_pct) + 1)


def fall_pct_min(profile: Profile) -> float:
    """How much is lost in the minute after 90 %."""
    saturation = without_breath(profile)
    second = int(until_s(profile, 90.0))
    return float(saturation[second] - saturation[second + 60])


def steady_pct(ventilation: float) -> float:
    """Saturation after two hours of that share of ventilation."""
    body = GasExchange(lung_ml_mmhg=7.3, blood_ml=450.0, vo2_ml_min=250.0, altitude_m=0.0)
    return float(body.look_ahead(np.full(7200, ventilation))[0][-1])


LEAN = Profile()
OBESE = Profile(is_obese=True)

MEASURES: dict[str, Callable[[], float]] = {
    "bioavailability": lambda: 100 * float(small_doses()[0].mean()),
    "small_peak": lambda: float(np.median(small_doses()[1])),
    "small_peak_time": lambda: float(np.median(small_doses()[2])),
    "small_nor": lambda: float(np.median(small_doses()[3])),
    "small_nor_time": lambda: float(np.median(small_doses()[4])),
    "peak_100": lambda: peak_ng_ml(100),
    "peak_200": lambda: peak_ng_ml(200),
    "peak_300": lambda: peak_ng_ml(300),
    "peak_400": lambda: peak_ng_ml(400),
    "site_peak_time": lambda: float(curve(typical(70), 200)[1].argmax() + 1) / 2,
    "left_120": lambda: left_pct(120),
    "left_240": lambda: left_pct(240),
    "fast_absorber": fast_ng_ml,
    "rise_40_people": lambda: of_patients(top_rise() >= 40),
    "rise_40_sessions": lambda: share(top_rise() >= 40),
    "diastolic_25": lambda: of_patients(top_diastolic() >= 25),
    "diastolic_25_sessions": lambda: share(top_diastolic() >= 25),
    "systolic_180": lambda: of_patients(courses().trait("sbp_mmhg") + top_rise() >= 180),
    "diastolic_110": lambda: of_patients(courses().trait("dbp_mmhg") + top_diastolic() >= 110),
    "elderly": elderly_pct,
    "rise_median": lambda: float(np.median(top_rise())),
    "rise_time": lambda: float(np.median(courses().rise().argmax(axis=1))),
    "rise_120": lambda: float(np.median(courses().rise()[:, 120])),
    "pulse_mean": lambda: float(top_pulse().mean()),
    "pulse_sd": lambda: float(top_pulse().std()),
    "moaas_4": lambda: share(courses().lowest_moaas <= 4),
    "moaas_3": lambda: share(courses().lowest_moaas <= 3),
    "moaas_2": lambda: share(courses().lowest_moaas <= 2),
    "sedation_end": lambda: ends_min(50),
    "sedation_end_p90": lambda: ends_min(90),
    "awake_130": lambda: share(bodies()[0][:, 130] == 5),
    "cadss_8": lambda: share(bodies()[1].max(axis=1) >= 8),
    "ventilation_300": lambda: 100 * float(ketamine_share(np.array([300.0]))[0]),
    "ventilation_1000": lambda: 100 * float(ketamine_share(np.array([1000.0]))[0]),
    "saturation_60": lambda: steady_pct(0.6),
    "saturation_50": lambda: steady_pct(0.5),
    "apnoea_90": lambda: until_s(LEAN, 90.0),
    "apnoea_90_obese": lambda: until_s(OBESE, 90.0),
    "apnoea_fall": lambda: fall_pct_min(LEAN),
    "apnoea_fall_obese": lambda: fall_pct_min(OBESE),
    "store": lambda: 250 / 60 * until_s(LEAN, 70.0),
    "rest_mean": lambda: float(courses().trait("spo2_pct").mean()),
    "rest_sd": lambda: float(courses().trait("spo2_pct").std()),
    "altitude": lambda: rest_pct(air_at(0.0)) - rest_pct(air_at(1600.0)),
    **figures_of_events.MEASURES,
    "rise_mean_40": lambda: float(courses().rise()[:, 40].mean()),
    "sedated_people": lambda: of_patients(bodies()[0].min(axis=1) < 5),
}


def read() -> dict[str, tuple[Figure, ...]]:
    """All figures of figures.toml by the title of their table."""
    text = (Path(__file__).parent / "figures.toml").read_text(encoding="utf-8")
    groups = {}
    for group in tomllib.loads(text).values():
        title = group.pop("title")
        groups[title] = tuple(
            Figure(key=key, **{**one, "asked": tuple(one["asked"])}) for key, one in group.items()
        )
    return groups


def row(figure: Figure) -> str:
    """One row of docs/simulator.md."""
    low, high = figure.asked
    asked = f"{low:g} to {high:g}" if low < high else f"{low:g}"
    simulated = f"{MEASURES[figure.key]():.{figure.digits}f} {figure.unit}"
    return f"| {figure.name} | {figure.published} | {figure.source} | {asked} | {simulated} |"


if __name__ == "__main__":
    for heading, figures in read().items():
        lines = ["| figure | published | source | asked for | simulated |", "|---|---|---|---|---|"]
        lines += [row(one) for one in figures]
        print("\n".join((f"### {heading}", "", *lines, "")))  # noqa: T201 - what it is for
