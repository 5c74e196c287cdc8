"""From a reading below the limit to the player of the room is under 2 s, in a real hub."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from alerts.signal import Pattern
from alerts.tone import wav
from devices.broker import BrokerKind
from devices.topic import Inbound, inbound_topic
from monitor.effects import Sound
from monitor.events import Reading
from tests.integration.hub_house import OXIMETER, RunningHub, house, reading, until

pytestmark = pytest.mark.integration

TOPIC = inbound_topic(Inbound.READING, OXIMETER)


def started(log: Path, pattern: str) -> list[int]:
    """When the player was started with this sound, in ns of the wall clock."""
    lines = [line.split() for line in log.read_text().splitlines()] if log.exists() else []
    size = str(len(wav(pattern)))
    return [int(line[0]) for line in lines if len(line) == 2 and line[1] == size]


def decided_by(hub: RunningHub) -> int | None:
    """The reading (its number) with which the loud pattern was decided."""
    for record in hub.records():
        for effect in record.effects:
            if isinstance(effect, Sound) and effect.pattern is Pattern.HIGH:
                assert isinstance(record.event, Reading)
                return record.event.report.seq
    return None


async def test_the_room_hears_a_decision_within_two_seconds(tmp_path: Path) -> None:
    """Counted from the publication of the deciding reading to the start of `aplay`.

    That is more than the way from the decision: the message's way through the broker is in it.
    """
    player, log = tmp_path / "bin" / "aplay", tmp_path / "played"
    player.parent.mkdir()
    player.write_text(f'#!/bin/sh\nnow=$(date +%s%N)\necho "$now $(wc -c)" >> {log}\nsleep 2.7\n')
    player.chmod(0o755)
    async with house(tmp_path, BrokerKind.IOTCORE) as hub:
        assert hub.broker is not None
        hub.environ = {"PATH": f"{player.parent}:{os.environ['PATH']}"}
        hub.settings = {"alarm": {"speaker": True}}
        hub.patient()
        await hub.start()
        await hub.open()
        published: list[int] = []
        async with hub.broker.client() as client:
            for seq in range(12):
                published.append(time.time_ns())
                await client.publish(TOPIC, reading(seq, 97 if seq < 2 else 78), qos=1)
                await asyncio.sleep(1)
                if started(log, "high"):
                    break
        await until(lambda: bool(started(log, "high")), 5)
        await until(lambda: decided_by(hub) is not None, 5)
        by = decided_by(hub)
        assert by is not None
        took_s = (started(log, "high")[0] - published[by]) / 1e9
    assert 0 < took_s < 2
