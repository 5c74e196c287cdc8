"""A line is said between two bursts, gives way to a new alarm, and a missing voice is told once."""

import asyncio
import os
import shutil
import time
import wave
from pathlib import Path

import pytest

from alerts.sound_turn import SoundTurn
from alerts.speaker import Speaker
from alerts.spoken import Spoken
from alerts.tone import wav
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

Told = list[tuple[bool, str]]
LINE = "Oxygen is low. Wake Alex now."


def program(path: Path, body: str) -> tuple[str, ...]:
    """Write a program and return its command."""
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return (str(path),)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return the file in which programs say when they begin and end."""
    return tmp_path / "log"


def voice(tmp_path: Path) -> tuple[str, ...]:
    """Return a speech program that keeps what it is given and makes a sound of it."""
    (tmp_path / "voice.wav").write_bytes(wav("low"))
    return program(tmp_path / "voice", f"cat >> {tmp_path}/text; cat {tmp_path}/voice.wav")


def player(tmp_path: Path, log: Path, takes_s: float = 0.0) -> tuple[str, ...]:
    """Return a player that writes the size of what it plays, when it begins and when it ends."""
    body = f'n=$(wc -c); echo "begin $n" >> {log}; sleep {takes_s}; echo "end $n" >> {log}'
    return program(tmp_path / "player", body)


def lines(log: Path) -> list[str]:
    """Return what was played so far."""
    return log.read_text().splitlines() if log.exists() else []


async def test_a_line_goes_to_the_program_as_it_is_and_is_played(tmp_path: Path, log: Path) -> None:
    """No shell reads it, control characters are left out, and it is not endless."""
    told = Told()
    spoken = Spoken(lambda *news: told.append(news), voice(tmp_path), player(tmp_path, log))
    why = await spoken.say("$(reboot); `halt`\x07\nWake Alex " + "x" * 400, SoundTurn())
    text = (tmp_path / "text").read_text()
    assert (why, text[:28], len(text), lines(log), told) == (
        "",
        "$(reboot); `halt` Wake Alex ",
        300,
        [f"begin {len(wav('low'))}", f"end {len(wav('low'))}"],
        [],
    )


async def test_a_line_waits_for_the_burst_and_the_next_burst_for_the_line(
    tmp_path: Path, log: Path
) -> None:
    """Never two sounds at one time, and the burst is not cut."""
    turn = SoundTurn()
    command = player(tmp_path, log, 0.4)
    speaker = Speaker(lambda *_: None, command, turn=turn)
    spoken = Spoken(lambda *_: None, voice(tmp_path), command)
    speaker.play("high")
    await until(lambda: len(lines(log)) == 1)
    assert await spoken.say(LINE, turn) == ""
    await speaker.close()
    high, low = len(wav("high")), len(wav("low"))
    assert lines(log) == [f"begin {high}", f"end {high}", f"begin {low}", f"end {low}"]


@pytest.mark.parametrize("pattern", ["high", "silent"])
async def test_a_new_alarm_or_silence_cuts_a_line(tmp_path: Path, log: Path, pattern: str) -> None:
    """The burst starts at once; the cut line is no condition, and the next one is said again."""
    turn, told = SoundTurn(), Told()
    quick, slow = player(tmp_path, log), program(tmp_path / "slow", "sleep 30")
    speaker = Speaker(lambda *_: None, quick, turn=turn)
    speaker.play("failure")
    await until(lambda: len(lines(log)) == 2)
    spoken = Spoken(lambda *news: told.append(news), voice(tmp_path), slow)
    saying = asyncio.create_task(spoken.say(LINE, turn))
    await until((tmp_path / "text").exists)
    await asyncio.sleep(0.1)
    started_s = time.monotonic()
    speaker.play(pattern)
    why = await saying
    if pattern == "high":
        await until(lambda: f"begin {len(wav('high'))}" in lines(log))
    took_s = time.monotonic() - started_s
    after = await Spoken(lambda *news: told.append(news), voice(tmp_path), quick).say(LINE, turn)
    await speaker.close()
    assert (why, took_s < 1.0, after, told) == ("a new alarm sounded", True, "", [])


async def test_no_line_begins_before_the_burst_that_was_wanted_at_once() -> None:
    """A line that waited behind an old burst lets the new one go first."""
    turn, order = SoundTurn(), list[str]()

    async def burst(name: str) -> None:
        async with turn.burst():
            order.append(name)
            await asyncio.sleep(0)

    async def speech() -> None:
        async with turn.speech():
            order.append("speech")

    async with turn.burst():
        speaking = asyncio.create_task(speech())
        await asyncio.sleep(0)
        turn.cut()
    await asyncio.sleep(0)
    await burst("new")
    await speaking
    assert order == ["new", "speech"]


async def test_a_missing_voice_is_told_once_and_ends_when_a_line_is_heard(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the package to install."""
    told = Told()
    spoken = Spoken(lambda *news: told.append(news), player=player(tmp_path, log))
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    missing = [await spoken.say(LINE, SoundTurn()) for _ in range(2)]
    voice(tmp_path)
    (tmp_path / "voice").rename(tmp_path / "espeak")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{path}")
    monkeypatch.setattr("alerts.spoken._PROGRAMS", ("espeak",))
    found = await spoken.say(LINE, SoundTurn())
    why = "no speech program is installed: install the package espeak-ng"
    assert (missing, found, told) == ([why, why], "", [(True, why), (False, "")])


