"""Who is connected to whom: the one place that knows every part of the running hub.

It builds the parts from the settings, starts them in order (record, recovered sessions, sound,
people, broker, control), and stops them so that nothing that was decided is lost. It decides
nothing itself.

    await run_hub(config, base, speed=1.0)
"""

import asyncio
import contextlib
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import structlog

from alerts.beat import Beat
from alerts.channel import Channel
from alerts.console import Console
from alerts.contact import Role
from alerts.heartbeat import Heartbeat, Page
from alerts.signal import Pattern
from alerts.speaker import Speaker
from alerts.webhook import Webhook, read_token
from devices.broker import credentials
from devices.mqtt import MqttAdapter
from devices.mqtt_link import LinkChange, MqttSettings
from devices.topic import ROOT, SUBSCRIPTIONS
from monitor.clock import HubClock
from monitor.config import BrokerMode, Config
from monitor.control import ControlServer
from monitor.desk import Desk
from monitor.effects import CancelSend, Effect, Send
from monitor.events import ClockSettled, Ended, Event, HubCondition, MonitorDown
from monitor.gateway import Gateway
from monitor.hub import Hub
from monitor.journal import chain
from monitor.outgoing import Outgoing
from monitor.restart import Found, find_open, now_after
from monitor.sender import Sender
from monitor.store import Change, Limits, Store
from monitor.ward import Bed, Ward

__all__ = ["House", "run_hub"]

_BEAT_S = 1.0
_BROKER_GRACE_S = 5.0
_DRAIN_S = 5.0

log = structlog.get_logger("vigil.house")


