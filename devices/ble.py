r"""Bluetooth as one part: wanted devices in, news out, one scanner, one watch on the bus.

    hub --want()--> Bluetooth --seen()--> one DeviceTask a device --news--> hub
                       |  \__ Scanner (the only one)
                       \_____ BusWatch (org.bluez and its adapter)

It decides nothing and knows no patient: an advert of an address that nobody wants is passed over,
whatever it looks like. `on_advert` hears all of them, for whoever is looking for a new device.

    bluetooth = Bluetooth(Radio(), on_news, rng)
    bluetooth.want(Wanted("ox-1", "AA:BB:CC:00:00:01", model("standard-oximeter")))
    await bluetooth.run()
"""

import asyncio
import random
from collections.abc import Callable

from devices.ble_bus import BusWatch
from devices.ble_device import DeviceTask
from devices.ble_radio import Radio
from devices.ble_scanner import Scanner
from devices.ble_words import Advert, News, RadioNews, Wanted

__all__ = ["Bluetooth"]


class Bluetooth:
    """All Bluetooth of one hub. All methods belong to one event loop."""

    def __init__(
        self,
        radio: Radio,
        on_news: Callable[[News], None],
        rng: random.Random,
        on_advert: Callable[[Advert], None] | None = None,
    ) -> None:
        self.radio = radio
        self._on_news = on_news
        self._on_advert = on_advert
        self._rng = rng
        self._tasks: dict[str, tuple[DeviceTask, asyncio.Task[None]]] = {}
        self._scanner = Scanner(radio, self._advert, self._scanned, rng)
        self._present: RadioNews | None = None

    def want(self, wanted: Wanted) -> None:
        """Keep a link to this device from now on; the same address twice is the same device."""
        if wanted.address in self._tasks:
            return
        device = DeviceTask(wanted, self.radio, self._on_news, self._rng)
        task = asyncio.get_running_loop().create_task(device.run())
        self._tasks[wanted.address] = (device, task)
        if self._present is not None and not self._present.present:
            device.radio(present=False, why=self._present.why)

    async def unwant(self, address: str) -> None:
        """Let this device go."""
        found = self._tasks.pop(address, None)
        if found is not None:
            await _end(found[1])

    async def run(self) -> None:
        """Watch until cancelled, then let every device go."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._scanner.run())
                if self.radio.own:
                    watch = BusWatch(self.radio.adapter, self._bus, self._rng)
                    group.create_task(watch.run())
        finally:
            tasks, self._tasks = self._tasks, {}
            for _, task in tasks.values():
                await _end(task)

    def _advert(self, advert: Advert) -> None:
        found = self._tasks.get(advert.address)
        if found is not None:
            found[0].seen(advert)
        if self._on_advert is not None:
            self._on_advert(advert)

    def _bus(self, news: RadioNews) -> None:
        """What the bus says of the radio goes to the scanner first: the old scan is over."""
        self._scanner.radio_changed(present=news.present)
        self._changed(news)

    def _scanned(self, news: RadioNews) -> None:
        """What the scanner says: without it nothing is found, but what is linked goes on.

        A scan may fail beside sound links ("InProgress", and every minute it is begun anew), so
        where a bus is watched, only its word ends them.
        """
        self._changed(news, devices=news.present or not self.radio.own)

    def _changed(self, news: RadioNews, *, devices: bool = True) -> None:
        before, self._present = self._present, news
        if before is not None and before.present and news.present:
            return
        if devices:
            for device, _ in self._tasks.values():
                device.radio(present=news.present, why=news.why)
        if before != news:
            self._on_news(news)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait({task})
