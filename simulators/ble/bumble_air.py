"""The air with bytes: virtual controllers, and real ATT, GATT and L2CAP between them.

Each peripheral is a bumble device with a GATT server on a controller of its own; the hub's end is
one more device on the same link. What bleak's users see as a notification has here been an ATT PDU.
It keeps `direct_air` honest; what it cannot be told to do (a refusal by name) it does by not
answering, or the caller's `refuse`.

    air = BumbleAir()
    await air.start()
    air.add(oximeter("C0:00:00:00:00:01"))
    await air.advertise("C0:00:00:00:00:01", on=True)
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from bumble.att import ATT_Error
from bumble.controller import Controller
from bumble.core import UUID, ProtocolError
from bumble.device import AdvertisingType, Connection, Device, Peer
from bumble.gatt import Characteristic
from bumble.gatt_client import CharacteristicProxy
from bumble.hci import Address, OwnAddressType
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink

from simulators.ble.air import AirError, Seen
from simulators.ble.bumble_station import PROPERTIES, Station
from simulators.ble.holds import Holds
from simulators.ble.peripheral import GattChar, GattService, Peripheral, full

__all__ = ["BumbleAir"]

_HUB = "F0:00:00:00:00:FE"
_CALL_S = 5.0
_ADVERT_MS = 100.0


class BumbleAir:
    """Air and Central in one. All methods belong to one event loop."""

    def __init__(self) -> None:
        self.link = LocalLink()  # type: ignore[no-untyped-call]
        self._stations: dict[str, Station] = {}
        self._refusals: dict[str, deque[str]] = {}
        self._holds = Holds()
        self._ears: list[Callable[[Seen], None]] = []
        self._hub = self._device("hub", _HUB)
        self._hub.on("advertisement", self._heard)
        self._connecting = asyncio.Lock()

    async def start(self) -> None:
        """Switch the hub's controller on and let it listen."""
        await self._hub.power_on()
        await self._hub.start_scanning(filter_duplicates=False)

    # --- the devices' side --------------------------------------------------------------------

    def add(self, peripheral: Peripheral) -> None:
        """See Air."""
        device = self._device(peripheral.name, peripheral.address)
        self._stations[peripheral.address] = Station(peripheral, device)

    async def advertise(self, address: str, *, on: bool) -> None:
        """See Air. A connected device falls silent until it is let go."""
        station = self._stations[address]
        if on and not station.on:
            await station.device.power_on()
            await station.device.start_advertising(
                advertising_type=AdvertisingType.UNDIRECTED_CONNECTABLE_SCANNABLE,
                own_address_type=OwnAddressType.RANDOM,
                auto_restart=True,
                advertising_data=station.advert,
                advertising_interval_min=_ADVERT_MS,
                advertising_interval_max=_ADVERT_MS,
            )
        elif not on and station.on:
            await station.device.stop_advertising()
        station.on = on

    async def notify(self, address: str, uuid: str, data: bytes) -> bool:
        """See Air. An indication is over when the other side has confirmed it."""
        station = self._stations[address]
        char = station.chars[full(uuid)]
        station.peripheral.char(uuid).value = data
        sent = False
        for connection in list(station.device.connections.values()):
            subscribers = station.device.gatt_server.subscribers.get(connection, {})
            if not any(subscribers.get(char.handle, b"")):
                continue
            sent = True
            if char.properties & Characteristic.Properties.NOTIFY:
                await station.device.notify_subscriber(connection, char, data)
            else:
                await station.device.indicate_subscriber(connection, char, data)
        return sent

    async def drop(self, address: str) -> None:
        """See Air."""
        for connection in list(self._stations[address].device.connections.values()):
            await connection.disconnect()

    def refuse(self, address: str, *errors: str) -> None:
        """See Air."""
        self._refusals.setdefault(address, deque()).extend(errors)

    def hold(self, address: str, *, on: bool) -> None:
        """See Air."""
        self._holds.set(address, on=on)

    async def close(self) -> None:
        """Switch everything off."""
        for station in self._stations.values():
            if station.on:
                await station.device.power_off()
        await self._hub.power_off()

    # --- the hub's side -----------------------------------------------------------------------

    def scan(self, on_seen: Callable[[Seen], None]) -> Callable[[], None]:
        """See Central."""
        self._ears.append(on_seen)
        return lambda: self._ears.remove(on_seen) if on_seen in self._ears else None

    async def connect(self, address: str, dropped: Callable[[], None]) -> "_BumbleWire":
        """See Central."""
        refusals = self._refusals.get(address)
        if refusals:
            raise AirError(refusals.popleft())
        async with self._connecting:
            try:
                connection = await self._hub.connect(_address(address), timeout=_CALL_S)
            except (TimeoutError, ProtocolError) as error:
                raise AirError(f"le-connection-abort-by-local ({error})") from error
        wire = _BumbleWire(connection, dropped, lambda: self._holds.over(address))
        await wire.discover()
        return wire

    async def bond(self, address: str) -> None:
        """See Central. Bonding by bytes is the machine rig's (docs/bluetooth.md)."""
        raise AirError(f"{address}: no bonding in this air")

    def _heard(self, advertisement: object) -> None:
        address = str(getattr(advertisement, "address", "")).split("/")[0]
        station = self._stations.get(address)
        if station is None:
            return
        one = station.peripheral
        seen = Seen(address, one.name, one.advertises, one.rssi_dbm)
        for ear in list(self._ears):
            ear(seen)

    def _device(self, name: str, address: str) -> Device:
        controller = Controller(name, link=self.link)
        host = Host(controller, AsyncPipeSink(controller))
        return Device(name=name, address=_address(address), host=host)


