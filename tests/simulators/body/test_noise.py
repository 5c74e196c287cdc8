"""The body's noise has the spread and the memory that its channels state."""

import numpy as np
import pytest
from numpy.random import default_rng

from simulators.body.kinetics import BLOCK_S
from simulators.body.noise import CHANNELS, Noise, NoiseOrderError


def many(name: str, seeds: int = 150) -> np.ndarray:
    """One channel of many bodies over forty minutes, the first ten left out."""
    lives = []
    for seed in range(seeds):
        noise = Noise(default_rng(seed))
        lives.append(np.concatenate([noise.block(number)[name] for number in range(5)]))
    return np.array(lives)[:, BLOCK_S:]


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_has_its_spread_and_its_memory(name: str) -> None:
    """Mean 0, the stated SD, and after one time constant 1/e of the value is left."""
    sd, constant_s = CHANNELS[name]
    values = many(name)
    lag = round(constant_s)
    kept = np.mean(values[:, lag:] * values[:, :-lag]) / np.mean(values * values)
    assert [np.mean(values) / sd, np.std(values) / sd, kept] == pytest.approx(
        [0.0, 1.0, np.exp(-1)], abs=0.05
    )


def test_the_sum_in_one_go_is_the_recurrence() -> None:
    """Each value is what is kept of the last plus its own draw, over the border of two blocks."""
    noise, rng = Noise(default_rng(4)), default_rng(4)
    got = np.concatenate([noise.block(0)["fast"], noise.block(1)["fast"]])
    fresh = np.concatenate([rng.standard_normal((len(CHANNELS), BLOCK_S))[3] for _ in range(2)])
    keep, value, expected = np.exp(-1 / 4), 0.0, []
    for draw in fresh:
        value = keep * value + 3.0 * np.sqrt(1 - keep**2) * draw
        expected.append(value)
    assert got.tolist() == pytest.approx(expected, abs=1e-9)


def test_the_block_in_force_can_be_read_again() -> None:
    """Reading a block twice draws nothing."""
    noise = Noise(default_rng(1))
    assert noise.block(0)["rate"].tolist() == noise.block(0)["rate"].tolist()


@pytest.mark.parametrize("number", [1, -2])
def test_blocks_come_in_order(number: int) -> None:
    """Neither a block that is gone nor one that would skip another is given."""
    with pytest.raises(NoiseOrderError, match=f"block {number} was asked for after -1"):
        Noise(default_rng(1)).block(number)
