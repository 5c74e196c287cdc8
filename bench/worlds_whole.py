"""The thousand worlds of the aim: 150 minutes each, in less than 20 minutes on two cores.

It is no part of a plain `make bench`, which plays a sample; the figures are the same.

    make bench ARGS=worlds-whole
"""

from bench.report import Figure
from bench.worlds import play

__all__ = ["measure"]

_WORLDS = 1_000


def measure() -> list[Figure]:
    """Play all of them."""
    return play(_WORLDS)
