"""An undisturbed sensor shows the truth late, averaged, biased, as noisy as the sources say."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng

from simulators.finger import Finger
from simulators.oximeter_model import CLASS_A, OximeterModel


def felt(
    spo2_pct: float, seconds: int = 60, model: OximeterModel = CLASS_A, bias_pct: float = 0.0
) -> np.ndarray:
    """What the sensor shows of a steady truth at a pulse of 72 and a PI of 3 %."""
    finger = Finger(model, default_rng(1), bias_pct=bias_pct)
    return np.array([finger.feel(spo2_pct, 72.0, 3.0) for _ in range(seconds)])


def test_noise_is_that_of_the_sources() -> None:
    """Over 10 h: saturation SD 0.4 %, pulse SD 1 a minute (within 3 in 99 %), PI around 3 %."""
    shown = felt(97.0, 36_000)
    spo2, pulse, pi = shown[:, 0], shown[:, 1], shown[:, 2]
    assert (np.mean(spo2), np.std(spo2)) == (
        pytest.approx(97, abs=0.05),
        pytest.approx(0.4, abs=0.03),
    )
    assert (np.std(pulse), np.mean(np.abs(pulse - 72) <= 3) > 0.99) == (
        pytest.approx(1, abs=0.03),
        True,
    )
    assert (np.median(pi), pi.min() > 2.4, pi.max() < 3.7) == (
        pytest.approx(3, abs=0.1),
        True,
        True,
    )


def test_bias_and_darker_skin_add_up() -> None:
    """+1 of the pairing and +3 of the skin at 95 %; below 88 % the tail adds more (S58)."""
    dark = replace(CLASS_A, skin_bias_pct=3.0, skin_tail=0.75)
    high, low = felt(95.0, 6000, dark, 1.0), felt(86.0, 6000, dark)
    assert (np.mean(high[:, 0]), np.mean(low[:, 0])) == (
        pytest.approx(99.0, abs=0.1),
        pytest.approx(90.5, abs=0.1),
    )


def test_a_true_86_is_read_as_90_or_91_on_dark_skin() -> None:
    """The figures of scenario 31 (`clinical.md` 6.5)."""
    shown = felt(86.0, 600, replace(CLASS_A, skin_bias_pct=3.0, skin_tail=0.75))
    assert np.mean((shown[:, 0] > 89.4) & (shown[:, 0] < 91.6)) > 0.95


def steps_up(model: OximeterModel, pulse_bpm: float) -> tuple[int, int]:
    """After how many seconds a fall of 20 % begins to show, and is whole."""
    finger = Finger(model, default_rng(1), bias_pct=0.0)
    for _ in range(60):
        finger.feel(97.0, pulse_bpm, 3.0)
    shown = [finger.feel(77.0, pulse_bpm, 3.0).spo2_pct for _ in range(90)]
    begin = next(second for second, spo2 in enumerate(shown) if spo2 < 95.0)
    whole = next(second for second, spo2 in enumerate(shown) if spo2 < 78.5)
    return begin, whole


def test_lag_and_mean_are_the_model_s() -> None:
    """20 s and 8 s; 40 s and 8 s; four beats last 3 s at 72 and 6 s at 40 a minute."""
    assert [
        steps_up(CLASS_A, 72.0),
        steps_up(replace(CLASS_A, lag_s=40), 72.0),
        steps_up(replace(CLASS_A, mean_beats=4), 72.0),
        steps_up(replace(CLASS_A, mean_beats=4), 40.0),
    ] == [(20, 27), (40, 47), (20, 22), (20, 25)]


def test_a_cold_hand_has_a_tenth_of_the_perfusion() -> None:
    """The factor of the model multiplies what the body has."""
    assert np.median(felt(97.0, 600, replace(CLASS_A, perfusion=0.1))[:, 2]) == pytest.approx(
        0.3, abs=0.02
    )
