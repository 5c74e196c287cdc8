"""Between the broker and the hub: readings and words in, acks, alarms and snapshots out.

A message that is refused goes to quarantine by the name of its reason, is counted, and counts as
missing data; its sender is told so. A message is acknowledged only after its event is committed (or
recording has failed, which everybody is told). One that the hub cannot take now waits here, in
order, and holds the broker back. What goes out has a connection of its own, because a broker with a
full window holds back its answers.

    gateway = Gateway(hub, incoming.acknowledge, outgoing, texts)
    gateway.received(Incoming("vigil/v1/reading/ox-1", b"{...}", False, token))
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import msgspec
import structlog

from alerts.condition import Priority
from alerts.texts import Texts
from devices.ack import Refusal, refusal_of
from devices.command import Command, PersonCheckIn
from devices.inbound import decode
from devices.mqtt_link import Incoming, Token
from devices.observation import DeviceReport, Mode
from devices.payload import DeviceStatusReport, digest_of
from devices.strict_json import Malformed
from devices.topic import ROOT, alarm_topic, snapshot_topic
from monitor.acks import Acks
from monitor.effects import AlarmChanged, Effect, Refused, RehearsalChanged, TestSound
from monitor.events import DeviceStatus, Event, Reading
from monitor.hands import Make, Taken
from monitor.hub import Hub
from monitor.orders import check_in_event, event_of, who, why_not
from monitor.outgoing import Outgoing
from monitor.snapshot import snapshot
from monitor.ward import Bed

__all__ = ["Gateway"]

_EVERY_S = 0.1
_MOST_STATUSES = 1_000
_WHY = 200
_PUBLISHED = (AlarmChanged, Refused, RehearsalChanged)
_READING = f"{ROOT}/reading/"

log = structlog.get_logger("vigil.gateway")


class _Waiting(NamedTuple):
    """A message that the hub's inbox had no room for."""

    session: str
    make: Make
    done: Callable[[Taken], None]
    token: Token


