"""A device on MQTT that loses nothing: it sends readings and keeps each until the hub's ack.

The broker is the outside thing. The publisher stamps each report with its own boot and number,
sends it at QoS 1 on `vigil/v1/reading/<device>`, listens on `vigil/v1/ack/<device>`, says on
`vigil/v1/status/<device>` that it is there, and after every new connection sends again all that no
ack has named. What it must keep is decided in `outbox`.

    publisher = ReadingPublisher("127.0.0.1", 1883, device="ox-1", boot_id="b1", rng=Random(1))
    publisher.put(report)
    await publisher.run()     # until cancelled
"""

import asyncio
import random

import msgspec

from devices.ack import decode_ack
from devices.mqtt import MqttAdapter
from devices.mqtt_link import Incoming, LinkChange, MqttSettings, NotSentError
from devices.observation import DeviceReport
from devices.outbound import encode_reading
from devices.strict_json import Malformed
from devices.topic import Inbound, ack_topic, inbound_topic
from simulators.outbox import Outbox

__all__ = ["RESEND_MS", "ReadingPublisher"]

RESEND_MS = 5_000
"""A reading that was sent this long ago and is in no ack goes out again."""

_LOOK_S = 1.0


class ReadingPublisher:
    """One device of one boot. All methods belong to the loop that runs `run`."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        device: str,
        boot_id: str,
        rng: random.Random,
        login: tuple[str, str] | None = None,
    ) -> None:
        user, password = login or (None, None)
        self.outbox = Outbox(boot_id)
        self.malformed_acks = 0
        self.link = LinkChange(False, False, "not started")
        self._topic = inbound_topic(Inbound.READING, device)
        self._wake = asyncio.Event()
        settings = MqttSettings(
            host=host,
            port=port,
            identifier=f"vigil-device-{device}",
            subscriptions=(ack_topic(device),),
            username=user,
            password=password,
            presence_topic=inbound_topic(Inbound.STATUS, device),
        )
        self._adapter = MqttAdapter(settings, on_message=self._heard, on_link=self._linked, rng=rng)

    def put(self, report: DeviceReport) -> int:
        """Keep and send one report; its boot_id and seq become ours. Returns the seq.

        Raises:
            OutboxFullError: too many readings wait for an ack; this one was not taken.
        """
        box = self.outbox
        named = msgspec.structs.replace(report, boot_id=box.boot_id, seq=box.next_seq, digest=None)
        seq = box.keep(encode_reading(named))
        self._wake.set()
        return seq

    async def run(self) -> None:
        """Keep the connection and send what is due, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._adapter.run())
            group.create_task(self._send())

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            if self.link.subscribed:
                for seq, payload in self.outbox.due(round(loop.time() * 1000), RESEND_MS):
                    try:
                        await self._adapter.publish(self._topic, payload)
                    except NotSentError:
                        break  # still kept: the next connection, or the next look, sends it
                    self.outbox.sent(seq, round(loop.time() * 1000))
            try:
                async with asyncio.timeout(_LOOK_S):
                    await self._wake.wait()
            except TimeoutError:
                continue  # time to look whether something must be sent again

    def _heard(self, incoming: Incoming) -> None:
        try:
            self.outbox.cover(decode_ack(incoming.payload))
        except Malformed:
            self.malformed_acks += 1
        self._adapter.acknowledge(incoming.token)

    def _linked(self, change: LinkChange) -> None:
        if change.subscribed and not self.link.subscribed:
            self.outbox.reconnected()
            self._wake.set()
        self.link = change
