"""A what-if over the thousand sessions of the aim: less than 60 s on two cores.

It is no part of a plain `make bench`, which asks a sample; the figures are the same.

    make bench ARGS=what-if-whole
"""

from bench.report import Figure
from bench.what_if import run

__all__ = ["measure"]

_SESSIONS = 1_000


def measure() -> list[Figure]:
    """Ask all of them."""
    return run(_SESSIONS)
