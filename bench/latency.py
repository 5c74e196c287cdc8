"""From a report to the alarm on the hub's speaker, and to its commit, at 1,000 reports a second.

The real loop and the real store run here; the oximeters are a process of their own. One session at
1,000 times life, or sixteen (as many as a hub has) at 62.5 times life: a thousand reports a second,
and still one in each second of a session, so that rows judge as they always do. SpO2 falls
again and again, so that alarms come and go. Counted from the moment of sending: the pipe, the
payload's strict reading, the queue, the decision. Not counted: the broker and the speaker itself.
In each round the same reports also go through the same pipe to nobody, and bare writes to the disk:
what the machine takes by itself at that time. Of each figure the median round counts, and the
calmest is named, because a process that is made to wait for others looks slow.
"""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import Callable
from functools import partial
from pathlib import Path

import structlog
from msgspec import structs

from alerts.condition import Transition
from alerts.contact import Role
from alerts.effects import AlarmChanged, Send, Sound
from alerts.signal import Pattern
from bench.report import Figure, medians_ms, shares_ms
from bench.scratch import scratch
from bench.sender import device
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
_ROUNDS = 3
_SESSIONS = (1, 16)
_SECONDS = 11
_WARM_S = 2
_BARE_S = 3
_SYNCS = 100
_ROOT = Path(__file__).parent.parent

_Shares = tuple[float, float, float]


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
    found: dict[str, list[_Shares]] = {}
    for _ in range(_ROUNDS):
        _keep(found, "the same way with no hub behind it", asyncio.run(_bare()))
        _keep(found, "one bare write forced to the disk", _bare_syncs())
        for sessions in _SESSIONS:
            _keep_round(found, sessions)
    return [_figure(what, rounds) for what, rounds in found.items()]


def _keep(found: dict[str, list[_Shares]], what: str, seconds: list[float]) -> None:
    found.setdefault(what, []).append(shares_ms(seconds))


def _keep_round(found: dict[str, list[_Shares]], sessions: int) -> None:
    hands = asyncio.run(_run(sessions))
    lost = _RATE * (_SECONDS - _WARM_S) - len(hands.committed_s)
    if lost > _RATE // 100 or hands.unrecorded:
        raise RuntimeError(f"{lost} reports lost, {hands.unrecorded} not recorded: run it again")
    where = "1 session" if sessions == 1 else f"{sessions} sessions"
    _keep(found, f"{where}: report to alarm sound", hands.alarmed_s)
    _keep(found, f"{where}: report to decision", hands.decided_s)
    _keep(found, f"{where}: report to commit", hands.committed_s)


def _figure(what: str, rounds: list[_Shares]) -> Figure:
    calmest = min(p99 for _, p99, _ in rounds)
    aim = ", aim p99 2 ms" if what.endswith("alarm sound") else ""
    beside = f"p50 / p99 / p99.9{aim}; calmest p99 {calmest:.2f}"
    return Figure("hub", what, medians_ms(rounds), beside)


async def _run(sessions: int) -> _Hands:
    def reset(session: str, alarm: str) -> None:
        hub.tell(
            session,
            lambda at_ms: ResetByPerson(at_ms=at_ms, by="lee", role=Role.PHYSICIAN, alarm=alarm),
        )

    hands = _Hands(reset)
    with scratch() as folder:
        store = Store(folder, chain, lambda _: None)
        hub = Hub(HubClock(speed=_RATE / sessions), Ward(sessions), store, hands)
        for number in range(sessions):
            _open(hub, number)
        loop = asyncio.create_task(hub.run())
        await _feed(sessions, _SECONDS, partial(_tell, hub, hands))
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


async def _feed(devices: int, seconds: int, take: Callable[[str, int, bytes], None]) -> None:
    """Have reports sent, and hand each on as it comes: device, moment of sending, payload."""
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "bench.sender", str(devices), str(_RATE), str(seconds)),
        stdout=PIPE,
        cwd=_ROOT,
    )
    assert process.stdout is not None
    while line := await process.stdout.readline():
        name, sent_ns, payload = line.split(b" ", 2)
        take(name.decode(), int(sent_ns), payload)
    await process.wait()


async def _bare() -> list[float]:
    """Return the times of the same way with nothing behind it: what the machine itself takes."""
    took_s: list[float] = []
    await _feed(
        1, _BARE_S, lambda _name, sent_ns, _: took_s.append((time.monotonic_ns() - sent_ns) / 1e9)
    )
    return took_s


def _bare_syncs() -> list[float]:
    """Return the times of plain writes to the disk, each forced out."""
    took_s = []
    with scratch() as folder, (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(_SYNCS):
            begin_s = time.monotonic()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            took_s.append(time.monotonic() - begin_s)
    return took_s


def _tell(hub: Hub, hands: _Hands, name: str, sent_ns: int, payload: bytes) -> None:
    report = decode_reading(name, payload)
    bed = hub.ward.bed_of(name)
    if bed is None:
        raise RuntimeError(f"the session of {name} is over: its phase ended it")
    hands.sent_ns[name, report.seq] = sent_ns
    if len(hands.sent_ns) == _RATE * _WARM_S:
        hands.forget()

    def make(at_ms: int) -> Event:
        return Reading(at_ms=at_ms, report=report, received_ms=at_ms)

    if not hub.tell(bed.session, make, lambda taken: hands.done(report, taken)):
        raise RuntimeError("the hub's queue is full: it does not keep up")
