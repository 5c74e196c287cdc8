"""How long another plan takes over many recorded sessions, on all cores.

The journals are real files: simulated sessions of about 150 minutes at 1 Hz, quiet and restless
ones, each written once and then linked under further names, so that a thousand need no thousand
worlds and no 3 GB. Every one of them is read, decoded and run by the whole engine; nothing is kept
from one to the next. Counted: reading, decoding, deciding and comparing. Not counted: starting.

    run(sessions=60)     -> [Figure("what-if", "60 sessions, 2 cores", "8.1 sessions/s", ...)]
"""

import os
from importlib.metadata import version
from pathlib import Path
from time import monotonic

from msgspec.structs import replace

from bench.report import Figure
from bench.scratch import scratch
from monitor.commands.what_if import ask_all
from monitor.effects import PhaseChanged
from monitor.journal import Record
from monitor.plans_dir import read_plan
from monitor.what_if.session import Asked
from simulators.worlds.crew import generator, read_all, shipped_plan
from simulators.worlds.script import play
from tests.canonical import Scribe
from tests.journals import write

__all__ = ["measure", "run"]

_SCENARIOS = ("uneventful_normal", "uneventful_heavy", "quiet_normal", "extra_dose")
_WORLDS, _SAMPLE = 8, 64
_AIM_SESSIONS, _AIM_S = 1_000, 60
_BATCH = 1_000


def measure() -> list[Figure]:
    """Run the sample."""
    return run(_SAMPLE)


def run(sessions: int) -> list[Figure]:
    """Ask what the shipped plan would have done with so many sessions."""
    cores = len(os.sched_getaffinity(0))
    with scratch() as folder:
        sources = [folder / f"world{n}.db" for n in range(_WORLDS)]
        records = [
            _write(path, _SCENARIOS[n % len(_SCENARIOS)], n) for n, path in enumerate(sources)
        ]
        paths = []
        for n in range(sessions):
            path = folder / f"s{n:04}.db"
            path.hardlink_to(sources[n % _WORLDS])
            paths.append(path)
        begin_s = monotonic()
        done = list(ask_all(paths, read_plan("default"), cores))
        took_s = monotonic() - begin_s
    failed = [one for one in done if not isinstance(one, Asked)]
    if failed:
        raise RuntimeError(f"{len(failed)} journals could not be read: {failed[0]}")
    events = sum(records[n % _WORLDS] for n in range(sessions))
    return [
        Figure(
            "what-if",
            f"{sessions} sessions of {_WORLDS} worlds, {events:,} records, {cores} cores",
            f"{took_s * _AIM_SESSIONS / sessions:.0f} s for {_AIM_SESSIONS:,} sessions",
            f"aim {_AIM_S} s; {events / took_s:,.0f} records/s",
        )
    ]


def _write(path: Path, scenario: str, seed: int) -> int:
    """Play one world up to its discharge and write it as a journal; return how many records."""
    scribe = Scribe()
    play(read_all()[scenario], seed, generator(scenario, seed), shipped_plan(), [scribe])
    records = _while_watched(scribe.records)
    # A simulated opening names no version; a hub's names its own, and its decisions are believed.
    opened = replace(records[0].event, software=version("vigil"))
    records[0] = replace(records[0], event=opened)
    write(path, records, each=_BATCH)
    return len(records)


def _while_watched(records: list[Record]) -> list[Record]:
    """Leave out the night after the discharge: a handful of records, and no session of 150 min."""
    for at, record in enumerate(records):
        if any(
            isinstance(one, PhaseChanged) and one.phase == "follow_up" for one in record.effects
        ):
            return records[: at + 1]
    return records
