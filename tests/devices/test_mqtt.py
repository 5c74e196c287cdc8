"""The shell refuses to start when the library under it can no longer acknowledge by hand.

What it does with real brokers is in tests/integration/test_mqtt.py.
"""

import asyncio
import random

import aiomqtt
import paho.mqtt.client as paho
import pytest

from devices import mqtt as module
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


async def test_a_client_without_its_inner_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rewritten aiomqtt is noticed too."""
    monkeypatch.setattr(aiomqtt.Client, "__init__", lambda _: None)
    needed = r"needs aiomqtt Client\._client, aiomqtt Client\._disconnected, which"
    with pytest.raises(MqttLibraryError, match=needed):
        check_library()


class Broker:
    """A client whose SUBSCRIBE is answered as told; None is no answer."""

    def __init__(self, codes: list[int] | None) -> None:
        self.codes = codes

    async def subscribe(self, wanted: list[tuple[str, int]], *, timeout: float) -> list[int]:  # noqa: ASYNC109 - aiomqtt's
        """Answer or wait for ever."""
        assert (wanted, timeout) == ([("a/+", 1), ("b/+", 1)], float("inf"))
        if self.codes is None:
            await asyncio.get_running_loop().create_future()
        return self.codes or []


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ([1, 128], "the broker refuses to let us read b/+"),
        (None, "the broker gave no SUBACK in 0 s"),
    ],
)
async def test_a_subscription_that_does_not_come_ends_the_connection(
    codes: list[int] | None, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal, and silence with no message waiting, are faults with a name."""
    monkeypatch.setattr(module, "_SUBACK_S", 0.01)
    settings = MqttSettings(
        host="127.0.0.1", port=1, identifier="hub", subscriptions=("a/+", "b/+")
    )
    rng = random.Random(1)  # noqa: S311 - spreads waits
    hub = MqttAdapter(settings, on_message=lambda _: None, on_link=lambda _: None, rng=rng)
    with pytest.raises(aiomqtt.MqttError) as caught:
        await hub._suback(Broker(codes))  # type: ignore[arg-type]
    assert str(caught.value) == message
