"""A simulated device has the services that its kind must have, and keeps what is written to it."""

import pytest

from simulators.ble.peripheral import cuff, full, oximeter

ADDRESS = "C0:00:00:00:00:01"


def test_an_assigned_number_has_a_whole_uuid() -> None:
    """Another UUID stays as it is, in lower case."""
    assert full("2A5F") == "00002a5f-0000-1000-8000-00805f9b34fb"
    assert full("0AAD7EA0-0D60-11E2-8E3C-0002A5D5C51B") == "0aad7ea0-0d60-11e2-8e3c-0002a5d5c51b"


def test_an_oximeter_and_a_cuff_offer_what_a_hub_subscribes_to() -> None:
    """By the service each advertises."""
    ox, bp = oximeter(ADDRESS), cuff(ADDRESS, needs_bond=True)
    assert (ox.advertises, set(ox.char("2A5F").properties)) == (("1822",), {"notify"})
    assert (bp.advertises, set(bp.char("2a35").properties)) == (("1810",), {"indicate"})
    assert bp.needs_bond


def test_what_is_written_is_kept_and_told() -> None:
    """With the characteristic it went to; one that is not there is named."""
    device, told = cuff(ADDRESS), []
    device.write("2A2B", b"\1")
    device.written = lambda uuid, data: told.append((uuid, data))
    device.write("2A2B", b"\2")
    assert (device.writes, told) == ([("2A2B", b"\1"), ("2A2B", b"\2")], [("2A2B", b"\2")])
    assert device.char("2A2B").value == b"\2"
    with pytest.raises(KeyError, match="has no characteristic 2A5F"):
        device.write("2A5F", b"")
