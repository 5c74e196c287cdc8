"""Random numbers for devices, drawn in blocks: a session costs a few calls instead of thousands.

`Blocks` hands out one number after another and fetches the next block when one is used up; the
digits do not depend on who asks when, only on how many were asked for. `remembering` is noise that
forgets slowly (AR(1)).

The generator is handed in; nothing else draws from it while a block source lives.

>>> from numpy.random import default_rng
>>> source = Blocks(lambda n: default_rng(1).random(n))
>>> 0 <= source.next() < 1
True
"""

from collections.abc import Callable
from math import exp, sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

__all__ = ["BLOCK", "Blocks", "FloatArray", "remembering", "uniform", "white"]

BLOCK = 600
"""How many numbers are drawn at a time."""

FloatArray = NDArray[np.float64]


class Blocks:
    """One number after another from a source that gives arrays."""

    __slots__ = ("_draw", "_rest")

    def __init__(self, draw: Callable[[int], FloatArray]) -> None:
        self._draw = draw
        self._rest: list[float] = []

    def next(self) -> float:
        """Return the next number."""
        if not self._rest:
            # Taken from the end, so the block is turned round first.
            self._rest = self._draw(BLOCK)[::-1].tolist()
        return self._rest.pop()


def uniform(rng: Generator) -> Blocks:
    """Return numbers spread evenly over 0..1."""
    return Blocks(rng.random)


def white(rng: Generator, sd: float) -> Blocks:
    """Return numbers around 0 that know nothing of each other."""
    return Blocks(lambda count: sd * rng.standard_normal(count))


def remembering(rng: Generator, sd: float, time_constant_s: float) -> Blocks:
    """Return one number a second around 0, each keeping exp(-1 / `time_constant_s`) of the last.

    The sum over a block is taken in one go: each draw is weighted up by what later seconds forget.
    A time constant under 2 s would weight with more than e^300 and is refused.

    Raises:
        ValueError: a time constant under 2 s.
    """
    if not time_constant_s >= 2:  # noqa: PLR2004 - said in the docstring
        raise ValueError(f"time_constant_s is {time_constant_s}: use 2 s or more")
    keep = exp(-1 / time_constant_s)
    weight = keep ** np.arange(1, BLOCK + 1)
    last = sd * float(rng.standard_normal())

    def draw(count: int) -> FloatArray:
        nonlocal last
        added = sd * sqrt(1 - keep * keep) * rng.standard_normal(count)
        block = np.asarray(weight * (last + np.cumsum(added / weight)), dtype=np.float64)
        last = float(block[-1])
        return block

    return Blocks(draw)
