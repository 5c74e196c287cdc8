"""Bad input is refused by name, counted and kept; good readings go on; a tap counts once."""

import asyncio
import json
from pathlib import Path

import pytest

from devices.broker import BrokerKind
from devices.topic import ROOT, Inbound, inbound_topic
from monitor.effects import Unjudged
from monitor.events import Annotated, DeviceStatus, HelpCalled, Reading
from monitor.hub_file import read_quarantine
from tests.integration.hub_house import OXIMETER, RunningHub, house, reading, until

pytestmark = pytest.mark.integration

TOPIC = inbound_topic(Inbound.READING, OXIMETER)
BROKERS = pytest.mark.parametrize("kind", list(BrokerKind))
BAD = {
    "no JSON": b'{"kind": "oximeter", ',
    "wrong type": b'{"kind":"oximeter","mode":"test","spo2":"97"}',
    "NaN": b'{"kind":"oximeter","mode":"test","spo2":NaN}',
    "400 digits": b'{"kind":"oximeter","mode":"test","boot_id":"b1","seq":' + b"9" * 400 + b"}",
    "bad UTF-8": b'{"kind":"oximeter","mode":"test","boot_id":"\xff\xfe","seq":1,"spo2":97}',
    "empty": b"",
    "list": b"[]",
    "deep": b"[" * 9_000,
    "oversized": b'{"kind":"oximeter","mode":"test","note":"' + b"x" * 20_000 + b'"}',
}


def quarantined(hub: RunningHub) -> dict[tuple[str, str], int]:
    """How often each kind of refused message is in `hub.db`, by topic and reason."""
    found = read_quarantine(hub.data_dir / "hub.db")
    return {(one.topic, one.reason): one.times for one in found}


@BROKERS
async def test_bad_input_is_refused_by_name_and_good_readings_go_on(
    tmp_path: Path, kind: BrokerKind
) -> None:
    """Each bad message is in quarantine under its reason; each good one is in the record once."""
    async with house(tmp_path, kind) as hub:
        assert hub.broker is not None
        hub.patient()
        await hub.start()
        await hub.open()
        async with hub.broker.client() as client:
            for seq, payload in enumerate(BAD.values()):
                await client.publish(TOPIC, payload, qos=1)
                await client.publish(TOPIC, reading(seq), qos=1)
            stranger = inbound_topic(Inbound.READING, "stranger")
            await client.publish(stranger, reading(0), qos=1)
            await client.publish(f"{ROOT}/checkin/nobody", b"{}", qos=1)
            await client.publish(TOPIC, reading(100, mode="demo"), qos=1)
            future = json.loads(reading(101)) | {"measured_ms": 4_000_000_000_000}
            await client.publish(TOPIC, json.dumps(future).encode(), qos=1)
            await client.publish(TOPIC, reading(102), qos=1)
            await until(lambda: (OXIMETER, "b1", 102) in hub.readings(), 15)
        good = [*range(len(BAD)), 100, 101, 102]
        assert dict(hub.readings()) == {(OXIMETER, "b1", seq): 1 for seq in good}
        kept = quarantined(hub)
        refused = (await hub.ask("list"))["refused"]
        assert sum(n for (topic, _), n in kept.items() if topic == TOPIC) == len(BAD)
        assert kept[stranger, "unbound_device"] == 1
        assert sum(kept.values()) == len(BAD) + 2 == sum(refused.values())
        why = {
            record.event.report.seq: effect.reason
            for record in hub.records()
            if isinstance(record.event, Reading) and (record.event.report.seq or 0) in (100, 101)
            for effect in record.effects
            if isinstance(effect, Unjudged)
        }
        assert why[100] == "mode demo is not the session's test"
        assert why[101].endswith("s in the future")
        assert "Traceback" not in hub.log()


def tap(session: str, mode: str, **order: str) -> bytes:
    """One order of a person, as a page or a demonstration sends it."""
    return json.dumps({"session": session, "mode": mode} | order).encode()


