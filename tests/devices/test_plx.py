"""An oximeter's bytes are read as the specification says, and written back to the byte."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.gatt_bytes import DateTime
from devices.plx import (
    Continuous,
    Features,
    Pair,
    SpotCheck,
    decode_continuous,
    decode_features,
    decode_spot_check,
    encode_continuous,
    encode_features,
    encode_spot_check,
)
from devices.strict_json import Malformed
from tests.devices.gatt_vectors import captures, message, number

CODECS: list[tuple[Callable[[bytes], Any], Callable[[Any], bytes]]] = [
    (decode_continuous, encode_continuous),
    (decode_spot_check, encode_spot_check),
    (decode_features, encode_features),
]


@pytest.mark.parametrize("name", ["plxc1_min", "plxc2_all", "plxc3_nan_nres", "plxc4_fast_only"])
def test_each_continuous_vector_is_read_and_goes_back(name: str) -> None:
    """The smallest, the largest, no value, and the fast pair alone."""
    data, expect = message(name)
    got = decode_continuous(data)
    assert got == Continuous(
        spo2=number(expect["spo2"]),
        pulse=number(expect["pr"]),
        fast=Pair(*map(Decimal, expect["fast"])) if "fast" in expect else None,
        slow=Pair(*map(Decimal, expect["slow"])) if "slow" in expect else None,
        measurement=expect.get("mstatus"),
        device=expect.get("dstatus"),
        pai=number(expect["pai"]) if "pai" in expect else None,
    )
    assert encode_continuous(got) == data


@pytest.mark.parametrize("name", ["plxs1_ts", "plxs2_clock_not_set_pai"])
def test_each_spot_check_vector_is_read_and_goes_back(name: str) -> None:
    """With its time; and with a clock that is not set."""
    data, expect = message(name)
    got = decode_spot_check(data)
    assert got == SpotCheck(
        spo2=number(expect["spo2"]),
        pulse=number(expect["pr"]),
        at=DateTime(*expect["ts"]) if "ts" in expect else None,
        pai=number(expect["pai"]) if "pai" in expect else None,
        clock_not_set=expect.get("clock_not_set", False),
    )
    assert decode_spot_check(encode_spot_check(got)) == got


def test_real_oximeters_are_read_to_the_byte() -> None:
    """Two captures of one device: a spot check with its time, and a continuous report."""
    ((_, spot, _),) = captures("GATT 2A5E spot-check")
    assert decode_spot_check(spot) == SpotCheck(
        spo2=Decimal(97),
        pulse=Decimal(96),
        at=DateTime(2017, 1, 1, 1, 34, 19),
        measurement=0x0020,
        device=0x000020,
        clock_not_set=True,
    )
    ((_, continuous, _),) = captures("GATT 2A5F continuous")
    assert decode_continuous(continuous) == Continuous(
        spo2=Decimal(98), pulse=Decimal(78), measurement=0x0020, device=0
    )
    assert encode_spot_check(decode_spot_check(spot)) == spot
    assert encode_continuous(decode_continuous(continuous)) == continuous


def test_the_features_name_the_status_bits_that_a_device_uses() -> None:
    """The support fields are there when their bits say so."""
    data, expect = message("plxf1")
    got = decode_features(data)
    assert got == Features(expect["bits"], expect["mstatus_support"], expect["dstatus_support"])
    assert encode_features(got) == data
    assert encode_features(Features(0)) == b"\0\0"


@pytest.mark.parametrize(
    ("hexed", "says"),
    [
        ("00610048", "normal pulse rate needs 2 bytes, 1 are there"),
        ("01610048006000", "fast pulse rate needs 2 bytes, 0 are there"),
        ("0861004800ffff", "device and sensor status needs 3 bytes, 2 are there"),
        ("006100480000", "1 bytes are left that no flag announces"),
    ],
)
def test_too_short_and_too_long_are_refused(hexed: str, says: str) -> None:
    """Each with the field that is missing or the bytes that are left."""
    with pytest.raises(Malformed, match=says):
        decode_continuous(bytes.fromhex(hexed))


def test_a_later_edition_may_send_more() -> None:
    """With an unknown flag bit set, what follows is left alone and the bit is kept."""
    got = decode_continuous(bytes.fromhex("2061004800aabbcc"))
    assert got == Continuous(spo2=Decimal(97), pulse=Decimal(72), later=0x20)


@given(st.binary(max_size=26))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    """Nothing else is ever raised, and what was read is read again from what it is written as."""
    for decode, encode in CODECS:
        try:
            got = decode(data)
        except Malformed:
            continue
        try:
            again = encode(got)
        except ValueError:
            continue  # a special's mantissa under another exponent: no word can be made of it
        assert decode(again) == got
