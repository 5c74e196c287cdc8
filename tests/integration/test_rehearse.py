"""`vigil rehearse` against a real hub: people answer by name, and the exit code is the verdict."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alerts.rehearsal import RehearsalChanged
from alerts.sound_proof import TestSound
from alerts.tone import beeps, wav_of
from monitor.control import ControlError
from tests.integration.hub_house import ROOT, RunningHub, house, until

pytestmark = pytest.mark.integration

PEOPLE = {"sam": "companion", "lee": "physician", "roy": "backup"}


def patient(hub: RunningHub, broken: str = "") -> None:
    """Three people on the console; the `broken` one has a second way that cannot work."""
    text = '[patient]\nid = "test"\nmode = "test"\nname = "Alex"\nplan = "default"\n'
    for name, role in PEOPLE.items():
        more = ', { channel = "webhook", address = "http://127.0.0.1:9/" }'
        ways = '{ channel = "console" }' + (more if name == broken else "")
        text += f'[[contacts]]\nid = "{name}"\nrole = "{role}"\nname = "{name}"\nways = [{ways}]\n'
    (hub.folder / "patients" / "test.toml").write_text(text)


def rehearse(hub: RunningHub, *words: str) -> "subprocess.Popen[str]":
    """Start the command."""
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "monitor.commands.main", "rehearse", "test", *words),
            *("--config", str(hub.folder / "config.toml")),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def lines(log: Path) -> list[str]:
    """What the player has logged so far."""
    return log.read_text().split() if log.exists() else []


async def running(hub: RunningHub) -> tuple[str, str]:
    """Wait for a rehearsal; return its session and its name."""
    async with asyncio.timeout(20):
        while True:
            for one in (await hub.ask("list"))["sessions"]:
                reply = await hub.ask("rehearsal", session=one["session"])
                if reply["rehearsal"] is not None and reply["rehearsal"]["state"] == "running":
                    return str(one["session"]), str(reply["rehearsal"]["id"])
            await asyncio.sleep(0.1)


async def answered(hub: RunningHub, *people: str) -> None:
    """These people accept the test alarm, as on their own page."""
    session, name = await running(hub)
    for person in people:
        order = {"do": "accept", "alarm": name}
        reply = await hub.ask("order", session=session, by=person, order=order)
        assert reply["ok"], reply


async def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Wait for the command; return its code and what it printed."""
    output, _ = await asyncio.to_thread(process.communicate, timeout=60)
    return process.returncode, output


async def test_everybody_answers_in_the_gate(tmp_path: Path) -> None:
    """Exit 0; the gate's item is passed; messages are marked as a test; the journal has it all."""
    async with house(tmp_path) as hub:
        patient(hub)
        await hub.start()
        await hub.open()
        command = rehearse(hub)
        await answered(hub, *PEOPLE)
        code, output = await ended(command)
        assert (code, output.splitlines()[-1]) == (
            0,
            "rehearsal passed: answered by sam, lee, roy",
        ), output
        assert "companion sam by console: unproved, sent; not answered by this way" in output
        assert (await hub.ask("rehearsal", session="s1"))["gate"] == {"alarm_chain": "pass"}
        assert "TEST - not a real alarm: This is a test of the alarm chain." in hub.log()
        lines = [
            effect.state.value
            for record in hub.records()
            for effect in record.effects
            if isinstance(effect, RehearsalChanged) and not effect.contact
        ]
        assert lines == ["running", "passed"]


async def test_the_day_before_there_is_no_session(tmp_path: Path) -> None:
    """One is opened for the rehearsal, a broken way is found, and the session ends by itself."""
    async with house(tmp_path) as hub:
        patient(hub, broken="lee")
        await hub.start()
        command = rehearse(hub)
        await answered(hub, *PEOPLE)
        code, output = await ended(command)
        assert (code, "lee answered on their page, but not every way works: webhook" in output) == (
            1,
            True,
        ), output
        assert "is a rehearsal only (test)" in output
        (session,) = (one["session"] for one in (await hub.ask("list"))["sessions"])
        await until(lambda: "session over" in hub.log(), 25)
        assert (await hub.ask("list"))["sessions"] == []
        assert hub.records(session)[-1].effects


async def test_the_test_sound_is_heard_and_counted(tmp_path: Path) -> None:
    """The player gets as many beeps as were decided; their number passes the gate's item."""
    async with house(tmp_path) as hub:
        patient(hub)
        log, script = tmp_path / "played", tmp_path / "aplay"
        script.write_text(f'#!/bin/sh\necho "$(wc -c)" >> {log}\n')
        script.chmod(0o755)
        hub.environ = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
        hub.settings = {"alarm": {"speaker": True}}
        await hub.start()
        await hub.open()
        by = {"session": "s1", "by": "sam"}
        assert (await hub.ask("order", order={"do": "sound_test"}, **by))["ok"]
        sizes = {len(wav_of(beeps(number))): number for number in (2, 3, 4)}
        # A session without an oximeter has alarms of its own, which sound in their turn.
        await until(lambda: any(int(size) in sizes for size in lines(log)), 20)
        (heard,) = (sizes[int(size)] for size in lines(log) if int(size) in sizes)
        reply = await hub.ask("order", order={"do": "heard", "bursts": heard}, **by)
        assert reply["ok"], reply
        effects = [effect for record in hub.records() for effect in record.effects]
        assert [e.bursts for e in effects if isinstance(e, TestSound)] == [heard]


async def test_what_the_hub_refuses_is_said(tmp_path: Path) -> None:
    """No hub, no patient, a session past its gate: exit 2 with the reason."""
    async with house(tmp_path) as hub:
        patient(hub)
        await hub.start()
        words = ("rehearse", "nobody", "--config", str(hub.folder / "config.toml"))
        unknown = await asyncio.to_thread(hub.command, *words)
        assert (unknown.returncode, "nobody" in unknown.stderr) == (2, True)
        await hub.open()
        reply = await hub.ask("order", session="s1", by="sam", order={"do": "dose"})
        assert reply["ok"], reply
        code, output = await ended(rehearse(hub, "--session", "s1"))
        why = "the alarm chain is tested at the gate, the session is in onset"
        assert (code, why in output) == (2, True), output
        assert hub.process is not None
        await hub.stop()
        with pytest.raises(ControlError):
            await hub.ask("list")
        code, output = await ended(rehearse(hub))
        assert (code, "no hub runs" in output) == (2, True), output
