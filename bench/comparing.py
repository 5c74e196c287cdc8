"""One rule, one stream, four engines: time a sample and memory a session.

The rule is that of `bench/rule.py`; the stream is the SpO2 of several sessions, second by second in
turn, with falls in it. Before anything is timed every engine must give the very same verdicts, or
the run stops. Rounds take turns, medians count, all in one process; memory is what Python's
allocators hold for one more session with a full window.
"""

import gc
import tracemalloc
from collections.abc import Callable
from functools import partial
from itertools import chain

from bench.peers import LENT, OWN, least_squares
from bench.report import Figure
from bench.rounds import medians
from bench.rule import POINTS, Feed, Verdict, vigil_rules
from bench.session import spo2_series

__all__ = ["measure"]

_SESSIONS = 8
_FIRST_S, _SECONDS = 2_400, 900
_ROUNDS = 3
_REPEATS = 8

Make = Callable[[], Feed]


def measure() -> list[Figure]:
    """Return each engine's time a sample and memory a session, beside Vigil's.

    Raises:
        AssertionError: an engine's verdicts differ from Vigil's.
    """
    samples = _samples()
    expected = _run(vigil_rules, samples)
    lows, falls = (sum(found) for found in zip(*expected, strict=True))
    for name, make in chain(OWN.items(), LENT.items()):
        if _run(make, samples) != expected:
            raise AssertionError(f"{name} decides otherwise than Vigil: compare bench/peers.py")
    one = len(samples)
    fast: dict[str, Make] = {"Vigil": vigil_rules, "river/least": least_squares}
    fast |= {f"{name}/lent": make for name, make in LENT.items()}
    # The cheap ones run several times in a row, so that a round of each lasts about as long.
    runs: dict[str, Callable[[], object]] = {
        name: partial(_repeat, make, samples) for name, make in fast.items()
    }
    runs |= {f"{name}/own": partial(_run, make, samples) for name, make in OWN.items()}
    taken = {
        name: seconds * 1e6 / one / (_REPEATS if name in fast else 1)
        for name, seconds in medians(runs, _ROUNDS).items()
    }
    ours_us, ours_kib = taken["Vigil"], _kib_a_session(vigil_rules)
    figures = [
        Figure(
            "rule",
            f"Vigil ({one:,} samples; low in {lows:,}, falling in {falls:,})",
            f"{ours_us:.2f} us, {ours_kib:.0f} KiB",
            "one sample, one session",
        )
    ]
    lines = [(name, "own", "its windows and numpy", OWN[name]) for name in OWN]
    lines += [(name, "lent", "Vigil's rule inside it", LENT[name]) for name in LENT]
    lines.append(("river", "least", "its least squares (another question)", least_squares))
    for name, kind, how, make in lines:
        took_us, kib = taken[f"{name}/{kind}"], _kib_a_session(make)
        beside = f"x{took_us / ours_us:.1f} the time, x{kib / ours_kib:.1f} the memory"
        figures.append(Figure("rule", f"{name}: {how}", f"{took_us:.2f} us, {kib:.0f} KiB", beside))
    return figures


def _samples() -> list[tuple[str, int, int]]:
    columns = [spo2_series(_FIRST_S + _SECONDS, seed)[_FIRST_S:] for seed in range(_SESSIONS)]
    return [
        (f"s{session}", second * 1000, column[second])
        for second in range(_SECONDS)
        for session, column in enumerate(columns)
    ]


def _run(make: Make, samples: list[tuple[str, int, int]]) -> list[Verdict]:
    feed = make()
    return [feed(*sample) for sample in samples]


def _repeat(make: Make, samples: list[tuple[str, int, int]]) -> None:
    for _ in range(_REPEATS):
        _run(make, samples)


def _kib_a_session(make: Make, sessions: int = 16) -> float:
    """What one more session takes when its window is full, beside the first one."""
    feed = make()
    values = spo2_series(POINTS, seed=99, quiet=True)
    points = [(second * 1000, value) for second, value in enumerate(values)]
    for point in points:
        feed("first", *point)
    names = [f"s{number}" for number in range(sessions)]
    gc.collect()
    tracemalloc.start()
    for name in names:
        # Each session gets numbers of its own, as it would from a device.
        for at_ms, value in points:
            feed(name, at_ms + 1_000_000, value + 0)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / sessions / 1024
