"""A cuff's bytes are read as the specification says, and written back to the byte."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.blp import (
    BloodPressure,
    BpFeature,
    BpStatus,
    CuffPressure,
    Unit,
    decode_blood_pressure,
    decode_cuff_pressure,
    decode_features,
    encode_blood_pressure,
    encode_cuff_pressure,
    encode_features,
)
from devices.gatt_bytes import DateTime
from devices.medfloat import Special
from devices.strict_json import Malformed
from tests.devices.gatt_vectors import captures, message, number

BP = ["bp1_mmHg_min", "bp2_ts_pulse_user_status", "bp3_kPa", "bp4_map_nan"]
BP += ["bp5_failed_all_nan_status", "bp6_exp_minus1_pulse"]

CODECS: list[tuple[Callable[[bytes], Any], Callable[[Any], bytes]]] = [
    (decode_blood_pressure, encode_blood_pressure),
    (decode_cuff_pressure, encode_cuff_pressure),
    (decode_features, encode_features),
]


@pytest.mark.parametrize("name", BP)
def test_each_vector_is_read_as_worked_out_and_goes_back(name: str) -> None:
    """Units, time, pulse, user, status, a missing mean and a failed measurement."""
    data, expect = message(name)
    expected = BloodPressure(
        systolic=number(expect["sys"]),
        diastolic=number(expect["dia"]),
        mean=number(expect["map"]),
        unit=Unit(expect["unit"]),
        at=DateTime(*expect["ts"]) if "ts" in expect else None,
        pulse=number(expect["pulse"]) if "pulse" in expect else None,
        user=expect.get("user"),
        status=expect.get("status"),
    )
    got = decode_blood_pressure(data)
    assert got == expected
    assert decode_blood_pressure(encode_blood_pressure(got)) == got


def test_a_real_cuff_is_read_with_its_unknown_flag_bits() -> None:
    """A capture whose flags have two bits of later editions set; the mean is not there."""
    ((_, data, _),) = captures("GATT 2A35 indication")
    assert decode_blood_pressure(data) == BloodPressure(
        systolic=Decimal("127.0"),
        diastolic=Decimal("79.0"),
        mean=Special.NAN,
        at=DateTime(2020, 1, 20, 8, 43, 0),
        pulse=Decimal("69.0"),
        user=1,
        status=0x0080,
        later=0xC0,
    )
    assert encode_blood_pressure(decode_blood_pressure(data)) == data


def test_a_cuff_that_keeps_to_no_specification_gives_no_pressure_that_a_body_can_have() -> None:
    """Four bytes of its own before the fields: it is refused, or its numbers are absurd."""
    ((_, data, _),) = captures("2A35, non-conforming")
    with pytest.raises(Malformed, match="2A35 byte 7: time stamp is"):
        decode_blood_pressure(data)


def test_the_pressure_of_an_inflating_cuff() -> None:
    """One number and two empty fields; with all optional fields it goes there and back."""
    data, expect = message("icp1")
    assert decode_cuff_pressure(data) == CuffPressure(pressure=number(expect["cuff"]))
    full = CuffPressure(
        pressure=Decimal("13.3"),
        unit=Unit.KPA,
        at=DateTime(2026, 11, 23, 1, 2, 3),
        pulse=Decimal(71),
        user=2,
        status=BpStatus.MOVEMENT | BpStatus.POSITION,
    )
    assert decode_cuff_pressure(encode_cuff_pressure(full)) == full


def test_an_inflating_cuff_has_no_second_pressure() -> None:
    """A finished reading on the wrong characteristic is not taken for an inflation."""
    with pytest.raises(Malformed, match="must be NaN"):
        decode_cuff_pressure(bytes.fromhex("00780050005d00"))


def test_the_features_name_what_a_cuff_can_tell() -> None:
    """The bits of 2A49; fields of later editions behind them are left alone."""
    data, expect = message("bpf1")
    assert (
        decode_features(data)
        == expect["bits"]
        == int(
            BpFeature.MOVEMENT
            | BpFeature.CUFF_FIT
            | BpFeature.IRREGULAR_PULSE
            | BpFeature.MULTIPLE_BONDS
        )
    )
    assert decode_features(encode_features(0x0105) + b"\x01") == 0x0105


def test_an_unknown_user_is_nobody() -> None:
    """User 255 is the specification's "unknown"."""
    assert decode_blood_pressure(bytes.fromhex("08780050005d00ff")).user is None


@pytest.mark.parametrize(
    ("hexed", "says"),
    [
        ("", "flags needs 1 bytes, 0 are there"),
        ("0078005000", "mean arterial pressure needs 2 bytes, 0 are there"),
        ("04780050005d00", "pulse rate needs 2 bytes"),
        ("00780050005d0000", "1 bytes are left that no flag announces"),
    ],
)
def test_too_short_and_too_long_are_refused(hexed: str, says: str) -> None:
    """Each with the field that is missing or the bytes that are left."""
    with pytest.raises(Malformed, match=says):
        decode_blood_pressure(bytes.fromhex(hexed))


@given(st.binary(max_size=24))
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
