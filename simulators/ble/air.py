"""What lies between a peripheral and a hub, as both ends see it. Interfaces only.

An `Air` carries peripherals: they advertise, notify, drop and misbehave on order, so that one
scenario runs on any air. A `Central` is the hub's end: it scans, connects, reads, writes and
subscribes. `DirectAir` passes values by hand; `BumbleAir` sends real ATT bytes between virtual
controllers.

    air.add(peripheral); air.advertise(address, on=True)
    wire = await central.connect(address, dropped)
    await wire.subscribe("2A5F", on_value)
    await air.notify(address, "2A5F", data)
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from simulators.ble.peripheral import GattService, Peripheral

__all__ = ["Air", "AirError", "Central", "Seen", "Wire"]


class AirError(Exception):
    """What a connection or a call failed with; the text is BlueZ's own."""


class Seen(NamedTuple):
    """One advert."""

    address: str
    name: str
    services: tuple[str, ...]
    rssi_dbm: int


class Wire(Protocol):
    """One connection, from the hub's end."""

    @property
    def services(self) -> tuple[GattService, ...]:
        """What the device offers."""
        ...

    async def read(self, uuid: str) -> bytes:
        """Return a characteristic's value, or raise AirError."""
        ...

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """Write a value, or raise AirError."""
        ...

    async def subscribe(self, uuid: str, on_value: Callable[[bytes], None]) -> None:
        """Have each notification or indication given to `on_value`, or raise AirError."""
        ...

    async def unsubscribe(self, uuid: str) -> None:
        """End it."""
        ...

    async def disconnect(self) -> None:
        """End the connection."""
        ...


class Central(Protocol):
    """The hub's radio."""

    def scan(self, on_seen: Callable[[Seen], None]) -> Callable[[], None]:
        """Give each advert to `on_seen` until the returned function is called."""
        ...

    async def connect(self, address: str, dropped: Callable[[], None]) -> Wire:
        """Connect, or raise AirError; `dropped` is called when the other side ends it."""
        ...

    async def bond(self, address: str) -> None:
        """Bond, or raise AirError."""
        ...


class Air(Protocol):
    """The devices' side, and what can go wrong."""

    def add(self, peripheral: Peripheral) -> None:
        """Bring a device into reach; it does not advertise yet."""
        ...

    async def advertise(self, address: str, *, on: bool) -> None:
        """Advertise, or stop."""
        ...

    async def notify(self, address: str, uuid: str, data: bytes) -> bool:
        """Send one value; False when nobody is subscribed."""
        ...

    async def drop(self, address: str) -> None:
        """End the connection from the device's side."""
        ...

    def refuse(self, address: str, *errors: str) -> None:
        """Let the next connections fail, one with each of these words."""
        ...

    def hold(self, address: str, *, on: bool) -> None:
        """Leave subscriptions without an answer, until it is let go."""
        ...
