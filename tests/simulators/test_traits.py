"""People are drawn around the typical person, and only as far as asked."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

from simulators.traits import (
    Person,
    PersonError,
    Profile,
    draw_person,
    draw_usual,
    lognormal,
    on_the_day,
    typical_person,
)


def test_no_spread_is_the_typical_person() -> None:
    """With spread 0 every seed gives the middle of every distribution."""
    assert draw_person(default_rng(5), 75, spread=0.0) == typical_person(75)


def test_the_same_seed_is_the_same_person() -> None:
    """One generator state gives one person."""
    assert draw_person(default_rng(5), 75) == draw_person(default_rng(5), 75)


def test_the_population_has_the_spread_of_the_sources() -> None:
    """2,000 people: pressure slope median 0.05 with GSD 1.7, mucosal fraction CV 40 %."""
    rng = default_rng(1)
    people = [draw_person(rng, 70) for _ in range(2000)]
    slopes = np.log([person.sbp_slope_mmhg for person in people])
    fractions = np.array([person.uptake.mucosal_fraction for person in people])
    assert np.exp(np.median(slopes)) == pytest.approx(0.05, rel=0.05)
    assert np.exp(np.std(slopes)) == pytest.approx(1.7, rel=0.05)
    assert np.std(fractions) / np.mean(fractions) == pytest.approx(0.4, abs=0.05)
    assert max(person.spo2_pct for person in people) <= 99.5


def test_a_lognormal_is_named_by_its_median() -> None:
    """Without spread a lognormal is its median."""
    assert lognormal(default_rng(1), 40.0, 0.0) == 40.0


@pytest.mark.parametrize("spread", [-0.1, 1.1])
def test_a_spread_outside_0_to_1_is_refused(spread: float) -> None:
    """The refusal says what 0 and 1 mean."""
    with pytest.raises(PersonError, match=r"use 0 \(typical\) to 1 \(whole population\)"):
        draw_person(default_rng(1), 70, spread=spread)


def test_half_of_the_pressure_slope_is_the_person_s() -> None:
    """400 people on four days: between people half of the variance of the logarithm, as in 6.2."""
    rng = default_rng(2)
    slopes = []
    for _ in range(400):
        usual = draw_usual(rng, 70)
        slopes.append([np.log(on_the_day(rng, usual).sbp_slope_mmhg) for _ in range(4)])
    within = np.mean(np.var(slopes, axis=1, ddof=1))
    assert within / np.var(slopes) == pytest.approx(0.5, abs=0.07)


def test_a_day_changes_the_lozenge_and_the_finger_but_not_the_body() -> None:
    """Weight, clearance, volumes, sleepiness and the oxygen store stay; uptake and PI change."""
    rng = default_rng(3)
    usual = draw_usual(rng, 70)
    day = on_the_day(rng, usual)
    assert (day.uptake.clearance_l_h, day.sleep_factor, day.lung_ml_mmhg, day.cuff_bias_mmhg) == (
        usual.uptake.clearance_l_h,
        usual.sleep_factor,
        usual.lung_ml_mmhg,
        usual.cuff_bias_mmhg,
    )
    assert day.uptake.mucosal_fraction != usual.uptake.mucosal_fraction
    assert (day.pi_pct != usual.pi_pct, day.oximeter_bias_pct != 0.0) == (True, True)


@pytest.mark.parametrize(
    ("profile", "factor", "sbp_mmhg"),
    [
        (Profile(is_elderly=True), 1.5, 137.0),
        (Profile(is_hypertensive=True, is_elderly=True), 1.5, 137.0),
        (Profile(takes_ssri=True), 1.1, 122.0),
        (Profile(takes_stimulant=True), 1.75, 122.0),
        (Profile(takes_maoi=True, takes_ssri=True), 1.1 * 1.75, 122.0),
        (Profile(), 1.0, 122.0),
    ],
)
def test_age_and_drugs_steepen_the_pressure(
    profile: Profile, factor: float, sbp_mmhg: float
) -> None:
    """Elderly or hypertensive x1.5 and +15 mmHg, SSRI x1.1, stimulant and MAOI x1.75 each."""
    person = typical_person(75, profile)
    assert [person.sbp_slope_mmhg / 0.05, person.sbp_mmhg] == pytest.approx([factor, sbp_mmhg])


def test_an_obese_person_has_less_oxygen_in_the_lung() -> None:
    """The store is smaller, the altitude is the profile's."""
    person = typical_person(120, Profile(is_obese=True, altitude_m=1600.0))
    assert (person.lung_ml_mmhg, person.blood_ml, person.altitude_m) == (3.3, 700.0, 1600.0)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"spo2_pct": 101.0}, "spo2_pct of a person is 101.0: use 70..100"),
        ({"sbp_slope_mmhg": -0.1}, "sbp_slope_mmhg of a person is -0.1: use 0..10"),
        ({"altitude_m": float("nan")}, "altitude_m of a person is nan: use 0..4500"),
    ],
)
def test_a_person_nobody_could_be_is_refused(changed: dict[str, float], told: str) -> None:
    """The refusal names the constant, its value and its range."""
    with pytest.raises(PersonError) as refused:
        replace(typical_person(70), **changed)  # type: ignore[arg-type]
    assert str(refused.value) == told


def test_every_person_drawn_is_possible() -> None:
    """3,000 draws of the widest profiles stay inside the ranges."""
    rng = default_rng(5)
    worst = Profile(is_elderly=True, takes_maoi=True, takes_stimulant=True, is_obese=True)
    people = [draw_person(rng, weight_kg, 1.0, worst) for weight_kg in (40, 110, 200) * 1000]
    assert {type(person) for person in people} == {Person}
