"""The same stories on both rigs: BlueZ's messages on a real bus, and real ATT bytes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from itertools import count
from pathlib import Path
from random import Random

import pytest
from dbus_fast import Message
from msgspec import structs

from devices.ble import Bluetooth
from devices.ble_radio import Radio
from devices.ble_words import LinkNews, News, RadioNews, Wanted
from devices.link import Where
from devices.models import model
from simulators.ble.bleak_backend import backends
from simulators.ble.bluez_post import BluezError
from simulators.ble.bumble_air import BumbleAir
from simulators.ble.direct_air import DirectAir
from simulators.ble.fake_bluez import FakeBluez
from simulators.ble.lost_radio import LosableRadio
from simulators.ble.private_bus import private_bus
from simulators.ble.stage import Played, Rig, play
from simulators.ble.story import Expected, Story, read_story
from tests.integration.hub_house import until

pytestmark = pytest.mark.integration

FOLDER = Path(__file__).parents[2] / "simulators/ble/stories"
STORIES = {path: read_story(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


@contextlib.asynccontextmanager
async def living_bluez(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Rig, list[FakeBluez]]]:
    """Run bleak's own BlueZ code, a real bus, a bluetoothd of ours that can die."""
    async with private_bus(folder) as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
        air = DirectAir()
        living = [FakeBluez(air, bus)]
        await living[0].start()

        async def lose() -> None:
            await living.pop().stop()

        async def come_back() -> None:
            living.append(FakeBluez(air, bus))
            await living[0].start()

        try:
            yield Rig(air, Radio("hci0"), lose, come_back), living
        finally:
            air.close()
            for one in living:
                await one.stop()


@contextlib.asynccontextmanager
async def bluez_rig(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """The same, as a rig among others."""
    async with living_bluez(folder, monkeypatch) as (rig, _):
        yield rig


@contextlib.asynccontextmanager
async def bumble_rig(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """Run bleak's front over virtual controllers."""
    del folder, monkeypatch
    air = BumbleAir()
    await air.start()
    radio = LosableRadio(air)

    async def come_back() -> None:
        radio.come_back()

    try:
        yield Rig(air, Radio(backends=backends(radio)), radio.lose, come_back)
    finally:
        await air.close()


RigMaker = Callable[[Path, pytest.MonkeyPatch], AbstractAsyncContextManager[Rig]]


@pytest.mark.parametrize("make", [bluez_rig, bumble_rig], ids=["bluez", "bumble"])
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
async def test_a_story(
    path: Path, make: RigMaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a device could send is heard once and in order; nothing else is; as often as it says."""
    story = STORIES[path]
    async with make(tmp_path, monkeypatch) as rig:
        played, _ = await play(story, rig)
    came_true(story, played)


def came_true(story: Story, played: dict[str, Played]) -> None:
    """What every story promises, and what this one does."""
    for device, expected in story.expect.items():
        got = played[device]
        assert got.heard == got.sent, device
        assert (got.links, got.refused) == (expected.links, expected.refused), device
        assert len(got.heard) >= expected.at_least, device


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("power", "Bluetooth adapter hci0 is switched off"),
        ("plug", "no Bluetooth adapter hci0"),
    ],
)
async def test_an_adapter_goes_and_comes_back(
    way: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Switched off, or pulled out: it is told in words, and the story of a lost service holds."""
    story = STORIES[FOLDER / "service_lost.toml"]
    async with living_bluez(tmp_path, monkeypatch) as (rig, (bluez, *_)):
        rig.lose = lambda: getattr(bluez, way)(on=False)
        rig.come_back = lambda: getattr(bluez, way)(on=True)
        played, radio = await play(story, rig)
    came_true(story, played)
    assert RadioNews(present=False, why=why) in radio
    assert radio[-1].present


async def test_a_device_wanted_while_there_is_no_radio_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not seem to be searched for, and is when the service comes."""
    told: list[News] = []

    def where() -> list[Where]:
        return [one.where for one in told if isinstance(one, LinkNews)]

    async with living_bluez(tmp_path, monkeypatch) as (rig, _):
        await rig.lose()
        bluetooth = Bluetooth(rig.radio, told.append, Random(1))  # noqa: S311 - spreads waits only
        running = asyncio.create_task(bluetooth.run())
        await until(lambda: bool(told), 5)
        bluetooth.want(Wanted("ox", "C0:00:00:00:00:01", model("standard-oximeter")))
        await until(lambda: where() == [Where.SEARCHING, Where.NO_RADIO], 5)
        await rig.come_back()
        await until(lambda: where()[2:] == [Where.SEARCHING], 20)
        running.cancel()
        await asyncio.wait({running})


async def test_a_scan_that_fails_leaves_sound_links_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy scan is begun anew every minute in a quiet home; refused, it is told, and no more."""
    monkeypatch.setattr("devices.ble_scanner._DUMB_S", 0.5)
    story = STORIES[FOLDER / "battery_that_is_only_read.toml"]
    story = structs.replace(story, expect={"ox": Expected(at_least=30, links=1)})
    async with living_bluez(tmp_path, monkeypatch) as (rig, (bluez, *_)):
        start, tries = bluez._start_discovery, count()

        async def busy(message: Message) -> None:
            if 1 <= next(tries) <= 2:
                raise BluezError("org.bluez.Error.InProgress", "Operation already in progress")
            await start(message)

        monkeypatch.setattr(bluez, "_start_discovery", busy)
        played, radio = await play(story, rig)
    came_true(story, played)
    assert [one.present for one in radio] == [True, False, True]
