"""From a notification in the air to the engine's effect, and a flood from four devices.

Four oximeters of four sessions on virtual controllers: each value is a real ATT PDU, heard by
bleak's front, `devices.ble`, the intake, the real loop and the real store of one hub. Devices and
hub share a process, so the times hold the devices' own work too. First each sends five values a
second, and the time is taken from before the sending to the effects; then each sends a hundred a
second, every one must be decided, and memory is read after a tenth, at half time and at the end.
The flood lasts half a minute; `make bench ARGS=bluetooth-whole` floods ten minutes.

    measure()     -> [Figure("bluetooth", "notification to effect", "1.1 / 2.9 / 4.0 ms", ...), ...]
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import structlog
from msgspec import structs

from alerts.signal import Pattern
from bench.report import Figure, shares_ms
from bench.scratch import scratch
from bench.session import default_plan, opening
from bench.viewers import resident_kib
from devices.ble import Bluetooth
from devices.ble_radio import Radio
from devices.ble_words import Wanted
from devices.models import STANDARD_OXIMETER
from devices.observation import DeviceKind
from devices.plx import Continuous, encode_continuous
from monitor.ble_intake import BleIntake
from monitor.clock import HubClock
from monitor.effects import Effect, Send
from monitor.events import Event, Reading, SessionOpened
from monitor.hub import Hub
from monitor.journal import chain
from monitor.patient import DeviceBinding
from monitor.store import Store
from monitor.ward import Bed, Ward
from simulators.ble.bleak_backend import backends
from simulators.ble.bumble_air import BumbleAir
from simulators.ble.peripheral import oximeter

__all__ = ["flood", "measure"]

_DEVICES = 4
_CALM_S, _CALM_HZ = 20, 5
_FLOOD_S, _FLOOD_HZ = 30, 100
_AIM_MS = 10
_CONNECT_S = 30
_DRAIN_S = 10


class _Hands:
    """The hub's hands: they look at the clock and count."""

    def __init__(self) -> None:
        self.decided = [0] * _DEVICES
        self.sent_s: dict[tuple[int, int], float] = {}
        self.took_s: list[float] = []

    def sound(self, pattern: Pattern) -> None:
        pass

    def send(self, bed: Bed, send: Send, committed: Any) -> None:
        pass

    def effects(self, bed: Bed, event: Event, effects: list[Effect]) -> None:  # noqa: ARG002
        if not isinstance(event, Reading):
            return
        now_s = time.monotonic()
        number = int(event.report.device.removeprefix("ox-"))
        sent_s = self.sent_s.pop((number, self.decided[number]), None)
        self.decided[number] += 1
        if sent_s is not None:
            self.took_s.append(now_s - sent_s)

    def committed(self, bed: Bed, effects: list[Effect]) -> None:
        pass

    def closed(self, bed: Bed) -> None:
        pass


class _Rig:
    """The hub, the air, and what each device has sent."""

    def __init__(self, air: BumbleAir, hands: _Hands) -> None:
        self.air = air
        self.hands = hands
        self.sent = [0] * _DEVICES

    async def send(self, number: int, *, timed: bool) -> bool:
        """Send one value from one device; False when nobody listens."""
        count = self.sent[number]
        data = encode_continuous(
            Continuous(spo2=Decimal(96 + count % 3), pulse=Decimal(65 + count % 9))
        )
        if timed:
            self.hands.sent_s[number, count] = time.monotonic()
        # Counted before it is under way: the effects may be there before the sending returns.
        self.sent[number] += 1
        if await self.air.notify(_address(number), "2A5F", data):
            return True
        self.sent[number] -= 1
        self.hands.sent_s.pop((number, count), None)
        return False

    async def stream(self, seconds: float, hz: int, *, timed: bool) -> None:
        """Let all devices send evenly, each at its own moment, and wait for what is under way."""
        await asyncio.gather(*(self._stream(n, seconds, hz, timed) for n in range(_DEVICES)))
        async with asyncio.timeout(_DRAIN_S):
            while self.hands.decided != self.sent:  # noqa: ASYNC110 - the hub's hands set no event
                await asyncio.sleep(0.01)

    async def _stream(self, number: int, seconds: float, hz: int, timed: bool) -> None:
        loop = asyncio.get_running_loop()
        begin_s = loop.time() + number / _DEVICES / hz
        for count in range(round(seconds * hz)):
            await asyncio.sleep(max(0, begin_s + count / hz - loop.time()))
            if not await self.send(number, timed=timed):
                raise RuntimeError(f"ox-{number} lost its link in the measurement: run it again")


