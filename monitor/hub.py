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
from typing import Protocol

import structlog
from msgspec import structs

from alerts.signal import Pattern
from monitor.clock import HubClock
from monitor.effects import Effect, Send, Sound
from monitor.events import Event, HubCondition, Reading, RecordGap, SessionOpened, Tick
from monitor.journal import Record, encode
from monitor.store import Change, Failing, Store
from monitor.ward import Bed, Ward

__all__ = ["Done", "Hands", "Hub", "Taken"]

_LATE_MS = 3_000
_LATE_OVER_MS = 60_000
_IDLE_S = 1.0
_BURST = 200
_LOUDNESS = {Pattern.SILENT: 0, Pattern.LOW: 1, Pattern.MEDIUM: 2, Pattern.HIGH: 3}

log = structlog.get_logger("vigil.hub")


class Taken:
    """What became of one event: its effects, and whether it was recorded."""

    __slots__ = ("effects", "recorded", "why")

    def __init__(self, effects: list[Effect], *, recorded: bool, why: str = "") -> None:
        self.effects = effects
        self.recorded = recorded
        self.why = why


Done = Callable[[Taken], None]
Make = Callable[[int], Event]


class Hands(Protocol):
    """What the hub can do in the world."""

    def sound(self, pattern: Pattern) -> None:
        """Play this from now on."""

    def send(self, bed: Bed, send: Send, committed: "asyncio.Future[bool]") -> None:
        """Tell one person, after the commit or 250 ms."""

    def effects(self, bed: Bed, event: Event, effects: list[Effect]) -> None:
        """Show what was decided; called at once, before the commit."""

    def committed(self, bed: Bed, effects: list[Effect]) -> None:
        """Publish what was decided; called after the commit."""

    def closed(self, bed: Bed) -> None:
        """A session is over."""


