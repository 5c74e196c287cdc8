"""Wakefulness, dissociation and the tolerance to both follow their curves."""

import numpy as np
import pytest

from simulators.body.sedation import cadss6, moaas, tolerance


def test_tolerance_begins_at_45_min_and_halves_every_hour() -> None:
    """1 until T+45, a half at T+105, a quarter at T+165."""
    minutes = np.array([0.0, 45.0, 105.0, 165.0])
    assert tolerance(minutes * 60).tolist() == [1.0, 1.0, 0.5, 0.25]


def test_moaas_steps_at_150_400_650_900() -> None:
    """Each step begins at its concentration: 150 is MOAA/S 4, just under it is 5."""
    felt = np.array([0.0, 149.9, 150.0, 399.9, 400.0, 649.9, 650.0, 899.9, 900.0, 3000.0])
    assert moaas(felt).tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]


def test_cadss6_is_half_at_its_ec50_and_never_over_24() -> None:
    """12 of 24 at the EC50, 4.8 at half of it, nearly 24 far above."""
    got = cadss6(np.array([0.0, 100.0, 200.0, 20_000.0]), 200.0)
    assert got.tolist() == pytest.approx([0.0, 4.8, 12.0, 24.0], abs=0.01)


def test_an_ec50_of_95_gives_the_deep_session_of_scenario_2() -> None:
    """With 212 ng/mL felt and EC50 95 CADSS-6 is 20."""
    assert round(float(cadss6(np.array([212.0]), 95.0)[0])) == 20
