"""Blocks of random numbers have the spread and the memory that was asked for."""

import numpy as np
import pytest
from numpy.random import default_rng

from simulators.draws import BLOCK, Blocks, remembering, uniform, white


def taken(source: Blocks, count: int) -> list[float]:
    """So many numbers."""
    return [source.next() for _ in range(count)]


def test_numbers_come_in_the_order_of_the_source() -> None:
    """A block that is used up is followed by the next one, without a gap."""
    source = Blocks(lambda count: np.arange(count, dtype=np.float64))
    assert taken(source, BLOCK + 2) == [*range(BLOCK), 0.0, 1.0]


def test_uniform_and_white() -> None:
    """Means and standard deviations over 60,000 numbers."""
    flat, noise = taken(uniform(default_rng(1)), 60_000), taken(white(default_rng(2), 2.0), 60_000)
    assert (min(flat) >= 0, max(flat) < 1) == (True, True)
    assert [np.mean(flat), np.mean(noise), np.std(noise)] == pytest.approx([0.5, 0, 2], abs=0.05)


def test_remembering_has_its_spread_and_its_memory_across_blocks() -> None:
    """SD 0.4, and e^-1 of a value is left after the time constant (AR(1): 6.4)."""
    noise = np.array(taken(remembering(default_rng(3), 0.4, 10.0), 200_000))
    left = np.corrcoef(noise[:-10], noise[10:])[0, 1]
    edge = np.diff(noise)[BLOCK - 1 :: BLOCK]
    assert np.std(noise) == pytest.approx(0.4, abs=0.01)
    assert left == pytest.approx(np.exp(-1), abs=0.02)
    assert np.std(edge) == pytest.approx(np.std(np.diff(noise)), rel=0.15)


def test_a_time_constant_that_would_overflow_is_refused() -> None:
    """The error says what was given and what to use."""
    with pytest.raises(ValueError, match="time_constant_s is 1: use 2 s or more"):
        remembering(default_rng(1), 1.0, 1)
