"""A hub that stops, starts again or loses its broker says so, and watches on where it was."""

import asyncio
import json
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from alerts.condition import Transition
from devices.broker import BrokerKind
from devices.topic import Inbound, inbound_topic
from monitor.effects import AlarmChanged, Send
from monitor.events import ClockSettled, Ended, MonitorDown, Reading
from tests.integration.hub_house import OXIMETER, RunningHub, house, reading, until

pytestmark = pytest.mark.integration

TOPIC = inbound_topic(Inbound.READING, OXIMETER)


def lines(hub: RunningHub, row: str) -> list[tuple[str, str]]:
    """What happened to one row: transition and priority, from the record."""
    return [
        (effect.transition.value, effect.priority.value)
        for record in hub.records()
        for effect in record.effects
        if isinstance(effect, AlarmChanged)
        and effect.row == row
        and effect.transition is not Transition.REPEATED
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("supervised", [False, True])
async def test_a_stop_with_an_open_session_is_end_early_and_told(
    tmp_path: Path, number: signal.Signals, supervised: bool
) -> None:
    """SIGTERM and Ctrl-C: END-EARLY is recorded and told, exit 0, and the session goes on after."""
    async with house(tmp_path, supervised=supervised) as hub:
        hub.patient(plan="default")
        await hub.start()
        await hub.open()
        assert await hub.stop(number) == 0
        ended = hub.events(Ended)
        assert [(e.by, e.reason) for e in ended] == [("hub", "the hub is being stopped")]
        assert lines(hub, "END-EARLY") == [("raised", "medium"), ("latched", "medium")]
        sends = [e for r in hub.records() for e in r.effects if isinstance(e, Send)]
        assert {send.contact for send in sends if send.alarm.startswith("session@")}
        assert "MEDIUM for" in hub.log()
        await hub.start()
        listed = await hub.ask("list")
        assert [one["session"] for one in listed["sessions"]] == ["s1"]
        assert [a["row"] for a in listed["sessions"][0]["alarms"]] == ["END-EARLY"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_without_a_session_is_clean(tmp_path: Path, number: signal.Signals) -> None:
    """Nobody is watched: exit 0 and nothing that looks like a fault."""
    async with house(tmp_path) as hub:
        hub.patient()
        await hub.start()
        assert await hub.stop(number) == 0
        assert [word for word in ("error", "critical", "Traceback") if word in hub.log()] == []


async def test_a_hub_needs_no_broker(tmp_path: Path) -> None:
    """With broker mode "none" sessions open, close and raise no alarm about a broker."""
    async with house(tmp_path) as hub:
        hub.patient()
        await hub.start()
        await hub.open()
        await asyncio.sleep(6)
        assert lines(hub, "BROKER-DOWN") == []
        assert (await hub.ask("close", session="s1", by="physician"))["phase"] == "ended"


async def test_a_lost_broker_is_a_low_alarm_until_it_is_back(tmp_path: Path) -> None:
    """BROKER-DOWN rises after the grace and clears when the broker answers, also over a restart."""
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        assert hub.broker is not None
        hub.patient()
        await hub.start()
        await hub.open()
        await asyncio.sleep(1)
        hub.broker.kill()
        await until(lambda: lines(hub, "BROKER-DOWN") == [("raised", "low")], 15)
        hub.kill()
        await hub.start()
        await hub.broker.start()
        cleared = [("raised", "low"), ("cleared", "low")]
        await until(lambda: lines(hub, "BROKER-DOWN") == cleared, 15)
        async with hub.broker.client() as client:
            await client.publish(TOPIC, reading(1), qos=1)
            await until(lambda: len(hub.events(Reading)) == 1, 10)


async def test_an_outage_that_nobody_can_measure_is_high_until_the_clock_is_set(
    tmp_path: Path,
) -> None:
    """Another boot, no set clock: high MONITOR-DOWN; once it is set, hub time moves forward."""
    async with house(tmp_path) as hub:
        hub.patient()
        await hub.start()
        await hub.open()
        hub.kill()
        with closing(sqlite3.connect(hub.data_dir / "sessions" / "s1.db")) as journal:
            journal.execute(
                "UPDATE batches SET boot_id = 'another', wall_synced = 1,"
                " wall_ms = wall_ms - 600000"
            )
            journal.commit()
        flag = hub.folder / "clock-is-set"
        # The kernel's word about its clock is the one thing here that no test can change.
        program = (
            "import sys; from pathlib import Path; import monitor.clock as clock;"
            f"clock.wall_is_synced = lambda: Path({str(flag)!r}).exists();"
            "from monitor.commands.main import main; main()"
        )
        hub.command_line = (sys.executable, "-c", program)
        await hub.start()
        await until(lambda: bool(hub.events(MonitorDown)), 10)
        down = hub.events(MonitorDown)
        assert [event.down_ms for event in down] == [None]
        await until(lambda: ("raised", "high") in lines(hub, "MONITOR-DOWN"), 10)
        flag.touch()
        await until(lambda: len(hub.events(ClockSettled)) == 1, 10)
        settled = hub.events(ClockSettled)[0]
        assert 600_000 <= settled.gap_ms <= 630_000
        assert settled.at_ms - down[0].at_ms >= settled.gap_ms
        assert "s late" not in json.dumps(lines(hub, "ENGINE"))
        assert lines(hub, "ENGINE") == []


async def test_a_damaged_record_is_used_as_far_as_it_holds(tmp_path: Path) -> None:
    """The session goes on with what holds, is recorded anew, and the damaged file is kept whole.

    A file that is no journal at all is named, and keeps nobody else from being watched.
    """
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        assert hub.broker is not None
        hub.patient()
        await hub.start()
        await hub.open()
        async with hub.broker.client() as client:
            for seq in range(20):
                await client.publish(TOPIC, reading(seq), qos=1)
            await until(lambda: len(hub.events(Reading)) == 20, 10)
            hub.kill()
            sessions = hub.data_dir / "sessions"
            (sessions / "s0.db").write_bytes(b"no journal" * 1_000)
            with closing(sqlite3.connect(sessions / "s1.db")) as journal:
                journal.execute("UPDATE records SET body = '{}' WHERE n = 12")
                journal.commit()
            await hub.start()
            listed = await hub.ask("list")
            assert [one["session"] for one in listed["sessions"]] == ["s1"]
            assert "session s0 is not watched" in listed["faults"]["engine:unreadable"]
            damaged = listed["faults"]["engine:recovery"]
            assert "the record is damaged from number 12 on" in damaged
            assert "s1.db.damaged-1" in damaged
            await until(lambda: ("raised", "high") in lines(hub, "ENGINE"), 10)
            await client.publish(TOPIC, reading(30), qos=1)
            await until(lambda: hub.events(Reading)[-1].report.seq == 30, 10)
        assert hub.command("verify", str(sessions / "s1.db")).returncode == 0
        assert hub.command("verify", str(sessions / "s1.db.damaged-1")).returncode == 1
        assert hub.command("replay", str(sessions / "s1.db")).returncode == 0


async def test_two_hubs_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second one says what is in its way and ends with 2; the first goes on."""
    async with house(tmp_path) as hub:
        hub.patient()
        await hub.start()
        second = hub.command("hub", "--config", str(hub.folder / "config.toml"))
        assert (second.returncode, "the hub cannot start" in second.stderr) == (2, True)
        assert "Traceback" not in second.stderr
        assert hub.answers()
