"""One session's journal on disk: an SQLite file that is only ever appended to.

Each record carries the hash of everything before it, and each commit the clocks of its last record,
so that a copied file explains itself. A commit that returned is on the disk. This module never
retries and never decides what a failed write means: `store` does.

    with closing(JournalFile(path, chain)) as journal:
        journal.write([Entry(1, b"{}", stamp)])
    [(1, b"{}", hash)] == list(read_records(path))
"""

import re
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from monitor.database import StoreError, connect_for_reading, connect_for_writing
from monitor.journal_reader import read_records
from monitor.outage import ClockStamp
from monitor.records.checking import FORMAT, Commit, seal_of
from monitor.records.keys import cipher_to_read, new_journal
from monitor.records.sealing import NONCE_BYTES, Cipher, SealError

__all__ = [
    "GENESIS",
    "Chain",
    "Entry",
    "JournalFile",
    "is_open",
    "last_stamp",
    "open_sessions",
    "read_records",
    "session_files",
    "session_path",
]

Chain = Callable[[bytes, bytes], bytes]
"""The hash of one record from the hash before it and its body."""

GENESIS: Final = bytes(32)
"""What stands before the first record's hash."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS records(
    n INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS batches(
    first_n INTEGER PRIMARY KEY, last_n INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    boot_id TEXT NOT NULL, boottime_ms INTEGER NOT NULL, wall_ms INTEGER NOT NULL,
    wall_synced INTEGER NOT NULL, seal BLOB);
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_APPLICATION: Final = int.from_bytes(b"VgJ1")
_SESSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Entry(NamedTuple):
    """One record: its number from 1, its bytes, and the clocks at which the hub took its event."""

    n: int
    body: bytes
    stamp: ClockStamp


def session_path(data_dir: Path, session: str) -> Path:
    """Return the file of a session.

    Raises:
        StoreError: a name that could leave the folder or trouble a file system.
    """
    if _SESSION.fullmatch(session) is None:
        raise StoreError(
            f"session name {session!r} cannot be a file name: use up to 64 letters, digits, . _ -"
        )
    return data_dir / "sessions" / f"{session}.db"


class JournalFile:
    """The writing side of one session's file.

    Raises:
        sqlite3.Error, OSError: the file cannot be opened or made.
    """

    def __init__(self, path: Path, chain: Chain) -> None:
        self._chain = chain
        self._connection = connect_for_writing(path, _SCHEMA)
        row = self._connection.execute(
            "SELECT n, hash FROM records ORDER BY n DESC LIMIT 1"
        ).fetchone()
        self._last_n: int = row[0] if row else 0
        self._last_hash: bytes = row[1] if row else GENESIS
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._number_format(is_new=row is None)
            self._cipher = self._find_cipher(is_new=row is None)
            self._connection.execute("COMMIT")
        except (sqlite3.Error, OSError):
            self._connection.close()
            raise

    @property
    def head(self) -> tuple[int, bytes]:
        """The number and the hash of the last committed record."""
        return self._last_n, self._last_hash

    def write(self, entries: Sequence[Entry]) -> list[Entry]:
        """Commit entries in order; return those whose number already holds other bytes.

        An entry that is already there with the same bytes counts as written: a commit may have
        succeeded although its answer was lost.

        Raises:
            sqlite3.Error: nothing of this call is in the file, or (a lost answer) all of it.
        """
        conflicts: list[Entry] = []
        rows: list[tuple[int, int, bytes, bytes]] = []
        last_n, last_hash = self._last_n, self._last_hash
        newest: Entry | None = None
        for entry in entries:
            if entry.n <= last_n:
                if not self._is_there(entry, rows):
                    conflicts.append(entry)
                continue
            stored = self._sealed(entry)
            last_n, last_hash = entry.n, self._chain(last_hash, stored)
            rows.append((entry.n, entry.stamp.at_ms, stored, last_hash))
            newest = entry
        if newest is not None:
            self._commit(rows, newest)
            self._last_n, self._last_hash = last_n, last_hash
        return conflicts

    def mark_closed(self) -> None:
        """Note that the session has ended, so that a restart does not take it up again."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES('closed', '1')")

    def close(self) -> None:
        """Close the file; SQLite copies its log into it when the disk lets it."""
        self._connection.close()

    def _find_cipher(self, *, is_new: bool) -> Cipher | None:
        """What this journal is sealed with; a journal that began without a key goes on without."""
        said = self._connection.execute("SELECT value FROM meta WHERE key = 'seal'").fetchone()
        if said is not None:
            return cipher_to_read(said[0])
        made = new_journal() if is_new else None
        if made is None:
            return None
        self._connection.execute("INSERT INTO meta VALUES('seal', ?)", (made[0],))
        return made[1]

    def _sealed(self, entry: Entry) -> bytes:
        if self._cipher is None:
            return entry.body
        return self._cipher.seal(entry.n, entry.body, secrets.token_bytes(NONCE_BYTES))

    def _holds(self, entry: Entry, stored: object) -> bool:
        if self._cipher is None or not isinstance(stored, bytes):
            return stored == entry.body
        try:
            return self._cipher.open(entry.n, stored) == entry.body
        except SealError:
            return False

    def _number_format(self, *, is_new: bool) -> None:
        """A new file has the format of today; an older one keeps its own and gets seals."""
        columns = {row[1] for row in self._connection.execute("PRAGMA table_info(batches)")}
        if "seal" not in columns:
            self._connection.execute("ALTER TABLE batches ADD COLUMN seal BLOB")
        if is_new:
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {FORMAT}")

    def _is_there(self, entry: Entry, rows: Sequence[tuple[int, int, bytes, bytes]]) -> bool:
        for n, _, body, _ in rows:
            if n == entry.n:
                return self._holds(entry, body)
        row = self._connection.execute(
            "SELECT body FROM records WHERE n = ?", (entry.n,)
        ).fetchone()
        return row is not None and self._holds(entry, row[0])

    def _commit(self, rows: Sequence[tuple[int, int, bytes, bytes]], newest: Entry) -> None:
        stamp = newest.stamp
        commit = Commit(
            rows[0][0],
            newest.n,
            stamp.at_ms,
            stamp.boot_id,
            stamp.boottime_ms,
            stamp.wall_ms,
            int(stamp.wall_synced),
        )
        commit = commit._replace(seal=seal_of(rows[-1][3], commit))
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO records VALUES(?, ?, ?, ?)", rows)
            self._connection.execute("INSERT INTO batches VALUES(?, ?, ?, ?, ?, ?, ?, ?)", commit)
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


