"""What `vigil pair` and `vigil check --devices` do alike: radio, scan, visit, a line from a person.

Both use the adapter on their own, so neither starts while a session of the running hub listens
through it. One scan runs from beginning to end; a device is connected only when its address was
chosen by a person or stands in the patient's file.

    async with scanning(settings.bluetooth) as desk:
        advert = await desk.seen("AA:BB:CC:00:11:22", 30)
"""

import asyncio
import contextlib
import random
import sys
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

from devices.ble import Bluetooth
from devices.ble_pairing import clock, connect_and_bond, read_about, read_battery
from devices.ble_radio import Radio
from devices.ble_visit import State, Step, Visit
from devices.ble_words import Advert, News, RadioNews
from monitor.clock import wall_is_synced
from monitor.config import BluetoothConfig, Config
from monitor.control import ControlError, NoHubError, ask
from monitor.device_choice import Sightings
from monitor.faults import FaultsError
from monitor.patients_dir import read_enrolment
from monitor.session import OVER, Phase
from monitor.ward import WardError

__all__ = ["Desk", "DeskError", "busy", "line", "local_now", "prepare", "scanning"]

_RADIO_S = 10.0
_CALM_S, _CALM_LONGEST_S = 5.0, 30.0
_IDLE = frozenset({*(phase.value for phase in OVER), Phase.FOLLOW_UP.value})


class DeskError(Exception):
    """It cannot be done; the message says what, where and what to do. `code` is the exit code."""

    def __init__(self, *lines: str, code: int = 2) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        self.code = code


class Desk:
    """One scan, and what it saw. All methods belong to one event loop."""

    def __init__(self, radio: Radio) -> None:
        self.radio = radio
        self.sightings = Sightings()
        self.radio_news: RadioNews | None = None
        self._news = asyncio.Event()

    def advert(self, advert: Advert) -> None:
        """Take one advert."""
        self.sightings.seen(advert, self.now_ms())
        self._news.set()

    @staticmethod
    def now_ms() -> int:
        """Return the loop's time."""
        return round(asyncio.get_running_loop().time() * 1000)

    def news(self, news: News) -> None:
        """Take news of the radio; there are no links here that could bring others."""
        if isinstance(news, RadioNews):
            self.radio_news = news
            self._news.set()

    async def wait(self, seconds: float, holds: Callable[[], bool]) -> bool:
        """Wait until something holds that adverts or the radio change; False: time was up."""
        loop = asyncio.get_running_loop()
        ends_s = loop.time() + seconds
        while not holds():
            self._news.clear()
            left_s = ends_s - loop.time()
            if left_s <= 0:
                return False
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self._news.wait()
        return True

    async def seen(self, address: str, seconds: float) -> Advert | None:
        """Wait for the next advert of a device; None: it showed none in time."""
        before = self.sightings.times(address)
        await self.wait(seconds, lambda: self.sightings.times(address) > before)
        now = self.sightings.times(address)
        return self.sightings.get(address) if now > before else None

    async def calm(self, address: str) -> None:
        """Wait until a device has not called for 5 s: a link to an idle cuff keeps it from work."""
        loop = asyncio.get_running_loop()
        ends_s = loop.time() + _CALM_LONGEST_S
        while loop.time() < ends_s and await self.seen(address, _CALM_S) is not None:
            pass


@contextlib.asynccontextmanager
async def scanning(settings: BluetoothConfig) -> AsyncIterator[Desk]:
    """Scan while the block lasts.

    Raises:
        DeskError: there is no Bluetooth.
    """
    if not settings.enabled:
        raise DeskError("Bluetooth is off in the settings; set bluetooth.enabled = true")
    desk = Desk(Radio(settings.adapter or None))
    rng = random.Random()  # noqa: S311 - spreads retries, hides nothing
    running = asyncio.create_task(Bluetooth(desk.radio, desk.news, rng, desk.advert).run())
    try:
        await desk.wait(_RADIO_S, lambda: desk.radio_news is not None)
        news = desk.radio_news
        if news is None or not news.present:
            why = news.why if news is not None else "it gives no answer"
            raise DeskError(f"no Bluetooth: {why}; see `systemctl status bluetooth`, `rfkill list`")
        yield desk
    finally:
        running.cancel()
        await asyncio.wait({running})


def busy(settings: Config, base: Path) -> None:
    """Refuse while an open session listens by Bluetooth.

    Raises:
        DeskError: one does, or the hub that runs does not say.
    """
    try:
        sessions = ask(base / settings.hub.data_dir, {"do": "list"})["sessions"]
    except NoHubError:
        return
    except (ControlError, KeyError) as error:
        raise DeskError(f"{error}; wait until the hub answers, or stop it") from None
    for one in sessions:
        if one["phase"] in _IDLE:
            continue
        try:
            patient = read_enrolment(base / settings.patients.dir, one["patient"]).patient
            listens = any(device.address for device in patient.devices)
        except (FaultsError, WardError):
            listens = True
        if listens:
            raise DeskError(
                f"session {one['session']} of {one['patient']} is open and listens by Bluetooth;"
                " end it first, so that nothing takes the radio from a patient who is watched"
            )


async def prepare(
    visit: Visit, now: Callable[[], datetime], *, bonds: bool = False, set_clock: bool = False
) -> AsyncIterator[Step]:
    """Connect, bond, subscribe, and ask the device what it is; each step as it is done.

    `now` returns the time that its clock should show.
    """
    begun = await connect_and_bond(visit) if bonds else (await visit.connect(),)
    for step in begun:
        yield step
    if begun[0].state is not State.DONE:
        return
    step = await visit.subscribe()
    yield step
    if step.state is not State.DONE:
        return
    if set_clock and not wall_is_synced():
        words = "left as it is: this machine's own clock is not synchronised (see `timedatectl`)"
        yield Step("set clock", State.ABSENT, words)
        set_clock = False
    yield await clock(visit, now, set_it=set_clock)
    yield await read_about(visit)
    yield await read_battery(visit)


def local_now() -> datetime:
    """Return this machine's local time, without its zone: a device knows none."""
    return datetime.now().astimezone().replace(tzinfo=None)


async def line() -> str:
    """Return what a person types, without its end; empty at the end of the input."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(sys.stdin, ready.set)
    except (PermissionError, ValueError, OSError):
        return sys.stdin.readline().strip()  # a file: it never keeps anybody waiting
    try:
        await ready.wait()
        return sys.stdin.readline().strip()
    finally:
        loop.remove_reader(sys.stdin)
