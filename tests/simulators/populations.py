"""The simulated people whose figures are compared with the published ones. Seeds are fixed.

`bodies`: 250 people come eight times each, 200 mg, 75 kg, every second lived, looked at once a
minute until T+150. `courses`: the drug alone in 1,000 people who come eight times, for what is too
rare to be counted in 250. `small_doses`: 2,000 people take 25 mg once, 70 kg.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.random import Generator, default_rng

from simulators.body.haemodynamics import pressure_rise_mmhg
from simulators.body.kinetics import FloatArray, Kinetics
from simulators.body.sedation import moaas, tolerance
from simulators.patient import Patient
from simulators.traits import Person, draw_person, draw_usual, on_the_day

DAYS = 8
_PEOPLE = 250
_MANY_PEOPLE = 1000
_SEED = 20_260
_LAST_MIN = 150
_MINUTES = np.arange(_LAST_MIN + 1.0)

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Courses:
    """The drug in 8,000 sessions: a row each, people and then days, a column a minute."""

    people: tuple[Person, ...]
    effect: FloatArray

    @property
    def felt(self) -> FloatArray:
        """The effect site after tolerance, ng/mL."""
        return self.effect * tolerance(_MINUTES * 60)

    @property
    def lowest_moaas(self) -> Array:
        """The lowest MOAA/S of each session."""
        return moaas((self.felt * self.trait("sleep_factor")[:, np.newaxis]).max(axis=1))

    def rise(self, factor: float = 1.0) -> Array:
        """The drug's own systolic rise, mmHg, with a profile's factor on every slope."""
        slopes = factor * self.trait("sbp_slope_mmhg")
        rows = zip(self.felt, slopes, strict=True)
        return np.array([pressure_rise_mmhg(felt, slope) for felt, slope in rows])

    def trait(self, name: str) -> Array:
        """One constant of every person and day."""
        return np.array([getattr(person, name) for person in self.people])


def days(seed: int, people: int) -> Iterator[tuple[Person, Generator]]:
    """Every person on each of eight days, with the generator of that person."""
    for number in range(people):
        rng = default_rng((seed, number))
        usual = draw_usual(rng, 75)
        for _ in range(DAYS):
            yield on_the_day(rng, usual), rng


@cache
def bodies() -> tuple[Array, Array]:
    """Live 2,000 sessions: MOAA/S and CADSS-6 of each minute."""
    lives = []
    for person, rng in days(_SEED, _PEOPLE):
        body = Patient(person, rng, 0)
        body.take_dose(200)
        truths = [body.advance(int(minute) * 60_000) for minute in _MINUTES]
        lives.append([(one.moaas, one.cadss6) for one in truths])
    asleep, away = np.array(lives).transpose(2, 0, 1)
    return asleep, away


@cache
def courses() -> Courses:
    """Follow the drug through 8,000 sessions."""
    people, rows = [], []
    for person, _ in days(_SEED + 2, _MANY_PEOPLE):
        people.append(person)
        body = Kinetics(person.uptake)
        body.take(200)
        effect = [0.0]
        for _ in range(_LAST_MIN // 10):
            effect += body.effect_ahead(600)[59::60].tolist()
            body.advance(600)
        rows.append(effect)
    return Courses(tuple(people), np.array(rows))


@cache
def small_doses() -> tuple[Array, Array, Array, Array, Array]:
    """2,000 people take 25 mg: bioavailability, peak and its minute, the same of norketamine."""
    rows = []
    for number in range(2000):
        uptake = draw_person(default_rng((_SEED + 1, number)), 70).uptake
        body = Kinetics(uptake)
        body.take(25)
        seen = []
        for _ in range(120):
            body.advance(120)
            seen.append((body.plasma_ng_ml, body.norketamine_ng_ml))
        plasma, nor = np.array(seen).T
        share = uptake.mucosal_fraction + uptake.gut_fraction
        ends = (plasma.max(), 2 * (plasma.argmax() + 1), nor.max(), 2 * (nor.argmax() + 1))
        rows.append((share, *ends))
    return tuple(np.array(rows).T)
