"""The words between the MQTT shell and whoever uses it: settings, messages, tokens, link changes.

Values only, so that a hub or a test can speak of a connection without having one.

>>> LinkChange(connected=False, subscribed=False, reason="refused").reason
'refused'
"""

from typing import NamedTuple

from msgspec import Struct

__all__ = [
    "Incoming",
    "LinkChange",
    "MqttLibraryError",
    "MqttSettings",
    "NotSentError",
    "Token",
]


class MqttLibraryError(RuntimeError):
    """The installed aiomqtt or paho-mqtt lost what manual acknowledgement needs."""


class NotSentError(OSError):
    """A publish did not reach the broker, or nobody knows whether it did; it says why."""


class Token(NamedTuple):
    """Names one received message until it is acknowledged."""

    connection: int
    number: int


class Incoming(NamedTuple):
    """One message as it came."""

    topic: str
    payload: bytes
    retained: bool
    token: Token


class LinkChange(NamedTuple):
    """The link as it is now. `subscribed` comes after `connected`, sometimes much later."""

    connected: bool
    subscribed: bool
    reason: str


class MqttSettings(Struct, frozen=True, kw_only=True):
    """Where the broker is and who we are there.

    `identifier` must stay the same for ever: the broker keeps what came while we were away under
    it. `presence_topic` is kept retained: `online` while we are, `offline` by our last will,
    `stopped` when we leave.
    """

    host: str
    port: int
    identifier: str
    subscriptions: tuple[str, ...] = ()
    username: str | None = None
    password: str | None = None
    keepalive_s: int = 5
    presence_topic: str | None = None
    online: bytes = b'{"online":true}'
    offline: bytes = b'{"online":false,"reason":"connection lost"}'
    stopped: bytes = b'{"online":false,"reason":"stopped"}'