class Gateway:
    """Speaks for the hub on MQTT. All methods belong to the hub's loop."""

    def __init__(
        self, hub: Hub, acknowledge: Callable[[Token], bool], outgoing: Outgoing, texts: Texts
    ) -> None:
        self.hub = hub
        self.texts = texts
        self.outgoing = outgoing
        self._acknowledge = acknowledge
        self._acks = Acks()
        self._waiting: deque[_Waiting] = deque()
        self._connection = 0
        self._statuses: dict[str, DeviceStatusReport] = {}

    # --- in -----------------------------------------------------------------------------------

    def received(self, incoming: Incoming) -> None:
        """Take one message from the broker."""
        if incoming.token.connection != self._connection:
            # What waited came on a connection that is gone: the broker sends it again.
            self._connection = incoming.token.connection
            self._waiting.clear()
        try:
            message = decode(incoming.topic, incoming.payload, retained=incoming.retained)
        except Malformed as error:
            refusal = refusal_of(incoming.payload, error)
            self._quarantine(incoming, error.reason.value, error.detail, refusal)
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
            self._not_taken(incoming, "unbound_device", why)
            return
        clock = self.hub.clock
        wall_ms = clock.stamp().wall_ms if clock.speed == 1.0 else None
        received_ms = clock.now_ms()

        def make(at_ms: int) -> Event:
            return Reading(at_ms=at_ms, report=report, wall_ms=wall_ms, received_ms=received_ms)

        self._tell(bed.session, make, incoming, report)

    def _status(self, incoming: Incoming, status: DeviceStatusReport) -> None:
        if len(self._statuses) < _MOST_STATUSES or status.device in self._statuses:
            # The broker tells a retained status once: it is kept for a session that opens later.
            self._statuses[status.device] = status
        bed = self.hub.ward.bed_of(status.device)
        if bed is None:
            self._acknowledge(incoming.token)
        else:
            self._tell(bed.session, _status_event(status), incoming)

    def opened(self, bed: Bed) -> None:
        """A session is open: what is known of its devices' links is news to it."""
        for device in bed.opened.patient.devices:
            status = self._statuses.get(device.id)
            if status is not None:
                self.hub.at_once(bed, _status_event(status))

    def _person(self, incoming: Incoming, message: PersonCheckIn | Command) -> None:
        told = message if isinstance(message, PersonCheckIn) else message.order
        bed = self.hub.ward.beds.get(told.session)
        if bed is None:
            self._not_taken(incoming, "no_such_session", f"no session {told.session} is open")
            return
        person = who(bed.opened.patient, message.person)
        why = why_not(told.mode, bed.opened.mode)
        if why is None and person is None:
            why = f"{message.person} is not one of the people of session {told.session}"
        if why is not None or person is None:
            self._not_taken(incoming, "not_allowed", why or "")
            return
        name, role = person

        def make(at_ms: int) -> Event:
            if isinstance(message, PersonCheckIn):
                return check_in_event(message, name, role, at_ms)
            return event_of(message.order, name, role, at_ms)

        self._tell(bed.session, make, incoming)

    def _tell(
        self, session: str, make: Make, incoming: Incoming, report: DeviceReport | None = None
    ) -> None:
        """Hand an event to the hub; its answer is the only thing that acknowledges."""

        def done(taken: Taken) -> None:
            if taken.why:
                self._not_taken(incoming, "not_taken", taken.why)
                return
            self._acknowledge(incoming.token)
            if taken.recorded and report is not None:
                self._acks.recorded(report)

        if self._waiting or not self.hub.tell(session, make, done):
            self._waiting.append(_Waiting(session, make, done, incoming.token))

    def _retry(self) -> None:
        """Hand over what waits, in order, as far as there is room."""
        while self._waiting and self.hub.tell(*self._waiting[0][:3]):
            self._waiting.popleft()

    def _not_taken(self, incoming: Incoming, reason: str, why: str) -> None:
        refusal = Refusal(digest_of(incoming.payload), reason, why[:_WHY])
        self._quarantine(incoming, reason, why, refusal)

    def _quarantine(self, incoming: Incoming, reason: str, detail: str, refusal: Refusal) -> None:
        hub = self.hub
        hub.count(reason)
        log.warning("message refused", topic=incoming.topic[:120], reason=reason, detail=detail)
        kept = asyncio.wrap_future(
            hub.store.quarantine(incoming.topic[:200], reason, incoming.payload, hub.clock.now_ms())
        )

        def answered(_: "asyncio.Future[bool]") -> None:
            self._acknowledge(incoming.token)
            if incoming.topic.startswith(_READING):
                self._acks.refused(incoming.topic.removeprefix(_READING), refusal)

        kept.add_done_callback(answered)

    # --- out ----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Ten times a second: what waits goes in, and devices are told what is recorded."""
        while True:
            await asyncio.sleep(_EVERY_S)
            self._retry()
            self.flush_acks()

    def flush_acks(self) -> None:
        """Publish what was recorded or refused since the last time."""
        for topic, payload in self._acks.take():
            self.outgoing.put(topic, payload, retain=False)

    def publish_effects(self, bed: Bed, effects: list[Effect]) -> None:
        """Publish lines of alarms and rehearsals, and refusals.

        `"recorded": false` when they are not on the disk. The number of a test sound is told in a
        demonstration only: a simulated companion has no other ears.
        """
        topic, is_demo = alarm_topic(bed.session), bed.opened.mode is Mode.DEMO
        for effect in effects:
            if isinstance(effect, _PUBLISHED) or (is_demo and isinstance(effect, TestSound)):
                line = msgspec.to_builtins(effect)
                if not self.hub.recording:
                    line["recorded"] = False
                urgent = isinstance(effect, AlarmChanged) and effect.priority is Priority.HIGH
                payload = msgspec.json.encode(line)
                self.outgoing.put(topic, payload, retain=False, urgent=urgent)

    def publish_snapshot(self, bed: Bed) -> None:
        """Publish what a screen shows now; the broker keeps the last one."""
        now_ms = max(self.hub.clock.now_ms(), bed.engine.now_ms)
        view = snapshot(bed.engine, now_ms, self.texts, record=bed.n, recording=self.hub.recording)
        self.outgoing.put(snapshot_topic(bed.session), msgspec.json.encode(view), retain=True)


def _status_event(status: DeviceStatusReport) -> Make:
    def make(at_ms: int) -> Event:
        return DeviceStatus(
            at_ms=at_ms,
            device=status.device,
            online=status.online,
            reason=status.reason,
            battery_pct=status.battery_pct,
        )

    return make