class _BumbleWire:
    """One connection of the hub's device."""

    def __init__(
        self,
        connection: Connection,
        dropped: Callable[[], None],
        answers: Callable[[], Awaitable[None]],
    ) -> None:
        self._connection = connection
        self._answers = answers
        self._peer = Peer(connection)
        self._chars: dict[str, CharacteristicProxy[bytes]] = {}
        self._services: tuple[GattService, ...] = ()
        self._ears: dict[str, Callable[[bytes], None]] = {}
        self._left = False

        def gone(_: int) -> None:
            if not self._left:
                dropped()

        connection.on("disconnection", gone)

    @property
    def services(self) -> tuple[GattService, ...]:
        """See Wire."""
        return self._services

    async def discover(self) -> None:
        """Ask the device what it offers."""
        async with asyncio.timeout(_CALL_S):
            await self._peer.request_mtu(247)
            await self._peer.discover_all()  # type: ignore[no-untyped-call]
        services = []
        for service in self._peer.services:
            chars = []
            for one in service.characteristics:
                uuid = _text(one.uuid)
                self._chars[uuid] = one
                names = frozenset(n for n, bit in PROPERTIES.items() if one.properties & bit)
                chars.append(GattChar(uuid, names))
            services.append(GattService(_text(service.uuid), tuple(chars)))
        self._services = tuple(services)

    async def read(self, uuid: str) -> bytes:
        """See Wire."""
        return bytes(await self._call(self._char(uuid).read_value()))

    async def write(self, uuid: str, data: bytes, *, response: bool) -> None:
        """See Wire."""
        await self._call(self._char(uuid).write_value(data, with_response=response))

    async def subscribe(self, uuid: str, on_value: Callable[[bytes], None]) -> None:
        """See Wire."""
        await self._answers()
        self._ears[full(uuid)] = on_value
        await self._call(self._char(uuid).subscribe(on_value))

    async def unsubscribe(self, uuid: str) -> None:
        """See Wire."""
        ear = self._ears.pop(full(uuid), None)
        if ear is not None:
            await self._call(self._char(uuid).unsubscribe(ear))

    async def disconnect(self) -> None:
        """See Wire."""
        if not self._left:
            self._left = True
            await self._call(self._connection.disconnect())

    def _char(self, uuid: str) -> CharacteristicProxy[bytes]:
        found = self._chars.get(full(uuid))
        if found is None:
            raise AirError(f"no characteristic {uuid}")
        return found

    async def _call(self, work: Awaitable[Any]) -> Any:
        """Wait for one exchange; what the other side refuses is an AirError."""
        try:
            async with asyncio.timeout(_CALL_S):
                return await work
        except (TimeoutError, ProtocolError, ATT_Error) as error:
            raise AirError(f"{type(error).__name__}: {error}") from error


def _text(uuid: UUID) -> str:
    """Return a UUID as bleak writes it, whole."""
    return full(str(uuid.to_hex_str("-")))


def _address(address: str) -> Address:
    return Address(address, Address.RANDOM_DEVICE_ADDRESS)
