"""The one MQTT connection: receives, acknowledges in order, publishes, and comes back by itself.

The broker is the outside thing that this shell touches. Four habits of brokers shape it:

* A PUBACK sent before the message is recorded loses the message at a crash, so acknowledgement is
  by hand, when the hub says so, and always in receipt order (`ack_order`).
* A broker with many waiting messages answers SUBSCRIBE only after some are acknowledged, so the
  reader runs from CONNACK on and SUBSCRIBE is awaited beside it.
* A broker with a full window may also hold back its PUBACK of what we publish on the same
  connection. So acknowledge first and publish after; what must go out in any case has a second
  adapter without subscriptions.
* Packet identifiers die with their connection, so a token of an old one is ignored: the broker
  sends that message again.

It never reads a payload, never decides, and never drops a message that wants an acknowledgement.
How many can wait is the broker's window (mosquitto 20, iotcore 100).

    adapter = MqttAdapter(settings, on_message=queue.put_nowait, on_link=print, rng=Random())
    await adapter.run()     # until cancelled
"""

import asyncio
import contextlib
import random
import socket
from collections.abc import Callable
from typing import Any

import aiomqtt
import paho.mqtt.client as paho

from devices.ack_order import AckOrder
from devices.backoff import delay_ms
from devices.mqtt_link import (
    Incoming,
    LinkChange,
    MqttLibraryError,
    MqttSettings,
    NotSentError,
    Token,
)

__all__ = ["MqttAdapter", "check_library"]

MAX_UNWANTED = 1_000
"""Most QoS 0 messages at work at once: the broker's window does not hold these back."""
STEADY_S = 5.0
"""A connection that lasted this long was a success: the next wait starts from the shortest."""
MAX_OUTGOING = 1_000
"""Most publishes waiting for their PUBACK; one more is refused at once."""

_TIMEOUT_S = 5.0
_NODELAY = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
_SUBACK_S = 30.0


