"""Three whole sessions as journals, for whatever is made from records: reports, exports, proofs.

They are simulated once and kept (`tests/canonical_journals/`), so that a golden file changes only
when what is made of a journal changes, and never with a processor or a detector. As journals of an
older version they must be readable for ever; nobody promises that today's engine decides the same.

    records("fall")                    -> (Record(1, SessionOpened(...), (...)), ...)
    python -m tests.canonical          plays them again and overwrites the files
"""

import gzip
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Event, Tick, Woke
from monitor.journal import Record, decode, encode
from simulators.worlds.crew import generator, read_all, shipped_plan
from simulators.worlds.played import Unkept
from simulators.worlds.script import play
from tests.house import ROOT

__all__ = ["SESSIONS", "Scribe", "records"]

SESSIONS = {
    "quiet": "follow_up_ok",
    "fall": "slow_desat_opioid",
    "pressure": "bp_severe_asymptomatic",
}
"""Which scenario (seed 0) each session was: a quiet one with its next day, and two that alarm."""

_FOLDER = ROOT / "tests" / "canonical_journals"


@cache
def records(name: str) -> tuple[Record, ...]:
    """Return a session's records, from its opening to its last."""
    with gzip.open(_path(name), "rb") as file:
        return tuple(decode(line) for line in file.read().splitlines())


def _path(name: str) -> Path:
    return _FOLDER / f"{name}.jsonl.gz"


class Scribe:
    """Takes down every record, as the hub's journal does: idle ticks are left out."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Keep one event with what it had for effects."""
        del engine
        kept = Woke(at_ms=event.at_ms) if isinstance(event, Tick) else event
        if effects or kept is event:
            self.records.append(Record(len(self.records) + 1, kept, tuple(effects)))
        return []


def _make(name: str) -> None:
    scenario, scribe = SESSIONS[name], Scribe()
    play(read_all()[scenario], 0, generator(scenario, 0), shipped_plan(), [scribe])
    text = b"".join(encode(record) + b"\n" for record in scribe.records)
    _FOLDER.mkdir(exist_ok=True)
    _path(name).write_bytes(gzip.compress(text, mtime=0))


if __name__ == "__main__":
    for each in SESSIONS:
        _make(each)
