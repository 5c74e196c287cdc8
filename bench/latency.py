"""From a report to the alarm on the hub's speaker, and to its commit, at 1,000 reports a second.

The real loop and the real store run here; the oximeters are a process of their own. Sixteen
sessions (as many as a hub has) at 62.5 times life make a thousand reports a second of which each
session still sees one in each of its own seconds, so that rows judge as they always do. SpO2 falls
again and again, so that alarms come and go. Counted from the moment of sending: the pipe, the
payload's strict reading, the queue, the decision. Not counted: the broker and the speaker itself.
"""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import Callable
from pathlib import Path

import structlog
from msgspec import structs

from alerts.condition import Transition
from alerts.contact import Role
from alerts.effects import AlarmChanged, Send, Sound
from alerts.signal import Pattern
from bench.report import Figure, milliseconds
from bench.scratch import scratch
from bench.sender import DEVICES, device
from bench.session import default_plan, opening
from devices.observation import DeviceKind, DeviceReport
from devices.payload import decode_reading
from monitor.clock import HubClock
from monitor.effects import Effect
from monitor.events import Event, Reading, ResetByPerson, SessionOpened
from monitor.hub import Hub, Taken
from monitor.journal import chain
from monitor.patient import DeviceBinding
from monitor.store import Store
from monitor.ward import Bed, Ward

__all__ = ["measure"]

_RATE = 1_000
_SECONDS = 20
_WARM_S = 2
_ROOT = Path(__file__).parent.parent


class _Hands:
    """The hub's hands: they look at the clock, and a person resets what is over.

    Else one latched alarm would sound for the rest of the run.
    """

    def __init__(self, reset: Callable[[str, str], None]) -> None:
        self.reset = reset
        self.sent_ns: dict[tuple[str, int | None], int] = {}
        self.decided_s: list[float] = []
        self.alarmed_s: list[float] = []
        self.committed_s: list[float] = []
        self.unrecorded = 0
        self._sounded_ns = 0

    def sound(self, pattern: Pattern) -> None:  # noqa: ARG002
        self._sounded_ns = time.monotonic_ns()

    def send(self, bed: Bed, send: Send, committed: "asyncio.Future[bool]") -> None:
        pass

    def effects(self, bed: Bed, event: Event, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, AlarmChanged) and effect.transition is Transition.LATCHED:
                self.reset(bed.session, effect.id)
        if not isinstance(event, Reading):
            return
        sent_ns = self.sent_ns[event.report.device, event.report.seq]
        self.decided_s.append((time.monotonic_ns() - sent_ns) / 1e9)
        if any(isinstance(effect, Sound) for effect in effects):
            self.alarmed_s.append((self._sounded_ns - sent_ns) / 1e9)

    def committed(self, bed: Bed, effects: list[Effect]) -> None:
        pass

    def closed(self, bed: Bed) -> None:
        pass

    def done(self, report: DeviceReport, taken: Taken) -> None:
        """A reading is answered."""
        sent_ns = self.sent_ns[report.device, report.seq]
        self.committed_s.append((time.monotonic_ns() - sent_ns) / 1e9)
        self.unrecorded += not taken.recorded

    def forget(self) -> None:
        """The warm-up is over."""
        self.decided_s.clear()
        self.alarmed_s.clear()
        self.committed_s.clear()


def measure() -> list[Figure]:
    """Return the times at 1,000 reports a second.

    Raises:
        RuntimeError: a report got lost or was not recorded.
    """
    # Every alarm is a line of the log otherwise; the figures are for the loop.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    hands = asyncio.run(_session())
    lost = _RATE * (_SECONDS - _WARM_S) - len(hands.committed_s)
    if lost > _RATE // 100 or hands.unrecorded:
        raise RuntimeError(f"{lost} reports lost, {hands.unrecorded} not recorded: run it again")
    beside = "p50 / p99 / p99.9"
    return [
        Figure(
            "hub",
            f"report to alarm sound, {len(hands.alarmed_s):,} changes",
            milliseconds(hands.alarmed_s),
            f"{beside}, aim p99 2 ms",
        ),
        Figure(
            "hub",
            f"report to decision, {len(hands.decided_s):,} reports",
            milliseconds(hands.decided_s),
            beside,
        ),
        Figure("hub", "report to commit", milliseconds(hands.committed_s), beside),
    ]


async def _session() -> _Hands:
    def reset(session: str, alarm: str) -> None:
        hub.tell(
            session,
            lambda at_ms: ResetByPerson(at_ms=at_ms, by="lee", role=Role.PHYSICIAN, alarm=alarm),
        )

    hands = _Hands(reset)
    with scratch() as folder:
        store = Store(folder, chain, lambda _: None)
        clock = HubClock(speed=_RATE / DEVICES)
        hub = Hub(clock, Ward(DEVICES), store, hands)
        for number in range(DEVICES):
            _open(hub, number)
        loop = asyncio.create_task(hub.run())
        await _feed(hub, hands)
        await asyncio.sleep(0.5)
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)
        await asyncio.to_thread(store.close)
    return hands


def _open(hub: Hub, number: int) -> None:
    session = f"s{number}"
    event = opening(default_plan())
    devices = (DeviceBinding(device(number), DeviceKind.OXIMETER, interval_ms=1000, clock=False),)
    patient = structs.replace(event.patient, id=session, devices=devices)

    def make(at_ms: int) -> SessionOpened:
        return structs.replace(event, at_ms=at_ms, session=session, patient=patient)

    hub.open(make)


async def _feed(hub: Hub, hands: _Hands) -> None:
    process = await create_subprocess_exec(
        sys.executable, "-m", "bench.sender", str(_RATE), str(_SECONDS), stdout=PIPE, cwd=_ROOT
    )
    assert process.stdout is not None
    count = 0
    while line := await process.stdout.readline():
        name, sent, payload = line.split(b" ", 2)
        _tell(hub, hands, decode_reading(name.decode(), payload), int(sent))
        count += 1
        if count == _RATE * _WARM_S:
            hands.forget()
    await process.wait()


def _tell(hub: Hub, hands: _Hands, report: DeviceReport, sent_ns: int) -> None:
    bed = hub.ward.bed_of(report.device)
    if bed is None:
        raise RuntimeError(f"the session of {report.device} is over: its phase ended it")
    hands.sent_ns[report.device, report.seq] = sent_ns

    def make(at_ms: int) -> Event:
        return Reading(at_ms=at_ms, report=report, received_ms=at_ms)

    if not hub.tell(bed.session, make, lambda taken: hands.done(report, taken)):
        raise RuntimeError("the hub's queue is full: it does not keep up")
