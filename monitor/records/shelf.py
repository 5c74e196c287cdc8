"""The records of one data folder: what is there, copied out, put back, taken away.

A backup is made by SQLite's own copying while the hub goes on writing, and counts only after its
chain was followed. A record that is put back is never taken up as an open session. What is taken
away is gone; whether it may be is decided before, and written down before, elsewhere.

    for one in kept(Path("var")): one.session, one.last_n, one.is_open
    back_up(path, Path("/media/stick/sessions/s1.db"))      -> Verdict(...)
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from monitor.database import StoreError, connect_for_reading
from monitor.journal_file import is_open, last_stamp, session_files, session_path
from monitor.journal_reader import (
    open_journal,
    read_at_once,
    read_format,
    read_head,
    said_of_key,
    session_of,
)
from monitor.records.checking import Claim, Opener, Stored, Verdict, examine
from monitor.records.private import private_file

__all__ = ["Kept", "back_up", "copy_hub_file", "kept", "put_back", "take_away", "verdict_of"]


class Kept(NamedTuple):
    """One session's record. `wall_ms` of its last commit, None when the clock was never set."""

    session: str
    path: Path
    is_open: bool
    last_n: int
    head: bytes
    wall_ms: int | None
    size_bytes: int


def kept(data_dir: Path, unreadable: list[str] | None = None) -> list[Kept]:
    """Return every record of a data folder; each that cannot be read is named in `unreadable`."""
    found = []
    for path in session_files(data_dir):
        try:
            (last_n, head), stamp = read_head(path), last_stamp(path)
            wall_ms = stamp.wall_ms if stamp is not None and stamp.wall_synced else None
            size_bytes = path.stat().st_size
            found.append(Kept(path.stem, path, is_open(path), last_n, head, wall_ms, size_bytes))
        except (StoreError, OSError, sqlite3.Error) as error:
            if unreadable is not None:
                unreadable.append(str(error))
    return found


def verdict_of(
    path: Path,
    claims: Iterable[Claim] = (),
    wrap: Callable[[Iterator[Stored]], Iterator[Stored]] = lambda rows: rows,
    opener: Opener = lambda _, __: None,
) -> Verdict:
    """Follow a whole journal as it is at this moment; `wrap` may watch its rows go by.

    Without an `opener` only the bytes are proved, as for a copy of a record that is sealed.

    Raises:
        StoreError: it cannot be read.
    """
    file_format = read_format(path)
    with read_at_once(path) as (rows, commits):
        return examine(wrap(rows), commits, file_format, opener, claims)


def back_up(path: Path, target: Path) -> Verdict:
    """Copy one journal, also an open one, and follow the copy's chain; return what is true of it.

    An older copy under the target's name is replaced when the new one holds all of it.

    Raises:
        StoreError: the copy does not fit its chain, or another record has the target's name.
        OSError: the target cannot be written.
    """
    new = target.with_name(target.name + ".new")
    _copy(path, new)
    head = read_head(target)[1] if target.exists() else b""
    claims = (Claim("the older copy", head),) if head else ()
    verdict = verdict_of(new, claims, opener=_opener(new))
    why = None
    if verdict.fault is not None:
        why = f"record {verdict.fault.n}: {verdict.fault.what}"
    elif head and head not in verdict.met:
        why = f"{target} holds another record under this name: choose another folder"
    if why is not None:
        new.unlink()
        raise StoreError(f"{path} was not backed up: {why}")
    new.replace(target)
    return verdict


def copy_hub_file(path: Path, target: Path) -> None:
    """Copy the hub's own file, with its ledger.

    Raises:
        StoreError, OSError: it cannot be read, or the target cannot be written.
    """
    new = target.with_name(target.name + ".new")
    _copy(path, new)
    new.replace(target)


def put_back(source: Path, data_dir: Path) -> tuple[str, Verdict]:
    """Put a backup into a data folder as a session that is over; return its name.

    Raises:
        StoreError: it is damaged, or the session has a record there.
        OSError: the folder cannot be written.
    """
    verdict = verdict_of(source, opener=_opener(source))
    if verdict.fault is not None:
        raise StoreError(f"{source}: record {verdict.fault.n}: {verdict.fault.what}")
    session = session_of(source)
    target = session_path(data_dir, session)
    if target.exists():
        raise StoreError(f"session {session} has a record at {target}: it was not replaced")
    new = target.with_name(target.name + ".new")
    _copy(source, new)
    with closing(sqlite3.connect(new, isolation_level=None)) as connection:
        # Or a hub would take the session up, and watch somebody of long ago.
        connection.execute("INSERT OR REPLACE INTO meta VALUES('closed', '1')")
        connection.execute("INSERT OR REPLACE INTO meta VALUES('restored', '1')")
    new.replace(target)
    return session, verdict


def _opener(path: Path) -> Opener:
    """A copy is made without the key: of a sealed record the bytes are proved."""
    return (lambda _, body: body) if said_of_key(path) is None else (lambda _, __: None)


def take_away(path: Path) -> None:
    """Remove a journal and its log; one that is gone already is no fault.

    Raises:
        OSError: it cannot be removed.
    """
    # The journal itself first: a log without it says nothing.
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _copy(path: Path, new: Path) -> None:
    """Copy an SQLite file by SQLite, into one file without a log, for its owner only."""
    with suppress(FileNotFoundError):
        new.unlink()
    private_file(new)
    try:
        if path.name != "hub.db":
            with open_journal(path):
                pass
        with closing(connect_for_reading(path)) as source, closing(sqlite3.connect(new)) as copy:
            source.backup(copy, pages=1_000)
            copy.execute("PRAGMA journal_mode=DELETE")
    except (sqlite3.Error, StoreError) as error:
        new.unlink()
        raise StoreError(f"{path} could not be copied: {error}") from error
