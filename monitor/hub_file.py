"""The hub's own file, `hub.db`: what was refused, what is to be sent, proved ways, the ledger.

Quarantine counts every refused message by topic and reason and keeps the last payload of each, cut
at 4 KiB, so that a person can see what a device really sent. It is bounded: beyond 1,000 different
pairs new ones are counted together under `(others)`. This module never judges a message.

    hub = HubFile(data_dir / "hub.db")
    hub.quarantine("vigil/v1/device/x/reading", "no JSON", b"{", 1)
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from monitor.database import connect_for_reading, connect_for_writing
from monitor.journal import GENESIS, JournalError, chain
from monitor.records.ledger import Line, encode, is_again, read

__all__ = [
    "MAX_PAYLOAD_BYTES",
    "HubFile",
    "Quarantined",
    "Shelf",
    "read_contact_proofs",
    "read_ledger",
    "read_quarantine",
    "read_shelf",
]

Shelf = Literal["meta", "outbox"]
"""Where a value is kept: `meta` for small facts, `outbox` for what is still to be sent."""

MAX_PAYLOAD_BYTES: Final = 4096
_MAX_PAIRS: Final = 1000
_MAX_TEXT: Final = 256
_OTHERS: Final = "(others)"
_LOOKED_BACK: Final = 500

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS quarantine(
    topic TEXT NOT NULL, reason TEXT NOT NULL, payload BLOB NOT NULL, size_bytes INTEGER NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY(topic, reason));
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS outbox(key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS contact_proofs(
    contact TEXT NOT NULL, channel TEXT NOT NULL, address_hash TEXT NOT NULL,
    proved_wall_ms INTEGER NOT NULL, PRIMARY KEY(contact, channel, address_hash));
CREATE TABLE IF NOT EXISTS ledger(n INTEGER PRIMARY KEY, body BLOB NOT NULL, hash BLOB NOT NULL);
"""
# The shelf's name is one of two literals and never comes from outside.
_PUT: Final[dict[Shelf, str]] = {
    "meta": "INSERT OR REPLACE INTO meta VALUES(?, ?)",
    "outbox": "INSERT OR REPLACE INTO outbox VALUES(?, ?)",
}
_REMOVE: Final[dict[Shelf, str]] = {
    "meta": "DELETE FROM meta WHERE key = ?",
    "outbox": "DELETE FROM outbox WHERE key = ?",
}
_READ: Final[dict[Shelf, str]] = {
    "meta": "SELECT key, value FROM meta ORDER BY key",
    "outbox": "SELECT key, value FROM outbox ORDER BY key",
}


class Quarantined(NamedTuple):
    """One kind of refused message: how often, and the last one's first bytes and whole size."""

    topic: str
    reason: str
    payload: bytes
    size_bytes: int
    times: int


class HubFile:
    """The hub's own file, opened for writing.

    Raises:
        sqlite3.Error, OSError: the file cannot be opened or made.
    """

    def __init__(self, path: Path) -> None:
        self._connection = connect_for_writing(path, _SCHEMA)

    def begin(self) -> None:
        """Start one commit for everything until `commit`."""
        self._connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Put everything since `begin` on the disk."""
        self._connection.execute("COMMIT")

    def quarantine(self, topic: str, reason: str, payload: bytes, size_bytes: int) -> None:
        """Count one refused message of `size_bytes` and keep the first 4 KiB of its payload."""
        topic, reason = topic[:_MAX_TEXT], reason[:_MAX_TEXT]
        known = self._connection.execute(
            "SELECT 1 FROM quarantine WHERE topic = ? AND reason = ?", (topic, reason)
        ).fetchone()
        if known is None and self._pairs() >= _MAX_PAIRS:
            topic, reason = _OTHERS, _OTHERS
        self._connection.execute(
            "INSERT INTO quarantine VALUES(?1, ?2, ?3, ?4, 1) ON CONFLICT(topic, reason)"
            " DO UPDATE SET payload = ?3, size_bytes = ?4, count = count + 1",
            (topic, reason, payload[:MAX_PAYLOAD_BYTES], size_bytes),
        )

    def put(self, shelf: Shelf, key: str, value: bytes) -> None:
        """Keep a value under a key, in place of an older one."""
        self._connection.execute(_PUT[shelf], (key, value))

    def remove(self, shelf: Shelf, key: str) -> None:
        """Forget a key; one that is not there is no error."""
        self._connection.execute(_REMOVE[shelf], (key,))

    def prove(self, contact: str, channel: str, address_hash: str, wall_ms: int) -> None:
        """Keep when a person last answered a rehearsal by one way; the address stays outside."""
        self._connection.execute(
            "INSERT OR REPLACE INTO contact_proofs VALUES(?, ?, ?, ?)",
            (contact, channel, address_hash, wall_ms),
        )

    def note(self, line: Line) -> None:
        """Add a line to the ledger; a look that stands there already is not repeated."""
        newest = self._connection.execute(
            "SELECT n, body, hash FROM ledger ORDER BY n DESC LIMIT ?", (_LOOKED_BACK,)
        ).fetchall()
        if is_again(line, _readable(row[1] for row in newest)):
            return
        n, _, before = newest[0] if newest else (0, b"", GENESIS)
        body = encode(line)
        self._connection.execute(
            "INSERT INTO ledger VALUES(?, ?, ?)", (n + 1, body, chain(before, body))
        )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _pairs(self) -> int:
        row = self._connection.execute("SELECT count(*) FROM quarantine").fetchone()
        return int(row[0])


def _readable(bodies: Iterable[bytes]) -> Iterator[Line]:
    """The lines that can be read: one that was changed is found by the chain, and stops nothing."""
    for body in bodies:
        with suppress(JournalError, TypeError):
            yield read(body)


def read_quarantine(path: Path) -> list[Quarantined]:
    """Return what was refused, most often first; nothing for a hub that never started."""
    query = (
        "SELECT topic, reason, payload, size_bytes, count FROM quarantine"
        " ORDER BY count DESC, topic, reason"
    )
    return [Quarantined(*row) for row in _read(path, "quarantine", query)]


def read_shelf(path: Path, shelf: Shelf) -> dict[str, bytes]:
    """Return everything on a shelf, in the order of the keys."""
    return dict(_read(path, shelf, _READ[shelf]))


def read_contact_proofs(path: Path) -> dict[tuple[str, str, str], int]:
    """Return when each way was last proved, in wall ms, by (contact, channel, address's hash).

    A file of an older hub, which has no such table yet, has proved nothing.
    """
    query = "SELECT contact, channel, address_hash, proved_wall_ms FROM contact_proofs"
    return {(row[0], row[1], row[2]): int(row[3]) for row in _read(path, "contact_proofs", query)}


def read_ledger(path: Path) -> list[tuple[int, bytes, bytes]]:
    """Return the ledger's lines as `(n, body, hash)`; none for a hub that never had one."""
    query = "SELECT n, body, hash FROM ledger ORDER BY n"
    return [(row[0], row[1], row[2]) for row in _read(path, "ledger", query)]


def _read(path: Path, table: str, query: str) -> list[tuple[Any, ...]]:
    """Ask a table; one that is not there has nothing: the file is older, or was made just now.

    A hub that is killed between making the file and its tables leaves such a file for the next one.
    """
    if not path.is_file():
        return []
    with closing(connect_for_reading(path)) as connection:
        known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
        if connection.execute(known, (table,)).fetchone() is None:
            return []
        return connection.execute(query).fetchall()
