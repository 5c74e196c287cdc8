"""A session on Bluetooth: bleak's own code, a real bus, a real hub; no reading lost or doubled."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.gatt_bytes import DateTime
from devices.observation import DeviceKind, Metric
from monitor.effects import AlarmChanged
from monitor.events import DeviceStatus, Reading
from tests.integration.ble_rig import BP, NEIGHBOUR, OX, Rig, pressure, rig, spo2
from tests.integration.hub_house import OXIMETER, until

pytestmark = pytest.mark.integration


@contextlib.asynccontextmanager
async def streaming(made: Rig, period_s: float = 0.2) -> AsyncIterator[list[int]]:
    """The oximeter sends numbered pulses while the block lasts; yields what came through."""
    sent: list[int] = []

    async def send() -> None:
        while True:
            pulse = 60 + len(sent) % 60
            if await made.air.notify(OX, "2A5F", spo2(97, pulse)):
                sent.append(pulse)
            await asyncio.sleep(period_s)

    task = asyncio.create_task(send())
    try:
        yield sent
    finally:
        task.cancel()
        await asyncio.wait({task})


def pulses(made: Rig) -> list[int]:
    """The oximeter's pulses in the record, in order."""
    return [
        o.value_x100 // 100
        for event in made.hub.events(Reading)
        for o in event.report.observations
        if o.metric is Metric.PULSE and event.report.kind is DeviceKind.OXIMETER
    ]


def lines(made: Rig, row: str) -> list[tuple[str, int]]:
    """The changes of one row's alarm: (transition, at_ms)."""
    return [
        (effect.transition.value, effect.at_ms)
        for record in made.hub.records()
        for effect in record.effects
        if isinstance(effect, AlarmChanged) and effect.row == row
    ]


async def test_readings_come_through_and_a_stranger_is_never_taken(tmp_path: Path) -> None:
    """One reading a notification, in order; the next session gets the device at once.

    The neighbour's oximeter is never connected. The cuff calls, is heard and let go; what is older
    than five minutes is its memory: kept, and not judged.
    """
    async with rig(tmp_path) as made:
        await made.hub.start()
        await made.hub.open()
        for address in (NEIGHBOUR, OX, BP):
            await made.air.advertise(address, on=True)
        now = datetime.now(UTC)
        async with streaming(made) as sent:
            await indicated(made, pressure(182, 100, clock(now - timedelta(hours=2))))
            await indicated(made, pressure(131, 84, clock(now)))
            await until(lambda: len(sent) >= 15, 20)
        await until(lambda: len(pulses(made)) == len(sent) and len(cuffs(made)) == 2, 5)
        assert pulses(made) == sent
        assert cuffs(made) == [("test-cuff", True, 182_00), ("test-cuff", False, 131_00)]
        await made.air.advertise(BP, on=False)
        await made.air.drop(BP)
        await until(lambda: any(not e.online for e in made.hub.events(DeviceStatus)))
        await asyncio.sleep(1)  # and nobody else
        assert [e.device for e in made.hub.events(DeviceStatus) if not e.online] == [OXIMETER]
        assert {path for path, name in made.bluez.calls if name == "Connect"} == {
            "/org/bluez/hci0/dev_AA_00_00_00_00_01",
            "/org/bluez/hci0/dev_AA_00_00_00_00_02",
        }
        await made.hub.ask("close", session="s1", by="physician", reason="over")
        await made.hub.open("s2")
        async with streaming(made):
            await until(lambda: len(made.hub.events(Reading, "s2")) >= 3, 20)
        assert OXIMETER in {e.device for e in made.hub.events(DeviceStatus, "s2") if e.online}


async def test_what_is_lost_is_an_alarm_and_comes_back_without_a_gap(tmp_path: Path) -> None:
    """The device out of reach, a bluetoothd and a hub that are killed, one after another.

    No signal is said in its time, and no Bluetooth at once. Nothing is restarted but what died, and
    the same stream goes on, each value once.
    """
    async with rig(tmp_path) as made:
        await made.hub.start()
        await made.hub.open()
        await made.air.advertise(OX, on=True)
        async with streaming(made) as sent:
            await until(lambda: len(sent) >= 10, 20)
            await out_of_reach(made)
            await made.air.advertise(OX, on=True)
            await five_more(sent)
            await made.bluez.stop()
            await until(lambda: bool(lines(made, "BLUETOOTH")), 5)
            await made.restart_bluez()
            await five_more(sent)
        await until(lambda: len(pulses(made)) == len(sent), 5)
        assert pulses(made) == sent
        assert [what for what, _ in lines(made, "BLUETOOTH")] == ["raised", "cleared"]
        online = [e.online for e in made.hub.events(DeviceStatus) if e.device == OXIMETER]
        assert online == [False, True] * 3
        # BlueZ keeps the link of a program that died, and such a device does not advertise.
        async with streaming(made):
            made.hub.kill()
            await made.hub.start()
            before = len(pulses(made))
            await until(lambda: len(pulses(made)) >= before + 5, 20)


async def out_of_reach(made: Rig) -> None:
    """The oximeter goes; its silence is an alarm 10 s after its last value."""
    await made.air.advertise(OX, on=False)
    await made.air.drop(OX)
    await until(lambda: any(what == "raised" for what, _ in lines(made, "STALE")), 20)
    (_, raised_ms), *_ = lines(made, "STALE")
    last_ms = max(e.at_ms for e in made.hub.events(Reading) if e.at_ms <= raised_ms)
    assert 9_900 <= raised_ms - last_ms <= 10_500


async def five_more(sent: list[int]) -> None:
    """Somebody listens again."""
    before = len(sent)
    await until(lambda: len(sent) >= before + 5, 20)


def clock(at: datetime) -> DateTime:
    """A cuff's own time."""
    return DateTime(at.year, at.month, at.day, at.hour, at.minute, at.second)


async def indicated(made: Rig, data: bytes) -> None:
    """The cuff calls until it is heard."""
    async with asyncio.timeout(20):
        while not await made.air.notify(BP, "2A35", data):  # noqa: ASYNC110 - the hub acts
            await asyncio.sleep(0.05)


def cuffs(made: Rig) -> list[tuple[str, bool, int | None]]:
    """The cuff's readings in the record: device, stored, systolic x100."""
    return [
        (e.report.device, e.report.stored, e.report.observations[0].value_x100)
        for e in made.hub.events(Reading)
        if e.report.kind is DeviceKind.CUFF
    ]
