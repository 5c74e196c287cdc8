"""Who is connected to whom: the one place that knows every part of the running hub.

It builds the parts from the settings, starts them in order (record, recovered sessions, sound,
people, broker, control), and stops them so that nothing that was decided is lost. It decides
nothing itself.

    await run_hub(config, base, speed=1.0)
"""

import asyncio
import random
import signal
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

from alerts.beat import Beat
from alerts.channel import Channel
from alerts.console import Console
from alerts.contact import Role
from alerts.signal import Pattern
from alerts.speaker import Speaker
from alerts.webhook import TokenError, Webhook, read_token
from devices.broker import BrokerError, credentials
from devices.mqtt import MqttAdapter
from devices.mqtt_link import MqttSettings
from devices.topic import ROOT, SUBSCRIPTIONS
from monitor.beats import heartbeat_of
from monitor.broker_watch import BrokerWatch
from monitor.clock import HubClock
from monitor.config import BrokerMode, Config
from monitor.control import ControlServer
from monitor.desk import Desk
from monitor.effects import CancelSend, Effect, Send
from monitor.events import Ended, Event
from monitor.gateway import Gateway
from monitor.hub import Hub
from monitor.journal import chain
from monitor.outgoing import Outgoing
from monitor.parts import Parts
from monitor.restart import find_open, now_after
from monitor.resume import Resume
from monitor.sender import Sender
from monitor.store import Change, Limits, Store, StoreError
from monitor.ward import Bed, Ward
from monitor.web import Web

__all__ = ["House", "run_hub"]

_BEAT_S = 1.0
# Together less than the 10 s after which the supervisor kills.
_LAST_WORDS_S = 4.0
_OUTCOMES_S = 0.1
_PUBLISHED_S = 1.0
_WRITTEN_S = 3.0
_CANNOT_START = 2

log = structlog.get_logger("vigil.house")


