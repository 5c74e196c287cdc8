"""The lease: what a hub tells a watcher outside the house, signed, so that its silence is noticed.

Every 10 s the hub says how many sessions are open and whom to page should it be silent next; the
watcher answers with a receipt. Both are JSON, signed with HMAC-SHA256 (RFC 2104, FIPS 180-4) by a
secret that the two share, each under its own word, so that a lease is never taken for a receipt.
A lease is taken once: its number grows within one life of the hub, and it carries the challenge of
the watcher's last receipt, which only the living hub can know. Times are relative, so the clocks of
the two machines do not matter.

This module knows no network and no clock, and no secret stands in a lease: a way's address that is
one is `file:<path>`, which the watcher reads beside its own settings.

>>> lease = Lease(hub="home", name="Vigil hub", boot="b0071d00", seq=1)
>>> body = encode(lease)
>>> decode_lease(body) == lease, is_signed(b"secret", LEASE, body, sign(b"secret", LEASE, body))
(True, True)
"""

import hashlib
import hmac
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta, Struct

from alerts.contact import Way
from alerts.guard import REAL
from alerts.record_heads import MAX_HEADS, RecordHead

__all__ = [
    "LEASE",
    "MAX_BYTES",
    "MAX_PEOPLE",
    "MIN_SECRET_CHARS",
    "PATH",
    "RECEIPT",
    "RENEW_MS",
    "TTL_MS",
    "Holding",
    "Lease",
    "LeaseError",
    "Person",
    "Receipt",
    "decode_lease",
    "decode_receipt",
    "encode",
    "is_signed",
    "sign",
]

RENEW_MS: Final = 10_000
"""How often a lease is renewed, in real milliseconds."""

TTL_MS: Final = 30_000
"""How long a lease is good for without a renewal: two of three may be lost."""

PATH: Final = "/v1/lease"
"""Where a watcher takes leases."""

MAX_BYTES: Final = 65_536
MAX_PEOPLE: Final = 32
MIN_SECRET_CHARS: Final = 16

LEASE: Final = b"vigil lease v1\n"
RECEIPT: Final = b"vigil receipt v1\n"

HubId = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="1 to 40 small letters, digits, - or _, like home",
    ),
]
_Name = Annotated[str, Meta(min_length=1, max_length=60)]
_Token = Annotated[str, Meta(pattern=r"^[0-9a-f]{0,64}$")]
_Mode = Annotated[str, Meta(pattern=r"^[a-z]{1,20}$")]


class LeaseError(ValueError):
    """Bytes are no lease or no receipt; the message says what is wrong with them."""


class Person(Struct, frozen=True):
    """Whom to page: name, ways in their order, and the mode of the session that needs them."""

    name: _Name
    mode: _Mode
    ways: Annotated[tuple[Way, ...], Meta(max_length=8)] = ()


class Holding(Struct, frozen=True):
    """What a hub holds now: the mode of each open session, and the people of all of them."""

    modes: Annotated[tuple[_Mode, ...], Meta(max_length=16)] = ()
    people: Annotated[tuple[Person, ...], Meta(max_length=MAX_PEOPLE)] = ()

    @property
    def is_open(self) -> bool:
        """Somebody is watched."""
        return bool(self.modes)

    @property
    def is_real(self) -> bool:
        """Somebody is watched in earnest: a service outside may be told."""
        return REAL in self.modes


class Lease(Struct, frozen=True, omit_defaults=True):
    """One renewal.

    `hub` names the installation, `name` is what people call it. `boot` names one life of the hub's
    process; `seq` grows within it from 1. `challenge` is that of the last receipt (empty: none
    yet). `ttl_ms` is how long the lease is good for from its arrival. `goodbye` ends it: the hub
    stops on purpose and nobody is watched. `heads` say how far the records of its sessions are.
    """

    hub: HubId
    name: _Name
    boot: Annotated[str, Meta(pattern=r"^[0-9a-f]{8,64}$")]
    seq: Annotated[int, Meta(ge=1, le=2**53)]
    challenge: _Token = ""
    holding: Holding = Holding()
    ttl_ms: Annotated[int, Meta(ge=15_000, le=60_000)] = TTL_MS
    goodbye: bool = False
    heads: Annotated[tuple[RecordHead, ...], Meta(max_length=MAX_HEADS)] = ()

    def __post_init__(self) -> None:
        """Refuse what a hub never says."""
        if self.goodbye and self.holding.is_open:
            raise ValueError("goodbye with an open session: only a hub that watches nobody ends")


class Receipt(Struct, frozen=True, omit_defaults=True):
    """What the watcher answers to one lease: taken or not and why, and the next challenge."""

    hub: HubId
    boot: str
    seq: int
    taken: bool
    challenge: _Token
    why: Annotated[str, Meta(max_length=200)] = ""


_T = TypeVar("_T")
_LEASES: Final = msgspec.json.Decoder(Lease)
_RECEIPTS: Final = msgspec.json.Decoder(Receipt)


def encode(message: Lease | Receipt) -> bytes:
    """Return the bytes that are signed and sent."""
    return msgspec.json.encode(message)


def decode_lease(body: bytes) -> Lease:
    """Read a lease.

    Raises:
        LeaseError: too long, no JSON, or a field that a lease may not have so.
    """
    return _decode(_LEASES, body)


def decode_receipt(body: bytes) -> Receipt:
    """Read a receipt.

    Raises:
        LeaseError: as for a lease.
    """
    return _decode(_RECEIPTS, body)


def sign(secret: bytes, word: bytes, body: bytes) -> str:
    """Return the signature of a body under one word, `LEASE` or `RECEIPT`, as hexadecimal."""
    return hmac.new(secret, word + body, hashlib.sha256).hexdigest()


def is_signed(secret: bytes, word: bytes, body: bytes, signature: str) -> bool:
    """Say whether this body was signed so; takes the same time for every wrong signature."""
    # As bytes: text that is not ASCII cannot be compared in constant time.
    known = sign(secret, word, body).encode()
    return hmac.compare_digest(known, signature.encode("utf-8", "replace"))


def _decode(decoder: msgspec.json.Decoder[_T], body: bytes) -> _T:
    if len(body) > MAX_BYTES:
        raise LeaseError(f"{len(body)} bytes are too many: send at most {MAX_BYTES}")
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise LeaseError(f"no lease: {error}") from error
