"""A simulated home for the tests of the pages: an oximeter and a cuff on MQTT, and nobody else.

The devices publish and keep their readings as a real bridge does. What they measure is set by the
test; who presses the cuff, looks and taps is the test too, on the pages. The hub's time and the
home's keep step, so that a busy machine slows both and silences no device.
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
from monitor.home_clock import HOME_TIME, HomePage
from simulators.pace import Pace, reach_ms
from simulators.publisher import ReadingPublisher
from tests.integration.hub_house import RunningBroker, RunningHub

OXIMETER, CUFF = "demo-oximeter", "demo-cuff"
INFLATION_MS = 35_000
SECOND_MS = 1_000


class Home:
    """What the patient's body and the two devices do."""

    def __init__(self, broker: RunningBroker, page: HomePage, speed: float) -> None:
        self.spo2, self.pulse = 97.0, 70.0
        self.sbp, self.dbp = 124, 78
        self.has_clip = True
        self._speed, self._page = speed, page
        self._pace = Pace(speed, own_ms=self._own_ms())
        self._now_ms, self._sent_ms = 0, -1
        self._is_watched = False
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

    def watched(self) -> None:
        """A session is open: from now on the home waits for what the hub has recorded."""
        self._is_watched = True

    async def run(self) -> None:
        """Stream one value a second of the home's time, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for publisher in self._publishers.values():
                group.create_task(publisher.run())
            group.create_task(self._stream())

    async def _stream(self) -> None:
        next_ms = 0
        while True:
            recorded_ms = self._page.recorded_ms
            may_ms = reach_ms(self._now_ms, sent_ms=self._sent_ms, recorded_ms=recorded_ms)
            self._now_ms = self._pace.world_ms(self._own_ms(), may_ms)
            while next_ms <= self._now_ms:
                if self.has_clip:
                    self._send(OXIMETER, spo2_pct(self.spo2), pulse_bpm(self.pulse), at_ms=next_ms)
                    if self._is_watched:
                        self._sent_ms = next_ms
                next_ms += SECOND_MS
            self._page.say(sent_ms=self._sent_ms, world_ms=self._now_ms)
            await asyncio.sleep(0.5 / self._speed)

    async def _measure(self) -> None:
        done_ms = self._now_ms + INFLATION_MS
        while self._now_ms < done_ms:  # noqa: ASYNC110 - the home's time sets no event
            await asyncio.sleep(0.5 / self._speed)
        sbp, dbp = Observation(Metric.SBP, self.sbp * 100), Observation(Metric.DBP, self.dbp * 100)
        self._send(CUFF, sbp, dbp, Observation(Metric.PULSE, round(self.pulse) * 100))

    def _send(self, device: str, *observations: Observation, at_ms: int | None = None) -> None:
        kind = DeviceKind.CUFF if device == CUFF else DeviceKind.OXIMETER
        self._publishers[device].put(
            DeviceReport(
                device=device,
                kind=kind,
                mode=Mode.DEMO,
                measured_ms=at_ms,
                observations=observations,
            )
        )

    @staticmethod
    def _own_ms() -> int:
        return round(asyncio.get_running_loop().time() * 1000)


@contextlib.asynccontextmanager
async def home(hub: RunningHub, speed: float) -> AsyncIterator[Home]:
    """The devices stream for as long as the block lasts. The hub is not started yet."""
    assert hub.broker is not None
    path = hub.folder / "home_time"
    page = HomePage.create(path)
    hub.environ[HOME_TIME] = str(path)
    devices = Home(hub.broker, page, speed)
    task = asyncio.create_task(devices.run())
    try:
        yield devices
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
