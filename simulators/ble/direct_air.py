"""The air without bytes: what a peripheral sends is handed to whoever is subscribed.

Fast, exact and obedient, for the faults that a real stack cannot be made to show on order. What it
knows of Bluetooth is what is written here; `bumble_air` keeps it honest.

    air = DirectAir()
    air.add(oximeter("AA:00:00:00:00:01"))
    await air.advertise("AA:00:00:00:00:01", on=True)
"""

import asyncio
from collections import deque
from collections.abc import Callable

from simulators.ble.air import AirError, Seen
from simulators.ble.holds import Holds
from simulators.ble.peripheral import GattService, Peripheral, full

__all__ = ["DirectAir"]

_ADVERT_S = 0.1


class DirectAir:
    """Air and Central in one. All methods belong to one event loop."""

    def __init__(self) -> None:
        self.peripherals: dict[str, Peripheral] = {}
        self.bonded: set[str] = set()
        self._advertising: dict[str, asyncio.TimerHandle] = {}
        self._wires: dict[str, _DirectWire] = {}
        self._refusals: dict[str, deque[str]] = {}
        self._holds = Holds()
        self._ears: list[Callable[[Seen], None]] = []

    # --- the devices' side --------------------------------------------------------------------

    def add(self, peripheral: Peripheral) -> None:
        """See Air."""
        self.peripherals[peripheral.address] = peripheral

    async def advertise(self, address: str, *, on: bool) -> None:
        """See Air. A connected device is silent until it is let go."""
        timer = self._advertising.pop(address, None)
        if timer is not None:
            timer.cancel()
        if on:
            self._beacon(address)

    async def notify(self, address: str, uuid: str, data: bytes) -> bool:
        """See Air."""
        wire = self._wires.get(address)
        return wire is not None and wire.value(uuid, data)

    async def drop(self, address: str) -> None:
        """See Air."""
        wire = self._wires.pop(address, None)
        if wire is not None:
            wire.open = False
            wire.dropped()

    def refuse(self, address: str, *errors: str) -> None:
        """See Air."""
        self._refusals.setdefault(address, deque()).extend(errors)

    def hold(self, address: str, *, on: bool) -> None:
        """See Air."""
        self._holds.set(address, on=on)

    async def held(self, address: str) -> None:
        """Wait until this device answers."""
        await self._holds.over(address)

    def close(self) -> None:
        """Stop every beacon."""
        for timer in self._advertising.values():
            timer.cancel()
        self._advertising.clear()

    # --- the hub's side -----------------------------------------------------------------------

    def scan(self, on_seen: Callable[[Seen], None]) -> Callable[[], None]:
        """See Central."""
        self._ears.append(on_seen)
        return lambda: self._ears.remove(on_seen) if on_seen in self._ears else None

    async def connect(self, address: str, dropped: Callable[[], None]) -> "_DirectWire":
        """See Central."""
        refusals = self._refusals.get(address)
        if refusals:
            raise AirError(refusals.popleft())
        if address not in self._advertising:
            raise AirError("le-connection-abort-by-local")
        wire = _DirectWire(self, self.peripherals[address], dropped)
        self._wires[address] = wire
        return wire

    async def bond(self, address: str) -> None:
        """See Central."""
        self.bonded.add(address)

    def released(self, address: str) -> None:
        """The hub has let a device go."""
        self._wires.pop(address, None)

    def _beacon(self, address: str) -> None:
        """Send one advert and arrange the next."""
        one = self.peripherals[address]
        if address not in self._wires:
            seen = Seen(address, one.name, one.advertises, one.rssi_dbm)
            for ear in list(self._ears):
                ear(seen)
        loop = asyncio.get_running_loop()
        self._advertising[address] = loop.call_later(_ADVERT_S, self._beacon, address)


class _DirectWire:
    """One connection of the direct air."""

    def __init__(self, air: DirectAir, peripheral: Peripheral, dropped: Callable[[], None]) -> None:
        self.open = True
        self.dropped = dropped
        self._air = air
        self._peripheral = peripheral
        self._ears: dict[str, Callable[[bytes], None]] = {}

    @property
    def services(self) -> tuple[GattService, ...]:
        """See Wire."""
        return self._peripheral.services

    async def read(self, uuid: str) -> bytes:
        """See Wire."""
        self._check()
        return self._peripheral.char(uuid).value

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """See Wire."""
        self._check(needs_bond=response)
        self._peripheral.write(uuid, data)

    async def subscribe(self, uuid: str, on_value: Callable[[bytes], None]) -> None:
        """See Wire."""
        self._check(needs_bond=True)
        if not self._peripheral.char(uuid).properties & {"notify", "indicate"}:
            raise AirError("Operation is not supported")
        await self._air.held(self._peripheral.address)
        self._ears[full(uuid)] = on_value

    async def unsubscribe(self, uuid: str) -> None:
        """See Wire."""
        self._ears.pop(full(uuid), None)

    async def disconnect(self) -> None:
        """See Wire."""
        self.open = False
        self._air.released(self._peripheral.address)

    def value(self, uuid: str, data: bytes) -> bool:
        """Hand one value over; False when nobody is subscribed to it."""
        self._peripheral.char(uuid).value = data
        ear = self._ears.get(full(uuid))
        if ear is not None:
            ear(data)
        return ear is not None

    def _check(self, *, needs_bond: bool = False) -> None:
        if not self.open:
            raise AirError("Not connected")
        one = self._peripheral
        if needs_bond and one.needs_bond and one.address not in self._air.bonded:
            raise AirError("Insufficient Authentication")
