"""A standard device is heard value by value, whatever its UUIDs are written like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.blp_heard import heard_cuff
from devices.decoder import Standard, short
from devices.heard import Heard
from devices.observation import DeviceKind
from devices.plx_heard import heard_oximeter
from devices.strict_json import Malformed


@pytest.mark.parametrize(
    ("uuid", "name"),
    [
        ("00002a5f-0000-1000-8000-00805f9b34fb", "2A5F"),
        ("00002A5F-0000-1000-8000-00805F9B34FB", "2A5F"),
        ("0AAD7EA0-0D60-11E2-8E3C-0002A5D5C51B", "0aad7ea0-0d60-11e2-8e3c-0002a5d5c51b"),
        ("12342a5f-0000-1000-8000-00805f9b34fb", "12342a5f-0000-1000-8000-00805f9b34fb"),
    ],
)
def test_an_assigned_uuid_has_a_short_name(uuid: str, name: str) -> None:
    """Four upper-case digits, else the whole in lower case."""
    assert short(uuid) == name


def test_a_standard_device_is_asked_nothing_and_says_one_thing_a_value() -> None:
    """What is not its own is passed over."""
    decoder = Standard(heard_cuff)
    assert (decoder.begin(), decoder.poll()) == ((), ())
    assert decoder.feed("2A19", b"\x14") == (Heard(kind=DeviceKind.CUFF, battery_pct=20),)
    assert decoder.feed("2A5F", b"\x14") == ()


@given(st.sampled_from(["2A5F", "2A5E", "2A19", "2A35", "2A36"]), st.binary(max_size=24))
def test_random_bytes_never_raise_anything_but_malformed(uuid: str, data: bytes) -> None:
    """And a number that comes through is one that hundredths hold."""
    for heard in (heard_oximeter, heard_cuff):
        try:
            found = Standard(heard).feed(uuid, data)
        except Malformed:
            continue
        for one in found:
            assert isinstance(one, Heard)
            assert all(abs(o.value_x100 or 0) <= 2**31 for o in one.observations)
