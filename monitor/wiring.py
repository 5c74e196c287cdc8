"""Who is connected to whom: the one place that knows every part of the running hub.

It builds the parts from the settings, starts them in order (record, recovered sessions, sound,
people, broker, control), and stops them so that nothing that was decided is lost. It decides
nothing itself.

    await run_hub(config, base, speed=1.0)
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import structlog

from alerts.beat import Beat
from alerts.contact import Role
from alerts.secret_file import SecretError
from alerts.texts import TextsError
from devices.broker import BrokerError
from monitor.beats import heartbeat_of
from monitor.catalogue import CatalogueError
from monitor.clock import ClockError, HubClock
from monitor.config import Config
from monitor.control import ControlServer
from monitor.desk import Desk
from monitor.effects import Effect
from monitor.events import Ended, Event
from monitor.gateway import Gateway
from monitor.home_clock import clock_of, follow_home
from monitor.house_bluetooth import follow_bluetooth
from monitor.house_broker import connect_broker
from monitor.house_hands import HouseHands
from monitor.house_people import People
from monitor.house_records import keep_records, ledger_requests
from monitor.house_room import Room
from monitor.house_rota import follow_rotas
from monitor.house_watch import watch_from_outside
from monitor.hub import Hub
from monitor.journal import chain
from monitor.parts import Parts
from monitor.power_watch import PowerWatch
from monitor.proof_keeper import keep_proofs
from monitor.restart import find_open, now_after
from monitor.resume import Resume
from monitor.store import Change, Limits, Store, StoreError
from monitor.texts_dir import read_texts, why_not_real
from monitor.ward import Bed, Ward
from monitor.web import Web

__all__ = ["House", "run_hub"]

_BEAT_S = 1.0
_SHOWN_S = 1.0
_SHOWN_HUB_S = 10.0
_SHOWN_LEAST_S = 0.05
# Together less than the 10 s after which the supervisor kills.
_LAST_WORDS_S = 4.0
_OUTCOMES_S = 0.1
_PUBLISHED_S = 1.0
_WRITTEN_S = 3.0
_CANNOT_START = 2
_UNUSABLE = (StoreError, BrokerError, SecretError, ClockError, CatalogueError, TextsError)

log = structlog.get_logger("vigil.house")


class House:
    """The running hub: its parts by name.

    `closing` holds what is let go of at the end, the last one first.
    """

    def __init__(self, config: Config, base: Path, speed: float) -> None:
        self.config = config
        self.base = base
        self.data_dir = base / config.hub.data_dir
        self.speed = speed
        self.loop = asyncio.get_running_loop()
        self.parts = Parts(self._bug)
        self.hands = HouseHands(self._bug)
        self.closing: list[Callable[[], Awaitable[None]]] = []
        self.gateway: Gateway | None = None
        self.beat = Beat.from_environ()

    # --- start --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Build and start everything, in order.

        Raises:
            StoreError: another hub holds the data folder.
            CatalogueError, TextsError: the language is not there, or a sentence of it.
            BrokerError, SecretError, ClockError, OSError: a file that is named cannot be used.
        """
        self.texts = read_texts(self.config.hub.language)
        record = self.config.record
        limits = Limits(
            batch=record.batch_limit, stall_s=record.stall_ms / 1000, keep_ms=record.keep_ms
        )
        self.store = Store(self.data_dir, chain, self._store_changed, limits)
        unreadable: list[str] = []
        found = find_open(self.data_dir, unreadable)
        plain = HubClock()
        stamp = plain.stamp()
        at_ms, down_ms = now_after(found, stamp)
        self.clock = clock_of(at_ms - stamp.boottime_ms, self.speed)
        self.ward = Ward(self.config.hub.max_sessions)
        self.hub = Hub(
            self.clock, self.ward, self.store, self.hands, inbox_limit=self.config.hub.inbox_limit
        )
        follow_home(self.clock, self.hands)
        self._mark_log()
        self.loop.set_exception_handler(self.parts.callback_failed)
        self.people = People(self.hub, self.hands, self.config, self.base, self.texts)
        self.closing.append(self.people.close)
        self.closing.append(Room(self.hub, self.hands, self.config, self.texts).close)
        self.web = Web(self.hub, self.config, self.base, self.people.sender.on_news, self.texts)
        self.people.add(self.web.channel)
        self._show_on_screens()
        self._add_more()
        self.resume = Resume(self.hub, found, unreadable, down_ms)
        self.resume.take_up()
        self.web.attendance.taken_up()
        self.gateway = connect_broker(
            self.hub, self.parts, self.config, self.base, self.data_dir, self.texts
        )
        follow_bluetooth(self.hub, self.parts, self.config.bluetooth)
        leave = watch_from_outside(self.hub, self.parts, self.config, self.base)
        if leave is not None:
            self.closing.append(leave)
        desk = self._desk()
        self.control = ControlServer(self.data_dir, desk.answer)
        await self.control.start()
        self.people.listen(self.parts)
        self.parts.go(self.hub.run(), "loop")
        self.parts.go(self._beat_on(), "beat")
        self.parts.go(self._show_on(), "pictures")
        self.parts.go(self.web.run(desk), "web")

    def _desk(self) -> Desk:
        """What the control socket and the pages may ask for."""
        desk = Desk(
            self.hub,
            self.base / self.config.patients.dir,
            self.base / self.config.plans.dir,
            self.data_dir,
            self._opened,
            {**self.web.requests, **ledger_requests(self.hub)},
            follow_rotas(self.hub, self.parts, self.config, self.base).at_opening,
        )
        draft_allowed = self.config.hub.draft_language
        desk.refuses_real = why_not_real(self.texts, draft_allowed=draft_allowed)
        return desk

    def _show_on_screens(self) -> None:
        """The feed and the gateway show what was decided; the feed first."""
        feed = self.web.feed
        self.hands.decided.append(feed.decided)
        self.hands.decided.append(self.web.attendance.decided)
        self.hands.done.append(lambda bed, _: feed.committed(bed))
        self.hands.done.append(self._publish)
        self.hands.over.append(feed.closed)
        self.hands.over.append(self._publish_last)

    def _add_more(self) -> None:
        """Parts that stand beside the loop: one line each.

        A part takes effects with `self.hands.on(...)`, runs with `self.parts.go(...)` and is let go
        of by `self.closing.append(...)`.
        """
        keep_proofs(self.hub, self.hands)
        self.parts.go(PowerWatch(self.hub).run(), "power")
        keep_days = self.config.record.keep_days
        self.parts.go(keep_records(self.hub, self.data_dir, keep_days), "retention")

    def _publish(self, bed: Bed, effects: list[Effect]) -> None:
        if self.gateway is not None:
            self.gateway.publish_effects(bed, effects)

    def _publish_last(self, bed: Bed) -> None:
        log.info("session over", session=bed.session, phase=bed.engine.chart.phase.value)
        if self.gateway is not None:
            self.gateway.publish_snapshot(bed)

    def _opened(self, bed: Bed) -> None:
        log.info("session open", session=bed.session, mode=bed.opened.mode.value)
        if self.gateway is not None:
            self.gateway.opened(bed)

    # --- conditions ---------------------------------------------------------------------------

    def _store_changed(self, change: Change) -> None:
        self.loop.call_soon_threadsafe(self.hub.recording_changed, change)

    def _mark_log(self) -> None:
        """Every line of the log says that recording has stopped, for as long as it has."""

        def mark(_: object, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
            if not self.hub.recording:
                line["RECORDING_HAS_STOPPED"] = self.hub.record_fault
            return line

        structlog.configure(processors=[mark, *structlog.get_config()["processors"]])

    def _bug(self, detail: str, error: Exception | None = None) -> None:
        if error is not None:
            log.error("a part of the hub failed", exc_info=error)
        self.hub.condition("engine:callback", present=True, detail=detail, passing=True)

    # --- each second --------------------------------------------------------------------------

    async def _beat_on(self) -> None:
        while True:
            self.resume.settle()
            if self.beat is not None and not self.beat.send(heartbeat_of(self.ward)):
                log.error("nobody supervises this hub any more")
                self.beat = None
            await asyncio.sleep(_BEAT_S)

    async def _show_on(self) -> None:
        """Once a second, and above real time also every 10 s of hub time: people act on it."""
        while True:
            self._show()
            await asyncio.sleep(max(min(_SHOWN_S, _SHOWN_HUB_S / self.speed), _SHOWN_LEAST_S))

    def _show(self) -> None:
        """Publish what screens show; a picture that cannot be made stops no watching."""
        if self.gateway is None:
            return
        for bed in list(self.ward.beds.values()):
            try:
                self.gateway.publish_snapshot(bed)
            except Exception as error:
                log.exception("a snapshot could not be made", session=bed.session)
                detail = f"our bug: no snapshot of {bed.session}: {error!r}"
                self.hub.condition("engine:snapshot", present=True, detail=detail, passing=True)

    # --- stop ---------------------------------------------------------------------------------

    async def stop(self) -> None:
        """End so that nothing that was decided is lost, and no session goes in silence."""
        if not self.parts.failed:
            for bed in list(self.ward.beds.values()):
                self.hub.at_once(bed, _stopped)
        left = await self.people.sender.drain(_LAST_WORDS_S)
        if left:
            log.error("messages were still under way", count=left)
        await asyncio.sleep(_OUTCOMES_S)
        await self.control.close()
        self.web.close()
        if self.gateway is not None:
            self._show()
            self.gateway.flush_acks()
            left = await self.gateway.outgoing.drain(_PUBLISHED_S)
            if left:
                log.warning("not everything was published", count=left)
        await self.parts.end()
        for close in reversed(self.closing):
            try:
                await close()
            except Exception:
                # The record is still to be written: one part must not keep us from that.
                log.exception("a part could not be closed")
        unwritten = await asyncio.to_thread(self.store.close, _WRITTEN_S)
        if unwritten:
            log.error("records could not be written", count=unwritten)


def _stopped(at_ms: int) -> Event:
    return Ended(at_ms=at_ms, by="hub", role=Role.VIEWER, reason="the hub is being stopped")


async def run_hub(config: Config, base: Path, speed: float) -> int:
    """Run the hub until it is asked to stop; returns the exit code."""
    house = House(config, base, speed)
    for number in (signal.SIGTERM, signal.SIGINT):
        house.loop.add_signal_handler(number, house.parts.stopping.set)
    try:
        await house.start()
    except (*_UNUSABLE, OSError) as error:
        log.critical("the hub cannot start", why=str(error))
        return _CANNOT_START
    log.info("hub runs", data_dir=str(house.data_dir), speed=speed)
    await house.parts.stopping.wait()
    await house.stop()
    return 1 if house.parts.failed else 0