class MqttAdapter:
    """Keeps one connection alive for as long as `run` runs. All methods belong to its loop.

    `on_message` and `on_link` must not block. An exception of theirs ends `run`: hiding it would
    hide lost messages.
    """

    def __init__(
        self,
        settings: MqttSettings,
        *,
        on_message: Callable[[Incoming], None],
        on_link: Callable[[LinkChange], None],
        rng: random.Random,
    ) -> None:
        self._settings = settings
        self._on_message = on_message
        self._on_link = on_link
        self._rng = rng
        self._client: aiomqtt.Client | None = None
        self._gone: asyncio.Future[str] | None = None  # done when the connection ends, with why
        self._stopping = False
        self._connection = 0
        self._order = AckOrder()
        self._unwanted: set[int] = set()
        self._lowest = 0
        self.refused_qos0 = 0

    @property
    def waiting(self) -> int:
        """Messages received on this connection and not yet acknowledged to the broker."""
        return len(self._order)

    async def run(self) -> None:
        """Connect, serve, and connect again, until cancelled.

        Raises:
            MqttLibraryError: at once, when the installed libraries cannot acknowledge by hand.
        """
        check_library()
        loop = asyncio.get_running_loop()
        self._stopping = False
        failures = 0
        while True:
            started = loop.time()
            reason = await self._session()
            if self._stopping:
                # Saying goodbye can fail with an error of its own, which must not undo the stop.
                raise asyncio.CancelledError
            failures = 0 if loop.time() - started >= STEADY_S else failures + 1
            wait_ms = delay_ms(failures, self._rng)
            self._on_link(LinkChange(False, False, f"{reason}; next try in {wait_ms} ms"))
            await asyncio.sleep(wait_ms / 1000)

    def acknowledge(self, token: Token) -> bool:
        """Say that a message is safe; its PUBACK leaves once all before it are safe too.

        Returns False for a message of an earlier connection: the broker will send it again.

        Raises:
            ValueError: this token was acknowledged before.
        """
        if token.connection != self._connection or self._client is None:
            return False
        if token.number < 0:
            if token.number not in self._unwanted:
                raise ValueError(f"{token} was acknowledged before")
            self._unwanted.remove(token.number)
            return True
        for mid in self._order.finish(token.number):
            _puback(self._client, mid)
        return True

    def reconnect(self, reason: str) -> None:
        """Drop the connection, so that the broker sends again whatever was not acknowledged.

        For a hub that could not take a message: unacknowledged, it would hold back all after it.
        """
        if self._gone is not None and not self._gone.done():
            self._gone.set_result(reason)

    async def publish(
        self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        """Publish, and for QoS 1 wait up to 5 s for the broker's PUBACK.

        Raises:
            NotSentError: no connection, no answer in time, or too many already waiting. The
                broker may still have it, so a sender that repeats must be idempotent.
        """
        client, gone = self._client, self._gone
        if client is None or gone is None:
            raise NotSentError(f"not connected to the broker, so {topic} was not sent")
        sending = asyncio.ensure_future(client.publish(topic, payload, qos, retain))
        try:
            either: set[asyncio.Future[Any]] = {sending, gone}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                raise NotSentError(f"the connection ended before the broker confirmed {topic}")
            sending.result()
        except aiomqtt.MqttError as error:
            raise NotSentError(f"{topic} was not sent: {error}") from error
        finally:
            sending.cancel()

    async def _session(self) -> str:
        """Serve one connection; return why it ended."""
        client = _new_client(self._settings)
        reason = "the connection ended"
        try:
            async with client:
                self._begin(client)
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(self._read(client))
                        group.create_task(self._subscribe(client))
                        group.create_task(self._dropped())
                except asyncio.CancelledError:
                    self._stopping = True
                    await self._leave(client)
                    raise
        except* aiomqtt.MqttError as errors:
            reason = str(errors.exceptions[0])
        finally:
            self._client = None
            if self._gone is not None:
                self._gone.cancel()
            _discard(client)
        return reason

    async def _leave(self, client: aiomqtt.Client) -> None:
        """Say goodbye: a graceful DISCONNECT makes the broker forget our last will."""
        settings = self._settings
        if settings.presence_topic is not None:
            # QoS 0 is written at once, before the DISCONNECT, and waits for nobody.
            await client.publish(settings.presence_topic, settings.stopped, 0, True)

    async def _dropped(self) -> None:
        if self._gone is not None:
            raise aiomqtt.MqttError(await self._gone)

    def _begin(self, client: aiomqtt.Client) -> None:
        self._connection += 1
        self._order = AckOrder()
        self._unwanted = set()
        self._client = client
        self._gone = asyncio.get_running_loop().create_future()
        self._on_link(LinkChange(True, False, "connected"))

    async def _read(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            if message.qos:
                number = self._order.receive(message.mid)
            elif len(self._unwanted) < MAX_UNWANTED:
                # Numbers below zero: they share the token's form and never meet the order.
                self._lowest -= 1
                number = self._lowest
                self._unwanted.add(number)
            else:
                self.refused_qos0 += 1
                continue
            token = Token(self._connection, number)
            topic, payload = str(message.topic), bytes(message.payload)
            self._on_message(Incoming(topic, payload, message.retain, token))

    async def _subscribe(self, client: aiomqtt.Client) -> None:
        settings = self._settings
        if settings.subscriptions:
            await self._suback(client)
        if settings.presence_topic is not None:
            # QoS 0, because a broker may hold its PUBACK back while messages wait for ours.
            await client.publish(settings.presence_topic, settings.online, 0, True)
        self._on_link(LinkChange(True, True, "subscribed"))

    async def _suback(self, client: aiomqtt.Client) -> None:
        wanted = [(topic, 1) for topic in self._settings.subscriptions]
        asked = asyncio.ensure_future(client.subscribe(wanted, timeout=float("inf")))
        try:
            # No SUBACK while messages wait for us is the broker's way; with none it is a fault.
            while not (await asyncio.wait({asked}, timeout=_SUBACK_S))[0]:
                if not self.waiting:
                    raise aiomqtt.MqttError(f"the broker gave no SUBACK in {_SUBACK_S:.0f} s")
            codes = [getattr(code, "value", code) for code in await asked]
        finally:
            asked.cancel()
        denied = [topic for (topic, _), code in zip(wanted, codes, strict=True) if code > 1]
        if denied:
            raise aiomqtt.MqttError(f"the broker refuses to let us read {', '.join(denied)}")


def check_library() -> None:
    """Check that messages can be acknowledged by hand.

    aiomqtt 2.5 has no public way to it, so its inner paho client is used; this is the only place
    in the project that does, and this check turns a silent loss into a refusal to start.

    Raises:
        MqttLibraryError: names the missing parts and the versions that have them.
    """
    needed = ("manual_ack_set", "ack", "_sock_close", "max_queued_messages_set")
    missing = [f"paho-mqtt Client.{name}" for name in needed if not hasattr(paho.Client, name)]
    names = aiomqtt.Client.__init__.__code__.co_names
    missing += [f"aiomqtt Client.{n}" for n in ("_client", "_disconnected") if n not in names]
    if missing:
        raise MqttLibraryError(
            f"manual acknowledgement needs {', '.join(missing)}, which the installed version "
            "lacks: install aiomqtt 2.5 with paho-mqtt 2.1 or 2.2 (docs/mqtt.md says why)"
        )


def _new_client(settings: MqttSettings) -> aiomqtt.Client:
    """Return a client for one connection: no identifier or queue of the last one lives on."""
    will = None
    if settings.presence_topic is not None:
        will = aiomqtt.Will(settings.presence_topic, settings.offline, 1, True)
    client = aiomqtt.Client(
        settings.host,
        settings.port,
        username=settings.username,
        password=settings.password,
        identifier=settings.identifier,
        clean_session=False,
        keepalive=settings.keepalive_s,
        timeout=_TIMEOUT_S,
        will=will,
        max_queued_outgoing_messages=MAX_OUTGOING,
        socket_options=_NODELAY,
    )
    client.pending_calls_threshold = MAX_OUTGOING
    client._client.manual_ack_set(True)  # noqa: SLF001 - see check_library
    # Whoever waits for it may be cancelled first; unread, asyncio would report it as forgotten.
    client._disconnected.add_done_callback(lambda gone: gone.cancelled() or gone.exception())  # noqa: SLF001
    return client


def _puback(client: aiomqtt.Client, mid: int) -> None:
    """Acknowledge one QoS 1 message of this client's connection."""
    client._client.ack(mid, 1)  # noqa: SLF001 - a dead socket shows itself to the reader


def _discard(client: aiomqtt.Client) -> None:
    """Close what a failed connection leaves open; closing twice is harmless."""
    with contextlib.suppress(OSError):
        client._client._sock_close()  # noqa: SLF001 - see check_library
