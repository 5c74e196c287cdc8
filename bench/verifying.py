"""How fast `vigil verify` follows a record: megabytes of record bodies a second.

The journal is a real file of a session of 4 hours, just written (so it is still in the system's
memory). Counted: reading every row, its hash, its number and time, its commit with its seal, and
decoding it. Not counted: starting Python.
"""

from bench.recovering import write_session
from bench.report import Figure
from bench.rounds import medians
from bench.scratch import scratch
from monitor.journal_file import session_path
from monitor.journal_reader import read_commits, read_stored
from monitor.records.checking import examine

__all__ = ["measure"]

_ROUNDS = 5


def measure() -> list[Figure]:
    """Return the megabytes a second."""
    with scratch() as folder:
        path = session_path(folder, "bench")
        path.parent.mkdir()
        count = write_session(path)
        size_mb = sum(len(row.body) for row in read_stored(path)) / 1e6

        def verify() -> None:
            verdict = examine(read_stored(path), read_commits(path))
            if (verdict.count, verdict.fault) != (count, None):
                raise RuntimeError(f"verified {verdict.count} of {count}: {verdict.fault}")

        taken = medians({"verify": verify}, _ROUNDS)
    return [
        Figure(
            "verify",
            f"a record of 4 h at 1 Hz ({count:,} records, {size_mb:.1f} MB)",
            f"{size_mb / taken['verify']:.0f} MB/s",
            "aim 50 MB/s",
        )
    ]
