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
from tests.integration.hub_house import until

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
    """Each notification is one reading, in order; the neighbour's oximeter is never connected."""
    async with rig(tmp_path) as made:
        await made.hub.start()
        await made.hub.open()
        await made.air.advertise(NEIGHBOUR, on=True)
        await made.air.advertise(OX, on=True)
        async with streaming(made) as sent:
            await until(lambda: len(sent) >= 20, 20)
        await until(lambda: len(pulses(made)) == len(sent), 5)
        assert pulses(made) == sent
        assert [path for path, name in made.bluez.calls if name == "Connect"] == [
            "/org/bluez/hci0/dev_AA_00_00_00_00_01"
        ]


async def test_an_oximeter_that_stops_is_an_alarm_and_comes_back_without_a_gap(
    tmp_path: Path,
) -> None:
    """Out of reach: no signal in its times. Back: the same stream goes on, once each."""
    async with rig(tmp_path) as made:
        await made.hub.start()
        await made.hub.open()
        await made.air.advertise(OX, on=True)
        async with streaming(made) as sent:
            await until(lambda: len(sent) >= 10, 20)
            await made.air.advertise(OX, on=False)
            await made.air.drop(OX)
            await until(lambda: any(what == "raised" for what, _ in lines(made, "STALE")), 20)
            (_, raised_ms), *_ = lines(made, "STALE")
            last_ms = max(e.at_ms for e in made.hub.events(Reading) if e.at_ms <= raised_ms)
            assert 9_900 <= raised_ms - last_ms <= 10_500
            before = len(sent)
            await made.air.advertise(OX, on=True)
            await until(lambda: len(sent) >= before + 5, 20)
        await until(lambda: len(pulses(made)) == len(sent), 5)
        assert pulses(made) == sent
        online = [e.online for e in made.hub.events(DeviceStatus) if e.device == "test-oximeter"]
        assert online == [False, True, False, True]


async def test_a_dead_bluetoothd_is_an_alarm_and_its_return_needs_no_restart(
    tmp_path: Path,
) -> None:
    """It is killed without a word: the bus tells. Another one is there: readings go on."""
    async with rig(tmp_path) as made:
        await made.hub.start()
        await made.hub.open()
        await made.air.advertise(OX, on=True)
        async with streaming(made) as sent:
            await until(lambda: len(sent) >= 10, 20)
            await made.bluez.stop()
            await until(lambda: bool(lines(made, "BLUETOOTH")), 5)
            await until(lambda: any(what == "raised" for what, _ in lines(made, "STALE")), 20)
            await made.restart_bluez()
            before = len(sent)
            await until(lambda: len(sent) >= before + 5, 20)
        await until(lambda: len(pulses(made)) == len(sent), 5)
        assert pulses(made) == sent
        assert [what for what, _ in lines(made, "BLUETOOTH")] == ["raised", "cleared"]


async def test_a_hub_that_was_killed_takes_up_a_device_that_is_still_connected(
    tmp_path: Path,
) -> None:
    """BlueZ keeps the link of a program that died; such a device does not advertise."""
    async with rig(tmp_path) as made:
        await made.hub.start()
        await made.hub.open()
        await made.air.advertise(OX, on=True)
        async with streaming(made) as sent:
            await until(lambda: len(sent) >= 10, 20)
            made.hub.kill()
            await made.hub.start()
            before = len(pulses(made))
            await until(lambda: len(pulses(made)) >= before + 5, 20)


async def test_a_cuff_gives_its_reading_and_its_memory_is_kept_and_not_judged(
    tmp_path: Path,
) -> None:
    """It calls, is heard and let go; what is older than five minutes is stored."""
    async with rig(tmp_path) as made:
        await made.hub.start()
        await made.hub.open()
        await made.air.advertise(BP, on=True)
        now = datetime.now(UTC)
        old = now - timedelta(hours=2)

        def clock(at: datetime) -> DateTime:
            return DateTime(at.year, at.month, at.day, at.hour, at.minute, at.second)

        async def send(data: bytes) -> None:
            async with asyncio.timeout(10):
                while not await made.air.notify(BP, "2A35", data):  # noqa: ASYNC110 - the hub acts
                    await asyncio.sleep(0.05)

        await send(pressure(182, 100, clock(old)))
        await send(pressure(131, 84, clock(now)))
        await until(lambda: len(made.hub.events(Reading)) == 2, 10)
        assert [
            (e.report.device, e.report.stored, e.report.observations[0].value_x100)
            for e in made.hub.events(Reading)
        ] == [("test-cuff", True, 182_00), ("test-cuff", False, 131_00)]
        await made.air.advertise(BP, on=False)
        await made.air.drop(BP)
        await asyncio.sleep(1)
        lost = [e.device for e in made.hub.events(DeviceStatus) if not e.online]
        assert lost == ["test-oximeter"]  # which was never there