class House:
    """The running hub: parts and hands."""

    def __init__(self, config: Config, base: Path, speed: float) -> None:
        self.config = config
        self.base = base
        self.data_dir = base / config.hub.data_dir
        self.speed = speed
        self.loop = asyncio.get_running_loop()
        self.parts = Parts(self._bug)
        self.gateway: Gateway | None = None
        self.speaker: Speaker | None = None
        self.beat = Beat.from_environ()

    # --- hands --------------------------------------------------------------------------------

    def sound(self, pattern: Pattern) -> None:
        """Play this from now on."""
        if self.speaker is not None:
            self.speaker.play(pattern.value)

    def send(self, bed: Bed, send: Send, committed: "asyncio.Future[bool]") -> None:
        """Tell one person."""
        self.sender.send(bed, send, committed)

    def effects(self, bed: Bed, event: Event, effects: list[Effect]) -> None:
        """Carry out what cannot wait for the commit."""
        self.web.feed.decided(bed, event, effects)
        for effect in effects:
            if isinstance(effect, CancelSend):
                self.sender.cancel(effect.delivery)

    def committed(self, bed: Bed, effects: list[Effect]) -> None:
        """Publish what was decided."""
        self.web.feed.committed(bed)
        if self.gateway is not None:
            self.gateway.publish_effects(bed, effects)

    def closed(self, bed: Bed) -> None:
        """A session is over: its last picture goes out."""
        log.info("session over", session=bed.session, phase=bed.engine.chart.phase.value)
        self.web.feed.closed(bed)
        if self.gateway is not None:
            self.gateway.publish_snapshot(bed)

    # --- start --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Build and start everything, in order.

        Raises:
            StoreError: another hub holds the data folder.
            BrokerError, TokenError, OSError: a file that the settings name cannot be used.
        """
        record, alarm = self.config.record, self.config.alarm
        limits = Limits(
            batch=record.batch_limit, stall_s=record.stall_ms / 1000, keep_ms=record.keep_ms
        )
        token_file = alarm.webhook_token_file
        token = read_token(self.base / token_file) if token_file else None
        self.store = Store(self.data_dir, chain, self._store_changed, limits)
        unreadable: list[str] = []
        found = find_open(self.data_dir, unreadable)
        plain = HubClock()
        stamp = plain.stamp()
        at_ms, down_ms = now_after(found, stamp)
        self.clock = HubClock(at_ms - stamp.boottime_ms, self.speed)
        self.ward = Ward(self.config.hub.max_sessions)
        self.hub = Hub(
            self.clock, self.ward, self.store, self, inbox_limit=self.config.hub.inbox_limit
        )
        self._mark_log()
        self.loop.set_exception_handler(self.parts.callback_failed)
        if alarm.speaker:
            self.speaker = Speaker(self._no_sound)
        self.webhook = Webhook(
            token, alarm.webhook_connect_ms / 1000, alarm.webhook_total_ms / 1000
        )
        channels: dict[str, Channel] = {"console": Console(sys.stderr), "webhook": self.webhook}
        self.sender = Sender(channels, self.hub, record.intent_wait_ms)
        self.web = Web(self.hub, self.config, self.base)
        self.resume = Resume(self.hub, found, unreadable, down_ms)
        self.resume.take_up()
        self._connect()
        desk = Desk(
            self.hub,
            self.base / self.config.patients.dir,
            self.base / self.config.plans.dir,
            self.data_dir,
            self._opened,
            self.web.requests,
        )
        self.control = ControlServer(self.data_dir, desk.answer)
        await self.control.start()
        self.parts.go(self.hub.run(), "loop")
        self.parts.go(self._beat_on(), "beat")
        self.parts.go(self.web.run(desk), "web")

    def _opened(self, bed: Bed) -> None:
        log.info("session open", session=bed.session, mode=bed.opened.mode.value)
        if self.gateway is not None:
            self.gateway.opened(bed)

    def _connect(self) -> None:
        broker = self.config.broker
        if broker.mode is BrokerMode.NONE:
            self.hub.condition("broker", present=False, detail="no broker is set")
            return
        watch = BrokerWatch(self.hub)
        rng = random.Random()  # noqa: S311 - spreads reconnections, hides nothing
        login = self._login()
        settings = MqttSettings(identifier="vigil-hub", subscriptions=SUBSCRIPTIONS, **login)
        incoming = MqttAdapter(settings, on_message=self._received, on_link=watch.changed, rng=rng)
        settings = MqttSettings(identifier="vigil-hub-out", presence_topic=f"{ROOT}/hub", **login)
        out = MqttAdapter(settings, on_message=lambda _: None, on_link=lambda _: None, rng=rng)
        self.outgoing = Outgoing(out.publish)
        self.gateway = Gateway(self.hub, incoming.acknowledge, self.outgoing)
        self.parts.go(incoming.run(), "mqtt in")
        self.parts.go(out.run(), "mqtt out")
        self.parts.go(self.outgoing.run(), "publish")
        self.parts.go(self.gateway.run(), "gateway")

    def _login(self) -> dict[str, Any]:
        """How to reach the broker, for each of the two connections."""
        broker = self.config.broker
        if broker.mode is BrokerMode.EMBEDDED:
            host = "127.0.0.1"
            user, password = credentials(self.data_dir)
        else:
            host, user, password = broker.host, broker.user, ""
            if broker.password_file:
                password = (self.base / broker.password_file).read_text("utf-8").strip()
        return {
            "host": host,
            "port": broker.port,
            "username": user or None,
            "password": password or None,
            "keepalive_s": broker.keepalive_s,
        }

    def _received(self, incoming: Any) -> None:
        if self.gateway is not None:
            self.gateway.received(incoming)

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

    def _bug(self, detail: str) -> None:
        self.hub.condition("engine:callback", present=True, detail=detail, passing=True)

    def _no_sound(self, missing: bool, reason: str) -> None:
        self.hub.condition("sound", present=missing, detail=reason)

    # --- each second --------------------------------------------------------------------------

    async def _beat_on(self) -> None:
        while True:
            self.resume.settle()
            self._show()
            if self.beat is not None and not self.beat.send(heartbeat_of(self.ward)):
                log.error("nobody supervises this hub any more")
                self.beat = None
            await asyncio.sleep(_BEAT_S)

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
        left = await self.sender.drain(_LAST_WORDS_S)
        if left:
            log.error("messages were still under way", count=left)
        await asyncio.sleep(_OUTCOMES_S)
        await self.control.close()
        self.web.close()
        if self.gateway is not None:
            self._show()
            self.gateway.flush_acks()
            left = await self.outgoing.drain(_PUBLISHED_S)
            if left:
                log.warning("not everything was published", count=left)
        await self.parts.end()
        if self.speaker is not None:
            await self.speaker.close()
        await self.webhook.close()
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
    except (StoreError, BrokerError, TokenError, OSError) as error:
        log.critical("the hub cannot start", why=str(error))
        return _CANNOT_START
    log.info("hub runs", data_dir=str(house.data_dir), speed=speed)
    await house.parts.stopping.wait()
    await house.stop()
    return 1 if house.parts.failed else 0