@pytest.mark.parametrize(
    ("speech", "play", "why"),
    [
        ("echo 'no voice en' >&2; exit 2", "exit 0", "speech failed (2): no voice en"),
        ("echo hello", "exit 0", "speech made no sound"),
        ("sleep 30", "exit 0", "speech did not end within 0.5 s"),
        ("cat low.wav", "sleep 30", "player did not end within"),
        ("cat low.wav", "echo 'No such device' >&2; exit 1", "player failed (1): No such device"),
    ],
)
async def test_every_failure_is_named_and_bounded(
    tmp_path: Path, speech: str, play: str, why: str
) -> None:
    """Of the voice and of the player."""
    (tmp_path / "low.wav").write_bytes(wav("low"))
    told = Told()
    spoken = Spoken(
        lambda *news: told.append(news),
        program(tmp_path / "speech", f"cd {tmp_path}; cat > /dev/null; {speech}"),
        program(tmp_path / "player", play),
        limit_s=0.5,
    )
    started_s = time.monotonic()
    said = (await spoken.say(LINE, SoundTurn())).replace(f"{tmp_path}/", "")
    assert (said[: len(why)], len(told), time.monotonic() - started_s < 2) == (why, 1, True)


async def test_lines_do_not_pile_up(tmp_path: Path, log: Path) -> None:
    """A fifth one is refused while four wait."""
    turn = SoundTurn()
    spoken = Spoken(lambda *_: None, voice(tmp_path), player(tmp_path, log))
    async with turn.burst():
        waiting = [asyncio.create_task(spoken.say(LINE, turn)) for _ in range(4)]
        await asyncio.sleep(0)
        fifth = await spoken.say(LINE, turn)
    assert (fifth, await asyncio.gather(*waiting)) == ("4 lines already wait to be said", [""] * 4)


async def test_the_real_voice_speaks_a_line(tmp_path: Path) -> None:
    """The program from the package makes more than half a second of sound of it."""
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    command = program(tmp_path / "player", f"cat > {tmp_path}/heard.wav")
    assert await Spoken(lambda *_: None, player=command).say(LINE, SoundTurn()) == ""
    with wave.open(str(tmp_path / "heard.wav")) as heard:
        rate, size = heard.getframerate(), (tmp_path / "heard.wav").stat().st_size
    assert (rate >= 16_000, size > rate) == (True, True)


async def test_whatever_holds_the_loudspeaker_gives_way_to_a_new_alarm() -> None:
    """A test sound too: its block is cancelled, and who held it is told by a time-out."""
    turn, order = SoundTurn(), list[str]()

    async def test_sound() -> None:
        try:
            async with turn.speech():
                order.append("begins")
                await asyncio.sleep(30)
        except TimeoutError:
            order.append("gives way")

    sounding = asyncio.create_task(test_sound())
    await asyncio.sleep(0.01)
    turn.cut()
    turn.cut()
    async with asyncio.timeout(1), turn.burst():
        order.append("alarm")
    await sounding
    turn.cut()  # nobody speaks: nothing to cut
    assert order == ["begins", "gives way", "alarm"]
