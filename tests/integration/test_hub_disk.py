"""A full disk stops the record and nothing else, and everything that is said says so."""

import asyncio
import contextlib
import json
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from devices.broker import BrokerKind
from devices.topic import Inbound, inbound_topic, snapshot_topic
from monitor.events import RecordGap
from tests.integration.hub_house import OXIMETER, RunningBroker, RunningHub, house, reading, until

pytestmark = pytest.mark.integration

TOPIC = inbound_topic(Inbound.READING, OXIMETER)
STOPPED = "RECORDING HAS STOPPED"


class SmallDisk:
    """A file system of 2 MiB that can be filled and freed. Root only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        folder.mkdir(parents=True, exist_ok=True)

    def mount(self) -> None:
        """Put it over the folder."""
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", str(self.folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"needs hardware: a disk of its own, mounted by root ({done.stderr})")

    def fill(self) -> None:
        """Leave no byte; what a closed journal gave back is taken again."""
        with contextlib.suppress(OSError), self._filler.open("ab", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    def free(self) -> None:
        """Give everything back."""
        self._filler.unlink()

    def unmount(self) -> None:
        """Take it away again."""
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


@contextlib.asynccontextmanager
async def on_a_small_disk(folder: Path) -> AsyncIterator[tuple[RunningHub, SmallDisk]]:
    """A hub whose record lies on a disk that can be full."""
    async with house(folder, BrokerKind.MOSQUITTO) as hub:
        disk = SmallDisk(hub.data_dir)
        disk.mount()
        try:
            yield hub, disk
        finally:
            hub.end()
            disk.unmount()


async def stream(broker: RunningBroker, sent: list[int], value: list[float]) -> None:
    """Five readings a second, until cancelled."""
    async with broker.client("stream") as client:
        while True:
            seq = len(sent)
            await client.publish(TOPIC, reading(seq, value[0]), qos=1)
            sent.append(seq)
            await asyncio.sleep(0.2)


async def latest_snapshot(broker: RunningBroker) -> dict[str, object]:
    """The retained picture of the session."""
    async with broker.client("screen") as client:
        await client.subscribe(snapshot_topic("s1"))
        async for message in client.messages:
            assert isinstance(message.payload, bytes)
            picture: dict[str, object] = json.loads(message.payload)
            return picture
    raise AssertionError


@pytest.mark.skipif(os.geteuid() != 0, reason="needs hardware: a disk of its own, mounted by root")
async def test_a_full_disk_stops_the_record_and_nothing_else(tmp_path: Path) -> None:
    """Readings and alarms go on, ENGINE is high, every line says that recording has stopped.

    With space again the gap is in the record, the chain is whole and no reading is missing.
    """
    async with on_a_small_disk(tmp_path) as (hub, disk):
        assert hub.broker is not None
        hub.patient()
        await hub.start()
        await hub.open()
        sent: list[int] = []
        value = [97.0]
        task = asyncio.create_task(stream(hub.broker, sent, value))
        try:
            await until(lambda: len(hub.readings()) >= 10, 10)
            for _ in range(30):
                disk.fill()
                await asyncio.sleep(0.1)
            listed = await hub.ask("list")
            assert listed["recording"] is False
            begin = len(hub.log())
            value[0] = 70.0
            await asyncio.sleep(6)
            await full_disk_is_said_everywhere(hub, hub.log()[begin:])
            before = len(sent)
            await asyncio.sleep(1)
            assert len(sent) > before
            disk.free()
            await recording_again(hub)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        listed = await recording_again(hub)
        assert {gap.lost for gap in hub.events(RecordGap)} == {0}
        assert dict(hub.readings()) == {(OXIMETER, "b1", seq): 1 for seq in sent}
        journal = str(hub.data_dir / "sessions" / "s1.db")
        assert hub.command("verify", journal).returncode == 0
        assert hub.command("replay", journal).returncode == 0
        rows = {alarm["row"]: alarm["priority"] for alarm in listed["sessions"][0]["alarms"]}
        assert rows["SPO2-CRIT"] == "high"


async def recording_again(hub: RunningHub) -> dict[str, Any]:
    """What the hub lists as soon as it records again, within 15 s; it names no fault then.

    A gap in the record is no sign of it: the disk may have had room for one in between.
    """
    async with asyncio.timeout(15):
        while not (listed := await hub.ask("list"))["recording"]:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.2)
    assert listed["record_fault"] == ""
    await until(lambda: len(hub.events(RecordGap)) >= 1, 10)
    await asyncio.sleep(1)
    return listed


async def full_disk_is_said_everywhere(hub: RunningHub, said: str) -> None:
    """Console lines, log lines, `vigil session list`, snapshots and answers to commands."""
    assert hub.broker is not None
    listed = await hub.ask("list")
    rows = {alarm["row"]: alarm["priority"] for alarm in listed["sessions"][0]["alarms"]}
    assert (rows["ENGINE"], rows["SPO2-CRIT"]) == ("high", "high")
    config = ("--config", str(hub.folder / "config.toml"))
    shown = hub.command("session", "list", *config)
    assert (shown.returncode, STOPPED in shown.stdout) == (0, True)
    order = {"do": "annotate", "text": "the disk is full"}
    reply = await hub.ask("order", session="s1", by="companion", order=order)
    assert (reply["ok"], reply["recorded"]) == (True, False)
    alarm = next(a for a in listed["sessions"][0]["alarms"] if a["row"] == "SPO2-CRIT")
    told = hub.command(
        "session", "answer", "s1", alarm["id"], "accept", *config, "--by", "companion"
    )
    assert (told.returncode, STOPPED in told.stderr) == (0, True)
    assert (await latest_snapshot(hub.broker))["recording"] is False
    lines = [line for line in said.splitlines() if line.strip()]
    assert [line for line in lines if "has_stopped" not in line.lower().replace(" ", "_")] == []
    assert any("HIGH for Companion" in line for line in lines)
