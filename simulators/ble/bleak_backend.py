"""A backend of bleak over any simulated air: the second rig, with no bus in between.

bleak's front (BleakScanner, BleakClient) and bleak-retry-connector run unchanged on it. Over
`BumbleAir` a notification has been an ATT PDU. Classes are made for one radio, because bleak takes
classes.

    scanner, client = backends(air)
    radio = Radio(backends=(scanner, client))
"""

from collections.abc import Callable
from typing import Any, cast

from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError

from simulators.ble.air import AirError, Central, Seen, Wire
from simulators.ble.peripheral import full

__all__ = ["backends"]

_MTU = 247
_ATT_HEAD = 3


class _Scanner(BaseBleakScanner):
    """Hears every advert of its radio."""

    radio: Central

    def __init__(
        self, detection_callback: Any, service_uuids: Any, scanning_mode: Any, **_: Any
    ) -> None:
        del scanning_mode
        super().__init__(detection_callback, service_uuids)
        self._stop: Callable[[], None] | None = None

    async def start(self) -> None:
        """See bleak."""
        self.seen_devices = {}
        self._stop = self.radio.scan(self._seen)

    async def stop(self) -> None:
        """See bleak."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()

    def _seen(self, seen: Seen) -> None:
        data = AdvertisementData(
            local_name=seen.name,
            manufacturer_data={},
            service_data={},
            service_uuids=[full(one) for one in seen.services],
            tx_power=None,
            rssi=seen.rssi_dbm,
            platform_data=(),
        )
        device = self.create_or_update_device(seen.address, seen.address, seen.name, None, data)
        self.call_detection_callbacks(device, data)


class _Client(BaseBleakClient):
    """One connection at a time."""

    radio: Central

    def __init__(self, device: BLEDevice | str, **kwargs: Any) -> None:
        super().__init__(device, **kwargs)
        self._wire: Wire | None = None

    @property
    def name(self) -> str:
        """See bleak."""
        return self.address

    @property
    def mtu_size(self) -> int:
        """See bleak."""
        return _MTU

    @property
    def is_connected(self) -> bool:
        """See bleak."""
        return self._wire is not None

    async def connect(self, pair: bool, **_: Any) -> None:
        """See bleak."""
        if pair:
            await self.pair()
        try:
            self._wire = await self.radio.connect(self.address, self._dropped)
        except AirError as error:
            raise BleakError(str(error)) from error
        self.services = _services(self._wire)

    async def disconnect(self) -> None:
        """See bleak."""
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.disconnect()

    async def pair(self, *_: Any, **__: Any) -> None:
        """See bleak."""
        try:
            await self.radio.bond(self.address)
        except AirError as error:
            raise BleakError(str(error)) from error

    async def unpair(self) -> None:
        """See bleak."""
        raise BleakError("this air forgets no bond")

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        """See bleak."""
        del use_cached
        return bytearray(await self._call(lambda wire: wire.read(characteristic.uuid)))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        """See bleak."""
        del use_cached
        raise BleakError(f"no descriptor {descriptor.uuid} in this air")

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: Any,
        response: bool,
    ) -> None:
        """See bleak."""
        await self._call(
            lambda wire: wire.write(characteristic.uuid, bytes(data), response=response)
        )

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: Any) -> None:
        """See bleak."""
        del data
        raise BleakError(f"no descriptor {descriptor.uuid} in this air")

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: Any, **_: Any
    ) -> None:
        """See bleak."""

        def value(data: bytes) -> None:
            callback(bytearray(data))

        await self._call(lambda wire: wire.subscribe(characteristic.uuid, value))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """See bleak."""
        await self._call(lambda wire: wire.unsubscribe(characteristic.uuid))

    def _dropped(self) -> None:
        self._wire = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def _call(self, ask: Callable[[Wire], Any]) -> Any:
        if self._wire is None:
            raise BleakError("Not connected")
        try:
            return await ask(self._wire)
        except AirError as error:
            raise BleakError(str(error)) from error


def backends(radio: Central) -> tuple[type[BaseBleakScanner], type[BaseBleakClient]]:
    """Return bleak's two classes for one radio."""
    scanner = type("Scanner", (_Scanner,), {"radio": radio})
    return scanner, type("Client", (_Client,), {"radio": radio})


def _services(wire: Wire) -> BleakGATTServiceCollection:
    """Return what a device offers, with handles as they would stand in a table of attributes."""
    found = BleakGATTServiceCollection()
    handle = 1
    for one in wire.services:
        service = BleakGATTService(None, handle, full(one.uuid))
        found.add_service(service)
        for char in one.chars:
            handle += 2
            names = cast("list[CharacteristicPropertyName]", sorted(char.properties))
            found.add_characteristic(
                BleakGATTCharacteristic(
                    None, handle, full(char.uuid), names, lambda: _MTU - _ATT_HEAD, service
                )
            )
        handle += 2
    return found
