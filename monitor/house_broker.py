"""The hub's two MQTT connections, joined to the gateway: a piece of the wiring.

One connection reads and acknowledges, the other publishes, so that a slow broker never holds back
an acknowledgement. It decides nothing; where the broker is comes from the settings.

    gateway = connect_broker(hub, parts, config, base, data_dir, texts)
"""

import random
from pathlib import Path
from typing import Any

from alerts.texts import Texts
from devices.broker import credentials
from devices.mqtt import MqttAdapter
from devices.mqtt_link import Incoming, MqttSettings
from devices.topic import ROOT, SUBSCRIPTIONS
from monitor.broker_watch import BrokerWatch
from monitor.config import BrokerMode, Config
from monitor.gateway import Gateway
from monitor.hub import Hub
from monitor.outgoing import Outgoing
from monitor.parts import Parts

__all__ = ["connect_broker"]


def connect_broker(
    hub: Hub, parts: Parts, config: Config, base: Path, data_dir: Path, texts: Texts
) -> Gateway | None:
    """Start both connections and the gateway between them; None when no broker is set.

    Raises:
        BrokerError, OSError: a password cannot be read.
    """
    if config.broker.mode is BrokerMode.NONE:
        hub.condition("broker", present=False, detail="no broker is set")
        return None
    gateway: Gateway | None = None

    def received(incoming: Incoming) -> None:
        if gateway is not None:
            gateway.received(incoming)

    watch = BrokerWatch(hub)
    rng = random.Random()  # noqa: S311 - spreads reconnections, hides nothing
    login = _login(config, base, data_dir)
    settings = MqttSettings(identifier="vigil-hub", subscriptions=SUBSCRIPTIONS, **login)
    incoming = MqttAdapter(settings, on_message=received, on_link=watch.changed, rng=rng)
    settings = MqttSettings(identifier="vigil-hub-out", presence_topic=f"{ROOT}/hub", **login)
    out = MqttAdapter(settings, on_message=lambda _: None, on_link=lambda _: None, rng=rng)
    outgoing = Outgoing(out.publish)
    gateway = Gateway(hub, incoming.acknowledge, outgoing, texts)
    parts.go(incoming.run(), "mqtt in")
    parts.go(out.run(), "mqtt out")
    parts.go(outgoing.run(), "publish")
    parts.go(gateway.run(), "gateway")
    return gateway


def _login(config: Config, base: Path, data_dir: Path) -> dict[str, Any]:
    """How to reach the broker, for each of the two connections."""
    broker = config.broker
    if broker.mode is BrokerMode.EMBEDDED:
        host = "127.0.0.1"
        user, password = credentials(data_dir)
    else:
        host, user, password = broker.host, broker.user, ""
        if broker.password_file:
            password = (base / broker.password_file).read_text("utf-8").strip()
    return {
        "host": host,
        "port": broker.port,
        "username": user or None,
        "password": password or None,
        "keepalive_s": broker.keepalive_s,
    }
