"""People are drawn around the typical person, and only as far as asked."""

import numpy as np
import pytest
from numpy.random import default_rng

from simulators.traits import draw_person, lognormal, typical_person


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
    with pytest.raises(ValueError, match=r"use 0 \(typical\) to 1 \(whole population\)"):
        draw_person(default_rng(1), 70, spread=spread)
