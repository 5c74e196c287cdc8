"""Nothing that a broker took is lost or counted twice, whoever is killed in the middle."""

import asyncio
import contextlib
import random
from pathlib import Path

import pytest

from devices.broker import BrokerKind
from devices.topic import Inbound, inbound_topic
from simulators.publisher import ReadingPublisher
from tests.integration.hub_house import OXIMETER, RunningBroker, house, reading, report, until

pytestmark = pytest.mark.integration

TOPIC = inbound_topic(Inbound.READING, OXIMETER)
BROKERS = pytest.mark.parametrize("kind", list(BrokerKind))
MANY = 500


@contextlib.asynccontextmanager
async def publishing(broker: RunningBroker):  # type: ignore[no-untyped-def] # noqa: ANN201
    """A device that keeps each reading until the hub's ack names it."""
    publisher = ReadingPublisher(
        "127.0.0.1",
        broker.port,
        device=OXIMETER,
        boot_id="b1",
        rng=random.Random(1),  # noqa: S311 - spreads waits
        login=broker.login,
    )
    task = asyncio.create_task(publisher.run())
    try:
        yield publisher
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@BROKERS
@pytest.mark.parametrize("victim", ["hub", "broker"])
async def test_500_readings_are_recorded_once_each_through_a_kill(
    tmp_path: Path, kind: BrokerKind, victim: str
) -> None:
    """Each of 500 readings is in the record exactly once, though hub or broker died at half."""
    async with house(tmp_path, kind) as hub:
        assert hub.broker is not None
        hub.patient()
        await hub.start()
        await hub.open()
        async with publishing(hub.broker) as publisher:
            for _ in range(MANY // 2):
                publisher.put(report())
            await until(lambda: sum(hub.readings().values()) >= 50, 20)
            if victim == "hub":
                hub.kill()
                for _ in range(MANY - MANY // 2):
                    publisher.put(report())
                await hub.start()
            else:
                hub.broker.kill()
                for _ in range(MANY - MANY // 2):
                    publisher.put(report())
                await hub.broker.start()
            await until(lambda: len(publisher.outbox) == 0, 45)
        expected = {(OXIMETER, "b1", seq): 1 for seq in range(MANY)}
        assert dict(hub.readings()) == expected
        journal = str(hub.data_dir / "sessions" / "s1.db")
        assert hub.command("verify", journal).returncode == 0
        replayed = hub.command("replay", journal)
        assert (replayed.returncode, replayed.stderr.split("replay ")[-1]) == (
            0,
            "to the same bytes\n",
        )


@BROKERS
async def test_1000_messages_that_wait_at_connect_are_recorded_once_each(
    tmp_path: Path, kind: BrokerKind
) -> None:
    """1,000 readings published while the hub is down are all recorded once when it is back.

    Its inbox holds 100, so most of them wait before it, and none is forgotten there.
    """
    async with house(tmp_path, kind) as hub:
        assert hub.broker is not None
        hub.settings["hub"] = {"inbox_limit": 100}
        hub.patient()
        await hub.start()
        await hub.open()
        await asyncio.sleep(0.5)  # the subscription is what makes the broker keep them
        hub.kill()
        async with hub.broker.client() as client:
            for first in range(0, 1_000, 50):
                await asyncio.gather(
                    *(
                        client.publish(TOPIC, reading(seq), qos=1)
                        for seq in range(first, first + 50)
                    )
                )
        await hub.start()
        await until(lambda: sum(hub.readings().values()) >= 1_000, 30)
        assert dict(hub.readings()) == {(OXIMETER, "b1", seq): 1 for seq in range(1_000)}
