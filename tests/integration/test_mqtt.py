"""Real brokers and real kills: nothing that was confirmed to a device is ever lost.

Each truth is tested with mosquitto and with iotcore, as processes of their own on loopback.
"""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from devices.ack import ack_for, encode_ack
from devices.broker import BrokerKind, answers, broker_command, credentials, prepare
from devices.inbound import decode
from devices.mqtt import MqttAdapter
from devices.mqtt_link import Incoming, LinkChange, MqttSettings
from devices.observation import DeviceKind, DeviceReport, Mode, spo2_pct
from devices.outbound import encode_reading
from devices.payload import DeviceStatusReport
from devices.topic import SUBSCRIPTIONS, Inbound, inbound_topic
from simulators.publisher import ReadingPublisher
from tests.integration.waiting import until

ROOT = Path(__file__).parents[2]
RECORDER = Path(__file__).with_name("mqtt_recorder.py")
WINDOW = {BrokerKind.MOSQUITTO: 20, BrokerKind.IOTCORE: 100}
CAME_UP = [LinkChange(True, False, "connected"), LinkChange(True, True, "subscribed")]
READING_TOPIC = inbound_topic(Inbound.READING, "ox-1")


class RunningBroker:
    """One broker process that can be killed and started again on the same port."""

    def __init__(self, kind: BrokerKind, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self.login = credentials(folder)
        prepare(kind, folder, self.port)
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it and wait until it lets us in."""
        command = broker_command(self.kind, self.folder, self.port)
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        await until(lambda: answers("127.0.0.1", self.port, *self.login), 10)

    def kill(self) -> None:
        """SIGKILL, as the power would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def settings(self, identifier: str, subscriptions: tuple[str, ...] = ()) -> MqttSettings:
        """Return settings for one client of this broker."""
        return MqttSettings(
            host="127.0.0.1",
            port=self.port,
            identifier=identifier,
            subscriptions=subscriptions,
            username=self.login.user,
            password=self.login.password,
        )


class Listener:
    """An adapter with its inbox and its link history."""

    def __init__(self, settings: MqttSettings, *, at_once: bool) -> None:
        self.inbox: list[Incoming] = []
        self.links: list[LinkChange] = []
        self.at_once = at_once
        rng = random.Random(1)  # noqa: S311 - spreads waits
        self.adapter = MqttAdapter(
            settings, on_message=self._take, on_link=self.links.append, rng=rng
        )

    def _take(self, incoming: Incoming) -> None:
        self.inbox.append(incoming)
        if self.at_once:
            self.adapter.acknowledge(incoming.token)

    @property
    def subscribed(self) -> bool:
        """The latest word on the link."""
        return bool(self.links) and self.links[-1].subscribed


@contextlib.asynccontextmanager
async def running(settings: MqttSettings, *, at_once: bool = True) -> AsyncIterator[Listener]:
    """Run an adapter for a while."""
    listener = Listener(settings, at_once=at_once)
    task = asyncio.create_task(listener.adapter.run())
    try:
        yield listener
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def report(value: int = 97) -> DeviceReport:
    """One oximeter report of the test mode."""
    return DeviceReport(
        device="ox-1", kind=DeviceKind.OXIMETER, mode=Mode.TEST, observations=(spo2_pct(value),)
    )


async def send(broker: RunningBroker, payloads: list[bytes]) -> None:
    """Publish in order; each PUBACK was received when this returns."""
    async with running(broker.settings("sender")) as sender:
        await until(lambda: sender.subscribed, 10)
        for payload in payloads:
            await sender.adapter.publish(READING_TOPIC, payload)


def numbered(count: int) -> list[bytes]:
    """Return readings 0..count-1 of boot b1."""
    return [
        encode_reading(
            DeviceReport(
                device="ox-1",
                kind=DeviceKind.OXIMETER,
                mode=Mode.TEST,
                observations=(spo2_pct(97),),
                boot_id="b1",
                seq=seq,
            )
        )
        for seq in range(count)
    ]


@pytest.fixture(params=list(BrokerKind))
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[RunningBroker]:
    """A running broker of each kind."""
    if request.param is BrokerKind.MOSQUITTO and not shutil.which(
        "mosquitto", path=f"{os.environ['PATH']}:/usr/sbin"
    ):
        pytest.fail("mosquitto is not installed: apt-get install -y mosquitto")
    started = RunningBroker(request.param, tmp_path)
    await started.start()
    yield started
    started.kill()


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Callable[[RunningBroker, int], subprocess.Popen[bytes]]]:
    """Start recorder processes; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start(broker: RunningBroker, work_ms: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(RECORDER), str(broker.port), *broker.login]
        with (tmp_path / "recorder.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, str(tmp_path / "record.txt"), str(work_ms)],
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def recorded(folder: Path) -> list[str]:
    """Return the lines that are on disk; a line cut by the kill is not one."""
    path = folder / "record.txt"
    return path.read_text("utf-8").split("\n")[:-1] if path.exists() else []


async def test_a_thousand_waiting_messages_arrive_in_order(broker: RunningBroker) -> None:
    """A hub that was away gets all 1,000 messages in order, and its SUBSCRIBE is answered too."""
    settings = broker.settings("hub", SUBSCRIPTIONS)
    async with running(settings) as first:
        await until(lambda: first.subscribed, 10)
    payloads = numbered(1_000)
    await send(broker, payloads)
    async with running(settings) as second:
        await until(lambda: len(second.inbox) >= len(payloads), 20)
        await until(lambda: second.subscribed, 10)
    assert [message.payload for message in second.inbox] == payloads


async def test_a_withheld_acknowledgement_stops_delivery_and_nothing_else(
    broker: RunningBroker,
) -> None:
    """Delivery stops at the broker's window, the connection stays, a new one gets everything."""
    settings = broker.settings("hub", SUBSCRIPTIONS)
    payloads = numbered(300)
    async with running(settings, at_once=False) as mute:
        await until(lambda: mute.subscribed, 10)
        await send(broker, payloads)
        await until(lambda: len(mute.inbox) == WINDOW[broker.kind], 10)
        await asyncio.sleep(0.5)
        seen = ([m.payload for m in mute.inbox], mute.adapter.waiting, mute.links)
    assert seen == (payloads[: WINDOW[broker.kind]], WINDOW[broker.kind], CAME_UP)

    async with running(settings, at_once=False) as back:
        done = 0
        while done < len(payloads):
            await until(lambda have=done: len(back.inbox) > have, 10)  # type: ignore[misc]
            batch = back.inbox[done:]
            done += len(batch)
            # The hub finishes in any order; the broker must hear it in receipt order.
            for message in reversed(batch):
                back.adapter.acknowledge(message.token)
    assert [m.payload for m in back.inbox] == payloads
    assert back.links == CAME_UP


