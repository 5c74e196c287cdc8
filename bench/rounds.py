"""Timing on a machine that others use too: rounds that take turns, and medians.

Each round runs every case once, so that a slow moment hits all of them; of each case the median
round counts. Time is this process's CPU time: waiting for others is not ours. Only ratios within
one run mean much.

    medians({"a": run_a, "b": run_b}, rounds=5)    -> {"a": 0.149, "b": 0.131}   (seconds)
"""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

__all__ = ["medians"]


def medians(cases: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median CPU seconds of each case over `rounds` interleaved rounds."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, run in cases.items():
            gc.collect()
            begin_s = time.process_time()
            run()
            taken[name].append(time.process_time() - begin_s)
    return {name: median(times) for name, times in taken.items()}
