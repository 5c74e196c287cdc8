"""The live feed of a running hub: what a screen hears, and how it goes on after being away."""

import asyncio
import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
import websocket

from devices.broker import BrokerKind
from monitor.events import Annotated
from tests.integration.feed_screen import feed_of, open_port, port_of, screen, token_for
from tests.integration.hub_house import (
    OXIMETER,
    ROOT,
    RunningHub,
    house,
    reading,
    until,
)

pytestmark = pytest.mark.integration
TOPIC = f"vigil/v1/reading/{OXIMETER}"


async def publish(hub: RunningHub, *payloads: bytes) -> None:
    """Let the oximeter send."""
    assert hub.broker is not None
    async with hub.broker.client("oximeter") as client:
        for payload in payloads:
            await client.publish(TOPIC, payload, qos=1)


async def test_a_screen_follows_a_session_from_its_opening_to_its_end(tmp_path: Path) -> None:
    """Welcome, snapshot, each change once and in order, the reply after the commit, gone."""
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        hub.patient()
        open_port(hub)
        await hub.start()
        doctor = await token_for(hub, "physician")
        async with screen(hub, doctor) as one:
            welcome = one.heard[0]
            assert (welcome["person"], welcome["role"], welcome["sessions"], welcome["secure"]) == (
                "physician",
                "physician",
                [],
                True,
            )
            opened = await one.order(None, "open", patient="test")
            session = opened["session"]
            assert (opened["ok"], opened["recorded"], opened["mode"]) == (True, True, "test")
            if session not in one.states:
                await one.hear("snapshot")
            assert one.states[session]["values"] == {}
            await publish(hub, reading(1, 97), reading(2, 96))
            await one.until(
                lambda _: one.states[session]["values"].get("spo2", {}).get("value_x100") == 9600
            )
            noted = await one.order(session, "annotate", text="looks well")
            assert noted == {
                "type": "reply",
                "ref": noted["ref"],
                "ok": True,
                "recorded": True,
                "phase": "peak",
            }
            note = hub.events(Annotated, session)[-1]
            assert (note.by, note.role, note.text) == ("physician", "physician", "looks well")
            assert one.seqs[session] <= len(hub.records(session))
            ended = await one.order(session, "end", reason="enough")
            assert (ended["ok"], ended["phase"]) == (True, "ended")
            gone = await one.hear("gone")
            assert gone == {"type": "gone", "session": session, "phase": "ended"}
            assert one.states[session]["phase"] == "ended"
            beat = await one.hear("heartbeat")
            assert (beat["sessions"], beat["recording"], beat["record_fault"]) == ({}, True, "")


async def test_a_heartbeat_comes_every_second(tmp_path: Path) -> None:
    """Also while nothing happens, with the number of each session's last record."""
    async with house(tmp_path) as hub:
        hub.patient()
        open_port(hub)
        await hub.start()
        await hub.open()
        async with screen(hub, await token_for(hub, "physician")) as one:
            at_s = []
            for _ in range(5):
                beat = await one.hear("heartbeat")
                at_s.append(time.monotonic())
                assert beat["sessions"] == one.seqs
            gaps = [after - before for before, after in pairwise(at_s)]
            assert [0.7 < gap < 1.3 for gap in gaps] == [True] * 4, gaps


async def test_who_was_away_hears_what_it_missed_and_nothing_twice(tmp_path: Path) -> None:
    """With `since` only the deltas after it come; a number that is not at hand gives a snapshot."""
    async with house(tmp_path) as hub:
        hub.patient()
        open_port(hub)
        await hub.start()
        await hub.open()
        token = await token_for(hub, "physician")
        async with screen(hub, token) as watching:
            await watching.hear("snapshot")
            async with screen(hub, token) as one:
                await one.hear("snapshot")
                await one.order("s1", "annotate", text="a")
                await one.hear("heartbeat")
                seen = dict(one.seqs)
            for text in ("b", "c"):
                await watching.order("s1", "annotate", text=text)
            await watching.until(lambda _: watching.seqs["s1"] >= seen["s1"] + 2)
            async with screen(hub, token, seen) as back:
                back.states, back.seqs = {"s1": {}}, dict(seen)
                await back.until(lambda _: back.seqs == watching.seqs)
                assert {message["type"] for message in back.heard} <= {
                    "welcome",
                    "delta",
                    "heartbeat",
                }
                await back.say(type="resync", session="s1", since=back.seqs["s1"] + 9)
                assert (await back.hear("snapshot"))["seq"] == watching.seqs["s1"]
                await back.say(type="resync", session="s9", since=1)
                assert await back.hear("gone") == {
                    "type": "gone",
                    "session": "s9",
                    "phase": "unknown",
                }