class Hub:
    """The one consumer of everything that happens."""

    def __init__(
        self, clock: HubClock, ward: Ward, store: Store, hands: Hands, *, inbox_limit: int = 10_000
    ) -> None:
        self.clock = clock
        self.ward = ward
        self.store = store
        self.hands = hands
        self.recording = True
        self.record_fault = ""
        self.counts: dict[str, int] = {}
        self._inbox: asyncio.Queue[tuple[str, Make, Done | None]] = asyncio.Queue(inbox_limit)
        self._patterns: dict[str, Pattern] = {}
        self._last: dict[str, asyncio.Future[bool]] = {}
        self._late_since_ms: int | None = None
        self._conditions: dict[str, str] = {}

    # --- from outside -------------------------------------------------------------------------

    def tell(self, session: str, make: Make, done: Done | None = None) -> bool:
        """Queue one event for a session; False when the queue is full (the sender must wait)."""
        try:
            self._inbox.put_nowait((session, make, done))
        except asyncio.QueueFull:
            self.count("inbox full")
            return False
        return True

    def condition(self, name: str, *, present: bool, detail: str = "") -> None:
        """A condition of the hub's own, for every open session and those that come."""
        before = self._conditions.get(name)
        if present == (before is not None) and (not present or before == detail):
            return
        if present:
            self._conditions[name] = detail
        else:
            self._conditions.pop(name, None)
        log.warning("hub condition", condition=name, present=present, detail=detail)
        for bed in list(self.ward.beds.values()):
            self._condition_of(bed, name, present=present, detail=detail)

    def open(self, make: Callable[[int], SessionOpened], done: Done | None = None) -> Bed:
        """Open a session now.

        Raises:
            WardError: it cannot be opened beside the others.
        """
        from monitor.engine import Engine  # noqa: PLC0415 - only here

        event = make(self.clock.now_ms())
        self.ward.check(event)
        bed = self.ward.place(Engine(), event)
        self._do(bed, event, done)
        for name, detail in self._conditions.items():
            self._condition_of(bed, name, present=True, detail=detail)
        return bed

    def recording_changed(self, change: Change) -> None:
        """The store failed or works again. Belongs to the loop's thread."""
        if isinstance(change, Failing):
            self.recording, self.record_fault = False, change.reason
            detail = f"recording has stopped: {change.reason}"
            self.condition("engine:recording", present=True, detail=detail)
            return
        self.recording, self.record_fault = True, ""
        self.condition("engine:recording", present=False, detail="recording works again")
        for bed in list(self.ward.beds.values()):
            gap = RecordGap(
                at_ms=self._now(bed),
                from_ms=change.from_ms,
                to_ms=change.to_ms,
                lost=change.lost,
            )
            self._do(bed, gap, None)

    def count(self, what: str) -> None:
        """Count something that was refused or passed over, by its name."""
        self.counts[what] = self.counts.get(what, 0) + 1

    # --- the loop -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve until cancelled."""
        while True:
            due_ms = self.ward.next_deadline()
            wait_s = _IDLE_S if due_ms is None else min(_IDLE_S, self.clock.seconds_until(due_ms))
            job = None
            if self._inbox.empty():
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        job = await self._inbox.get()
            self._tick(due_ms)
            for _ in range(_BURST):
                if job is None:
                    if self._inbox.empty():
                        break
                    job = self._inbox.get_nowait()
                self._take(*job)
                job = None
            await asyncio.sleep(0)

    def _tick(self, due_ms: int | None) -> None:
        now_ms = self.clock.now_ms()
        self._watch_lateness(due_ms, now_ms)
        for bed in list(self.ward.beds.values()):
            due = bed.engine.next_deadline()
            if due is not None and due <= now_ms:
                self._do(bed, Tick(at_ms=self._now(bed)), None)

    def _watch_lateness(self, due_ms: int | None, now_ms: int) -> None:
        """ENGINE: "detector loop late >3 s"."""
        if due_ms is not None and (now_ms - due_ms) / self.clock.speed > _LATE_MS:
            self._late_since_ms = now_ms
            late_s = (now_ms - due_ms) / self.clock.speed / 1000
            self.condition("engine:late", present=True, detail=f"the loop was {late_s:.1f} s late")
        elif (
            self._late_since_ms is not None
            and (now_ms - self._late_since_ms) / self.clock.speed > _LATE_OVER_MS
        ):
            self._late_since_ms = None
            self.condition("engine:late", present=False, detail="the loop is in time again")

    def _take(self, session: str, make: Make, done: Done | None) -> None:
        bed = self.ward.beds.get(session)
        if bed is None:
            if done is not None:
                done(Taken([], recorded=True, why=f"no session {session} is open"))
            return
        event = make(self._now(bed))
        tap = (getattr(event, "by", ""), getattr(event, "tap", None))
        if tap in bed.taps or (
            isinstance(event, Reading) and bed.engine.is_duplicate(event.report)
        ):
            self.count("duplicate")
            if done is not None:
                self._after(self._last.get(session), lambda ok: done(Taken([], recorded=ok)))
            return
        self._do(bed, event, done)

    def _now(self, bed: Bed) -> int:
        return max(self.clock.now_ms(), bed.engine.now_ms)

    def _condition_of(self, bed: Bed, name: str, *, present: bool, detail: str) -> None:
        event = HubCondition(at_ms=self._now(bed), condition=name, present=present, detail=detail)
        self._do(bed, event, None)

    def _do(self, bed: Bed, event: Event, done: Done | None) -> None:
        try:
            handled = bed.handle(event)
        except Exception as error:
            # Our bug, whatever it is: the patient stays watched, and everybody is told.
            log.exception("an event could not be handled", session=bed.session)
            self.count("our bug")
            if done is not None:
                done(Taken([], recorded=False, why=f"our bug: {error}"))
            if not isinstance(event, HubCondition):
                what = f"{type(event).__name__} could not be handled: {error}"
                self._condition_of(bed, "engine:event", present=True, detail=what)
            return
        if handled is None:
            return
        event, effects = handled
        self._sound(bed, effects)
        committed = self._record(bed, event, effects)
        self.hands.effects(bed, event, effects)
        for effect in effects:
            if isinstance(effect, Send):
                self.hands.send(bed, effect, committed)
        self._after(committed, lambda ok: self._finish(bed, effects, done, recorded=ok))
        if bed.over and bed.session in self.ward.beds:
            self._close(bed)

    def _finish(
        self, bed: Bed, effects: list[Effect], done: Done | None, *, recorded: bool
    ) -> None:
        if done is not None:
            done(Taken(effects, recorded=recorded))
        if effects:
            self.hands.committed(bed, effects)

    def _record(self, bed: Bed, event: Event, effects: list[Effect]) -> "asyncio.Future[bool]":
        body = encode(Record(bed.n, event, tuple(effects)))
        future: Future[bool] = self.store.append(
            bed.session, bed.n, body, structs.replace(self.clock.stamp(), at_ms=event.at_ms)
        )
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
                self.condition("engine:record", present=True, detail=str(error))
            then(error is None and future.result())

        committed.add_done_callback(answered)

    def _sound(self, bed: Bed, effects: list[Effect]) -> None:
        changed = False
        for effect in effects:
            if isinstance(effect, Sound):
                self._patterns[bed.session] = effect.pattern
                changed = True
        if changed:
            self._play()

    def _play(self) -> None:
        loudest = max(
            self._patterns.values(), key=lambda pattern: _LOUDNESS[pattern], default=Pattern.SILENT
        )
        self.hands.sound(loudest)

    def _close(self, bed: Bed) -> None:
        self.ward.remove(bed)
        self._patterns.pop(bed.session, None)
        self._play()
        self.store.close_session(bed.session, bed.engine.now_ms)
        self._last.pop(bed.session, None)
        self.hands.closed(bed)
