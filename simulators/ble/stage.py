"""Plays a story on a rig: devices do what it says, the hub's own Bluetooth listens, all is counted.

A rig is an air, a radio for `devices.ble`, and the two things that only it knows: how its radio is
lost and how it comes back. Time is real: radios, buses and bleak have no other.

    played = await play(story, rig)
    assert played["ox"].heard == played["ox"].sent
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from devices.ble import Bluetooth
from devices.ble_radio import Radio
from devices.ble_words import HeardNews, LinkNews, News, RadioNews, RefusedNews, Wanted
from devices.blp import BloodPressure, encode_blood_pressure
from devices.link import Where
from devices.models import model
from devices.observation import DeviceKind, Metric
from devices.plx import Continuous, encode_continuous
from simulators.ble.air import Air
from simulators.ble.peripheral import Peripheral, cuff, oximeter
from simulators.ble.story import Step, Story, StoryDevice

__all__ = ["Played", "Rig", "play"]

_IN_THE_AIR_S = 0.2
_STANDS = (Where.QUIET, Where.STREAMING)
_PULSE = Metric.PULSE, Metric.CUFF_PULSE
_LOOK_S = 0.05
_MORE_S = 1.0


@dataclass
class Rig:
    """One rig. A slow one has a `pace`: what a story does in a second takes so many there."""

    air: Air
    radio: Radio
    lose: Callable[[], Awaitable[None]]
    come_back: Callable[[], Awaitable[None]]
    pace: float = 1.0


@dataclass
class Played:
    """What one device sent that somebody listened to, and what the hub heard of it.

    Values are numbered by the pulse, which counts. `links` counts connections that were subscribed.
    """

    sent: list[int] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    refused: int = 0
    links: int = 0


async def play(story: Story, rig: Rig) -> tuple[dict[str, Played], list[RadioNews]]:
    """Play a story; return what became of each device, and the news of the radio."""
    played = {one.id: Played() for one in story.devices}
    radio: list[RadioNews] = []

    stood: dict[str, Where] = {}

    def news(one: News) -> None:
        if isinstance(one, RadioNews):
            radio.append(one)
            return
        found = played[one.device]
        if isinstance(one, HeardNews):
            found.heard += [
                o.value_x100 // 100
                for o in one.heard.observations
                if o.metric in _PULSE and o.value_x100 is not None
            ]
        elif isinstance(one, RefusedNews):
            found.refused += 1
        elif isinstance(one, LinkNews):
            found.links += stood.get(one.device) is Where.SUBSCRIBING and one.where in _STANDS
            stood[one.device] = one.where

    bluetooth = Bluetooth(rig.radio, news, random.Random(1))
    for one in story.devices:
        rig.air.add(_peripheral(one))
        if not one.stranger:
            bluetooth.want(Wanted(one.id, one.address, model(one.model)))
    running = asyncio.create_task(bluetooth.run())
    try:
        await _Stage(story, rig, played).run()
    finally:
        running.cancel()
        await asyncio.wait({running})
    return played, radio


def _peripheral(one: StoryDevice) -> Peripheral:
    if model(one.model).kind is DeviceKind.OXIMETER:
        return oximeter(one.address, battery_tells=one.battery_tells)
    return cuff(one.address)


class _Stage:
    """The devices' side of one performance."""

    def __init__(self, story: Story, rig: Rig, played: dict[str, Played]) -> None:
        self._story = story
        self._rig = rig
        self._played = played
        self._devices = {one.id: one for one in story.devices}
        # A value that is under way while its link is cut is lost in the air: neither sent nor not.
        self._quiet = asyncio.Lock()
        self._speaking = asyncio.Lock()
        self._numbers = {one.id: count(40) for one in story.devices}

    async def run(self) -> None:
        """Play to the end."""
        loop = asyncio.get_running_loop()
        began_s, ms = loop.time(), self._rig.pace / 1000
        streams = [
            asyncio.create_task(self._stream(self._devices[one.device], one.from_ms, one.every_ms))
            for one in self._story.streams
        ]
        try:
            for step in sorted(self._story.steps, key=lambda one: one.at_ms):
                await asyncio.sleep(max(0, began_s + step.at_ms * ms - loop.time()))
                async with self._quiet:
                    await self._step(step)
            while not self._reached() and loop.time() < began_s + self._story.end_ms * ms:  # noqa: ASYNC110
                await asyncio.sleep(_LOOK_S)
            # What must not come, a link too many or a stranger's value, has its time to come.
            await asyncio.sleep(_MORE_S)
        finally:
            for task in streams:
                task.cancel()
            await asyncio.gather(*streams, return_exceptions=True)
        await asyncio.sleep(0.3)

    def _reached(self) -> bool:
        """Whether each device was heard as often, over as many links, as the story says."""
        return all(
            len(self._played[device].heard) >= one.at_least
            and self._played[device].links >= one.links
            and self._played[device].refused >= one.refused
            for device, one in self._story.expect.items()
        )

    async def _stream(self, device: StoryDevice, from_ms: int, every_ms: int) -> None:
        await asyncio.sleep(from_ms / 1000)
        while True:
            async with self._quiet:
                await self._send(device)
            await asyncio.sleep(every_ms / 1000)

    async def _send(self, device: StoryDevice) -> None:
        """Send one numbered value; it counts as sent when somebody was subscribed."""
        number = next(self._numbers[device.id]) % 200 + 40
        if model(device.model).kind is DeviceKind.OXIMETER:
            uuid = "2A5F"
            data = encode_continuous(Continuous(spo2=Decimal(97), pulse=Decimal(number)))
        else:
            uuid = "2A35"
            data = encode_blood_pressure(
                BloodPressure(
                    systolic=Decimal(120),
                    diastolic=Decimal(80),
                    mean=Decimal(93),
                    pulse=Decimal(number),
                )
            )
        async with self._speaking:
            if await self._rig.air.notify(device.address, uuid, data):
                self._played[device.id].sent.append(number)

    async def _step(self, step: Step) -> None:
        if step.do == "lose_radio":
            async with self._speaking:
                # What is in the air just then would be lost, and by nobody's fault.
                await asyncio.sleep(_IN_THE_AIR_S)
                await self._rig.lose()
        elif step.do == "radio_back":
            await self._rig.come_back()
        elif step.device not in self._devices:
            raise ValueError(f"step {step.do} at {step.at_ms} ms names no device of the story")
        else:
            await self._act(step, self._devices[step.device])

    async def _act(self, step: Step, device: StoryDevice) -> None:
        air, address = self._rig.air, device.address
        match step.do:
            case "send":
                for _ in range(step.times):
                    await self._send(device)
            case "drop":
                await air.drop(address)
            case "refuse":
                air.refuse(address, *step.errors)
            case "hold" | "let_go":
                air.hold(address, on=step.do == "hold")
            case "rubbish":
                for data in step.data:
                    await air.notify(address, "2A5F", bytes.fromhex(data))
            case what:
                await air.advertise(address, on=what == "advertise")
