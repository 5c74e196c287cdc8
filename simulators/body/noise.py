"""The body's own unrest: slow and fast noise that remembers, drawn in blocks.

Each channel is an Ornstein-Uhlenbeck process in steps of one second, with a standard deviation and
a time constant: pressure drifts over minutes (SD 4 mmHg) and swings with breath and Mayer waves
(SD 3 mmHg), pulse SD 3 (`clinical.md` 6.2), saturation SD 0.3 %, breathing rate SD 1. Blocks begin
at fixed seconds, so the digits do not depend on how far a body is advanced at a time.

The generator is handed in; nothing else draws from it.

    noise = Noise(default_rng(1))
    noise.block(0)["pulse"]      600 values for the seconds 1..600, beats a minute
"""

from math import exp, sqrt
from types import MappingProxyType

import numpy as np
from numpy.random import Generator

from simulators.body.kinetics import BLOCK_S, FloatArray

__all__ = ["CHANNELS", "Noise", "NoiseOrderError"]

CHANNELS = MappingProxyType(
    {
        "spo2": (0.3, 30.0),
        "pulse": (3.0, 60.0),
        "slow": (4.0, 180.0),
        "fast": (3.0, 4.0),
        "rate": (1.0, 30.0),
    }
)
"""Name: standard deviation in the channel's unit, time constant in seconds."""


class NoiseOrderError(ValueError):
    """A block was asked for out of its order: earlier ones are gone, later ones not yet drawn."""


class Noise:
    """All channels of one body, block after block."""

    def __init__(self, rng: Generator) -> None:
        self._rng = rng
        self._number = -1
        self._block: dict[str, FloatArray] = {name: np.zeros(1) for name in CHANNELS}

    def block(self, number: int) -> dict[str, FloatArray]:
        """Return the block in force (as often as wanted) or the next one.

        Raises:
            NoiseOrderError: another number.
        """
        if number == self._number + 1:
            drawn = self._rng.standard_normal((len(CHANNELS), BLOCK_S))
            self._block = {
                name: _remember(float(self._block[name][-1]), fresh, name)
                for name, fresh in zip(CHANNELS, drawn, strict=True)
            }
            self._number = number
        elif number != self._number:
            raise NoiseOrderError(f"block {number} was asked for after {self._number}: go in order")
        return self._block


def _weights(time_constant_s: float) -> FloatArray:
    """Return what a block keeps of a value that was there before it, for each of its seconds."""
    return np.asarray(exp(-1 / time_constant_s) ** np.arange(1, BLOCK_S + 1), dtype=np.float64)


_KEPT = {name: _weights(time_constant_s) for name, (_, time_constant_s) in CHANNELS.items()}


def _remember(last: float, fresh: FloatArray, name: str) -> FloatArray:
    """Return the process after each fresh draw: what is kept of the value before, plus the draw.

    The recurrence is summed in one go: each draw is weighted up by what later seconds will forget.
    With 600 s and 4 s the largest weight is e^150, well inside a float.
    """
    kept = _KEPT[name]
    added = CHANNELS[name][0] * sqrt(1 - float(kept[0]) ** 2) * fresh
    return kept * (last + np.cumsum(added / kept))
