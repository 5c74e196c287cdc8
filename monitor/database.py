"""How Vigil opens its SQLite files: one connection that writes, any number that only read.

Exactly one connection writes and checkpoints a file (SQLite before 3.51.3 may damage a file that
two connections checkpoint at once), so readers open it read only and never checkpoint. A commit
that returned is on the disk (WAL, synchronous=FULL). One process at a time may hold a data folder.
This module knows no table.

    connection = connect_for_writing(path, "CREATE TABLE IF NOT EXISTS t(x)")
"""

import fcntl
import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from monitor.records.private import private_file, private_folder

__all__ = ["StoreError", "connect_for_reading", "connect_for_writing", "lock_folder"]


class StoreError(RuntimeError):
    """The record cannot do what was asked; the message says what, where and what to do."""


def connect_for_writing(path: Path, schema: str) -> sqlite3.Connection:
    """Open the one writing connection of a file, made readable for its owner only.

    Raises:
        sqlite3.Error, OSError: the file cannot be opened, read or made.
    """
    # SQLite would make the file readable for everybody; its -wal and -shm take over its mode.
    private_file(path)
    connection = sqlite3.connect(path, timeout=2.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # Records are only appended: what is written is not read again. 256 KiB instead of 2 MB.
        connection.execute("PRAGMA cache_size=-256")
        # One commit for all of it: each costs a write that is waited for.
        connection.executescript(f"BEGIN IMMEDIATE;{schema}COMMIT;")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """Open a file read only, also while another process writes it.

    Raises:
        StoreError: no such file.
    """
    if not path.is_file():
        raise StoreError(f"there is no record at {path}: `vigil session list` names the sessions")
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=2.0, isolation_level=None
    )
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection


def lock_folder(data_dir: Path) -> int:
    """Make a data folder and hold it against every other process; return what holds it.

    Raises:
        StoreError: another process holds it.
    """
    private_folder(data_dir)
    private_file(data_dir / "lock")
    lock_fd = os.open(data_dir / "lock", os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock_fd)
        raise StoreError(
            f"another hub records in {data_dir}: stop it, or choose another data_dir"
        ) from error
    return lock_fd
