"""JSON from outside is read in exactly one way or refused by name."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from devices.strict_json import MAX_BYTES, Malformed, Reason, fit, read_json


def refusal(payload: bytes) -> tuple[Reason, str]:
    """Return why a payload is refused."""
    with pytest.raises(Malformed) as caught:
        read_json(payload)
    return caught.value.reason, caught.value.detail


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b'{"a": 97.7, "b": [1, null, true]}', {"a": Decimal("97.7"), "b": [1, None, True]}),
        (b"1e2", Decimal(100)),
        (b"-0", 0),
        ('"\u00e9\\u00e9\\ud83d\\ude00"'.encode(), "\u00e9\u00e9\U0001f600"),
        (b" " * (MAX_BYTES - 2) + b"{}", {}),
    ],
)
def test_a_clear_text_is_read(payload: bytes, value: Any) -> None:
    """Numbers with a fraction stay decimal; whole characters and payloads up to 64 KiB are fine."""
    assert read_json(payload) == value


@pytest.mark.parametrize(
    ("payload", "reason", "detail"),
    [
        (
            b" " * (MAX_BYTES + 1),
            Reason.TOO_LARGE,
            "payload has 65537 bytes; send at most 65536",
        ),
        (b"", Reason.EMPTY, "payload is empty; send one JSON object"),
        (b" \n", Reason.EMPTY, "payload is empty; send one JSON object"),
        (
            b'{"a": "\xff"}',
            Reason.ENCODING,
            "byte 7 is not UTF-8 (invalid start byte); send UTF-8",
        ),
        (
            b"\xef\xbb\xbf{}",
            Reason.ENCODING,
            "payload starts with a byte order mark; leave it out",
        ),
        (
            b'["\\ud800"]',
            Reason.ENCODING,
            "a string holds half of a UTF-16 pair; send whole characters",
        ),
        (
            b'{"a": 1',
            Reason.JSON,
            "Expecting ',' delimiter at character 7; send one JSON object",
        ),
        (b"{} {}", Reason.JSON, "Extra data at character 3; send one JSON object"),
        (b"[" * 60_000, Reason.JSON, "nested far too deep; our messages have two levels"),
        (b'{"a": 1, "a": 2}', Reason.DUPLICATE_KEY, "key 'a' appears twice; send it once"),
        (b"NaN", Reason.NUMBER, "NaN is no measurement; send null for 'no value'"),
        (b"[-Infinity]", Reason.NUMBER, "-Infinity is no measurement; send null for 'no value'"),
        (
            b"9" * 400,
            Reason.NUMBER,
            f"number {'9' * 24}... has 400 characters; send at most 24",
        ),
        (
            b"0." + b"1" * 23,
            Reason.NUMBER,
            f"number 0.{'1' * 22}... has 25 characters; send at most 24",
        ),
        (
            b"1e999",
            Reason.NUMBER,
            "number 1e999 has an impossible exponent; send plain decimals",
        ),
        (
            b"1e-999",
            Reason.NUMBER,
            "number 1e-999 has an impossible exponent; send plain decimals",
        ),
        (
            b"1e99999999999999999999",
            Reason.NUMBER,
            "number 1e99999999999999999999 has an impossible exponent; send plain decimals",
        ),
    ],
)
def test_each_loophole_is_refused_by_name(payload: bytes, reason: Reason, detail: str) -> None:
    """The refusal says what was found and what to send instead."""
    assert refusal(payload) == (reason, detail)


class Sample(Struct, forbid_unknown_fields=True):
    """A schema with one whole number."""

    n: int


def test_a_value_fits_its_schema_or_says_where_it_does_not() -> None:
    """A fit gives the struct; a misfit names the field, and a decimal is no whole number."""
    assert fit({"n": 1}, Sample) == Sample(1)
    with pytest.raises(Malformed) as caught:
        fit({"n": Decimal("1.5")}, Sample)
    assert str(caught.value) == (
        "schema: Expected `int`, got `decimal` - at `$.n`; see docs/mqtt.md for the fields"
    )


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_malformed(payload: bytes) -> None:
    """Whatever the bytes, the answer is a value or a refusal with a name."""
    try:
        read_json(payload)
    except Malformed as error:
        assert error.reason in Reason  # noqa: PT017 - either answer is right
