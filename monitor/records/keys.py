"""Where the key of records comes from: one place for the whole process, asked by every reader.

A command sets it once from `config.toml`; without that the environment says it, so that a journal
can be read anywhere. The key is read when it is needed and not before: a hub whose key cannot be
had starts, watches, and says that it cannot record. No key is ever logged or stored here.

    use(KeySource(key_file=Path("/etc/vigil/record.key")))
    cipher_to_write(...)        -> (what the journal says of its key, what seals) or None
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from monitor.database import StoreError
from monitor.records.private import private_file
from monitor.records.sealing import (
    SALT_BYTES,
    Cipher,
    RecordKey,
    SealError,
    cipher_of,
    file_key,
    new_seal,
    passphrase_key,
    read_seal,
)

__all__ = [
    "KEY_FILE",
    "PASSPHRASE",
    "KeySource",
    "NoKeyError",
    "cipher_to_read",
    "key_trouble",
    "new_journal",
    "source",
    "use",
    "write_key_file",
]

KEY_FILE: Final = "VIGIL_RECORD_KEY_FILE"
PASSPHRASE: Final = "VIGIL_RECORD_PASSPHRASE"  # noqa: S105 - a variable's name

_MAX_CHARS: Final = 4096


class KeySource(NamedTuple):
    """A key file, or a passphrase with the file that keeps its salt; neither: no key."""

    key_file: Path | None = None
    passphrase: str = ""
    salt_file: Path | None = None


class NoKeyError(OSError):
    """The key cannot be had now, or is another one; records wait for it like for a disk."""


class _Current:
    source: KeySource | None = None


def use(source: KeySource) -> None:
    """Take keys from here from now on; the environment goes before settings that name none."""
    _Current.source = source


def source() -> KeySource:
    """Return where the key comes from now."""
    set_source = _Current.source or KeySource()
    key_file = os.environ.get(KEY_FILE, "")
    return KeySource(
        set_source.key_file or (Path(key_file) if key_file else None),
        set_source.passphrase or os.environ.get(PASSPHRASE, ""),
        set_source.salt_file,
    )


def new_journal() -> tuple[str, Cipher] | None:
    """Return what a new journal says of its key, and what seals it; None: no key is wanted.

    Raises:
        NoKeyError: one is wanted and cannot be had.
    """
    now = source()
    if now.key_file is None and not now.passphrase:
        return None
    key = _key(now, b"")
    seal = new_seal(key, secrets.token_bytes(SALT_BYTES))
    return msgspec.json.encode(seal).decode(), cipher_of(seal, key)


def cipher_to_read(text: str) -> Cipher:
    """Return what opens a journal, from what it says of its key.

    Raises:
        NoKeyError: no key is named, it cannot be had, or it is another one.
    """
    now = source()
    try:
        seal = read_seal(text)
        if now.key_file is None and not now.passphrase:
            raise SealError(
                f"it is sealed: name its key by record.key_file, {KEY_FILE} or {PASSPHRASE}"
            )
        return cipher_of(seal, _key(now, bytes.fromhex(seal.salt), reads=True))
    except SealError as error:
        raise NoKeyError(str(error)) from error


def key_trouble() -> str | None:
    """Say why new records could not be sealed; None: they can, or need not be."""
    try:
        new_journal()
    except NoKeyError as error:
        return str(error)
    return None


def write_key_file(path: Path) -> None:
    """Make a new key for its owner only.

    Raises:
        StoreError: there is a file already; a key is never replaced.
    """
    if path.exists():
        raise StoreError(f"{path} is there already: a key that is replaced is lost")
    private_file(path)
    path.write_text(secrets.token_hex(32) + "\n", "ascii")


def _key(now: KeySource, salt: bytes, *, reads: bool = False) -> RecordKey:
    """The key of a journal: of its kind (a passphrase has a salt), or the one for new journals."""
    try:
        if now.key_file is not None and not (reads and salt):
            return file_key(_text(now.key_file))
        if reads and not salt:
            raise SealError("it was sealed with a key file, not with a passphrase")
        if not now.passphrase:
            raise SealError(f"it was sealed with a passphrase: say it by {PASSPHRASE}")
        return _stretched(now.passphrase, salt or _salt(now.salt_file))
    except SealError as error:
        where = f"the key file {now.key_file}: " if now.key_file is not None and not salt else ""
        raise NoKeyError(f"{where}{error}") from error


@lru_cache(maxsize=8)
def _stretched(passphrase: str, salt: bytes) -> RecordKey:
    # Half a second each: once for all journals of an installation.
    return passphrase_key(passphrase, salt)


@lru_cache(maxsize=1)
def _chance() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def _salt(path: Path | None) -> bytes:
    """The installation's salt, which is no secret; made once."""
    if path is None:
        return _chance()
    private_file(path)
    salt = path.read_bytes()
    if len(salt) != SALT_BYTES:
        salt = secrets.token_bytes(SALT_BYTES)
        path.write_bytes(salt)
    return salt


def _text(path: Path) -> str:
    try:
        with path.open(encoding="ascii") as file:
            return file.read(_MAX_CHARS)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not ASCII"
        raise SealError(f"it cannot be read ({why}); without it no record can be") from None
