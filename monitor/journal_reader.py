"""Reads one session's journal, also while the hub writes it, and says what is wrong with a file.

Whoever only wants to know what happened takes `read_records`; who proves the file takes
`read_stored` and `read_commits`, which give every row as it lies there. A folder, a text, a file of
another program, an empty or a cut one each get a line of their own. Nothing is judged and nothing
is changed here.

    for n, body, digest in read_records(path): ...
    read_head(path)                    -> (4711, b"...")
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from monitor.database import StoreError, connect_for_reading
from monitor.events import SessionOpened
from monitor.journal import JournalError, decode
from monitor.records.checking import FORMAT, Commit, Stored
from monitor.records.keys import NoKeyError, cipher_to_read
from monitor.records.sealing import SealError

__all__ = [
    "open_journal",
    "opener_of",
    "read_at_once",
    "read_commits",
    "read_format",
    "read_head",
    "read_records",
    "read_stored",
    "said_of_key",
    "session_of",
]

_SQLITE: Final = b"SQLite format 3\x00"
_TABLES: Final = ("records", "batches", "meta")
_WITHOUT_SEAL: Final = "first_n, last_n, at_ms, boot_id, boottime_ms, wall_ms, wall_synced"


@contextmanager
def open_journal(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a journal read only; what SQLite says inside the block becomes a StoreError.

    Raises:
        StoreError: there is none, it is none, or it is damaged; the line says which.
    """
    _look(path)
    with closing(connect_for_reading(path)) as connection:
        try:
            # A damaged text is found by its seal; it must not stop the reading.
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            _know(path, connection)
            yield connection
        except (sqlite3.Error, UnicodeDecodeError) as error:
            # The latter when SQLite's own message quotes what is damaged.
            raise StoreError(
                f"{path} cannot be read as a journal ({error}): run `vigil verify` on a copy of it"
            ) from error


def read_records(path: Path, first_n: int = 1) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield `(n, text, hash)` in order from record `first_n` on, also while it is being written.

    The text of a sealed record is opened, the hash is that of what is stored.

    Raises:
        StoreError: no such file, it is no journal, or its key cannot be had.
    """
    opener = opener_of(path)
    for row in read_stored(path, first_n):
        try:
            body = opener(row.n, row.body) if isinstance(row.body, bytes) else row.body
        except SealError as error:
            raise StoreError(f"{path}: record {row.n}: {error}") from error
        yield row.n, body, row.digest


def opener_of(path: Path) -> Callable[[int, bytes], bytes]:
    """Return what gives the text of a stored record.

    Raises:
        StoreError: as for `read_records`.
    """
    said = said_of_key(path)
    if said is None:
        return _as_it_is
    try:
        return cipher_to_read(said).open
    except NoKeyError as error:
        raise StoreError(f"{path} cannot be read: {error}") from error


def said_of_key(path: Path) -> str | None:
    """Return what a journal says of its key; None: it has none, and everybody can read it.

    Raises:
        StoreError: it is no journal.
    """
    with open_journal(path) as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = 'seal'").fetchone()
    return None if row is None else str(row[0])


def _as_it_is(_: int, body: bytes) -> bytes:
    return body


def read_stored(path: Path, first_n: int = 1) -> Iterator[Stored]:
    """Yield every record as the file has it, in order from record `first_n` on.

    Raises:
        StoreError: as for `read_records`.
    """
    with open_journal(path) as connection:
        yield from _rows(path, connection, first_n)


def read_commits(path: Path) -> Iterator[Commit]:
    """Yield the commits in order; those of format 1 without a seal.

    Raises:
        StoreError: as for `read_records`.
    """
    with open_journal(path) as connection:
        yield from _commits(connection)


@contextmanager
def read_at_once(path: Path) -> Iterator[tuple[Iterator[Stored], Iterator[Commit]]]:
    """Give records and commits of one moment, however much the hub writes meanwhile.

    Raises:
        StoreError: as for `read_records`, also while they are read.
    """
    with open_journal(path) as connection:
        connection.execute("BEGIN")
        yield _rows(path, connection, 1), _commits(connection)


def _rows(path: Path, connection: sqlite3.Connection, first_n: int) -> Iterator[Stored]:
    query = "SELECT n, at_ms, body, hash FROM records WHERE n >= ? ORDER BY n"
    last_n = first_n - 1
    try:
        for row in connection.execute(query, (first_n,)):
            last_n = row[0]
            yield Stored(*row)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StoreError(
            f"{path} cannot be read as a journal after record {last_n} ({error}):"
            " it is cut or damaged; take a backup"
        ) from error


def _commits(connection: sqlite3.Connection) -> Iterator[Commit]:
    columns = {row[1] for row in connection.execute("PRAGMA table_info(batches)")}
    seal = "seal" if "seal" in columns else "NULL"
    # Both words are ours, never the file's.
    query = f"SELECT {_WITHOUT_SEAL}, {seal} FROM batches ORDER BY first_n"  # noqa: S608
    for row in connection.execute(query):
        yield Commit(*row)


def read_format(path: Path) -> int:
    """Return the format of a journal: 1 or 2.

    Raises:
        StoreError: as for `read_records`.
    """
    with open_journal(path) as connection:
        return _format(connection)


def read_head(path: Path) -> tuple[int, bytes]:
    """Return the number and the hash of the last record; 0 and nothing for an empty journal.

    Raises:
        StoreError: as for `read_records`.
    """
    with open_journal(path) as connection:
        row = connection.execute("SELECT n, hash FROM records ORDER BY n DESC LIMIT 1").fetchone()
    return (0, b"") if row is None else (int(row[0]), bytes(row[1]))


def session_of(path: Path) -> str:
    """Return whose journal it is: the session that its first record opens, or the file's name.

    Raises:
        StoreError: as for `read_records`.
    """
    first = next(read_stored(path), None)
    if first is not None:
        # Without the key, or of another version: the file's name is all that is known.
        with suppress(JournalError, StoreError, SealError, TypeError):
            event = decode(opener_of(path)(first.n, first.body)).event
            if isinstance(event, SessionOpened):
                return event.session
    return path.stem


def _look(path: Path) -> None:
    """Say what a file is when it is no SQLite file at all."""
    try:
        if not path.exists():
            return  # `connect_for_reading` says it.
        if path.is_dir():
            raise StoreError(f"{path} is a folder: name one session's .db file")
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror}): ask its owner") from error
    if not head:
        raise StoreError(f"{path} cannot be read as a journal: it is empty")
    if head != _SQLITE:
        raise StoreError(f"{path} cannot be read as a journal: it is no SQLite file")


def _know(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a file of another program and a journal of a later version."""
    found = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    missing = [name for name in _TABLES if name not in found]
    if missing == list(_TABLES):
        raise StoreError(f"{path} cannot be read as a journal: it is another program's file")
    if missing:
        raise StoreError(
            f"{path} cannot be read as a journal: its table {missing[0]} is gone, so it was changed"
        )
    if (file_format := _format(connection)) > FORMAT:
        raise StoreError(
            f"{path} has format {file_format}, and this version reads up to {FORMAT}: update Vigil"
        )


def _format(connection: sqlite3.Connection) -> int:
    # What came before formats were numbered has 0.
    return max(1, int(connection.execute("PRAGMA user_version").fetchone()[0]))
