"""A home's Bluetooth without a radio, for a hub in a process of its own.

A private bus, a BlueZ of ours on it, and below it virtual controllers with bumble's GATT servers: a
hub that is started with this bus in its environment scans, connects and subscribes as in a home,
and every value has been an ATT PDU. The oximeter streams; the cuff shows itself when it has
measured, is heard, and goes to sleep.

    async with BleHouse(folder) as house:
        environ["DBUS_SYSTEM_BUS_ADDRESS"] = house.bus
        device = house.device(DeviceKind.OXIMETER)
        device.put(report)
"""

import asyncio
from collections import deque
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from devices.mqtt_link import LinkChange
from devices.observation import DeviceKind, DeviceReport
from simulators.ble.bumble_air import BumbleAir
from simulators.ble.fake_bluez import FakeBluez
from simulators.ble.peripheral import cuff, oximeter
from simulators.ble.private_bus import private_bus
from simulators.ble.said import Sent, sent

__all__ = ["CUFF_ADDRESS", "OXIMETER_ADDRESS", "BleDevice", "BleHouse"]

OXIMETER_ADDRESS = "C0:00:00:00:00:01"
CUFF_ADDRESS = "C0:00:00:00:00:02"
_LOOK_S = 0.05
_SLEEP_S = 0.5
_MOST = 600


class BleHouse:
    """The bus, the BlueZ and the air of one home."""

    def __init__(self, folder: Path) -> None:
        self.bus = ""
        self.air = BumbleAir()
        self._folder = folder
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start all of it.

        Raises:
            FileNotFoundError: dbus-daemon is not installed.
        """
        self.bus = await self._stack.enter_async_context(private_bus(self._folder))
        await self.air.start()
        self._stack.push_async_callback(self.air.close)
        bluez = FakeBluez(self.air, self.bus)
        await bluez.start()
        self._stack.push_async_callback(bluez.stop)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all of it."""
        await self._stack.aclose()

    def device(self, kind: DeviceKind) -> "BleDevice":
        """Return one of the home's two devices."""
        steady = kind is DeviceKind.OXIMETER
        address = OXIMETER_ADDRESS if steady else CUFF_ADDRESS
        self.air.add(oximeter(address) if steady else cuff(address))
        return BleDevice(self.air, address, steady=steady)


class BleDevice:
    """One device that is given reports to send. All methods belong to one event loop.

    `link` says whether somebody listens. Values that nobody listened to are lost, as they are in
    the air; a cuff keeps calling until it is heard. `sent` and `lost` count.
    """

    def __init__(self, air: BumbleAir, address: str, *, steady: bool) -> None:
        self.link = LinkChange(connected=True, subscribed=True, reason="on the air")
        self.sent = self.lost = 0
        self._air = air
        self._address = address
        self._steady = steady
        self._waiting: deque[Sent] = deque(maxlen=_MOST)
        self._wake = asyncio.Event()

    def put(self, report: DeviceReport) -> None:
        """Send this report."""
        self._waiting.append(sent(report))
        self._wake.set()

    async def run(self) -> None:
        """Live until cancelled."""
        if self._steady:
            await self._air.advertise(self._address, on=True)
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._steady:
                await self._stream()
            else:
                await self._call()

    async def _stream(self) -> None:
        while self._waiting:
            one = self._waiting.popleft()
            heard = await self._air.notify(self._address, one.uuid, one.data)
            self.sent += heard
            self.lost += not heard

    async def _call(self) -> None:
        """Show oneself until what was measured is heard, then sleep."""
        await self._air.advertise(self._address, on=True)
        while self._waiting:
            one = self._waiting[0]
            if await self._air.notify(self._address, one.uuid, one.data):
                self._waiting.popleft()
                self.sent += 1
            else:
                await asyncio.sleep(_LOOK_S)
        await asyncio.sleep(_SLEEP_S)
        await self._air.advertise(self._address, on=False)
        await self._air.drop(self._address)
