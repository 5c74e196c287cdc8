"""A value is read to its end; a byte too few or too many is refused by its place."""

import pytest

from devices.gatt_bytes import Cursor, DateTime, encode_date_time, u16, u24
from devices.strict_json import Malformed, Reason


def test_numbers_come_with_the_low_byte_first() -> None:
    """One, two and three bytes, and the same written again."""
    data = bytes.fromhex("01 0302 060504")
    cursor = Cursor(data, "2A5F")
    assert (cursor.u8("a"), cursor.u16("b"), cursor.u24("c")) == (1, 0x0203, 0x040506)
    cursor.end()
    assert bytes((1,)) + u16(0x0203) + u24(0x040506) == data


def test_a_missing_byte_names_the_characteristic_the_byte_and_the_field() -> None:
    """What was wanted, what was there, and the whole value."""
    cursor = Cursor(bytes.fromhex("0061"), "2A5F")
    cursor.u8("flags")
    with pytest.raises(Malformed) as caught:
        cursor.u16("SpO2")
    assert (caught.value.reason, caught.value.detail) == (
        Reason.FRAME,
        "2A5F byte 1: SpO2 needs 2 bytes, 1 are there (value 0061)",
    )


def test_a_byte_too_many_is_refused_unless_a_later_edition_announced_it() -> None:
    """What a known flag does not announce was read or sent wrongly."""
    cursor = Cursor(b"\x01\x02", "2A19")
    cursor.u8("level")
    cursor.end(more=True)
    with pytest.raises(Malformed, match="2A19 byte 1: 1 bytes are left"):
        cursor.end()
    assert cursor.rest() == b"\x02"
    cursor.end()


@pytest.mark.parametrize(
    "at",
    [
        DateTime(2026, 11, 23, 14, 30, 45),
        DateTime(0, 0, 0, 0, 0, 0),
        DateTime(9999, 12, 31, 23, 59, 59),
    ],
)
def test_a_time_goes_there_and_back(at: DateTime) -> None:
    """The year as two bytes; zeros mean that the device does not know."""
    assert Cursor(encode_date_time(at), "2A08").date_time("time") == at


def test_a_device_that_does_not_know_its_date_says_so() -> None:
    """A zero in year, month or day."""
    assert DateTime(2026, 1, 1, 0, 0, 0).known
    assert not DateTime(2026, 0, 1, 0, 0, 0).known


@pytest.mark.parametrize(
    "hexed",
    [
        "100001010000 00",
        "ea070d01000000",
        "ea070120000000",
        "ea070101180000",
        "ea0701010 03c00",
        "ea07010100003c",
    ],
)
def test_a_time_that_cannot_be_is_refused(hexed: str) -> None:
    """Year 16, month 13, day 32, hour 24, minute 60, second 60."""
    with pytest.raises(Malformed, match="no time"):
        Cursor(bytes.fromhex(hexed.replace(" ", "")), "2A08").date_time("time")
