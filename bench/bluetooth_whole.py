"""The whole flood of the aim: a hundred values a second from each of four devices, ten minutes.

It is no part of a plain `make bench`, which floods for half a minute; the figures are the same.

    make bench ARGS=bluetooth-whole
"""

from bench.bluetooth import flood
from bench.report import Figure

__all__ = ["measure"]

_SECONDS = 600


def measure() -> list[Figure]:
    """Flood."""
    return flood(_SECONDS)