async def test_a_token_of_an_old_connection_acknowledges_nothing(broker: RunningBroker) -> None:
    """After a reconnect an old token is refused, and its message comes again."""
    settings = broker.settings("hub", SUBSCRIPTIONS)
    async with running(settings, at_once=False) as hub:
        await until(lambda: hub.subscribed, 10)
        await send(broker, numbered(1))
        await until(lambda: len(hub.inbox) == 1, 10)
        broker.kill()
        await until(lambda: not hub.links[-1].connected, 10)
        answer = hub.adapter.acknowledge(hub.inbox[0].token)
        await broker.start()
        await until(lambda: hub.subscribed, 15)
        answer_later = hub.adapter.acknowledge(hub.inbox[0].token)
    assert (answer, answer_later) == (False, False)


async def test_a_hub_that_cannot_take_a_message_gets_it_again(broker: RunningBroker) -> None:
    """After `reconnect` all that was not acknowledged comes again, in order, and the link is up."""
    payloads = numbered(5)
    async with running(broker.settings("hub", SUBSCRIPTIONS), at_once=False) as hub:
        await until(lambda: hub.subscribed, 10)
        await send(broker, payloads)
        await until(lambda: len(hub.inbox) == 5, 10)
        hub.adapter.acknowledge(hub.inbox[0].token)
        hub.adapter.reconnect("the inbox is full")
        await until(lambda: len(hub.inbox) == 9 and hub.subscribed, 10)
    lost = hub.links[2]
    assert [m.payload for m in hub.inbox] == payloads + payloads[1:]
    assert (lost.connected, lost.reason.split(";")[0]) == (False, "the inbox is full")


