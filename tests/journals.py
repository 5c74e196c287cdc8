"""Real journals of short sessions, for the tests of what reads, proves, keeps and moves them.

The records of one session are made once; `write` puts them into a file as the hub does, a few to a
commit.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

import msgspec

from monitor.engine import Engine
from monitor.events import SessionOpened
from monitor.journal import GENESIS, Record, chain, encode
from monitor.journal_file import Entry, JournalFile
from monitor.outage import ClockStamp
from tests.sessions import play

__all__ = ["WALL_MS", "edit", "entries", "head_of", "named", "session", "write"]

WALL_MS = 1_700_000_000_000


@cache
def session(samples: int = 30) -> tuple[Record, ...]:
    """Return what a hub records of a short session `s1` that opened at 0."""
    engine = Engine()
    events = play([("dosed", 20), ("stretch", samples, 1000, 85, 70, 31, None)])
    return tuple(Record(n, e, tuple(engine.handle(e))) for n, e in enumerate(events, start=1))


def named(name: str, records: Sequence[Record]) -> tuple[Record, ...]:
    """Return the same records as those of another session."""
    first = records[0]
    assert isinstance(first.event, SessionOpened)
    event = msgspec.structs.replace(first.event, session=name)
    return (msgspec.structs.replace(first, event=event), *records[1:])


def entries(records: Sequence[Record]) -> list[Entry]:
    """Return what the store writes for these records, on a machine whose clock is right."""
    return [
        Entry(
            record.n,
            encode(record),
            ClockStamp(
                at_ms=record.event.at_ms,
                boot_id="boot",
                boottime_ms=record.event.at_ms,
                wall_ms=WALL_MS + record.event.at_ms,
                wall_synced=True,
            ),
        )
        for record in records
    ]


def write(path: Path, records: Sequence[Record], *, each: int = 7, is_over: bool = False) -> Path:
    """Write a journal as the hub does, `each` records to a commit."""
    every = entries(records)
    with closing(JournalFile(path, chain)) as journal:
        for first in range(0, len(every), each):
            journal.write(every[first : first + each])
        if is_over:
            journal.mark_closed()
    return path


def head_of(records: Sequence[Record]) -> str:
    """Return the hash that names the whole record."""
    before = GENESIS
    for record in records:
        before = chain(before, encode(record))
    return before.hex()


def edit(path: Path, *orders: str | tuple[str, *tuple[object, ...]]) -> Path:
    """Change a journal behind the hub's back: SQL orders, alone or with their values."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for order in orders:
            sql, *values = (order,) if isinstance(order, str) else order
            connection.execute(sql, values)
    return path
