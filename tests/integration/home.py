"""A simulated home for the tests of the pages: an oximeter and a cuff on MQTT, and nobody else.

The devices publish and keep their readings as a real bridge does. What they measure is set by the
test; who presses the cuff, looks and taps is the test too, on the pages.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

from devices.observation import (
    DeviceKind,
    DeviceReport,
    Metric,
    Mode,
    Observation,
    pulse_bpm,
    spo2_pct,
)
from simulators.publisher import ReadingPublisher
from tests.integration.hub_house import RunningBroker

OXIMETER, CUFF = "demo-oximeter", "demo-cuff"
INFLATION_S = 35


class Home:
    """What the patient's body and the two devices do."""

    def __init__(self, broker: RunningBroker, speed: float) -> None:
        self.spo2, self.pulse = 97.0, 70.0
        self.sbp, self.dbp = 124, 78
        self._speed = speed
        self._presses: set[asyncio.Task[None]] = set()
        self._publishers = {
            name: ReadingPublisher(
                "127.0.0.1",
                broker.port,
                device=name,
                boot_id="b1",
                rng=random.Random(1),  # noqa: S311 - spreads waits
                login=broker.login,
            )
            for name in (OXIMETER, CUFF)
        }

    def press_cuff(self) -> None:
        """Press the cuff's button; it sends its reading when it has finished."""
        if not self._presses:
            task = asyncio.create_task(self._measure())
            self._presses.add(task)
            task.add_done_callback(self._presses.discard)

    async def run(self) -> None:
        """Stream one value a second of hub time, until cancelled.

        A busy machine makes some of them late, never fewer: who sends one value only when the wait
        for it is over falls behind for good.
        """
        async with asyncio.TaskGroup() as group:
            for publisher in self._publishers.values():
                group.create_task(publisher.run())
            group.create_task(self._stream())

    async def _stream(self) -> None:
        now_s = asyncio.get_running_loop().time
        next_s = now_s()
        while True:
            self._send(OXIMETER, spo2_pct(self.spo2), pulse_bpm(self.pulse))
            next_s += 1 / self._speed
            await asyncio.sleep(next_s - now_s())

    async def _measure(self) -> None:
        await asyncio.sleep(INFLATION_S / self._speed)
        sbp, dbp = Observation(Metric.SBP, self.sbp * 100), Observation(Metric.DBP, self.dbp * 100)
        self._send(CUFF, sbp, dbp, Observation(Metric.PULSE, round(self.pulse) * 100))

    def _send(self, device: str, *observations: Observation) -> None:
        kind = DeviceKind.CUFF if device == CUFF else DeviceKind.OXIMETER
        self._publishers[device].put(
            DeviceReport(device=device, kind=kind, mode=Mode.DEMO, observations=observations)
        )


@contextlib.asynccontextmanager
async def home(broker: RunningBroker, speed: float) -> AsyncIterator[Home]:
    """The devices stream for as long as the block lasts."""
    devices = Home(broker, speed)
    task = asyncio.create_task(devices.run())
    try:
        yield devices
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
