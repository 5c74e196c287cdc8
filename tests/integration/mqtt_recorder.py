"""A hub reduced to its duty towards a broker: write a reading down, then acknowledge it.

Run as a process of its own, so that a test can kill it between the two.

    python mqtt_recorder.py PORT USER PASSWORD FILE WORK_MS
"""

import asyncio
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

from devices.ack import ack_for, encode_ack
from devices.inbound import decode
from devices.mqtt import MqttAdapter
from devices.mqtt_link import Incoming, MqttSettings, NotSentError
from devices.observation import DeviceReport
from devices.topic import SUBSCRIPTIONS, ack_topic


async def record(port: int, login: tuple[str, str], path: Path, work_ms: int) -> None:
    """Append boot and seq of each reading, make it durable, then acknowledge to both sides."""
    inbox: asyncio.Queue[Incoming] = asyncio.Queue()
    listening = adapter(port, login, "vigil-hub", SUBSCRIPTIONS, inbox.put_nowait)
    telling = adapter(port, login, "vigil-hub-out", (), inbox.put_nowait)
    async with asyncio.TaskGroup() as group:
        group.create_task(listening.run())
        group.create_task(telling.run())
        with path.open("a", encoding="utf-8") as file:
            while True:
                incoming = await inbox.get()
                report = decode(incoming.topic, incoming.payload, retained=incoming.retained)
                if isinstance(report, DeviceReport):
                    file.write(f"{report.boot_id} {report.seq}\n")
                    file.flush()
                    os.fsync(file.fileno())
                    await asyncio.sleep(work_ms / 1000)
                listening.acknowledge(incoming.token)
                if isinstance(report, DeviceReport):
                    await tell(telling, report)


def adapter(
    port: int,
    login: tuple[str, str],
    identifier: str,
    subscriptions: tuple[str, ...],
    on_message: Callable[[Incoming], None],
) -> MqttAdapter:
    """Return one of the two connections."""
    settings = MqttSettings(
        host="127.0.0.1",
        port=port,
        identifier=identifier,
        subscriptions=subscriptions,
        username=login[0],
        password=login[1],
    )
    return MqttAdapter(
        settings,
        on_message=on_message,
        on_link=lambda change: print(identifier, change.reason, flush=True),  # noqa: T201 - a log
        rng=random.Random(1),  # noqa: S311 - spreads waits
    )


async def tell(telling: MqttAdapter, report: DeviceReport) -> None:
    """Tell the device. When the broker is away it is told at the reading's next coming."""
    assert report.boot_id is not None
    assert report.seq is not None
    ack = encode_ack(ack_for([(report.boot_id, report.seq)]))
    try:
        await telling.publish(ack_topic(report.device), ack)
    except NotSentError as error:
        print(error, flush=True)  # noqa: T201 - a log


if __name__ == "__main__":
    port, user, password, path, work_ms = sys.argv[1:]
    asyncio.run(record(int(port), (user, password), Path(path), int(work_ms)))
