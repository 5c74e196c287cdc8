"""After a stop: the sessions that were open, each as its last committed record left it.

Reads the journals of a data folder, never writes one. A damaged journal is used as far as its
chain holds, and that is said as a fault of the engine: never a reason not to start.

    found = find_open(data_dir)          sessions with engine, last stamp and what was wrong
    offset_ms = hub_offset(found, stamp)  hub time goes on from the last record
"""

from collections.abc import Iterator
from pathlib import Path

import structlog
from msgspec import Struct

from monitor.events import SessionOpened
from monitor.journal import GENESIS, JournalError, Record, chain, decode
from monitor.journal_file import last_stamp, open_sessions, read_records, session_path
from monitor.outage import ClockStamp, gap_after_restart
from monitor.recovery import Recovered, recover
from monitor.session import OVER

__all__ = ["Found", "find_open", "now_after"]

log = structlog.get_logger("vigil.restart")


class Found(Struct):
    """One session that was open. `faults` are for the record and every screen."""

    session: str
    opened: SessionOpened
    recovered: Recovered
    stamp: ClockStamp
    faults: list[str]
    taps: set[tuple[str, str]]
    over: bool


def find_open(data_dir: Path) -> list[Found]:
    """Recover every open session of the folder."""
    found = []
    for session in open_sessions(data_dir):
        one = _recover(data_dir, session)
        if one is not None:
            found.append(one)
    return found


def now_after(found: list[Found], stamp: ClockStamp) -> tuple[int, int | None]:
    """Hub time now, and how long the hub was away (None: nobody can know).

    `stamp` is a clock's stamp of this instant, of which only boot and wall times count.
    """
    last = max((one.stamp for one in found), key=lambda s: s.at_ms, default=None)
    if last is None:
        return stamp.boottime_ms, 0
    newest_ms = max(last.at_ms, *(one.recovered.engine.now_ms for one in found))
    gap_ms = gap_after_restart(last, stamp)
    if gap_ms is None:
        return newest_ms, None
    return max(newest_ms, last.at_ms + gap_ms), gap_ms


def _recover(data_dir: Path, session: str) -> Found | None:
    path = session_path(data_dir, session)
    faults: list[str] = []
    taps: set[tuple[str, str]] = set()
    recovered = recover(_good_records(path, faults, taps))
    opened, stamp = recovered.engine.opened, last_stamp(path)
    if opened is None or stamp is None:
        log.error("a session cannot be recovered", session=session, faults=faults)
        return None
    if recovered.differs is not None:
        faults.append(
            f"decisions differ since record {recovered.differs.n}; the record was kept"
            f" ({recovered.differs.what})"
        )
    over = recovered.engine.chart.phase in OVER
    return Found(session, opened, recovered, stamp, faults, taps, over)


def _good_records(path: Path, faults: list[str], taps: set[tuple[str, str]]) -> Iterator[Record]:
    before = GENESIS
    for n, body, digest in read_records(path):
        before = chain(before, body)
        if before != digest:
            faults.append(f"the record is damaged from number {n} on")
            return
        try:
            record = decode(body)
        except JournalError as error:
            faults.append(f"record {n} cannot be read: {error}")
            return
        tap = getattr(record.event, "tap", None)
        if tap is not None:
            taps.add((getattr(record.event, "by", ""), tap))
        yield record
