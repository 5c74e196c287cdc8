"""The loop: take an event, decide, sound at once, commit, and only then acknowledge.

One queue, one consumer. Each event gets its hub time here, when it is taken from the queue, and
nowhere else. Watching beats recording: when the record fails, everything goes on, inputs are
acknowledged, and every word that leaves the hub says so. This shell decides nothing about a
patient; it carries effects out through the hands it was given.

    hub = Hub(clock, ward, store, hands)
    hub.tell("s1", lambda at_ms: Reading(at_ms=at_ms, report=report), done)
    await hub.run()
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

import structlog
from msgspec import structs

from monitor.clock import HubClock
from monitor.database import StoreError
from monitor.effects import Effect, Send, Sound
from monitor.engine import Engine
from monitor.events import (
    Event,
    HubCondition,
    MonitorDown,
    RecordGap,
    SessionOpened,
    Tick,
)
from monitor.hands import Done, Hands, Make, Taken
from monitor.hub_faults import HubFaults
from monitor.journal import Record, encode
from monitor.store import Change, Failing, Store
from monitor.ward import Bed, Ward

__all__ = ["Hub", "Taken"]

_LATE_S = 3.0
_AWAY_S = 10.0
_IDLE_S = 1.0
_BURST = 200
_AGAIN_MS = 1_000
_RECORDING = "engine:recording"

log = structlog.get_logger("vigil.hub")


class Hub:
    """The one consumer of everything that happens. All methods belong to one event loop."""

    def __init__(
        self, clock: HubClock, ward: Ward, store: Store, hands: Hands, *, inbox_limit: int = 10_000
    ) -> None:
        self.clock = clock
        self.ward = ward
        self.store = store
        self.hands = hands
        self.faults = HubFaults()
        self.record_fault = ""
        self.counts: dict[str, int] = {}
        self._inbox: asyncio.Queue[tuple[str, Make, Done | None]] = asyncio.Queue(inbox_limit)
        self._news = asyncio.Event()
        self._last: dict[str, asyncio.Future[bool]] = {}
        self._again_ms: dict[str, int] = {}

    @property
    def recording(self) -> bool:
        """Whether events reach the disk."""
        return not self.record_fault

    def tell(self, session: str, make: Make, done: Done | None = None) -> bool:
        """Queue one event for a session; False when the queue is full (the sender must wait)."""
        try:
            self._inbox.put_nowait((session, make, done))
        except asyncio.QueueFull:
            self.count("inbox full")
            return False
        self._news.set()
        return True

    def at_once(self, bed: Bed, make: Make) -> None:
        """Let one event happen now, before everything that waits and everything that is due."""
        self._do(bed, make(self._now(bed)), None)

    def condition(
        self, name: str, *, present: bool, detail: str = "", passing: bool = False
    ) -> None:
        """Say a fault of the hub's own, or its end, to every open session and those that come."""
        at_ms = self.clock.now_ms()
        if not self.faults.say(name, present=present, detail=detail, at_ms=at_ms, passing=passing):
            return
        log.warning("hub condition", condition=name, present=present, detail=detail)
        for bed in list(self.ward.beds.values()):
            self._condition_of(bed, name, present=present, detail=detail)

    def open(self, make: Callable[[int], SessionOpened], done: Done | None = None) -> Bed:
        """Open a session now.

        Raises:
            WardError: it cannot be opened beside the others.
        """
        event = make(self.clock.now_ms())
        self.ward.check(event)
        bed = self.ward.place(Engine(), event)
        self._do(bed, event, done)
        for name, detail in self.faults.standing.items():
            self._condition_of(bed, name, present=True, detail=detail)
        return bed

    def recording_changed(self, change: Change) -> None:
        """The store failed or works again."""
        if isinstance(change, Failing):
            self.record_fault = change.reason
            detail = f"recording has stopped: {change.reason}"
            self.condition(_RECORDING, present=True, detail=detail)
            return
        self.record_fault = ""
        self.condition(_RECORDING, present=False, detail="recording works again")
        for bed in list(self.ward.beds.values()):
            self._do(bed, RecordGap(at_ms=self._now(bed), **change._asdict()), None)

    def count(self, what: str) -> None:
        """Count something that was refused or passed over, by its name."""
        self.counts[what] = self.counts.get(what, 0) + 1

    # --- the loop -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            self._news.clear()
            wait_s = self._until_due_s()
            due_s = self.clock.real_s() + wait_s
            if self._inbox.empty():
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._news.wait()
            self._watch_lateness(self.clock.real_s() - due_s)
            self._tick()
            for _ in range(min(_BURST, self._inbox.qsize())):
                self._take(*self._inbox.get_nowait())
            await asyncio.sleep(0)

    def _until_due_s(self) -> float:
        """Real seconds until something is due, at most a second; negative when it is past."""
        dues = (self._due(bed) for bed in self.ward.beds.values())
        due_ms = min((due for due in dues if due is not None), default=None)
        real_ms = self.clock.speed * 1000
        return _IDLE_S if due_ms is None else min(_IDLE_S, (due_ms - self.clock.now_ms()) / real_ms)

    def _due(self, bed: Bed) -> int | None:
        due_ms = bed.engine.next_deadline()
        again_ms = self._again_ms.get(bed.session)
        return due_ms if due_ms is None or again_ms is None else max(due_ms, again_ms)

    def _tick(self) -> None:
        now_ms = self.clock.now_ms()
        for bed in list(self.ward.beds.values()):
            due = self._due(bed)
            if due is not None and due <= now_ms:
                self._do(bed, Tick(at_ms=self._now(bed)), None)
        for name in self.faults.over(now_ms):
            self.condition(name, present=False, detail="it has not happened again")

    def _watch_lateness(self, late_s: float) -> None:
        """ENGINE: "detector loop late >3 s"; much later, nobody was watching: the machine slept."""
        if late_s >= _AWAY_S:
            down_ms = round(late_s * 1000 * self.clock.speed)
            for bed in list(self.ward.beds.values()):
                self.at_once(bed, lambda at_ms: MonitorDown(at_ms=at_ms, down_ms=down_ms))
        if late_s > _LATE_S:
            detail = f"the loop was {late_s:.1f} s late"
            self.condition("engine:late", present=True, detail=detail, passing=True)

    def _take(self, session: str, make: Make, done: Done | None) -> None:
        bed = self.ward.beds.get(session)
        if bed is None:
            _answer(done, Taken([], recorded=False, why=f"no session {session} is open"))
            return
        try:
            event = make(self._now(bed))
        except Exception as error:
            # Our bug; the message it came from is named and the next one is taken.
            log.exception("an event could not be made", session=session)
            self._our_bug(bed, f"an event could not be made: {error!r}", done)
            return
        again = bed.repeated(event)
        if again is not None:
            self.count("duplicate")
            self._after(
                self._last.get(session), lambda ok: _answer(done, Taken(again, recorded=ok))
            )
            return
        self._do(bed, event, done)

    def _now(self, bed: Bed) -> int:
        return max(self.clock.now_ms(), bed.engine.now_ms)

    def _condition_of(self, bed: Bed, name: str, *, present: bool, detail: str) -> None:
        event = HubCondition(at_ms=self._now(bed), condition=name, present=present, detail=detail)
        self._do(bed, event, None)

    def _our_bug(self, bed: Bed, what: str, done: Done | None) -> None:
        """Whatever it is: the patient stays watched, and everybody is told."""
        self.count("our bug")
        _answer(done, Taken([], recorded=False, why=f"our bug: {what}"))
        self._again_ms[bed.session] = self.clock.now_ms() + _AGAIN_MS
        self.condition("engine:event", present=True, detail=what, passing=True)

    def _do(self, bed: Bed, event: Event, done: Done | None) -> None:
        self._news.set()
        try:
            handled = bed.handle(event)
        except Exception as error:
            log.exception("an event could not be handled", session=bed.session)
            if isinstance(event, SessionOpened):
                self.ward.remove(bed)
            if isinstance(event, HubCondition):
                self.count("our bug")
            else:
                what = f"{type(event).__name__} could not be handled: {error!r}"
                self._our_bug(bed, what, done)
            return
        self._again_ms.pop(bed.session, None)
        if handled is None:
            return
        event, effects = handled
        if any(isinstance(effect, Sound) for effect in effects):
            self.play()
        n = bed.n
        committed = self._record(bed, event, effects)
        self.hands.effects(bed, event, effects)
        for effect in effects:
            if isinstance(effect, Send):
                self.hands.send(bed, effect, committed)
        self._after(committed, lambda ok: self._finish(bed, n, effects, done, recorded=ok))
        if bed.over and bed.session in self.ward.beds:
            self._close(bed)

    def _finish(
        self, bed: Bed, n: int, effects: list[Effect], done: Done | None, *, recorded: bool
    ) -> None:
        if recorded:
            bed.committed = n
        _answer(done, Taken(effects, recorded=recorded))
        self.hands.committed(bed, effects)

    def _record(self, bed: Bed, event: Event, effects: list[Effect]) -> "asyncio.Future[bool]":
        body = encode(Record(bed.n, event, tuple(effects)))
        stamp = structs.replace(self.clock.stamp(), at_ms=event.at_ms)
        try:
            future: Future[bool] = self.store.append(bed.session, bed.n, body, stamp)
        except StoreError as error:
            bed.n -= 1
            future = Future()
            future.set_exception(error)
        committed = asyncio.wrap_future(future)
        self._last[bed.session] = committed
        return committed

    def _after(
        self, committed: "asyncio.Future[bool] | None", then: Callable[[bool], None]
    ) -> None:
        """Call back once the record answered; a StoreError is our bug: not recorded."""
        if committed is None:
            then(True)
            return

        def answered(future: "asyncio.Future[bool]") -> None:
            if future.cancelled():
                return
            error = future.exception()
            if error is not None:
                log.error("a record was refused", error=str(error))
                self.condition("engine:record", present=True, detail=str(error), passing=True)
            then(error is None and future.result())

        committed.add_done_callback(answered)

    def play(self) -> None:
        """Sound the loudest pattern of all sessions, from now on."""
        self.hands.sound(self.ward.loudest())

    def _close(self, bed: Bed) -> None:
        self.ward.remove(bed)
        self.play()
        self.store.close_session(bed.session, bed.engine.now_ms)
        self._last.pop(bed.session, None)
        self.hands.closed(bed)


def _answer(done: Done | None, taken: Taken) -> None:
    if done is not None:
        done(taken)
