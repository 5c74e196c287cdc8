"""The same stories on both rigs: BlueZ's messages on a real bus, and real ATT bytes."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from devices.ble_radio import Radio
from simulators.ble.bleak_backend import backends
from simulators.ble.bumble_air import BumbleAir
from simulators.ble.direct_air import DirectAir
from simulators.ble.fake_bluez import FakeBluez
from simulators.ble.lost_radio import LosableRadio
from simulators.ble.private_bus import private_bus
from simulators.ble.stage import Rig, play
from simulators.ble.story import read_story

pytestmark = pytest.mark.integration

FOLDER = Path(__file__).parents[2] / "simulators/ble/stories"
STORIES = {path: read_story(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


@contextlib.asynccontextmanager
async def bluez_rig(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
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
            yield Rig(air, Radio("hci0"), lose, come_back)
        finally:
            air.close()
            for one in living:
                await one.stop()


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
    for device, expected in story.expect.items():
        got = played[device]
        assert got.heard == got.sent, device
        assert (got.links, got.refused) == (expected.links, expected.refused), device
        assert len(got.heard) >= expected.at_least, device
