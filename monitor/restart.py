"""After a stop: the sessions that were open, each as its last committed record left it.

Reads the journals of a data folder and changes none. One that is damaged is used as far as its
chain holds and set aside, whole, under another name, so that the session can be recorded anew; that
is a fault of the engine for everybody to see, and never a reason not to start. The same holds for a
file that tells nothing at all: it stays where it is, and is named.

    found = find_open(data_dir, unreadable)   sessions with engine, last stamp and what was wrong
    at_ms, down_ms = now_after(found, stamp)   hub time goes on from the last record
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import structlog
from msgspec import Struct

from monitor.database import StoreError
from monitor.events import SessionOpened
from monitor.journal import GENESIS, JournalError, Record, chain, decode
from monitor.journal_file import is_open, last_stamp, session_files
from monitor.journal_reader import opener_of, read_stored
from monitor.outage import ClockStamp, gap_after_restart
from monitor.records.sealing import SealError
from monitor.recovery import Recovered, recover
from monitor.session import OVER
from monitor.ward import Taps, note_tap

__all__ = ["Found", "find_open", "now_after"]

log = structlog.get_logger("vigil.restart")


class Found(Struct):
    """One session that was open. `faults` are for the record and every screen.

    `aside` is where a damaged record was put; what held of it is to be recorded again.
    """

    session: str
    opened: SessionOpened
    recovered: Recovered
    stamp: ClockStamp
    faults: list[str]
    taps: Taps
    over: bool
    aside: Path | None = None


def find_open(data_dir: Path, unreadable: list[str] | None = None) -> list[Found]:
    """Recover every open session of the folder.

    Args:
        data_dir: where `sessions/` is.
        unreadable: gets one line for each file that tells nothing; somebody may need watching.
    """
    found = []
    for path in session_files(data_dir):
        try:
            if is_open(path):
                found.append(_recover(path))
        except Exception as error:
            # Whatever is wrong with one record, our bug or the disk's, the others are taken up.
            log.exception("a session cannot be recovered", session=path.stem)
            if unreadable is not None:
                unreadable.append(f"session {path.stem} is not watched: {error}")
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


def _recover(path: Path) -> Found:
    faults: list[str] = []
    taps: Taps = {}
    recovered = recover(_good_records(path, faults, taps))
    opened = recovered.engine.opened
    if opened is None:
        differs = recovered.differs
        why = [*faults, "" if differs is None else f"record {differs.n} is {differs.what}"]
        raise StoreError(f"{path}: {why[0] or 'it holds no record'}")
    stamp = _stamp(path, recovered.engine.now_ms)
    aside = _set_aside(path) if faults else None
    if recovered.differs is not None:
        faults.append(
            f"decisions differ since record {recovered.differs.n}; the record was kept"
            f" ({recovered.differs.what})"
        )
    over = recovered.engine.chart.phase in OVER
    return Found(path.stem, opened, recovered, stamp, faults, taps, over, aside)


def _good_records(path: Path, faults: list[str], taps: Taps) -> Iterator[Record]:
    before, n = GENESIS, 0
    try:
        opener = opener_of(path)
        for n, _, stored, digest in read_stored(path):
            whole = isinstance(stored, bytes)  # a damaged file may hold anything
            before = chain(before, stored) if whole else GENESIS
            if before != digest:
                faults.append(f"the record is damaged from number {n} on")
                return
            record = decode(opener(n, stored))
            note_tap(taps, record.event, record.effects)
            yield record
    except (JournalError, SealError) as error:
        faults.append(f"record {n} cannot be read: {error}")
    except StoreError as error:
        faults.append(f"the record ends after number {n}: {error}")


def _stamp(path: Path, now_ms: int) -> ClockStamp:
    """The clocks of the last record; of no boot at all when the file does not tell."""
    try:
        stamp = last_stamp(path)
    except (StoreError, sqlite3.Error) as error:
        log.warning("a record has lost its clocks", path=str(path), error=str(error))
        stamp = None
    if stamp is not None:
        return stamp
    return ClockStamp(at_ms=now_ms, boot_id="", boottime_ms=0, wall_ms=0, wall_synced=False)


def _set_aside(path: Path) -> Path:
    """Give a damaged file, with its log, a name that no session has."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return aside
