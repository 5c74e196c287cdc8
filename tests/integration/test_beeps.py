"""The test sound is played once by a real player, gives way to an alarm, and says when it failed."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from alerts.beeps import Beeps
from alerts.sound_turn import SoundTurn
from alerts.tone import beeps, wav_of

pytestmark = pytest.mark.integration


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put an `aplay` in front of PATH that logs the size of what it is given, then does `end`."""

    def put(end: str) -> Path:
        log, script = tmp_path / "played", tmp_path / "aplay"
        script.write_text(f'#!/bin/sh\necho "$(wc -c)" >> {log}\n{end}\n')
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return log

    return put


async def until(truth: Callable[[], bool], within_s: float = 8.0) -> None:
    """Wait until something is true, at most `within_s`."""
    end_s = time.monotonic() + within_s
    while not truth() and time.monotonic() < end_s:  # noqa: ASYNC110 - a process writes
        await asyncio.sleep(0.02)


async def test_the_beeps_are_played_once(player: Callable[[str], Path]) -> None:
    """One file with three beeps; a second test meanwhile would be counted together with it."""
    log, told = player("sleep 0.2"), list[str]()
    sound, turn = Beeps(told.append), SoundTurn()
    sound.play(3, turn)
    sound.play(2, turn)
    await until(log.exists)
    await until(lambda: not sound._tasks)
    assert (log.read_text().split(), told) == (
        [str(len(wav_of(beeps(3))))],
        ["another test sound is being played: wait for its end"],
    )


async def test_an_alarm_goes_first(player: Callable[[str], Path]) -> None:
    """The player is stopped at once, and the test is to be asked for again."""
    log, told = player("exec sleep 5"), list[str]()
    sound, turn = Beeps(told.append), SoundTurn()
    sound.play(4, turn)
    await until(log.exists)
    start_s = time.monotonic()
    turn.cut()
    await until(lambda: bool(told))
    assert (told, time.monotonic() - start_s < 2) == (["an alarm sounded: ask for it again"], True)


async def test_a_player_that_fails_is_told(player: Callable[[str], Path]) -> None:
    """With its last words."""
    player("echo no card >&2; exit 1")
    told: list[str] = []
    sound = Beeps(told.append)
    sound.play(2, SoundTurn())
    await until(lambda: bool(told))
    assert told == ["aplay failed (1): no card"]


async def test_a_test_sound_can_be_stopped(player: Callable[[str], Path]) -> None:
    """Closing leaves no player behind."""
    log, told = player("exec sleep 5"), list[str]()
    sound = Beeps(told.append)
    sound.play(2, SoundTurn())
    await until(log.exists)
    start_s = time.monotonic()
    await sound.close()
    assert (told, time.monotonic() - start_s < 2) == ([], True)


@pytest.mark.parametrize("count", [0, 10])
async def test_nobody_counts_so_many(count: int) -> None:
    """One to nine."""
    with pytest.raises(ValueError, match="cannot be counted"):
        Beeps(list[str]().append).play(count, SoundTurn())