def last_stamp(path: Path) -> ClockStamp | None:
    """Return the clocks of the last committed record; None for a journal without a record.

    Raises:
        StoreError: no such file.
    """
    with closing(connect_for_reading(path)) as connection:
        row = connection.execute(
            "SELECT at_ms, boot_id, boottime_ms, wall_ms, wall_synced FROM batches"
            " ORDER BY last_n DESC LIMIT 1"
        ).fetchone()
    if row is None:
        return None
    return ClockStamp(
        at_ms=row[0],
        boot_id=row[1],
        boottime_ms=row[2],
        wall_ms=row[3],
        wall_synced=bool(row[4]),
    )


def open_sessions(data_dir: Path) -> list[str]:
    """Return the sessions that have a record and no end, in the order of their names.

    Raises:
        StoreError: a file in the folder cannot be read; it may be a session that needs watching.
    """
    return [path.stem for path in session_files(data_dir) if is_open(path)]


def session_files(data_dir: Path) -> list[Path]:
    """Return every session's file of a data folder, in the order of their names."""
    return sorted((data_dir / "sessions").glob("*.db"))


def is_open(path: Path) -> bool:
    """Say whether a session has a record and no end.

    Raises:
        StoreError: the file cannot be read.
    """
    try:
        with closing(connect_for_reading(path)) as connection:
            closed = connection.execute("SELECT 1 FROM meta WHERE key = 'closed'").fetchone()
            begun = connection.execute("SELECT 1 FROM records LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise StoreError(
            f"{path} cannot be read ({error}): move it out of the folder if it is no journal"
        ) from error
    return begun is not None and closed is None
