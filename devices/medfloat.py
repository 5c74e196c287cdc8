"""SFLOAT, the 16-bit number of medical Bluetooth devices, exactly as it was sent.

A word is a mantissa of 12 bits times a power of ten of 4 bits, both two's complement (IEEE
11073-20601 annex F, the Bluetooth SIG's "medfloat16"). Five words are no numbers at all; they come
back as `Special`, never as a value, because a failed cuff reading is encoded as one of them. A
special mantissa under another exponent is a number to every decoder, absurdly large: plausibility
limits must catch it.

Never uses a float and never rounds: 97.7 is Decimal("97.7").

>>> decode_sfloat(0xF4B0), decode_sfloat(0x07FF)
(Decimal('120.0'), <Special.NAN: 'nan'>)
"""

from decimal import Decimal
from enum import StrEnum

__all__ = ["Number", "Special", "decode_sfloat", "encode_sfloat", "x100"]


class Special(StrEnum):
    """A word that says why there is no number."""

    NAN = "nan"
    NRES = "not at this resolution"
    PLUS_INFINITY = "plus infinity"
    MINUS_INFINITY = "minus infinity"
    RESERVED = "reserved"


Number = Decimal | Special
"""What one SFLOAT field holds."""

_SPECIALS = {
    0x07FF: Special.NAN,
    0x0800: Special.NRES,
    0x07FE: Special.PLUS_INFINITY,
    0x0802: Special.MINUS_INFINITY,
    0x0801: Special.RESERVED,
}
_WORDS = {special: word for word, special in _SPECIALS.items()}
_MANTISSA = range(-2048, 2048)
_EXPONENT = range(-8, 8)


def decode_sfloat(word: int) -> Number:
    """Return the number or the special that a word of 0..0xFFFF holds."""
    special = _SPECIALS.get(word)
    if special is not None:
        return special
    return Decimal(_signed(word & 0x0FFF, 12)).scaleb(_signed(word >> 12, 4))


def encode_sfloat(number: Number) -> int:
    """Return the word for a number, with the exponent that the number itself has if that fits.

    Raises:
        ValueError: the number needs more than 12 bits or a power of ten beyond -8..7; nothing is
            rounded.
    """
    if isinstance(number, Special):
        return _WORDS[number]
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{number} is no number; send a Special")  # noqa: TRY004 - a value
    mantissa = int("".join(map(str, digits))) * (-1 if sign else 1)
    while mantissa % 10 == 0 and mantissa not in _MANTISSA:
        mantissa, exponent = mantissa // 10, exponent + 1
    word = (exponent & 0x0F) << 12 | (mantissa & 0x0FFF)
    if mantissa not in _MANTISSA or exponent not in _EXPONENT or word in _SPECIALS:
        raise ValueError(f"{number} does not fit into an SFLOAT: 12 bits times 10 to the -8..7")
    return word


def _signed(value: int, bits: int) -> int:
    """Two's complement."""
    return value - (1 << bits) if value >> (bits - 1) else value


def x100(number: Decimal) -> int | None:
    """Return the number in hundredths, or None when it is finer than that and would be rounded."""
    scaled = number.scaleb(2)
    whole = int(scaled)
    return whole if whole == scaled else None