def measure() -> list[Figure]:
    """Return the times of calm devices, and what a short flood does.

    Raises:
        RuntimeError: a link was lost.
        TimeoutError: a value was sent and never decided.
    """
    return asyncio.run(_calm()) + flood(_FLOOD_S)


def flood(seconds: int) -> list[Figure]:
    """Return what a flood of so many seconds does; raises as `measure` does."""
    return asyncio.run(_flood(seconds))


async def _calm() -> list[Figure]:
    async with _rig() as rig:
        await rig.stream(1, _CALM_HZ, timed=False)
        await rig.stream(_CALM_S, _CALM_HZ, timed=True)
    p50, p99, _ = shares_ms(rig.hands.took_s)
    highest = 1000 * max(rig.hands.took_s)
    return [
        Figure(
            "bluetooth",
            f"{_DEVICES} devices at {_CALM_HZ}/s: notification to effect",
            f"{p50:.2f} / {p99:.2f} / {highest:.2f} ms",
            f"p50 / p99 / highest of {len(rig.hands.took_s)}, aim p99 {_AIM_MS} ms",
        )
    ]


async def _flood(seconds: int) -> list[Figure]:
    async with _rig() as rig:
        begin_s, begin_cpu_s = time.monotonic(), time.process_time()
        resident: list[int] = []
        for tenths in (1, 4, 5):
            await rig.stream(seconds * tenths / 10, _FLOOD_HZ, timed=False)
            resident.append(resident_kib())
        load = (time.process_time() - begin_cpu_s) / (time.monotonic() - begin_s)
    what = f"{_DEVICES} devices at {_FLOOD_HZ}/s for {seconds} s"
    return [
        Figure(
            "bluetooth",
            f"{what}: sent and decided",
            f"{sum(rig.sent):,} and {sum(rig.hands.decided):,}",
            f"aim none lost; {load:.0%} of one core",
        ),
        Figure(
            "bluetooth",
            f"{what}: memory",
            " -> ".join(f"{kib / 1024:.1f}" for kib in resident) + " MiB",
            "after a tenth, at half time, at the end; aim flat",
        ),
    ]


@asynccontextmanager
async def _rig() -> AsyncIterator[_Rig]:
    """A hub whose four devices are heard."""
    # Every alarm is a line of the log otherwise; the figures are for the way of a value.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    air, hands = BumbleAir(), _Hands()
    with scratch() as folder:
        store = Store(folder, chain, lambda _: None)
        hub = Hub(HubClock(), Ward(_DEVICES), store, hands)
        intake = BleIntake(hub, "ble-bench")
        await air.start()
        bluetooth = Bluetooth(Radio(backends=backends(air)), intake.news, random.Random(1))
        for number in range(_DEVICES):
            _open(hub, number)
            air.add(oximeter(_address(number)))
            await air.advertise(_address(number), on=True)
            wanted = Wanted(f"ox-{number}", _address(number), STANDARD_OXIMETER)
            bluetooth.want(wanted)
        parts = [asyncio.create_task(one) for one in (hub.run(), intake.run(), bluetooth.run())]
        rig = _Rig(air, hands)
        try:
            async with asyncio.timeout(_CONNECT_S):
                for number in range(_DEVICES):
                    while not await rig.send(number, timed=False):  # noqa: ASYNC110 - as the radio is
                        await asyncio.sleep(0.05)
            yield rig
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
            await air.close()
            await asyncio.to_thread(store.close)


def _address(number: int) -> str:
    return f"C0:00:00:00:00:{number + 1:02X}"


def _open(hub: Hub, number: int) -> None:
    event = opening(default_plan())
    device = DeviceBinding(
        f"ox-{number}",
        DeviceKind.OXIMETER,
        interval_ms=1000,
        address=_address(number),
        model=STANDARD_OXIMETER.id,
    )
    patient = structs.replace(event.patient, id=f"p{number}", devices=(device,))

    def make(at_ms: int) -> SessionOpened:
        return structs.replace(event, at_ms=at_ms, session=f"s{number}", patient=patient)

    hub.open(make)
