"""An ack names exactly what is recorded, and stays small enough to be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.ack import (
    MAX_ENTRIES,
    MAX_REFUSED,
    Ack,
    Refusal,
    Span,
    ack_for,
    decode_ack,
    encode_ack,
    refusal_of,
)
from devices.payload import digest_of
from devices.strict_json import MAX_BYTES, Malformed, Reason

READINGS = st.lists(st.tuples(st.sampled_from(["b1", "b2"]), st.integers(0, 40)), max_size=60)


@given(READINGS)
def test_an_ack_covers_what_is_recorded_and_nothing_else(recorded: list[tuple[str, int]]) -> None:
    """A reading that the broker lost between two others is not covered by them."""
    ack = ack_for(recorded)
    covered = {(b, n) for b in ("b1", "b2") for n in range(42) if ack.covers(b, n)}
    assert covered == set(recorded)


def test_neighbours_share_a_span() -> None:
    """Order and repetition do not matter; each boot has its own spans."""
    ack = ack_for([("b2", 4), ("b1", 3), ("b1", 2), ("b1", 2), ("b1", 9)], ["0" * 16])
    assert ack == Ack((Span("b1", 2, 3), Span("b1", 9, 9), Span("b2", 4, 4)), ("0" * 16,), ())


def test_an_ack_reads_back() -> None:
    """Decoding is the inverse of encoding; what is empty is left out."""
    full = ack_for([("b1", 1)], ["a" * 16], [Refusal("b" * 16, "json", "cut")])
    assert (decode_ack(encode_ack(full)), encode_ack(Ack())) == (full, b"{}")


def test_the_largest_ack_is_still_read() -> None:
    """At its bounds an ack stays below the payload limit, whatever it holds."""
    error = Malformed(Reason.JSON, "\U0001f600" * 500)
    refused = [refusal_of(str(n).encode(), error) for n in range(MAX_REFUSED)]
    largest = ack_for(
        [("b" * 64, 2 * n + 2**50) for n in range(MAX_ENTRIES)], ["f" * 16] * MAX_ENTRIES, refused
    )
    assert len(encode_ack(largest)) <= MAX_BYTES
    assert decode_ack(encode_ack(largest)) == largest


@pytest.mark.parametrize(
    ("readings", "digests", "refusals"),
    [(MAX_ENTRIES + 1, 0, 0), (0, MAX_ENTRIES + 1, 0), (0, 0, MAX_REFUSED + 1)],
)
def test_a_larger_ack_is_not_made(readings: int, digests: int, refusals: int) -> None:
    """The error gives the bounds and says to split."""
    with pytest.raises(ValueError, match="an ack holds at most 200 spans, 200 digests and 40"):
        ack_for(
            [("b1", 2 * n) for n in range(readings)],
            ["f" * 16] * digests,
            [Refusal("f" * 16, "json")] * refusals,
        )


def test_a_refusal_quotes_nothing_unprintable() -> None:
    """A control character in the quoted message cannot make the ack itself malformed."""
    refusal = refusal_of(b"x", Malformed(Reason.SCHEMA, "bell \x07 and\nline"))
    assert refusal == Refusal(digest_of(b"x"), "schema", "bell ? and?line")
    assert decode_ack(encode_ack(Ack(refused=(refusal,)))).refused == (refusal,)