class House:
    """The running hub: parts and hands."""

    def __init__(self, config: Config, base: Path, speed: float) -> None:
        self.config = config
        self.base = base
        self.data_dir = base / config.hub.data_dir
        self.speed = speed
        self.loop = asyncio.get_running_loop()
        self.stopping = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.gateway: Gateway | None = None
        self.beat = Beat.from_environ()
        self._broker_down: asyncio.TimerHandle | None = None
        self._unsettled: Found | None = None

    # --- hands --------------------------------------------------------------------------------

    def sound(self, pattern: Pattern) -> None:
        """Play this from now on."""
        if self.speaker is not None:
            self.speaker.play(pattern.value)

    def send(self, bed: Bed, send: Send, committed: "asyncio.Future[bool]") -> None:
        """Tell one person."""
        self.sender.send(bed, send, committed)

    def effects(self, bed: Bed, event: Event, effects: list[Effect]) -> None:  # noqa: ARG002
        """Carry out what cannot wait for the commit."""
        for effect in effects:
            if isinstance(effect, CancelSend):
                self.sender.cancel(effect.delivery)

    def committed(self, bed: Bed, effects: list[Effect]) -> None:
        """Publish what was decided."""
        if self.gateway is not None:
            self.gateway.publish_effects(bed, effects)

    def closed(self, bed: Bed) -> None:
        """A session is over: its last picture goes out."""
        log.info("session over", session=bed.session, phase=bed.engine.chart.phase.value)
        if self.gateway is not None:
            self.gateway.publish_snapshot(bed)

    # --- start --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Build and start everything, in order."""
        record, alarm = self.config.record, self.config.alarm
        limits = Limits(
            batch=record.batch_limit, stall_s=record.stall_ms / 1000, keep_ms=record.keep_ms
        )
        self.store = Store(self.data_dir, chain, self._store_changed, limits)
        found = find_open(self.data_dir)
        self.clock, down_ms = self._clock(found)
        self.ward = Ward(self.config.hub.max_sessions)
        self.hub = Hub(
            self.clock, self.ward, self.store, self, inbox_limit=self.config.hub.inbox_limit
        )
        self.speaker = Speaker(self._no_sound) if alarm.speaker else None
        token_file = alarm.webhook_token_file
        token = read_token(self.base / token_file) if token_file else None
        self.webhook = Webhook(
            token, alarm.webhook_connect_ms / 1000, alarm.webhook_total_ms / 1000
        )
        channels: dict[str, Channel] = {"console": Console(sys.stderr), "webhook": self.webhook}
        self.sender = Sender(channels, self.hub.tell, record.intent_wait_ms)
        self._take_up(found, down_ms)
        self._connect()
        desk = Desk(
            self.hub,
            self.base / self.config.patients.dir,
            self.base / self.config.plans.dir,
            self._opened,
        )
        self.control = ControlServer(self.data_dir, desk.answer)
        await self.control.start()
        self._go(self.hub.run(), "loop")
        self._go(self._beat_on(), "beat")

    def _clock(self, found: list[Found]) -> tuple[HubClock, int | None]:
        plain = HubClock()
        stamp = plain.stamp()
        at_ms, down_ms = now_after(found, stamp)
        return HubClock(at_ms - stamp.boottime_ms, self.speed), down_ms

    def _take_up(self, found: list[Found], down_ms: int | None) -> None:
        for one in found:
            bed = self.ward.place(one.recovered.engine, one.opened, one.recovered.last_n)
            bed.taps |= one.taps
            if one.over:
                self.ward.remove(bed)
                self.store.close_session(bed.session, bed.engine.now_ms)
                continue
            if down_ms is None:
                self._unsettled = one
            log.warning("session recovered", session=one.session, down_ms=down_ms)
            self.hub.tell(
                one.session,
                lambda at_ms: MonitorDown(at_ms=at_ms, down_ms=down_ms),
            )
            for fault in one.faults:
                self.hub.tell(one.session, _engine_fault(fault))
            self._opened(bed)

    def _opened(self, bed: Bed) -> None:
        log.info("session open", session=bed.session, mode=bed.opened.mode.value)

    def _connect(self) -> None:
        broker = self.config.broker
        if broker.mode is BrokerMode.NONE:
            return
        if broker.mode is BrokerMode.EMBEDDED:
            host = "127.0.0.1"
            user, password = credentials(self.data_dir)
        else:
            host, user = broker.host, broker.user
            password = self._secret(broker.password_file) or ""
        rng = random.Random()  # noqa: S311 - spreads reconnections, hides nothing
        settings = MqttSettings(
            host=host,
            port=broker.port,
            identifier="vigil-hub",
            subscriptions=SUBSCRIPTIONS,
            username=user or None,
            password=password or None,
            keepalive_s=broker.keepalive_s,
        )
        outside = MqttSettings(
            host=host,
            port=broker.port,
            identifier="vigil-hub-out",
            username=user or None,
            password=password or None,
            keepalive_s=broker.keepalive_s,
            presence_topic=f"{ROOT}/hub",
        )
        incoming = MqttAdapter(
            settings, on_message=self._received, on_link=self._link_changed, rng=rng
        )
        out = MqttAdapter(outside, on_message=lambda _: None, on_link=lambda _: None, rng=rng)
        self.outgoing = Outgoing(out)
        self.gateway = Gateway(self.hub, incoming, self.outgoing)
        self._go(incoming.run(), "mqtt in")
        self._go(out.run(), "mqtt out")
        self._go(self.outgoing.run(), "publish")
        self._go(self.gateway.run_acks(), "acks")
        self._broker_lost("not connected yet")

    def _received(self, incoming: object) -> None:
        if self.gateway is not None:
            self.gateway.received(incoming)  # type: ignore[arg-type]

    # --- conditions ---------------------------------------------------------------------------

    def _store_changed(self, change: Change) -> None:
        self.loop.call_soon_threadsafe(self._record_changed, change)

    def _record_changed(self, change: Change) -> None:
        self.hub.recording_changed(change)
        structlog.contextvars.clear_contextvars()
        if not self.hub.recording:
            structlog.contextvars.bind_contextvars(RECORDING_STOPPED=self.hub.record_fault)

    def _no_sound(self, missing: bool, reason: str) -> None:
        self.hub.condition("sound", present=missing, detail=reason)

    def _link_changed(self, change: LinkChange) -> None:
        if change.subscribed:
            if self._broker_down is not None:
                self._broker_down.cancel()
                self._broker_down = None
            self.hub.condition("broker", present=False, detail="connected")
        elif not change.connected:
            self._broker_lost(change.reason)

    def _broker_lost(self, reason: str) -> None:
        if self._broker_down is None:
            self._broker_down = self.loop.call_later(
                _BROKER_GRACE_S,
                lambda: self.hub.condition("broker", present=True, detail=reason),
            )

    # --- each second --------------------------------------------------------------------------

    async def _beat_on(self) -> None:
        while True:
            self._settle_clock()
            if self.gateway is not None:
                for bed in self.ward.beds.values():
                    self.gateway.publish_snapshot(bed)
            if self.beat is not None and not self.beat.send(self._heartbeat()):
                log.error("nobody supervises this hub any more")
                self.beat = None
            await asyncio.sleep(_BEAT_S)

    def _heartbeat(self) -> Heartbeat:
        pages = tuple(
            Page(contact.name, way.channel, way.address, bed.opened.mode.value)
            for bed in self.ward.beds.values()
            for contact in bed.opened.patient.contacts
            if contact.role in (Role.COMPANION, Role.PHYSICIAN, Role.BACKUP)
            for way in contact.ways
        )
        return Heartbeat(
            session_open=bool(self.ward.beds),
            record=sum(bed.n for bed in self.ward.beds.values()),
            next_deadline_ms=self.ward.next_deadline(),
            pages=pages,
        )

    def _settle_clock(self) -> None:
        """The wall clock is set at last: hub time moves forward by what was missing."""
        one = self._unsettled
        if one is None:
            return
        stamp = self.clock.stamp()
        if not (one.stamp.wall_synced and stamp.wall_synced):
            return
        self._unsettled = None
        gap_ms = max(0, (stamp.wall_ms - one.stamp.wall_ms) - (stamp.at_ms - one.stamp.at_ms))
        self.clock.move_forward(gap_ms)
        for session in self.ward.beds:
            self.hub.tell(session, lambda at_ms: ClockSettled(at_ms=at_ms, gap_ms=gap_ms))

    # --- stop ---------------------------------------------------------------------------------

    async def stop(self) -> None:
        """End so that nothing that was decided is lost, and no session goes in silence."""
        for bed in list(self.ward.beds.values()):
            self.hub.tell(
                bed.session,
                lambda at_ms: Ended(
                    at_ms=at_ms, by="hub", role=Role.VIEWER, reason="the hub is being stopped"
                ),
            )
        await asyncio.sleep(0.2)
        left = await self.sender.drain(_DRAIN_S)
        if left:
            log.error("messages were still under way", count=left)
        await self.control.close()
        if self.gateway is not None:
            self.gateway.flush_acks()
            await self.outgoing.drain(2.0)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.speaker is not None:
            await self.speaker.close()
        await self.webhook.close()
        unwritten = await asyncio.to_thread(self.store.close)
        if unwritten:
            log.error("records could not be written", count=unwritten)

    def _go(self, coroutine: "asyncio.Future[None] | object", name: str) -> None:
        task: asyncio.Task[None] = asyncio.create_task(coroutine, name=name)  # type: ignore[arg-type]
        task.add_done_callback(self._part_ended)
        self.tasks.append(task)

    def _part_ended(self, task: "asyncio.Task[None]") -> None:
        """A part that ends by itself is our bug: stop, so that the supervisor starts us again."""
        if not task.cancelled() and not self.stopping.is_set():
            log.critical(
                "a part of the hub ended", part=task.get_name(), error=repr(task.exception())
            )
            self.failed = True
            self.stopping.set()

    failed = False

    def _secret(self, path: str) -> str | None:
        return (self.base / path).read_text("utf-8").strip() if path else None


def _engine_fault(fault: str) -> Callable[[int], Event]:
    def make(at_ms: int) -> HubCondition:
        return HubCondition(at_ms=at_ms, condition="engine:recovery", present=True, detail=fault)

    return make


async def run_hub(config: Config, base: Path, speed: float) -> int:
    """Run the hub until it is asked to stop; returns the exit code."""
    house = House(config, base, speed)
    for number in (signal.SIGTERM, signal.SIGINT):
        house.loop.add_signal_handler(number, house.stopping.set)
    await house.start()
    log.info("hub runs", data_dir=str(house.data_dir), speed=speed)
    await house.stopping.wait()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_S + 4):
            await house.stop()
    return 1 if house.failed else 0