async def test_a_killed_hub_comes_back_with_the_past_of_its_sessions(tmp_path: Path) -> None:
    """The link still opens, a snapshot comes, and trend and lines are those of before."""
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        hub.patient(plan="default")
        open_port(hub)
        await hub.start()
        await hub.open()
        token = await token_for(hub, "companion")
        await publish(hub, *(reading(n, 90 + n) for n in range(1, 6)))
        async with screen(hub, token) as one:
            await one.hear("snapshot")
            await one.order("s1", "help")
            await one.until(lambda _: one.states["s1"]["phase"] == "emergency")
            await one.hear("heartbeat")
            seen = dict(one.seqs)
        async with screen(hub, token) as one:
            before = await one.hear("snapshot")
        hub.kill()
        await hub.start()
        await until(lambda: "port=" in hub.log().split("hub runs")[-1], 10)
        async with screen(hub, token, seen) as back:
            after = await back.hear("snapshot")
            assert after["seq"] > before["seq"]
            assert after["state"]["phase"] == "emergency"
            assert (
                [n for n in after["history"]["spo2"] if n]
                == [n for n in before["history"]["spo2"] if n]
                != []
            )
            assert after["lines"][: len(before["lines"])] == before["lines"]


async def test_two_clients_that_this_project_did_not_write_see_the_session(tmp_path: Path) -> None:
    """A websocket client of another library, and mosquitto_sub on the published topics."""
    async with house(tmp_path, BrokerKind.MOSQUITTO) as hub:
        hub.patient()
        port = open_port(hub)
        await hub.start()
        await hub.open()
        token = await token_for(hub, "dr-roy", role="viewer")
        await publish(hub, reading(1, 95))

        def watch() -> tuple[str, int]:
            client = websocket.create_connection(f"ws://127.0.0.1:{port}/ws", timeout=10)
            client.send(json.dumps({"type": "hello", "token": token}))
            while (message := json.loads(client.recv()))["type"] != "snapshot":
                pass
            client.close()
            return message["session"], message["state"]["values"]["spo2"]["value_x100"]

        assert await asyncio.to_thread(watch) == ("s1", 9500)
        assert hub.broker is not None
        login = hub.broker.login
        command = ["mosquitto_sub", "-h", "127.0.0.1", "-p", str(hub.broker.port), "-C", "1"]
        command += ["-W", "10", "-u", login.user, "-P", login.password]
        heard = await asyncio.to_thread(
            subprocess.run,
            [*command, "-t", "vigil/v1/session/s1/snapshot"],
            capture_output=True,
            check=True,
        )
        board = json.loads(heard.stdout)
        assert (board["session"], board["values"]["spo2"]["value_x100"]) == ("s1", 9500)


async def test_the_example_of_the_docs_runs(tmp_path: Path) -> None:
    """Ten lines, with nothing but a link, print what happens."""
    async with house(tmp_path) as hub:
        hub.patient()
        open_port(hub)
        await hub.start()
        await hub.open()
        link = (await hub.ask("invite", person="physician"))["link"]
        example = ROOT / "docs" / "examples" / "watch.py"
        code = [line for line in example.read_text().split('"""')[-1].splitlines() if line.strip()]
        with subprocess.Popen(  # noqa: ASYNC220 - returns at once
            [sys.executable, str(example), link],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        ) as watching:
            assert watching.stdout is not None
            lines = [await asyncio.to_thread(watching.stdout.readline) for _ in range(3)]
            watching.terminate()
        words = [line.split() for line in lines]
        assert (len(code) <= 10, words[:2]) == (True, [["welcome"], ["snapshot", "s1"]])


async def test_a_port_that_is_taken_stops_no_watching(tmp_path: Path) -> None:
    """The fault is an alarm of the engine; when the port is free, the pages come and it ends."""
    async with house(tmp_path) as hub:
        hub.patient(plan="default")
        port = open_port(hub)
        taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", port)
        await hub.start()
        await hub.open()
        async with asyncio.timeout(15):
            while "ENGINE" not in await rows(hub):  # noqa: ASYNC110 - another process's news
                await asyncio.sleep(0.2)
        taken.close()
        await taken.wait_closed()
        await until(lambda: f"port={port} " in hub.log(), 15)
        async with feed_of(hub) as one:
            await one.say(type="hello", token=await token_for(hub, "physician"))
            assert (await one.next())["type"] == "welcome"
        assert port_of(hub) == port


async def rows(hub: RunningHub) -> set[str]:
    """The rows of all open alarms."""
    listed = await hub.ask("list")
    return {alarm["row"] for one in listed["sessions"] for alarm in one["alarms"]}


async def test_an_order_that_is_sent_again_counts_once_and_is_answered_the_same(
    tmp_path: Path,
) -> None:
    """By its id: what was taken is taken, what was refused stays refused, also after a kill."""
    async with house(tmp_path) as hub:
        hub.patient(plan="default")
        open_port(hub)
        await hub.start()
        await hub.open()
        token = await token_for(hub, "physician")
        taken = {"do": "annotate", "text": "once", "id": "tap-1"}
        refused = {"do": "discharge", "id": "tap-2"}
        replies = []
        for is_last in (False, True):
            async with screen(hub, token) as one:
                for order in (taken, taken, refused, refused):
                    reply = await one.order("s1", **order)
                    replies.append((reply["ok"], reply.get("error"), reply["recorded"]))
            if not is_last:
                hub.kill()
                await hub.start()
        assert replies == replies[:4] * 2
        assert (replies[0], replies[1]) == ((True, None, True),) * 2
        assert (replies[2][0], replies[2]) == (False, replies[3])
        assert [note.text for note in hub.events(Annotated)] == ["once"]
