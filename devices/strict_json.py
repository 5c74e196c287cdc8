"""Bytes from outside as plain values: JSON without any of its loopholes.

JSON as written by strangers hides several values in one text: a key twice, NaN, a number of 400
digits, half of a UTF-16 pair. Each of them is refused by name, because a message that can be read
in two ways is a message that nobody has read. Decimal fractions stay decimal, so that 97.7 is
97.7 and no float ever touches a measurement.

This module knows no schema and no topic; `payload` and `command` do.

>>> read_json(b'{"spo2": 97.7}')
{'spo2': Decimal('97.7')}
"""

import json
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

import msgspec

__all__ = ["MAX_BYTES", "Malformed", "Reason", "fit", "read_json"]

MAX_BYTES = 64 * 1024
"""Largest payload that is read at all; a real reading has about 300 bytes."""

MAX_NUMBER_CHARS = 24
"""Longest number: fewer digits than decimal's 28, so that no step below can round."""

MAX_EXPONENT = 20
"""Largest power of ten in either direction: arithmetic on a number can never over- or underflow."""

T = TypeVar("T")


class Reason(StrEnum):
    """Why a message was refused: the name that is counted, quarantined and shown."""

    TOPIC = "topic"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    ENCODING = "encoding"
    JSON = "json"
    DUPLICATE_KEY = "duplicate_key"
    NUMBER = "number"
    SCHEMA = "schema"
    IDENTITY = "identity"
    PRECISION = "precision"
    NOTHING = "nothing"
    CHECK_IN = "check_in"
    RETAINED = "retained"
    FRAME = "frame"


class Malformed(ValueError):  # noqa: N818 - the word of every page and counter
    """A message that cannot be read in exactly one way.

    `reason` is one of `Reason`; `detail` says what was found, where, and what to send instead.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def read_json(payload: bytes) -> Any:
    """Return the one value that `payload` can mean; numbers with a fraction are Decimal.

    Raises:
        Malformed: TOO_LARGE, EMPTY, ENCODING (bad UTF-8, a byte order mark, half of a UTF-16
            pair), JSON (syntax, too deep), DUPLICATE_KEY, NUMBER (NaN, infinite, too long).
    """
    if len(payload) > MAX_BYTES:
        raise Malformed(
            Reason.TOO_LARGE, f"payload has {len(payload)} bytes; send at most {MAX_BYTES}"
        )
    if not payload.strip():
        raise Malformed(Reason.EMPTY, "payload is empty; send one JSON object")
    text = _text(payload)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_constant,
        )
        if "\\u" in text:  # only an escape can hold half of a pair: UTF-8 itself cannot
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except json.JSONDecodeError as error:
        raise Malformed(
            Reason.JSON, f"{error.msg} at character {error.pos}; send one JSON object"
        ) from None
    except UnicodeEncodeError:
        raise Malformed(
            Reason.ENCODING, "a string holds half of a UTF-16 pair; send whole characters"
        ) from None
    except RecursionError:
        raise Malformed(Reason.JSON, "nested far too deep; our messages have two levels") from None
    return value


def fit(value: Any, schema: type[T]) -> T:
    """Return `value`, as read by `read_json`, as an instance of `schema`.

    Raises:
        Malformed: SCHEMA, naming the field and what it must be.
    """
    try:
        return msgspec.convert(value, schema, strict=True, builtin_types=(Decimal,))
    except msgspec.ValidationError as error:
        raise Malformed(Reason.SCHEMA, f"{error}; see docs/mqtt.md for the fields") from None


def _text(payload: bytes) -> str:
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(
            Reason.ENCODING, f"byte {error.start} is not UTF-8 ({error.reason}); send UTF-8"
        ) from None
    if text.startswith("\ufeff"):
        raise Malformed(Reason.ENCODING, "payload starts with a byte order mark; leave it out")
    return text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Malformed(Reason.DUPLICATE_KEY, f"key {key!r} appears twice; send it once")
        found[key] = value
    return found


def _integer(text: str) -> int:
    _length(text)
    return int(text)


def _fraction(text: str) -> Decimal:
    _length(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_nan() or abs(number.adjusted()) > MAX_EXPONENT:
        raise Malformed(
            Reason.NUMBER, f"number {text} has an impossible exponent; send plain decimals"
        )
    return number


def _length(text: str) -> None:
    if len(text) > MAX_NUMBER_CHARS:
        raise Malformed(
            Reason.NUMBER,
            f"number {text[:MAX_NUMBER_CHARS]}... has {len(text)} characters; "
            f"send at most {MAX_NUMBER_CHARS}",
        )


def _constant(text: str) -> NoReturn:
    raise Malformed(Reason.NUMBER, f"{text} is no measurement; send null for 'no value'")
