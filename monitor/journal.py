"""What a record is, in bytes: one event with the effects that it had, chained by hashes.

Records count from 1. The bytes are canonical JSON, so the same record has the same bytes
everywhere; each hash covers everything before it, so an edit shows. This module opens no file and
judges nothing.

>>> from monitor.events import Tick
>>> record = Record(1, Tick(at_ms=5), ())
>>> decode(encode(record)) == record
True
"""

import hashlib
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from monitor.effects import Effect
from monitor.events import Event, RecordGap

__all__ = [
    "GENESIS",
    "ChainFault",
    "Follower",
    "JournalError",
    "Record",
    "chain",
    "check",
    "decode",
    "encode",
]

GENESIS = bytes(32)


class JournalError(ValueError):
    """A record cannot be read; the message says which and what is wrong with it."""


class Record(Struct, frozen=True):
    """Event number `n` of a session and what followed from it."""

    n: int
    event: Event
    effects: tuple[Effect, ...] = ()


class ChainFault(Struct, frozen=True):
    """The first record that does not fit its hash or its number."""

    n: int
    what: str


_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(Record)


def encode(record: Record) -> bytes:
    """Return the canonical bytes of a record."""
    return _ENCODER.encode(record)


def decode(body: bytes) -> Record:
    """Read one record.

    Raises:
        JournalError: the bytes are no record of this version.
    """
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise JournalError(f"{bytes(body[:60])!r}... is no record: {error}") from None


def chain(before: bytes, body: bytes) -> bytes:
    """SHA-256 over the hash before and the bytes of a record."""
    return hashlib.sha256(before + body).digest()


def check(records: Iterable[tuple[int, bytes, bytes]]) -> tuple[int, bytes, ChainFault | None]:
    """Follow the chain: how many records fit, the last good hash, and the first fault.

    Numbers may only be missing where a later `RecordGap` says that at least so many were lost.
    """
    follower = Follower()
    for n, body, digest in records:
        fault = follower.take(n, body, digest, body)
        if fault is not None:
            return follower.count, follower.head, fault
    return follower.count, follower.head, follower.end()


class Follower:
    """Follows one chain: `count` records fit; the last is number `last_n`, its hash `head`."""

    def __init__(self) -> None:
        self.count = 0
        self.head = GENESIS
        self.last_n = 0
        self._missing, self._first_missing = 0, 0
        self._is_closed_to_us = False

    def take(self, n: int, stored: bytes, digest: bytes, body: bytes | None) -> ChainFault | None:
        """Take one record as it is stored; `body` is its text, None when nobody can read it."""
        if n <= self.last_n:
            return ChainFault(n, f"comes after record {self.last_n}")
        if n > self.last_n + 1:
            self._first_missing = self._first_missing or self.last_n + 1
            self._missing += n - self.last_n - 1
        # A damaged file may hold anything in place of bytes.
        after = chain(self.head, stored) if isinstance(stored, bytes) else b""
        if not after or after != digest:
            what = "its bytes do not fit its hash: it, or one before it, was changed"
            return ChainFault(n, what)
        self.count, self.last_n, self.head = self.count + 1, n, after
        self._is_closed_to_us |= body is None
        if self._missing and body is not None and _lost(body) >= self._missing:
            self._missing, self._first_missing = 0, 0
        return None

    def end(self) -> ChainFault | None:
        """Say what is missing once the last record was taken."""
        if not self._missing:
            return None
        what = f"{self._missing} records are missing, and no RecordGap says that they were lost"
        if self._is_closed_to_us:
            what = (
                f"{self._missing} records are missing; only with the key can be read whether the"
                " record itself says that they were lost"
            )
        return ChainFault(self._first_missing, what)


def _lost(body: bytes) -> int:
    """How many records a `RecordGap` owns up to; 0 for every other record."""
    if b'"RecordGap"' not in body:
        return 0
    event = decode(body).event
    return event.lost if isinstance(event, RecordGap) else 0
