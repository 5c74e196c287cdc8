"""The client library, bent to our needs in the only place that knows its insides.

aiomqtt 2.5 has no public way to acknowledge a message after it is recorded, so the paho client
inside it is used here, and nowhere else. `check_library` turns a version that changed underneath
into a refusal to start, because the other way is a silent loss.

It makes clients and never connects them; `mqtt` does.

    client = new_client(MqttSettings(host="127.0.0.1", port=1883, identifier="hub",
                                     subscriptions=("vigil/v1/reading/+",)))
"""

import contextlib
import socket

import aiomqtt
import paho.mqtt.client as paho
from msgspec import Struct

__all__ = [
    "MqttLibraryError",
    "MqttSettings",
    "check_library",
    "discard",
    "new_client",
    "puback",
]

MAX_OUTGOING = 1_000
"""Most publishes waiting for their PUBACK; one more is refused at once."""

_TIMEOUT_S = 5.0
_NODELAY = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)


class MqttLibraryError(RuntimeError):
    """The installed aiomqtt or paho-mqtt lost what manual acknowledgement needs."""


class MqttSettings(Struct, frozen=True, kw_only=True):
    """Where the broker is and who we are there.

    `identifier` must stay the same for ever: the broker keeps what came while we were away under
    it. `presence_topic` is kept retained: `online` while we are, `offline` by our last will,
    `stopped` when we leave.
    """

    host: str
    port: int
    identifier: str
    subscriptions: tuple[str, ...]
    username: str | None = None
    password: str | None = None
    keepalive_s: int = 5
    presence_topic: str | None = None
    online: bytes = b'{"online":true}'
    offline: bytes = b'{"online":false,"reason":"connection lost"}'
    stopped: bytes = b'{"online":false,"reason":"stopped"}'


def check_library() -> None:
    """Check that messages can be acknowledged by hand.

    aiomqtt 2.5 has no public way to it, so its inner paho client is used; this is the only place
    in the project that does, and this check turns a silent loss into a refusal to start.

    Raises:
        MqttLibraryError: names the missing parts and the versions that have them.
    """
    needed = ("manual_ack_set", "ack", "_sock_close", "max_queued_messages_set")
    missing = [f"paho-mqtt Client.{name}" for name in needed if not hasattr(paho.Client, name)]
    if "_client" not in aiomqtt.Client.__init__.__code__.co_names:
        missing.append("aiomqtt Client._client")
    if missing:
        raise MqttLibraryError(
            f"manual acknowledgement needs {', '.join(missing)}, which the installed version "
            "lacks: install aiomqtt 2.5 with paho-mqtt 2.1 or 2.2 (docs/mqtt.md says why)"
        )


def new_client(settings: MqttSettings) -> aiomqtt.Client:
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
    return client


def puback(client: aiomqtt.Client, mid: int) -> None:
    """Acknowledge one QoS 1 message of this client's connection."""
    client._client.ack(mid, 1)  # noqa: SLF001 - a dead socket shows itself to the reader


def discard(client: aiomqtt.Client) -> None:
    """Close what a failed connection leaves open; closing twice is harmless."""
    with contextlib.suppress(OSError):
        client._client._sock_close()  # noqa: SLF001 - see check_library
