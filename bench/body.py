"""What one simulated body costs: 180 minutes, looked at every second, and from block to block.

The first is what devices and people of a world ask for; the second is what working it out costs.
"""

from time import process_time

from numpy.random import default_rng

from bench.report import Figure
from simulators.patient import Patient
from simulators.traits import draw_person

__all__ = ["measure"]

_LIVES = 15
_SECONDS = 180 * 60


def measure() -> list[Figure]:
    """Return the milliseconds of processor time of one session's body."""
    return [
        Figure("body", f"180 min, truth read every {step_s} s", f"{_median_ms(step_s):.0f} ms", aim)
        for step_s, aim in ((1, "aim 100 ms"), (600, ""))
    ]


def _median_ms(step_s: int) -> float:
    taken = sorted(_live(seed, step_s) for seed in range(_LIVES))
    return 1000 * taken[_LIVES // 2]


def _live(seed: int, step_s: int) -> float:
    person = draw_person(default_rng(seed), 75)
    begin_s = process_time()
    body = Patient(person, default_rng(seed), 0)
    body.take_dose(200)
    for second in range(0, _SECONDS + 1, step_s):
        body.advance(second * 1000)
    return process_time() - begin_s