async def test_a_repeated_tap_counts_once_also_across_a_kill(tmp_path: Path) -> None:
    """The same tap three times, the last after a SIGKILL of the hub, is one event in the record."""
    topic = inbound_topic(Inbound.COMMAND, "companion")
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        assert hub.broker is not None
        hub.patient()
        await hub.start()
        await hub.open()
        async with hub.broker.client() as client:
            help_tap = tap("s1", "test", do="help", id="t1")
            for _ in range(2):
                await client.publish(topic, help_tap, qos=1)
            await until(lambda: len(hub.events(HelpCalled)) == 1, 10)
            hub.kill()
            await hub.start()
            await client.publish(topic, help_tap, qos=1)
            await client.publish(
                topic, tap("s1", "test", do="annotate", id="t2", text="seen"), qos=1
            )
            await until(lambda: len(hub.events(Annotated)) == 1, 10)
        assert len(hub.events(HelpCalled)) == 1


async def test_a_real_session_takes_no_orders_over_mqtt(tmp_path: Path) -> None:
    """A tap for a real session is refused by name; the same from the hub's own command counts."""
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        assert hub.broker is not None
        hub.patient(mode="real", plan="default")
        await hub.start()
        await hub.open()
        topic = inbound_topic(Inbound.COMMAND, "companion")
        async with hub.broker.client() as client:
            await client.publish(topic, tap("s1", "real", do="help"), qos=1)
            await until(lambda: (topic, "not_allowed") in quarantined(hub), 10)
        assert hub.events(HelpCalled) == []
        reply = await hub.ask("order", session="s1", by="companion", order={"do": "help"})
        assert (reply["ok"], reply["recorded"]) == (True, True)
        assert len(hub.events(HelpCalled)) == 1


async def test_hurried_time_opens_no_real_session(tmp_path: Path) -> None:
    """With --speed above 1 a real session is refused and a test session opens."""
    async with house(tmp_path) as hub:
        hub.patient("real", mode="real")
        hub.patient("test", device="other")
        await hub.start(speed=10)
        reply = await hub.ask("open", patient="real")
        assert reply == {
            "ok": False,
            "error": "hub time runs at another speed: only demo and test sessions can be opened",
        }
        await hub.open()


async def test_a_bad_request_is_answered_and_the_hub_goes_on(tmp_path: Path) -> None:
    """Requests that nobody can carry out get a plain answer; a name is used for one record only."""
    async with house(tmp_path) as hub:
        hub.patient()
        await hub.start()
        await hub.open()
        asked = [
            await hub.ask("open", patient="nobody"),
            await hub.ask("open", patient="test", session="s2"),
            await hub.ask("open", patient="test", mode="rehearsal"),
            await hub.ask("order", session="s1", by="companion", order="help"),
            await hub.ask("dance"),
        ]
        assert [reply["ok"] for reply in asked] == [False] * 5
        assert all(reply["error"] for reply in asked)
        assert "Traceback" not in hub.log()
        closed = await hub.ask("close", session="s1", by="physician", reason="done")
        assert (closed["ok"], closed["phase"]) == (True, "ended")
        again = await hub.ask("open", patient="test", session="s1")
        assert again == {
            "ok": False,
            "error": "session s1 has a record already; use another name",
        }


async def test_a_status_told_before_the_session_is_news_to_it(tmp_path: Path) -> None:
    """A device that was offline when the session opened is offline in its record."""
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        assert hub.broker is not None
        hub.patient()
        await hub.start()
        async with hub.broker.client() as client:
            topic = inbound_topic(Inbound.STATUS, OXIMETER)
            await client.publish(topic, b'{"online":false,"reason":"gone"}', qos=1, retain=True)
        await asyncio.sleep(0.5)
        await hub.open()
        await until(lambda: len(hub.events(DeviceStatus)) == 1, 10)
        told = [(event.device, event.online) for event in hub.events(DeviceStatus)]
        assert told == [(OXIMETER, False)]
