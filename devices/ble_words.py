"""What the Bluetooth shell is told and what it tells: values only.

The shell is told which devices are wanted; it tells where each link stands, what each device said,
what could not be read, and whether there is a radio at all. Whose devices they are is the hub's
business.

>>> Wanted("ox-1", "AA:BB:CC:00:00:01", STANDARD_OXIMETER).address
'AA:BB:CC:00:00:01'
"""

from typing import Any, NamedTuple

from devices.heard import Heard
from devices.link import Where
from devices.models import STANDARD_OXIMETER, Model

__all__ = [
    "STANDARD_OXIMETER",
    "Advert",
    "HeardNews",
    "LinkNews",
    "News",
    "RadioNews",
    "RefusedNews",
    "Wanted",
]


class Advert(NamedTuple):
    """A device that was seen. `services` as `decoder.short` names them; `handle`: the library's."""

    address: str
    name: str | None
    services: tuple[str, ...]
    rssi_dbm: int
    handle: Any


class Wanted(NamedTuple):
    """A device to keep a link to. `device` is its id in the patient's file."""

    device: str
    address: str
    model: Model


class LinkNews(NamedTuple):
    """Where a link stands now, and why."""

    device: str
    where: Where
    why: str


class HeardNews(NamedTuple):
    """What a device said. `connection` counts the links to it since the hub began."""

    device: str
    connection: int
    heard: Heard


class RefusedNews(NamedTuple):
    """Bytes that could not be read: they count as missing data."""

    device: str
    characteristic: str
    data: bytes
    reason: str
    detail: str


class RadioNews(NamedTuple):
    """Whether there is a Bluetooth service and an adapter that is switched on."""

    present: bool
    why: str


News = LinkNews | HeardNews | RefusedNews | RadioNews
