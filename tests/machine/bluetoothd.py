"""Devices of ours on Debian's kernel and bluetoothd: stories, bonds, a bluetoothd that is killed.

It runs in the machine rig only (`make test-bluez`, docs/bluetooth.md): pytest takes it when it is
named, and `make test` does not.
"""

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from bleak import BleakClient
from bleak.exc import BleakError

from devices.ble import Bluetooth
from devices.ble_bus import BusWatch
from devices.ble_pairing import bond
from devices.ble_radio import Radio
from devices.ble_visit import State, Visit
from devices.ble_words import Advert, HeardNews, News, RadioNews, Wanted
from devices.models import model
from simulators.ble.bumble_air import BumbleAir
from simulators.ble.peripheral import cuff
from simulators.ble.private_bus import private_bus
from simulators.ble.stage import Rig, play
from simulators.ble.story import read_story
from simulators.ble.vhci import adapter_of
from tests.integration.ble_rig import pressure

FOLDER = Path(__file__).parents[2] / "simulators/ble/stories"
STORIES = {path: read_story(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
# What only a hub's end of ours can be made to do.
NOT_HERE = {"refuse", "hold"}
# An emulated processor is slow, and the more so beside other work.
_PACE = 3.0
CUFF = "C0:00:00:00:00:02"


class Bluetoothd:
    """Debian's bluetoothd; the rig says where it is."""

    def __init__(self, folder: Path) -> None:
        self._config = folder / "main.conf"
        self._config.write_text("[Policy]\nAutoEnable=true\n", "utf-8")
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; its name on the bus and its adapter come when they come."""
        program = os.environ["BLUETOOTHD"]
        self._process = await asyncio.create_subprocess_exec(program, "-n", "-f", str(self._config))

    async def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def until_powered() -> None:
    """Wait for an adapter that is switched on, as the hub's own watch sees it."""
    there = asyncio.Event()

    def changed(news: RadioNews) -> None:
        if news.present:
            there.set()

    watch = asyncio.create_task(BusWatch("hci0", changed, random.Random(1)).run())  # noqa: S311
    try:
        async with asyncio.timeout(60):
            await there.wait()
    finally:
        watch.cancel()
        await asyncio.wait({watch})


@contextlib.asynccontextmanager
async def machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """A bus, the real bluetoothd on it, and below the kernel an air of ours."""
    async with private_bus(folder) as bus:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
        air = BumbleAir()
        async with adapter_of(air):
            daemon = Bluetoothd(folder)
            await daemon.start()
            try:
                await until_powered()
                yield Rig(air, Radio("hci0"), daemon.kill, daemon.start, pace=_PACE)
            finally:
                await daemon.kill()


@pytest.mark.parametrize(
    "path",
    [one for one in STORIES if not NOT_HERE.intersection(s.do for s in STORIES[one].steps)],
    ids=lambda path: path.stem,
)
async def test_a_story(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on the rigs of `make test`: heard once and in order, over as many links.

    A device goes on sending to a bluetoothd that was killed until the kernel cuts the link: those
    values, in one piece, are the only ones that may be lost.
    """
    story = STORIES[path]
    async with machine(tmp_path, monkeypatch) as rig:
        played, radio = await play(story, rig)
    lost = any(step.do == "lose_radio" for step in story.steps)
    for device, expected in story.expect.items():
        got = played[device]
        missing = [n for n, value in enumerate(got.sent) if value not in got.heard]
        assert got.heard == [value for value in got.sent if value in got.heard], device
        assert missing == list(range(missing[0], missing[-1] + 1)) if missing else True, device
        assert not missing or lost, device
        assert (got.links, got.refused) == (expected.links, expected.refused), device
        assert len(got.heard) >= expected.at_least, device
    why = "the Bluetooth service is not running"
    assert (RadioNews(present=False, why=why) in radio, radio[-1].present) == (lost, True)


async def first_advert(radio: Radio) -> Advert:
    """The first device that shows itself."""
    seen: asyncio.Future[Advert] = asyncio.get_running_loop().create_future()
    scanner = radio.scanner(lambda one: None if seen.done() else seen.set_result(one))
    await scanner.start()
    try:
        async with asyncio.timeout(20):
            return await seen
    finally:
        await scanner.stop()


async def test_without_an_agent_nobody_is_bonded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real service refuses."""
    async with machine(tmp_path, monkeypatch) as rig:
        rig.air.add(cuff(CUFF, needs_bond=True))
        await rig.air.advertise(CUFF, on=True)
        advert = await first_advert(rig.radio)
        async with BleakClient(advert.handle, timeout=30) as client:
            with pytest.raises(BleakError, match="AuthenticationFailed"):
                await client.pair()


async def test_a_cuff_is_bonded_by_our_agent_and_then_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is encrypted is read on the visit, and the hub hears the bonded cuff."""
    async with machine(tmp_path, monkeypatch) as rig:
        rig.air.add(cuff(CUFF, needs_bond=True))
        await rig.air.advertise(CUFF, on=True)
        visit = Visit(rig.radio, await first_advert(rig.radio), model("standard-cuff"))
        try:
            steps = [await visit.connect(), await bond(visit)]
            assert [one.state for one in steps] == [State.DONE] * 2, steps
            assert await visit.read("2A49") == bytes.fromhex("2700")
        finally:
            await visit.leave()
        assert await heard_from(rig, visit.address) == [131_00]


async def heard_from(rig: Rig, address: str) -> list[int | None]:
    """What the hub's Bluetooth hears of a bonded cuff: its first systolic pressure."""
    values: list[int | None] = []

    def news(one: News) -> None:
        if isinstance(one, HeardNews):
            values.append(one.heard.observations[0].value_x100)

    bluetooth = Bluetooth(rig.radio, news, random.Random(1))  # noqa: S311 - spreads waits only
    bluetooth.want(Wanted("bp", address, model("standard-cuff")))
    running = asyncio.create_task(bluetooth.run())
    try:
        async with asyncio.timeout(60):
            while not await rig.air.notify(CUFF, "2A35", pressure(131, 84)):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            while not values:  # noqa: ASYNC110 - the rig acts
                await asyncio.sleep(0.1)
    finally:
        running.cancel()
        await asyncio.wait({running})
    return values
