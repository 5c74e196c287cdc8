"""The shell refuses to start when the library under it can no longer acknowledge by hand.

What it does with real brokers is in tests/integration/test_mqtt.py.
"""

import random

import paho.mqtt.client as paho
import pytest

from devices.mqtt import MqttAdapter, check_library
from devices.mqtt_link import LinkChange, MqttLibraryError, MqttSettings, NotSentError, Token


def adapter(links: list[LinkChange]) -> MqttAdapter:
    """An adapter that has never connected."""
    settings = MqttSettings(host="127.0.0.1", port=1, identifier="hub")
    rng = random.Random(1)  # noqa: S311 - spreads waits
    return MqttAdapter(settings, on_message=lambda _: None, on_link=links.append, rng=rng)


def test_the_installed_library_is_good() -> None:
    """The locked versions have what is needed."""
    check_library()


async def test_a_library_that_changed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what is missing and which versions have it; nothing was tried."""
    monkeypatch.delattr(paho.Client, "manual_ack_set")
    links: list[LinkChange] = []
    with pytest.raises(MqttLibraryError) as caught:
        await adapter(links).run()
    expected = (
        "manual acknowledgement needs paho-mqtt Client.manual_ack_set, which the installed "
        "version lacks: install aiomqtt 2.5 with paho-mqtt 2.1 or 2.2 (docs/mqtt.md says why)"
    )
    assert (str(caught.value), links) == (expected, [])


async def test_without_a_connection_nothing_is_sent_or_acknowledged() -> None:
    """A publish fails at once and by name; a token of no connection acknowledges nothing."""
    idle = adapter([])
    with pytest.raises(NotSentError, match="not connected to the broker, so a/b was not sent"):
        await idle.publish("a/b", b"")
    assert (idle.acknowledge(Token(0, 0)), idle.waiting) == (False, 0)
