"""From a decision to 200 screens: 16 sessions at 1 Hz through the real loop, store and feed.

The screens are a process of their own and see all sessions, so 3,200 messages go out each second;
one more client connects, asks for everything and reads nothing. The time of a message is from the
hub time of its event (whole milliseconds) to its arrival in the other process, the commit included.
The hub's memory is read after a third of the run and at its end. `VIGIL_LONG=1` runs ten minutes.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from msgspec import structs

from alerts.signal import Pattern
from bench.report import Figure
from bench.scratch import scratch
from bench.session import default_plan, opening
from bench.viewer import WARM_S
from devices.observation import (
    DeviceKind,
    DeviceReport,
    Mode,
    pulse_bpm,
    spo2_pct,
)
from monitor.access import Access
from monitor.attendance import Attendance
from monitor.clock import HubClock
from monitor.desk import Desk
from monitor.effects import Effect, Send
from monitor.events import Event, Reading, SessionOpened
from monitor.feed import Feed
from monitor.feed_desk import FeedDesk
from monitor.feed_door import Door, DoorRules
from monitor.feed_server import FeedServer
from monitor.hub import Hub
from monitor.journal import chain
from monitor.page_channel import PageChannel
from monitor.patient import DeviceBinding
from monitor.store import Store
from monitor.texts_dir import read_texts
from monitor.ward import Bed, Ward

__all__ = ["measure", "resident_kib"]

_SESSIONS = 16
_VIEWERS = 200
_SECONDS = 600 if os.environ.get("VIGIL_LONG") else 30
_AIM_MS = 150
_ROOT = Path(__file__).parent.parent


class _Hands:
    """The hub's hands: the feed alone."""

    feed: Feed

    def sound(self, pattern: Pattern) -> None:
        pass

    def send(self, bed: Bed, send: Send, committed: Any) -> None:
        pass

    def effects(self, bed: Bed, event: Event, effects: list[Effect]) -> None:
        self.feed.decided(bed, event, effects)

    def committed(self, bed: Bed, effects: list[Effect]) -> None:  # noqa: ARG002
        self.feed.committed(bed)

    def closed(self, bed: Bed) -> None:
        self.feed.closed(bed)


def measure() -> list[Figure]:
    """Return the times of the messages and the growth of the hub.

    Raises:
        RuntimeError: a viewer lost a message or its connection.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    return asyncio.run(_run())


async def _run() -> list[Figure]:
    with scratch() as folder:
        store = Store(folder, chain, lambda _: None)
        hands = _Hands()
        hub = Hub(HubClock(), Ward(_SESSIONS), store, hands)
        access = Access(store, folder, hub.clock, list, lambda _, token: token)
        hands.feed = feed = Feed(hub, access, "bench", read_texts())
        async with _serving(hub, feed, folder) as port:
            for number in range(_SESSIONS):
                _open(hub, number)
            token = (await access.invite({"person": "screen", "role": "viewer"}))["token"]
            count, shares, grown_kib, cut = await _watch(hub, feed, port, token)
        await asyncio.to_thread(store.close)
    p50, p99, p999 = shares
    each_s = count / (_SECONDS - WARM_S)
    what = f"{_VIEWERS} screens x {_SESSIONS} sessions: decision to screen"
    return [
        Figure(
            "feed",
            what,
            f"{p50:.0f} / {p99:.0f} / {p999:.0f} ms",
            f"p50 / p99 / p99.9, aim p99 {_AIM_MS} ms; {each_s:,.0f} messages/s",
        ),
        Figure(
            "feed",
            f"growth of the hub from {_SECONDS // 3} s to {_SECONDS} s",
            f"{grown_kib / 1024:.1f} MiB",
            f"one viewer that reads nothing beside: {'cut' if cut else 'not cut yet'}",
        ),
    ]


@asynccontextmanager
async def _serving(hub: Hub, feed: Feed, folder: Path) -> AsyncIterator[int]:
    channel = PageChannel(feed.clients_of, lambda _: None)
    desk = FeedDesk(hub, Desk(hub, folder, folder, folder, lambda _: None), channel)
    door = Door(hub, {}, DoorRules(frozenset(), 2 * _VIEWERS), feed.figures)
    server = FeedServer(feed, desk, door, channel, Attendance(hub))
    parts = [asyncio.create_task(hub.run()), asyncio.create_task(feed.run(folder))]
    try:
        yield await server.start("127.0.0.1", 0, None)
    finally:
        server.close()
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)


async def _watch(
    hub: Hub, feed: Feed, port: int, token: str
) -> tuple[int, tuple[float, float, float], int, bool]:
    """Let the screens watch.

    Returns how many messages came, their ages, the growth in KiB, and whether the client that reads
    nothing was cut.
    """
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "bench.viewer", str(port), str(_VIEWERS), str(_SECONDS)),
        stdin=PIPE,
        stdout=PIPE,
        cwd=_ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(token.encode() + b"\n")
    await process.stdout.readline()
    connected = len(feed.clients)
    body = asyncio.create_task(_readings(hub))
    await asyncio.sleep(_SECONDS / 3)
    first_kib = resident_kib()
    line = await process.stdout.readline()
    grown_kib = resident_kib() - first_kib
    body.cancel()
    left = len(feed.clients)
    await process.wait()
    lost, count, p50, p99, p999 = json.loads(line)
    if lost or connected != _VIEWERS + 1:
        raise RuntimeError(f"{lost} of {_VIEWERS} screens were lost: run it again")
    return count, (p50, p99, p999), grown_kib, left < connected


async def _readings(hub: Hub) -> None:
    """Let each oximeter send once a second, evenly through it."""
    loop = asyncio.get_running_loop()
    due_s, number = loop.time(), 0
    while True:
        session, seq = number % _SESSIONS, number // _SESSIONS
        report = DeviceReport(
            device=f"ox-{session}",
            kind=DeviceKind.OXIMETER,
            mode=Mode.TEST,
            boot_id="b",
            seq=seq,
            observations=(spo2_pct(97 - seq % 3), pulse_bpm(70 + seq % 5)),
        )
        hub.tell(f"s{session}", lambda at_ms, r=report: Reading(at_ms=at_ms, report=r))  # type: ignore[misc]
        number += 1
        due_s += 1 / _SESSIONS
        await asyncio.sleep(max(0.0, due_s - loop.time()))


def _open(hub: Hub, number: int) -> None:
    event = opening(default_plan())
    devices = (DeviceBinding(f"ox-{number}", DeviceKind.OXIMETER, interval_ms=1000, clock=False),)
    patient = structs.replace(event.patient, id=f"p{number}", devices=devices)

    def make(at_ms: int) -> SessionOpened:
        return structs.replace(
            event, at_ms=at_ms, session=f"s{number}", patient=patient, mode=Mode.TEST
        )

    hub.open(make)


def resident_kib() -> int:
    """Return this process's resident memory in KiB, as the kernel counts it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise LookupError("/proc/self/status has no VmRSS: memory is measured on Linux only")
