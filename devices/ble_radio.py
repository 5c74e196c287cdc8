"""Which Bluetooth the shells use: the machine's own, or another that speaks bleak's interface.

Without arguments it is BlueZ by the system bus, and the service's absence is noticed on that bus.
A test gives the backends of a radio that is simulated.

    radio = Radio(adapter="hci0")
    scanner = radio.scanner(on_advert)
    client = await radio.connect(advert, dropped, seconds=30)
"""

import asyncio
from collections.abc import Callable
from typing import Any

from bleak import BleakAdapter, BleakClient, BleakScanner
from bleak.args.bluez import BlueZAdapterArgs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak_retry_connector import establish_connection

from devices.ble_words import Advert
from devices.decoder import short
from devices.models import MODELS

__all__ = ["Radio", "tells"]

_ATTEMPTS = 3
_SERVICES = sorted({"1801", *(service for one in MODELS for service in one.services)})
# What is connected tells no signal strength.
_NEAR_DBM = 0


class Radio:
    """How to scan and connect. `backends`: (scanner, client) in place of the machine's own."""

    def __init__(
        self,
        adapter: str | None = None,
        backends: tuple[type[BaseBleakScanner], type[BaseBleakClient]] | None = None,
    ) -> None:
        self.adapter = adapter
        self._backends = backends

    @property
    def own(self) -> bool:
        """Whether this is the machine's BlueZ, whose bus tells of its absence."""
        return self._backends is None

    def scanner(self, on_advert: Callable[[Advert], None]) -> BleakScanner:
        """Return a scanner that is not started; it reports every advert, repetitions too."""

        def seen(device: BLEDevice, data: AdvertisementData) -> None:
            on_advert(_advert(device, data))

        kwargs: dict[str, Any] = {"bluez": {"filters": {"DuplicateData": True}}}
        if self.adapter is not None:
            kwargs["bluez"]["adapter"] = self.adapter
        if self._backends is not None:
            kwargs["backend"] = self._backends[0]
        return BleakScanner(detection_callback=seen, **kwargs)

    async def connected(self) -> list[Advert]:
        """Return the devices that are connected already: those of a hub that was killed.

        They do not advertise, so no scanner would ever show them.

        Raises:
            BleakError: there is no radio.
        """
        if self._backends is not None:
            return []
        bluez: BlueZAdapterArgs = {}
        if self.adapter is not None:
            bluez = {"adapter": self.adapter}
        adapter = await BleakAdapter.get(bluez=bluez)
        return [
            Advert(one.address.upper(), one.name, (), _NEAR_DBM, one)
            for one in await adapter.get_connected_devices(_SERVICES)
        ]

    async def connect(
        self, advert: Advert, dropped: Callable[[BleakClient], None], seconds: float
    ) -> BleakClient:
        """Return a connected client, after up to three attempts.

        Raises:
            TimeoutError: not connected within `seconds`.
            BleakError: the last attempt's reason.
        """
        kwargs: dict[str, Any] = {}
        if self._backends is not None:
            kwargs["backend"] = self._backends[1]
        async with asyncio.timeout(seconds):
            return await establish_connection(
                BleakClient,
                advert.handle,
                advert.name or advert.address,
                disconnected_callback=dropped,
                max_attempts=_ATTEMPTS,
                **kwargs,
            )


def tells(characteristic: BleakGATTCharacteristic) -> bool:
    """Whether a characteristic can be subscribed to; a battery, for one, may only be read."""
    return "notify" in characteristic.properties or "indicate" in characteristic.properties


def _advert(device: BLEDevice, data: AdvertisementData) -> Advert:
    services = tuple(sorted({short(one) for one in data.service_uuids}))
    name = data.local_name or device.name
    return Advert(device.address.upper(), name, services, data.rssi, device)
