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
from monitor.events import Event

__all__ = ["GENESIS", "ChainFault", "JournalError", "Record", "chain", "check", "decode", "encode"]

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
    """Follow the chain: how many records fit, the last good hash, and the first fault."""
    count, before = 0, GENESIS
    for n, body, digest in records:
        if n != count + 1:
            what = f"record {count + 1} is missing"
            return count, before, ChainFault(count + 1, what)
        after = chain(before, body)
        if after != digest:
            what = "its bytes do not fit its hash: it, or one before it, was changed"
            return count, before, ChainFault(n, what)
        count, before = n, after
    return count, before, None
