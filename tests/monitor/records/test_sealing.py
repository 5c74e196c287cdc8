"""What is sealed opens with its key, at its place, and nowhere else."""

import pytest

from monitor.records.sealing import (
    RecordKey,
    SealError,
    cipher_of,
    file_key,
    new_seal,
    passphrase_key,
    read_seal,
)

KEY = file_key("0123456789abcdef" * 4 + "\n")
OWN, NONCE = bytes(16), bytes(12)
CIPHER = cipher_of(new_seal(KEY, OWN), KEY)
STORED = CIPHER.seal(7, b"text", NONCE)


def test_a_record_opens_with_its_key_and_shows_nothing_without() -> None:
    """29 bytes more than its text."""
    assert (CIPHER.open(7, STORED), b"text" in STORED, len(STORED)) == (b"text", False, 33)


@pytest.mark.parametrize(
    ("n", "stored"),
    [
        (8, STORED),
        (7, STORED[:-1] + bytes([STORED[-1] ^ 1])),
        (7, STORED[:1] + bytes([1]) + STORED[2:]),
    ],
    ids=["another number", "another byte", "another nonce"],
)
def test_what_was_changed_or_moved_does_not_open(n: int, stored: bytes) -> None:
    """Nothing of it is given out."""
    with pytest.raises(SealError, match="do not fit its seal: it was changed or moved"):
        CIPHER.open(n, stored)


@pytest.mark.parametrize("stored", [b"", b"text", b"\x01short"])
def test_what_is_not_sealed_is_named(stored: bytes) -> None:
    """A plain record among sealed ones was put there by others."""
    with pytest.raises(SealError, match="it is not sealed like the others"):
        CIPHER.open(7, stored)


def test_another_journal_has_another_key() -> None:
    """Also in the same installation: a record cannot be moved from one to the other."""
    other = cipher_of(new_seal(KEY, b"1" * 16), KEY)
    with pytest.raises(SealError, match="do not fit its seal"):
        other.open(7, STORED)


def test_another_key_is_known_before_anything_is_opened() -> None:
    """By what the journal says of its key."""
    with pytest.raises(SealError, match="it was sealed with another key"):
        cipher_of(new_seal(KEY, OWN), file_key("ff" * 32))


@pytest.mark.parametrize("text", ["", "ff" * 31, "no key", "ff" * 33])
def test_a_key_file_holds_64_digits(text: str) -> None:
    """Everything else is refused, and not repeated."""
    with pytest.raises(SealError, match="it must hold 64 hexadecimal digits"):
        file_key(text)


def test_a_passphrase_gives_the_same_key_with_the_same_salt() -> None:
    """Too short ones protect nothing; a key shows itself nowhere."""
    one, again = (passphrase_key("correct horse battery", bytes(16)) for _ in "ab")
    other = passphrase_key("correct horse battery", b"1" * 16)
    assert (one == again, one == other, repr(one)) == (True, False, "RecordKey(...)")
    with pytest.raises(SealError, match="too short: take 12 or more"):
        passphrase_key("short", bytes(16))


def test_what_a_journal_says_of_its_key_is_read_or_refused() -> None:
    """It holds no secret."""
    seal = new_seal(RecordKey(b"k" * 32, b"salt"), OWN)
    text = f'{{"salt":"{seal.salt}","own":"{seal.own}","check":"{seal.check}"}}'
    assert read_seal(text) == seal
    with pytest.raises(SealError, match="what it says of its key was changed"):
        read_seal('{"salt":"zz"}')
