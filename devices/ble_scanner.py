"""The one scanner of the hub: it runs as long as there is a radio, and everybody hears its adverts.

BlueZ knows one discovery per program, and starting a second or stopping the first at the wrong time
fails with "InProgress"; so it has one owner, which starts it once and again only when it failed,
when the radio came back, or when it has been dumb for a minute (a scanner can stop without a word).
A failure is told with its reason and tried again after a jittered wait; it is never the end.

    scanner = Scanner(Radio(), on_advert, on_radio, rng)
    await scanner.run()
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress

import structlog
from bleak import BleakScanner

from devices.backoff import delay_ms
from devices.ble_radio import Radio
from devices.ble_words import Advert, RadioNews

__all__ = ["Scanner"]

_DUMB_S = 60.0
_CALL_S = 10.0
_LOOK_S = 2.0

log = structlog.get_logger("vigil.ble")


class Scanner:
    """Scans until cancelled. `radio_changed` is told by whoever watches the radio."""

    def __init__(
        self,
        radio: Radio,
        on_advert: Callable[[Advert], None],
        on_radio: Callable[[RadioNews], None],
        rng: random.Random,
    ) -> None:
        self.restarts = 0
        self._radio = radio
        self._on_advert = on_advert
        self._on_radio = on_radio
        self._rng = rng
        self._present = asyncio.Event()
        self._present.set()
        self._again = asyncio.Event()
        self._heard_s = 0.0

    def radio_changed(self, *, present: bool) -> None:
        """The bus says that the radio is there, or is not; either way the old scan is over."""
        if present:
            self._present.set()
        else:
            self._present.clear()
        self._again.set()

    async def run(self) -> None:
        """Scan, and again after each failure."""
        failures = 0
        while True:
            await self._present.wait()
            self._again.clear()
            scanner = self._radio.scanner(self._seen)
            try:
                async with asyncio.timeout(_CALL_S):
                    await scanner.start()
            except Exception as error:  # noqa: BLE001 - told by its name, and tried again
                failures += 1
                await _stop(scanner)
                self._on_radio(RadioNews(present=False, why=_why(error)))
                await asyncio.sleep(delay_ms(failures, self._rng) / 1000)
                continue
            failures = 0
            if self._present.is_set():  # else the bus took it away meanwhile, and it knows better
                self._on_radio(RadioNews(present=True, why="scanning"))
            try:
                await self._until_over()
            finally:
                await _stop(scanner)
            self.restarts += 1

    async def _until_over(self) -> None:
        """Wait until the scan is of no use: the radio changed, or nothing is heard for long."""
        loop = asyncio.get_running_loop()
        self._heard_s = loop.time()
        while not self._again.is_set():
            if self._heard_s + _DUMB_S <= loop.time():
                log.info("scanner restarted", reason=f"no advert in {_DUMB_S:.0f} s")
                return
            await self._look_at_connected()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await self._again.wait()

    async def _look_at_connected(self) -> None:
        """Show devices that are connected and so do not advertise: those of a hub that was killed.

        Whoever has its link already takes no notice.
        """
        try:
            async with asyncio.timeout(_CALL_S):
                connected = await self._radio.connected()
        except Exception as error:  # noqa: BLE001 - the scan itself will tell; look again later
            log.info("connected devices not known", reason=_why(error))
            return
        for advert in connected:
            self._on_advert(advert)

    def _seen(self, advert: Advert) -> None:
        self._heard_s = asyncio.get_running_loop().time()
        self._on_advert(advert)


async def _stop(scanner: BleakScanner) -> None:
    """Stop; a scanner whose service is gone cannot, and needs not."""
    try:
        async with asyncio.timeout(_CALL_S):
            await scanner.stop()
    except Exception as error:  # noqa: BLE001 - a scanner that cannot stop is over anyway
        log.info("scanner did not stop", reason=_why(error))


def _why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ")
