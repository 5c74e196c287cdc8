"""Battery, names and clocks beside a measurement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.gatt_bytes import DateTime, encode_date_time
from devices.gatt_info import (
    decode_battery_pct,
    decode_current_time,
    decode_date_time,
    decode_text,
    encode_battery_pct,
    encode_current_time,
)
from devices.strict_json import Malformed

AT = DateTime(2026, 11, 24, 2, 3, 4)


def test_each_goes_there_and_back() -> None:
    """A battery of 87 %, a Tuesday, a date and time."""
    assert decode_battery_pct(encode_battery_pct(87)) == 87
    assert decode_current_time(encode_current_time(AT, weekday=2)) == AT
    assert decode_date_time(encode_date_time(AT)) == AT


def test_a_name_is_read_without_its_padding_and_what_cannot_be_shown() -> None:
    """Zeros at the end, blanks around, a control character."""
    assert decode_text(b" UA-651\x07BLE \0\0", "2A24") == "UA-651BLE"


@pytest.mark.parametrize(
    ("decode", "data", "says"),
    [
        (decode_battery_pct, b"\x65", "a battery of 101 %"),
        (decode_battery_pct, b"\x05\x05", "1 bytes are left"),
        (decode_current_time, encode_date_time(AT) + b"\x08\0\0", "a day of the week beyond 7"),
        (decode_current_time, encode_date_time(AT), "day of the week needs 1 bytes"),
        (decode_date_time, encode_date_time(AT) + b"\0", "1 bytes are left"),
        (lambda data: decode_text(data, "2A29"), b"\xff\xfe", "2A29: not UTF-8"),
        (lambda data: decode_text(data, "2A29"), b"a" * 65, "65 characters"),
    ],
)
def test_what_cannot_be_is_refused(decode: object, data: bytes, says: str) -> None:
    """Too full, too long, too short, no day, no text."""
    assert callable(decode)
    with pytest.raises(Malformed, match=says):
        decode(data)


@given(st.binary(max_size=80))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing else is ever raised, and a name that is read can be shown."""
    for decode in (decode_battery_pct, decode_current_time, decode_date_time):
        try:
            decode(data)
        except Malformed:
            continue
    try:
        assert decode_text(data, "2A24").isprintable()
    except Malformed:
        return
