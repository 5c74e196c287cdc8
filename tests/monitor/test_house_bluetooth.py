"""Which devices the hub's Bluetooth keeps a link to: those of sessions in which one is watched."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from devices.ble_words import Wanted
from devices.models import STANDARD_CUFF
from devices.observation import DeviceKind
from monitor.house_bluetooth import _wanted
from monitor.hub import Hub
from monitor.patient import DeviceBinding

ADDRESS = "AA:00:00:00:00:01"
CUFF = DeviceBinding("cuff", DeviceKind.CUFF, address=ADDRESS, model="standard-cuff")
BY_MQTT = DeviceBinding("ox", DeviceKind.OXIMETER)


def hub(*, over: bool, asks_only: bool) -> Hub:
    """A hub with one session, as far as this looks at it."""
    opened = SimpleNamespace(patient=SimpleNamespace(devices=(CUFF, BY_MQTT)))
    bed = SimpleNamespace(session="s1", over=over, asks_only=asks_only, opened=opened)
    return cast("Hub", SimpleNamespace(ward=SimpleNamespace(beds={"s1": bed})))


@pytest.mark.parametrize(
    ("over", "asks_only", "wanted"),
    [
        (False, False, {ADDRESS: ("s1", Wanted("cuff", ADDRESS, STANDARD_CUFF))}),
        (True, False, {}),
        (False, True, {}),
    ],
)
def test_a_device_is_let_go_when_nobody_is_watched_by_it(
    over: bool, asks_only: bool, wanted: dict[str, Any]
) -> None:
    """A session that is over, or only asks how the patient is, holds no link."""
    assert _wanted(hub(over=over, asks_only=asks_only)) == wanted