async def test_a_killed_subscriber_loses_no_reading(
    broker: RunningBroker,
    recorder: Callable[[RunningBroker, int], subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    """SIGKILL between receipt and acknowledgement: all 500 readings are recorded in the end."""
    async with running(broker.settings("vigil-hub", SUBSCRIPTIONS)) as hub:
        await until(lambda: hub.subscribed, 10)  # the broker knows the hub from now on
    victim = recorder(broker, 2)
    await send(broker, numbered(500))
    await until(lambda: len(recorded(tmp_path)) > 0, 10)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    before = len(set(recorded(tmp_path)))
    recorder(broker, 0)
    await until(lambda: len(set(recorded(tmp_path))) == 500, 20)
    assert before < 500, "the kill came too late to prove anything"
    assert set(recorded(tmp_path)) == {f"b1 {seq}" for seq in range(500)}


async def test_a_killed_broker_loses_no_reading(
    broker: RunningBroker,
    recorder: Callable[[RunningBroker, int], subprocess.Popen[bytes]],
    tmp_path: Path,
) -> None:
    """SIGKILL of the broker: what it had confirmed and lost is sent again until it is recorded."""
    recorder(broker, 2)
    publisher = ReadingPublisher(
        "127.0.0.1",
        broker.port,
        device="ox-1",
        boot_id="b1",
        rng=random.Random(1),  # noqa: S311 - spreads waits
        login=broker.login,
    )
    task = asyncio.create_task(publisher.run())
    try:
        for _ in range(300):
            publisher.put(report())
        await until(lambda: len(recorded(tmp_path)) >= 50, 20)
        broker.kill()
        for _ in range(200):
            publisher.put(report(96))
        before = len(set(recorded(tmp_path)))
        await asyncio.sleep(0.2)
        await broker.start()
        await until(lambda: len(publisher.outbox) == 0, 40)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert before < 300, "the kill came too late to prove anything"
    assert set(recorded(tmp_path)) == {f"b1 {seq}" for seq in range(500)}


async def test_presence_tells_stopped_from_lost(broker: RunningBroker) -> None:
    """A retained status says online, then why we are gone: by our word, or by our last will."""
    topic = inbound_topic(Inbound.STATUS, "ox-1")
    device = msgspec.structs.replace(broker.settings("device"), presence_topic=topic)
    async with running(broker.settings("watcher", (topic,))) as watcher:
        await until(lambda: watcher.subscribed, 10)
        async with running(device) as first:
            await until(lambda: first.subscribed, 10)
            await until(lambda: len(watcher.inbox) == 1, 10)
        await until(lambda: len(watcher.inbox) == 2, 10)
        async with running(device) as second:
            await until(lambda: len(watcher.inbox) == 3, 10)
            client = second.adapter._client
            assert client is not None
            link = client._client.socket()
            assert isinstance(link, socket.socket)
            link.shutdown(socket.SHUT_RDWR)  # the cable is cut
            await until(lambda: len(watcher.inbox) >= 4, 10)
            said = [decode(m.topic, m.payload) for m in watcher.inbox[:4]]
    assert said == [
        DeviceStatusReport("ox-1", True),
        DeviceStatusReport("ox-1", False, "stopped"),
        DeviceStatusReport("ox-1", True),
        DeviceStatusReport("ox-1", False, "connection lost"),
    ]


async def test_a_flood_without_acknowledgements_is_bounded_and_counted(
    broker: RunningBroker,
) -> None:
    """QoS 0 knows no window, so beyond 1,000 at work mosquitto's rest is refused and counted.

    iotcore raises each message to the subscription's QoS 1, so its window holds the flood back.
    """
    expected = {BrokerKind.MOSQUITTO: (1_000, 50, 0), BrokerKind.IOTCORE: (100, 0, 100)}[
        broker.kind
    ]
    async with running(broker.settings("hub", SUBSCRIPTIONS), at_once=False) as hub:
        await until(lambda: hub.subscribed, 10)
        async with running(broker.settings("sender")) as sender:
            await until(lambda: sender.subscribed, 10)
            for _ in range(1_050):
                await sender.adapter.publish(READING_TOPIC, b"{}", qos=0)
            await until(lambda: len(hub.inbox) >= expected[0], 10)
            await until(lambda: hub.adapter.refused_qos0 == expected[1], 10)
        first = hub.inbox[0].token
        seen = (len(hub.inbox), hub.adapter.refused_qos0, hub.adapter.waiting)
        assert (seen, hub.adapter.acknowledge(first)) == (expected, True)
        with pytest.raises(ValueError, match=r"was acknowledged before|is not waiting"):
            hub.adapter.acknowledge(first)


async def test_a_wrong_password_is_said_and_tried_again(broker: RunningBroker) -> None:
    """The link names the refusal, and keeps trying."""
    wrong = msgspec.structs.replace(broker.settings("hub"), password="wrong")
    async with running(wrong) as hub:
        await until(lambda: len(hub.links) == 1, 15)  # iotcore just closes: a timeout of 5 s
    assert (hub.links[0].connected, "; next try in " in hub.links[0].reason) == (False, True)


async def test_a_stop_while_the_line_is_dead_is_a_stop(broker: RunningBroker) -> None:
    """Even when the farewell cannot be sent, cancelling ends the adapter for good."""
    topic = inbound_topic(Inbound.STATUS, "ox-1")
    settings = msgspec.structs.replace(broker.settings("device"), presence_topic=topic)
    listener = Listener(settings, at_once=True)
    task = asyncio.create_task(listener.adapter.run())
    await until(lambda: listener.subscribed, 10)
    client = listener.adapter._client
    assert client is not None
    client._client._sock_close()
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=10)
    assert (done, task.cancelled(), len(listener.links)) == ({task}, True, 2)


async def test_a_publisher_survives_an_ack_that_is_none(broker: RunningBroker) -> None:
    """A malformed ack is counted and covers nothing; the next good one does."""
    publisher = ReadingPublisher(
        "127.0.0.1",
        broker.port,
        device="ox-1",
        boot_id="b1",
        rng=random.Random(1),  # noqa: S311 - spreads waits
        login=broker.login,
    )
    publisher.put(report())
    task = asyncio.create_task(publisher.run())
    try:
        await until(lambda: publisher.link.subscribed, 10)
        async with running(broker.settings("hub-out")) as hub:
            await until(lambda: hub.subscribed, 10)
            await hub.adapter.publish("vigil/v1/ack/ox-1", b"yes")
            await until(lambda: publisher.malformed_acks == 1, 10)
            kept = len(publisher.outbox)
            await hub.adapter.publish("vigil/v1/ack/ox-1", encode_ack(ack_for([("b1", 0)])))
            await until(lambda: len(publisher.outbox) == 0, 10)
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert kept == 1
