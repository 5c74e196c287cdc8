"""Between the broker and the hub: readings and words in, acks, alarms and snapshots out.

A message that is refused goes to quarantine by the name of its reason, is counted, and counts as
missing data; its sender is told so. A message is acknowledged only after its event is committed (or
recording has failed, which everybody is told). What goes out has a connection of its own, because a
broker with a full window holds back its answers.

    gateway = Gateway(hub, incoming, outgoing)
    gateway.received(Incoming("vigil/v1/reading/ox-1", b"{...}", False, token))
"""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from devices.ack import MAX_ENTRIES, MAX_REFUSED, Refusal, ack_for, encode_ack, refusal_of
from devices.command import Command, PersonCheckIn
from devices.inbound import decode
from devices.mqtt import MqttAdapter
from devices.mqtt_link import Incoming, Token
from devices.observation import DeviceReport
from devices.payload import DeviceStatusReport
from devices.strict_json import Malformed
from devices.topic import ROOT, ack_topic, alarm_topic, snapshot_topic
from monitor.effects import AlarmChanged, Effect, Refused
from monitor.events import DeviceStatus, Event, Reading
from monitor.hub import Hub, Taken
from monitor.orders import check_in_event, event_of, who, why_not
from monitor.outgoing import Outgoing
from monitor.snapshot import snapshot
from monitor.ward import Bed

__all__ = ["Gateway"]

_ACK_EVERY_S = 0.1

log = structlog.get_logger("vigil.gateway")


