"""Constants of an oximeter stay within what devices have, and one pairing is drawn as sourced."""

from dataclasses import replace

import pytest
from numpy.random import default_rng

from simulators.oximeter_model import CLASS_A, CLASS_B, ModelError, draw_model


def test_the_two_classes() -> None:
    """Class A flags 99 of 100 movements, class B 70: nothing else differs."""
    assert (CLASS_A.flagged_share, replace(CLASS_B, flagged_share=0.99)) == (0.99, CLASS_A)


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("flagged_share", 1.1, "0..1"),
        ("lag_s", 61, "0..60"),
        ("mean_s", 0, "1..30"),
        ("perfusion", 0.0, "0.01..1"),
        ("skin_bias_pct", -1.0, "0..5"),
    ],
)
def test_a_constant_out_of_range_is_named(field: str, value: float, allowed: str) -> None:
    """The error says which, what was given and what is allowed."""
    with pytest.raises(ModelError, match=f"{field} of an oximeter is {value}: use {allowed}"):
        replace(CLASS_A, **{field: value})  # type: ignore[arg-type]


def test_the_lag_is_20_seconds_between_15_and_40() -> None:
    """1,000 pairings: median 20 s, never outside 15..40 (S62, S101); half average four beats."""
    drawn = [draw_model(default_rng(seed)) for seed in range(1000)]
    lags = sorted(model.lag_s for model in drawn)
    beats = sum(model.mean_beats == 4 for model in drawn)
    assert (lags[500], lags[0], lags[-1] <= 40, 450 < beats < 550) == (20, 15, True, True)


def test_what_was_asked_for_stays() -> None:
    """Only lag and mean are drawn."""
    asked = replace(CLASS_B, perfusion=0.2)
    got = draw_model(default_rng(1), asked)
    assert replace(got, lag_s=20, mean_beats=0) == asked
