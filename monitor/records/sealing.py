"""Records under a key: how the text of a record becomes bytes that tell nobody anything.

Each record is sealed by itself with ChaCha20-Poly1305 (RFC 8439), a random nonce, and its number as
the data that goes with it, under a key of its own journal that HKDF-SHA256 (RFC 5869) makes from
the installation's key and the journal's salt. So a record moved to another number or another
journal does not open. The installation's key is 32 random bytes in a file, or scrypt (RFC 7914) of
a passphrase. The chain of hashes lies over the sealed bytes: it is followed without the key.

This module reads no file, and chance comes in as an argument.

>>> key = file_key(bytes(32).hex())
>>> seal = new_seal(key, bytes(16))
>>> cipher_of(seal, key).open(7, cipher_of(seal, key).seal(7, b"text", bytes(12)))
b'text'
"""

from typing import Annotated, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from msgspec import Meta, Struct

__all__ = [
    "NONCE_BYTES",
    "SALT_BYTES",
    "Cipher",
    "RecordKey",
    "Seal",
    "SealError",
    "cipher_of",
    "file_key",
    "new_seal",
    "passphrase_key",
    "read_seal",
]

NONCE_BYTES: Final = 12
SALT_BYTES: Final = 16
MIN_PASSPHRASE_CHARS: Final = 12

_VERSION: Final = b"\x01"
_WORD: Final = b"vigil record v1\n"
_KEY_BYTES: Final = 32
# 32 MiB and about half a second on a small computer.
_COST, _BLOCK, _PARALLEL = 1 << 15, 8, 3

_Hex = Annotated[str, Meta(pattern=r"^([0-9a-f]{2})*$", max_length=128)]


class SealError(ValueError):
    """The key is none, is another one, or the bytes were changed; the message says which."""


class RecordKey(Struct, frozen=True):
    """An installation's key; `salt` is that of a passphrase, empty for a key from a file."""

    master: bytes
    salt: bytes = b""

    def __repr__(self) -> str:
        """Show no secret in a log or a traceback."""
        return "RecordKey(...)"


class Seal(Struct, frozen=True):
    """What a journal says of its key: the passphrase's salt, its own salt, and a proof.

    `check` shows whether a key is the right one, and nothing of the key.
    """

    salt: _Hex
    own: _Hex
    check: _Hex


class Cipher:
    """Seals and opens the records of one journal."""

    def __init__(self, key: bytes) -> None:
        self._box = ChaCha20Poly1305(key)

    def seal(self, n: int, body: bytes, nonce: bytes) -> bytes:
        """Seal record `n`; `nonce` is 12 random bytes, never used twice."""
        return _VERSION + nonce + self._box.encrypt(nonce, body, _beside(n))

    def open(self, n: int, stored: bytes) -> bytes:
        """Return the text of record `n`.

        Raises:
            SealError: these bytes were not sealed as record `n` of this journal.
        """
        nonce, sealed = stored[1 : 1 + NONCE_BYTES], stored[1 + NONCE_BYTES :]
        if stored[:1] != _VERSION or len(nonce) < NONCE_BYTES:
            raise SealError("it is not sealed like the others of its journal")
        try:
            return self._box.decrypt(nonce, sealed, _beside(n))
        except InvalidTag:
            raise SealError("its bytes do not fit its seal: it was changed or moved") from None


def file_key(text: str) -> RecordKey:
    """Return the key that a key file holds: 64 hexadecimal digits.

    Raises:
        SealError: it holds something else.
    """
    try:
        master = bytes.fromhex(text.strip())
    except ValueError:
        master = b""
    if len(master) != _KEY_BYTES:
        raise SealError("it must hold 64 hexadecimal digits: `vigil records key` makes one")
    return RecordKey(master)


def passphrase_key(passphrase: str, salt: bytes) -> RecordKey:
    """Return the key of a passphrase; takes about half a second, on purpose.

    Raises:
        SealError: the passphrase is too short to protect anything.
    """
    if len(passphrase) < MIN_PASSPHRASE_CHARS:
        raise SealError(f"the passphrase is too short: take {MIN_PASSPHRASE_CHARS} or more")
    made = Scrypt(salt=salt, length=_KEY_BYTES, n=_COST, r=_BLOCK, p=_PARALLEL)
    return RecordKey(made.derive(passphrase.encode()), salt)


def new_seal(key: RecordKey, own: bytes) -> Seal:
    """Return what a new journal says of its key; `own` is its salt, 16 random bytes."""
    return Seal(key.salt.hex(), own.hex(), _derived(key, own, b"check")[:SALT_BYTES].hex())


def read_seal(text: str) -> Seal:
    """Read what a journal says of its key.

    Raises:
        SealError: it cannot be read.
    """
    try:
        return msgspec.json.decode(text, type=Seal)
    except msgspec.MsgspecError as error:
        raise SealError(f"what it says of its key was changed: {error}") from error


def cipher_of(seal: Seal, key: RecordKey) -> Cipher:
    """Return what opens a journal.

    Raises:
        SealError: it was sealed with another key.
    """
    own = bytes.fromhex(seal.own)
    if new_seal(key, own).check != seal.check:
        raise SealError("it was sealed with another key: name the key of its installation")
    return Cipher(_derived(key, own, b"records"))


def _derived(key: RecordKey, own: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=own, info=_WORD + use).derive(key.master)


def _beside(n: int) -> bytes:
    return _WORD + n.to_bytes(8)
