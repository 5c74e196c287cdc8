"""How long a hub that was killed needs until a session of 4 hours stands as it stood.

The journal is a real file, just written (so it is still in the system's memory). Counted: finding
it, checking its hash chain, decoding its 14,400 readings and all else, running them through the
engine, and comparing with what was recorded. Not counted: starting Python, connecting to a broker.
"""

from contextlib import closing
from functools import partial
from pathlib import Path

from bench.report import Figure
from bench.rounds import medians
from bench.scratch import scratch
from bench.session import make_session
from monitor.engine import Engine
from monitor.journal import Record, chain, encode
from monitor.journal_file import Entry, JournalFile, session_path
from monitor.outage import ClockStamp
from monitor.records import keys
from monitor.restart import find_open

__all__ = ["measure", "write_session"]

_ROUNDS = 5
_BATCH = 256


def measure() -> list[Figure]:
    """Return the seconds of a recovery."""
    with scratch() as folder:
        path = session_path(folder, "bench")
        path.parent.mkdir()
        count = write_session(path)
        keys.write_key_file(folder / "record.key")
        keys.use(keys.KeySource(folder / "record.key"))
        sealed = session_path(folder / "sealed", "bench")
        write_session(sealed)
        cases = {"plain": folder, "sealed": folder / "sealed"}
        taken = medians({name: partial(_recover, at, count) for name, at in cases.items()}, _ROUNDS)
        keys.use(keys.KeySource())
        size_mb = path.stat().st_size / 1e6
    return [
        Figure(
            "recovery",
            f"journal of 4 h at 1 Hz ({count:,} records, {size_mb:.1f} MB)",
            f"{taken['plain']:.2f} s",
            "aim 2 s",
        ),
        Figure("recovery", "the same under a key", f"{taken['sealed']:.2f} s", "aim 2 s"),
    ]


def _recover(folder: Path, count: int) -> None:
    (found,) = find_open(folder)
    if (found.recovered.last_n, found.faults) != (count, []):
        raise RuntimeError(f"recovered {found.recovered.last_n} of {count}: {found.faults}")


def write_session(path: Path) -> int:
    """Write the journal of a session of 4 hours; return how many records it has."""
    engine = Engine()
    entries = []
    for n, event in enumerate(make_session(minutes=240), start=1):
        body = encode(Record(n, event, tuple(engine.handle(event))))
        stamp = ClockStamp(
            at_ms=event.at_ms,
            boot_id="bench",
            boottime_ms=event.at_ms,
            wall_ms=event.at_ms,
            wall_synced=True,
        )
        entries.append(Entry(n, body, stamp))
    with closing(JournalFile(path, chain)) as journal:
        for first in range(0, len(entries), _BATCH):
            journal.write(entries[first : first + _BATCH])
    return len(entries)
