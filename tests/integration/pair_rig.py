"""Commands that use Bluetooth, as real processes on a fake BlueZ; the test is the devices.

The bus is a real dbus-daemon and the Bluetooth code is bleak's own; only bluetoothd and the radio
are ours. The machine's clock counts as synchronised, and its zone is India's: no whole hour.
"""

import asyncio
import contextlib
import os
import pty
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple

from devices.blp import BloodPressure, encode_blood_pressure
from devices.gatt_bytes import DateTime
from simulators.ble.direct_air import DirectAir
from simulators.ble.fake_bluez import FakeBluez
from simulators.ble.private_bus import private_bus
from tests.integration.ble_rig import spo2
from tests.integration.hub_house import CONSOLE, ROOT, until

SYNCED = "import monitor.clock as clock; clock.wall_is_synced = lambda: True;"
MAIN = "from monitor.commands.main import main; main()"
OFFSET_MIN = 330
PEOPLE = "".join(
    f'[[contacts]]\nid = "{role}"\nrole = "{role}"\nname = "N"\n{CONSOLE}\n'
    for role in ("companion", "physician")
)


class Said(NamedTuple):
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@dataclass
class PairRig:
    """A folder with settings and patients, the air, its bluetoothd."""

    folder: Path
    bus: str
    air: DirectAir
    bluez: FakeBluez
    first: str = ""

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a command: this bus, that zone."""
        more = {"DBUS_SYSTEM_BUS_ADDRESS": self.bus, "TZ": "Asia/Kolkata", "COLUMNS": "120"}
        return os.environ | more

    def command(self, *words: str) -> tuple[str, ...]:
        """The command line of `vigil`, with these settings."""
        return (
            sys.executable,
            "-c",
            SYNCED + self.first + MAIN,
            *words,
            "--config",
            str(self.folder / "config.toml"),
        )

    def patient(self, name: str, devices: str = "") -> Path:
        """Write a patient's file."""
        path = self.folder / "patients" / f"{name}.toml"
        head = f'[patient]\nid = "{name}"\nmode = "test"\nname = "A"\nplan = "vitals_only"\n'
        path.write_text(f"{head}{devices}{PEOPLE}# the end\n", "utf-8")
        return path

    async def vigil(self, *words: str) -> Said:
        """Run a command to its end, without a terminal."""
        process = await asyncio.create_subprocess_exec(
            *self.command(*words),
            cwd=ROOT,
            env=self.environ,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(90):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Said(process.returncode or 0, out.decode(), err.decode())

    async def on_terminal(
        self, words: tuple[str, ...], prompt: str, answers: list[str]
    ) -> tuple[int, str]:
        """Run a command on a terminal of its own; each prompt gets the next answer."""
        outer, inner = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            *self.command(*words),
            cwd=ROOT,
            env=self.environ | {"TERM": "xterm"},
            stdin=inner,
            stdout=inner,
            stderr=inner,
        )
        os.close(inner)
        shown = bytearray()
        loop = asyncio.get_running_loop()

        def more() -> None:
            try:
                shown.extend(os.read(outer, 65_536))
            except OSError:  # the other end is closed
                loop.remove_reader(outer)

        def asked(times: int) -> bool:
            return shown.count(prompt.encode()) >= times

        loop.add_reader(outer, more)
        try:
            for number, answer in enumerate(answers, 1):
                await until(partial(asked, number), 20)
                os.write(outer, answer.encode() + b"\n")
            async with asyncio.timeout(30):
                code = await process.wait()
            await asyncio.sleep(0.1)
        finally:
            loop.remove_reader(outer)
            if process.returncode is None:
                process.kill()
                await process.wait()
            os.close(outer)
        return code, shown.decode(errors="replace")

    def called(self, *members: str) -> list[tuple[str, str]]:
        """Which of these methods BlueZ was called, on which device, in order."""
        return [(path[-17:], name) for path, name in self.bluez.calls if name in members]


@contextlib.asynccontextmanager
async def pair_rig(folder: Path, first: str = "") -> AsyncIterator[PairRig]:
    """A bus, an air without devices, a folder with settings; `first`: run before the command."""
    async with private_bus(folder) as bus:
        air = DirectAir()
        bluez = FakeBluez(air, bus)
        await bluez.start()
        (folder / "patients").mkdir()
        (folder / "config.toml").write_text('[patients]\ndir = "patients"\n')
        try:
            yield PairRig(folder, bus, air, bluez, first)
        finally:
            air.close()
            await bluez.stop()


@contextlib.asynccontextmanager
async def sending(
    air: DirectAir, address: str, value: Callable[[], bytes], uuid: str, period_s: float
) -> AsyncIterator[None]:
    """The device sends while the block lasts; what nobody listens to is lost."""

    async def send() -> None:
        while True:
            await air.notify(address, uuid, value())
            await asyncio.sleep(period_s)

    async with background(send()):
        yield


@contextlib.asynccontextmanager
async def background(work: Awaitable[None]) -> AsyncIterator[None]:
    """Do this beside the block."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
    if not task.cancelled():
        task.result()


def good() -> bytes:
    """A report of an oximeter on a finger."""
    return spo2(97, 70)


def local(ahead: timedelta = timedelta()) -> DateTime:
    """What a clock of that zone shows."""
    at = datetime.now(UTC) + timedelta(minutes=OFFSET_MIN) + ahead
    return DateTime(at.year, at.month, at.day, at.hour, at.minute, at.second)


def reading(at: DateTime | None = None) -> bytes:
    """A reading of a cuff; without a time of its own unless one is given."""
    return encode_blood_pressure(
        BloodPressure(systolic=Decimal(131), diastolic=Decimal(84), mean=Decimal(100), at=at)
    )
