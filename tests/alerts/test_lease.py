"""The lease's letters: signed, bounded, and nothing that a hub never says."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.contact import Way
from alerts.lease import (
    LEASE,
    MAX_BYTES,
    RECEIPT,
    Holding,
    Lease,
    LeaseError,
    Person,
    Receipt,
    decode_lease,
    decode_receipt,
    encode,
    is_signed,
    sign,
)

SECRET = b"0123456789abcdef"
LEE = Person("Dr Lee", "real", (Way("webhook", "https://pager.example/lee"), Way("console")))
HELD = Lease(
    hub="home", name="Vigil hub", boot="b0071d00", seq=7, holding=Holding(("real",), (LEE,))
)


def letter(**changes: object) -> bytes:
    """The letter of a held lease with other fields."""
    return msgspec.json.encode(msgspec.to_builtins(HELD) | changes)


def test_a_letter_is_read_as_it_was_written() -> None:
    """Both kinds of letters come back whole."""
    receipt = Receipt("home", "b0071d00", 7, taken=False, challenge="ab12", why="replayed")
    assert (decode_lease(encode(HELD)), decode_receipt(encode(receipt))) == (HELD, receipt)


def test_a_holding_says_whether_somebody_is_watched_in_earnest() -> None:
    """A demo is open and not real."""
    holdings = (Holding(), Holding(("demo",)), Holding(("demo", "real")))
    assert [(one.is_open, one.is_real) for one in holdings] == [
        (False, False),
        (True, False),
        (True, True),
    ]


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "no lease: Input data was truncated"),
        (b"[]", "no lease: Expected `object`, got `array`"),
        (b'{"hub":"\xff"}', "no lease: 'utf-8' codec can't decode byte"),
        (b"x" * (MAX_BYTES + 1), "65537 bytes are too many: send at most 65536"),
        (letter(hub="Home!"), "no lease: Expected `str` matching regex"),
        (letter(seq=0), "no lease: Expected `int` >= 1"),
        (letter(seq=10**400), "no lease: "),
        (letter(ttl_ms=3_600_000), "no lease: Expected `int` <= 60000"),
        (letter(boot="x"), "no lease: Expected `str` matching regex"),
        (letter(holding={"modes": ["real"] * 17}), "no lease: Expected `array` of length <= 16"),
        (letter(goodbye=True), "no lease: goodbye with an open session"),
    ],
)
def test_what_is_no_letter_is_named(body: bytes, fault: str) -> None:
    """Every fault says what was expected, and nothing is half read."""
    with pytest.raises(LeaseError) as caught:
        decode_lease(body)
    assert str(caught.value).startswith(fault)


def test_a_receipt_that_is_none_is_named_too() -> None:
    """A stranger's page is no receipt."""
    with pytest.raises(LeaseError) as caught:
        decode_receipt(b"<html>")
    assert str(caught.value).startswith("no lease: JSON is malformed")


@given(st.binary(max_size=300))
def test_random_bytes_are_a_letter_or_a_fault(body: bytes) -> None:
    """No byte makes anything else happen."""
    for decode in (decode_lease, decode_receipt):
        try:
            decode(body)
        except LeaseError:
            continue


def test_only_the_secret_the_word_and_the_bytes_together_make_the_signature() -> None:
    """Another secret, a lease as a receipt, one changed byte, or any other text: forged."""
    body = encode(HELD)
    good = sign(SECRET, LEASE, body)
    tried = [
        is_signed(SECRET, LEASE, body, good),
        is_signed(SECRET[:-1], LEASE, body, good),
        is_signed(SECRET, RECEIPT, body, good),
        is_signed(SECRET, LEASE, body + b" ", good),
        is_signed(SECRET, LEASE, body, ""),
        is_signed(SECRET, LEASE, body, "ä\ud800"),
    ]
    assert tried == [True, False, False, False, False, False]


def test_the_signature_is_hmac_sha_256() -> None:
    """Checked once against a value made with another tool (openssl dgst -sha256 -hmac)."""
    assert sign(b"key", b"", b"The quick brown fox jumps over the lazy dog") == (
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    )
