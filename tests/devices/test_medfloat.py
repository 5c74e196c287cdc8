"""An SFLOAT is read exactly as it was sent, and five words are no numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.medfloat import Number, Special, decode_sfloat, encode_sfloat, x100
from tests.devices.gatt_vectors import number, vectors


def test_every_word_of_the_vectors_is_read_as_worked_out() -> None:
    """Zero, whole numbers, fractions, both signs, both ends of the exponent, and the specials."""
    words = vectors()["sfloat"]
    assert len(words) == 16
    assert {word: decode_sfloat(int(word, 16)) for word in words} == {
        word: number(expected) for word, expected in words.items()
    }


def test_every_word_goes_back_to_a_word_of_the_same_number() -> None:
    """All 65,536 words: what is read is written as a word that is read the same."""
    for word in range(0x10000):
        said = decode_sfloat(word)
        # A special's mantissa under another exponent is a number that no word can be made of.
        if isinstance(said, Decimal) and word & 0x0FFF in range(0x07FE, 0x0803) and word > 0x0FFF:
            continue
        assert decode_sfloat(encode_sfloat(said)) == said


@pytest.mark.parametrize(
    "said",
    [Decimal("1234.5"), Decimal("0.000000001"), Decimal(10**11), Decimal("NaN"), Decimal(2047)],
)
def test_what_does_not_fit_is_refused_and_not_rounded(said: Decimal) -> None:
    """Five digits, too small, too large, no number, and 2047, whose word means NaN."""
    with pytest.raises(ValueError, match=r"SFLOAT|no number"):
        encode_sfloat(said)


def test_a_large_round_number_takes_a_larger_power_of_ten() -> None:
    """20,000 has more than 12 bits and is 2000 times ten."""
    assert decode_sfloat(encode_sfloat(Decimal(20_000))) == Decimal(20_000)


@given(st.sampled_from(list(Special)))
def test_a_special_goes_there_and_back(said: Special) -> None:
    """The five words that say why there is no number."""
    back: Number = decode_sfloat(encode_sfloat(said))
    assert back is said


@pytest.mark.parametrize(
    ("said", "hundredths"),
    [
        (Decimal("97.7"), 9770),
        (Decimal("-0.1"), -10),
        (Decimal("1e7"), 1_000_000_000),
        (Decimal("0.001"), None),
        (Decimal("1e-8"), None),
    ],
)
def test_hundredths_are_exact_or_none(said: Decimal, hundredths: int | None) -> None:
    """A number finer than 0.01 is never rounded."""
    assert x100(said) == hundredths
