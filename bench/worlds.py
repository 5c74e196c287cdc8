"""How fast simulated worlds are played over all cores, and whether their players grow.

A world is a body, its devices, its people and the real engine for about 150 minutes of virtual
time: quiet ones, restless ones, and one with a second dose, each with a seed of its own. Every
player says after each world how much memory the kernel holds for it. Sixty worlds are a sample;
`make bench ARGS=worlds-whole` plays the thousand that the aim is about.

    play(worlds=60)     -> [Figure("worlds", "60 worlds, two cores", "92 worlds/min", ...), ...]
"""

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import monotonic

from msgspec import Struct

from bench.report import Figure
from simulators.worlds.crew import played_one

__all__ = ["Lived", "measure", "play", "summed"]

_SCENARIOS = ("uneventful_normal", "uneventful_heavy", "quiet_normal", "extra_dose")
_SAMPLE = 60
_AIM_WORLDS, _AIM_MIN = 1_000, 20
_LENGTH_MS = 150 * 60_000
_FIRST = 100


class Lived(Struct, frozen=True):
    """One world that was played: its virtual time, and who played it with how much memory."""

    watched_ms: int
    player: int
    resident_kib: int


def measure() -> list[Figure]:
    """Play the sample."""
    return play(_SAMPLE)


def play(worlds: int) -> list[Figure]:
    """Play so many worlds over all cores and return their figures."""
    todo = [(_SCENARIOS[n % len(_SCENARIOS)], n) for n in range(worlds)]
    cores = os.cpu_count() or 1
    begin_s = monotonic()
    with ProcessPoolExecutor(cores) as pool:
        lived = list(pool.map(_live, todo, chunksize=1))
    return summed(lived, monotonic() - begin_s, cores)


def summed(lived: list[Lived], took_s: float, cores: int) -> list[Figure]:
    """Return the figures: pace in worlds of 150 minutes, and memory early on and at the end."""
    whole = sum(one.watched_ms for one in lived) / _LENGTH_MS
    per_min = 60 * whole / took_s
    early = lived[: min(_FIRST, max(len(lived) // 3, 1))]
    first, last = _resident_mb(early), _resident_mb(lived)
    return [
        Figure(
            "worlds",
            f"{len(lived)} worlds, {cores} cores, in units of 150 min",
            f"{per_min:.0f} worlds/min",
            f"aim {_AIM_WORLDS / _AIM_MIN:.0f}: {_AIM_WORLDS} in {_AIM_WORLDS / per_min:.1f} min",
        ),
        Figure(
            "worlds",
            f"a player's memory after all {len(lived)}",
            f"{last:.0f} MB",
            f"x{last / first:.2f} of that after {len(early)}",
        ),
    ]


def _live(world: tuple[str, int]) -> Lived:
    played = played_one(world)[1]
    return Lived(played.watched_ms, os.getpid(), _resident_kib())


def _resident_mb(lived: Iterable[Lived]) -> float:
    """What the largest player held after the last of these worlds that it played, 10^6 bytes."""
    held = {one.player: one.resident_kib for one in lived}
    return max(held.values()) * 1024 / 1e6


def _resident_kib() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise LookupError("/proc/self/status has no VmRSS: memory is measured on Linux only")
