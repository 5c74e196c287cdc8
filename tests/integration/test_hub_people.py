"""People are told when a way fails and when the hub itself dies."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from alerts.delivery import DeliveryState
from monitor.effects import Send
from monitor.events import DeliveryReported, MonitorDown
from tests.integration.hub_house import (
    OXIMETER,
    RunningHub,
    free_port,
    house,
    pager,
    until,
)

pytestmark = pytest.mark.integration


async def help_is_called(hub: RunningHub) -> str:
    """Call for help and take it back: PANIC is latched. Return the alarm's id."""
    for do in ("help", "cancel_help"):
        reply = await hub.ask("order", session="s1", by="companion", order={"do": do})
        assert reply["ok"], reply
    listed = await hub.ask("list")
    return next(
        str(alarm["id"]) for alarm in listed["sessions"][0]["alarms"] if alarm["row"] == "PANIC"
    )


async def test_a_failed_way_is_tried_again_beside_the_next(tmp_path: Path) -> None:
    """The next way starts in the instant of the failure; the failed one again after 1 and 3 s."""
    async with house(tmp_path) as hub:
        with pager(500) as server:
            ways = server.way.replace("}]", '}, { channel = "console" }]')
            hub.patient(plan="default", ways={"physician": ways})
            await hub.start()
            await hub.open()
            alarm = await help_is_called(hub)
            await until(lambda: len(server.got) == 3, 10)
            await asyncio.sleep(1)
            at_s = [at for at, _ in server.got]
            assert [body["attempt"] for _, body in server.got] == [1, 2, 3]
            assert [abs(at - at_s[0] - due) < 0.5 for at, due in zip(at_s, (0, 1, 3), strict=True)]
        sends = [
            (effect.way, effect.attempt, effect.at_ms)
            for record in hub.records()
            for effect in record.effects
            if isinstance(effect, Send) and (effect.alarm, effect.contact) == (alarm, "physician")
        ]
        failed = [e for e in hub.events(DeliveryReported) if e.state is DeliveryState.FAILED]
        first_ms = failed[0].at_ms
        assert sends[1:] == [
            (1, 1, first_ms),
            (0, 2, first_ms + 1_000),
            (0, 3, first_ms + 3_000),
        ]
        assert sends[0][:2] == (0, 1)
        assert {event.detail for event in failed} == {"http 500"}
        assert "HIGH for Physician" in hub.log()


def of_this_house(folder: Path) -> list[str]:
    """Command lines of every process that was started for a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except (OSError, IndexError):
            continue
        if entry.name.isdigit() and str(folder) in line and state != "Z":
            found.append(line)
    return found


@pytest.mark.parametrize(
    ("blow", "within_s"), [(signal.SIGKILL, 5.0), (signal.SIGSTOP, 7.0)], ids=["killed", "hanging"]
)
async def test_a_dead_hub_is_noticed_told_and_back_with_the_same_alarm(
    tmp_path: Path, blow: signal.Signals, within_s: float
) -> None:
    """During a latched high alarm: tone and page, a kill within 5 s; restart with the same id.

    A hub that hangs has 5 s to beat. When the supervisor is stopped, nothing that it started is
    left.
    """
    player = tmp_path / "bin" / "aplay"
    played = tmp_path / "played"
    player.parent.mkdir()
    player.write_text(f"#!/bin/sh\nwc -c >> {played}\nsleep 0.2\n")
    player.chmod(0o755)
    async with house(tmp_path, supervised=True) as hub:
        with pager() as server:
            hub.environ = {"PATH": f"{player.parent}:{os.environ['PATH']}"}
            hub.settings["broker"] = {"mode": "embedded", "port": free_port()}
            hub.patient(plan="default", ways={"companion": server.way, "physician": server.way})
            await hub.start()
            await hub.open()
            alarm = await help_is_called(hub)
            await asyncio.sleep(1.5)  # a beat that says that a session is open
            assert not played.exists()
            server.got.clear()
            killed_s = time.monotonic()
            first = hub.hub_pid()
            os.kill(first, blow)
            await until(lambda: any("watchdog" in str(body) for _, body in server.got), 9)
            await until(played.exists, 6)
            assert time.monotonic() - killed_s < within_s
            await until(hub.answers, 20)
            assert hub.hub_pid() != first
            listed = await hub.ask("list")
            assert alarm in [one["id"] for one in listed["sessions"][0]["alarms"]]
            await until(lambda: bool(hub.events(MonitorDown)), 10)
            down = hub.events(MonitorDown)
            assert [0 < event.down_ms < 20_000 for event in down] == [True]
            assert len(of_this_house(tmp_path)) >= 2
            await hub.stop()
            assert of_this_house(tmp_path) == []


async def test_the_sound_of_a_latched_alarm_starts_again_with_the_hub(tmp_path: Path) -> None:
    """A hub that is killed and started sounds the alarm that still stands, without a new event."""
    player = tmp_path / "bin" / "aplay"
    played = tmp_path / "played"
    player.parent.mkdir()
    player.write_text(f"#!/bin/sh\nwc -c >> {played}\nsleep 0.2\n")
    player.chmod(0o755)
    async with house(tmp_path) as hub:
        hub.environ = {"PATH": f"{player.parent}:{os.environ['PATH']}"}
        hub.settings = {"alarm": {"speaker": True}}
        hub.patient(plan="default", device=OXIMETER)
        await hub.start()
        await hub.open()
        await help_is_called(hub)
        await until(played.exists, 10)
        hub.kill()
        await asyncio.sleep(1)
        played.unlink()
        await hub.start()
        await until(played.exists, 10)