class Gateway:
    """Speaks for the hub on MQTT. All methods belong to the hub's loop."""

    def __init__(self, hub: Hub, adapter: MqttAdapter, outgoing: Outgoing) -> None:
        self.hub = hub
        self.adapter = adapter
        self.outgoing = outgoing
        self._recorded: dict[str, list[tuple[str, int]]] = {}
        self._digests: dict[str, list[str]] = {}
        self._refused: dict[str, list[Refusal]] = {}

    # --- in -----------------------------------------------------------------------------------

    def received(self, incoming: Incoming) -> None:
        """Take one message from the broker."""
        try:
            message = decode(incoming.topic, incoming.payload, retained=incoming.retained)
        except Malformed as error:
            self._quarantine(incoming, error.reason.value, error.detail)
            self._refuse_reading(incoming, error)
            return
        if isinstance(message, DeviceReport):
            self._report(incoming, message)
        elif isinstance(message, DeviceStatusReport):
            self._status(incoming, message)
        else:
            self._person(incoming, message)

    def _report(self, incoming: Incoming, report: DeviceReport) -> None:
        bed = self.hub.ward.bed_of(report.device)
        if bed is None:
            why = f"device {report.device} is bound to no open session"
            self._quarantine(incoming, "unbound device", why)
            self._acks(report)
            return
        wall_ms = self.hub.clock.stamp().wall_ms if self.hub.clock.speed == 1.0 else None
        received_ms = self.hub.clock.now_ms()

        def make(at_ms: int) -> Event:
            return Reading(at_ms=at_ms, report=report, wall_ms=wall_ms, received_ms=received_ms)

        def done(taken: Taken) -> None:
            self._acknowledge(incoming.token)
            if taken.recorded:
                self._acks(report)

        self._tell(bed, make, done, incoming)

    def _status(self, incoming: Incoming, status: DeviceStatusReport) -> None:
        bed = self.hub.ward.bed_of(status.device)
        if bed is None:
            # Retained: it is told again to whoever opens a session with this device.
            self._acknowledge(incoming.token)
            return

        def make(at_ms: int) -> Event:
            return DeviceStatus(
                at_ms=at_ms, device=status.device, online=status.online, reason=status.reason
            )

        self._tell(bed, make, lambda _: self._acknowledge(incoming.token), incoming)

    def _person(self, incoming: Incoming, message: PersonCheckIn | Command) -> None:
        order = message.order if isinstance(message, Command) else None
        session = message.session if isinstance(message, PersonCheckIn) else order.session  # type: ignore[union-attr]
        mode = message.mode if isinstance(message, PersonCheckIn) else order.mode  # type: ignore[union-attr]
        bed = self.hub.ward.beds.get(session)
        if bed is None:
            self._quarantine(incoming, "no such session", f"no session {session} is open")
            return
        person = who(bed.opened.patient, message.person)
        why = why_not(mode, bed.opened.mode)
        if person is None:
            why = f"{message.person} is not one of the people of session {session}"
        if why is not None or person is None:
            self._quarantine(incoming, "not allowed", why or "")
            return

        def make(at_ms: int) -> Event:
            if isinstance(message, PersonCheckIn):
                return check_in_event(message, *person, at_ms)
            return event_of(message.order, *person, at_ms)

        self._tell(bed, make, lambda _: self._acknowledge(incoming.token), incoming)

    def _tell(
        self,
        bed: Bed,
        make: Callable[[int], Event],
        done: Callable[[Taken], None],
        incoming: Incoming,
    ) -> None:
        if not self.hub.tell(bed.session, make, done):
            # Not acknowledged: the broker keeps it and holds back, until the next connection.
            log.error("the inbox is full", topic=incoming.topic)

    def _acknowledge(self, token: Token) -> None:
        self.adapter.acknowledge(token)

    def _quarantine(self, incoming: Incoming, reason: str, detail: str) -> None:
        hub = self.hub
        hub.count(reason)
        log.warning("message refused", topic=incoming.topic[:120], reason=reason, detail=detail)
        kept = asyncio.wrap_future(
            hub.store.quarantine(incoming.topic[:200], reason, incoming.payload, hub.clock.now_ms())
        )
        kept.add_done_callback(lambda _: self._acknowledge(incoming.token))

    # --- out ----------------------------------------------------------------------------------

    def _refuse_reading(self, incoming: Incoming, error: Malformed) -> None:
        head = f"{ROOT}/reading/"
        if incoming.topic.startswith(head):
            device = incoming.topic.removeprefix(head)
            self._refused.setdefault(device, []).append(refusal_of(incoming.payload, error))

    def _acks(self, report: DeviceReport) -> None:
        if report.boot_id is not None and report.seq is not None:
            self._recorded.setdefault(report.device, []).append((report.boot_id, report.seq))
        elif report.digest is not None:
            self._digests.setdefault(report.device, []).append(report.digest)

    async def run_acks(self) -> None:
        """Tell devices what is recorded, ten times a second."""
        while True:
            await asyncio.sleep(_ACK_EVERY_S)
            self.flush_acks()

    def flush_acks(self) -> None:
        """Publish what is recorded since the last time."""
        for device in {*self._recorded, *self._digests, *self._refused}:
            recorded = self._recorded.pop(device, [])
            digests = self._digests.pop(device, [])
            refused = self._refused.pop(device, [])
            try:
                topic = ack_topic(device)
            except ValueError:
                continue
            while recorded or digests or refused:
                ack = ack_for(recorded[:MAX_ENTRIES], digests[:MAX_ENTRIES], refused[:MAX_REFUSED])
                self.outgoing.put(topic, encode_ack(ack), retain=False)
                del recorded[:MAX_ENTRIES], digests[:MAX_ENTRIES], refused[:MAX_REFUSED]

    def publish_effects(self, bed: Bed, effects: list[Effect]) -> None:
        """Publish alarm lines and refusals, after their commit."""
        topic = alarm_topic(bed.session)
        for effect in effects:
            if isinstance(effect, AlarmChanged | Refused):
                self.outgoing.put(topic, msgspec.json.encode(effect), retain=False)

    def publish_snapshot(self, bed: Bed) -> None:
        """Publish what a screen shows now; the broker keeps the last one."""
        now_ms = max(self.hub.clock.now_ms(), bed.engine.now_ms)
        view = snapshot(bed.engine, now_ms, record=bed.n, recording=self.hub.recording)
        self.outgoing.put(snapshot_topic(bed.session), msgspec.json.encode(view), retain=True)
