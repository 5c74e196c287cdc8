"""The loudspeaker plays bursts with a real player process, and says why when it cannot."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from alerts.speaker import Speaker
from alerts.tone import BURSTS, wav
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

Told = list[tuple[bool, str]]


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put an `aplay` in front of PATH that logs the size of what it is given, then does `end`."""

    def put(end: str) -> Path:
        log = tmp_path / "played"
        script = tmp_path / "aplay"
        script.write_text(f'#!/bin/sh\necho "$* $(wc -c)" >> {log}\n{end}\n')
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return log

    return put


def lines(log: Path) -> list[str]:
    """Return what the player has logged so far."""
    return log.read_text().splitlines() if log.exists() else []


def played(*patterns: str) -> list[str]:
    """Return the lines that the player logs for these bursts."""
    return [f"-q - {len(wav(pattern))}" for pattern in patterns]


async def test_a_pattern_is_repeated_and_a_new_one_is_heard_at_once(
    player: Callable[[str], Path],
) -> None:
    """The failure tone comes every 3 s; high interrupts it; silence ends it."""
    log, told = player("exit 0"), Told()
    speaker = Speaker(lambda present, why: told.append((present, why)))
    speaker.play("failure")
    start_s = time.monotonic()
    await until(lambda: len(lines(log)) == 2)
    repeat_s = time.monotonic() - start_s
    speaker.play("high")
    speaker.play("high")
    await until(lambda: len(lines(log)) == 3)
    at_once_s = time.monotonic() - start_s - repeat_s
    speaker.play("silent")
    await asyncio.sleep(0.2)
    await speaker.close()
    assert (lines(log), told) == (played("failure", "failure", "high"), [])
    assert (abs(repeat_s - BURSTS["failure"].interval_ms / 1000) < 0.7, at_once_s < 0.7) == (
        True,
        True,
    )


async def test_a_player_that_is_still_playing_is_stopped(player: Callable[[str], Path]) -> None:
    """Silence does not wait for the end of a burst."""
    log = player("exec sleep 60")
    speaker = Speaker(lambda *_: None)
    speaker.play("high")
    await until(lambda: len(lines(log)) == 1)
    start_s = time.monotonic()
    await speaker.close()
    assert time.monotonic() - start_s < 2


async def test_no_player_is_told_once_and_tried_at_a_new_sound(
    tmp_path: Path, player: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub without `aplay` says what to install; once it is there the condition ends."""
    told = Told()
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path / "empty"))
        speaker = Speaker(lambda present, why: told.append((present, why)))
        speaker.play("low")
        await until(lambda: bool(told))
        speaker.play("medium")
        await asyncio.sleep(0.2)
    log = player("exit 0")
    speaker.play("high")
    await until(lambda: len(told) == 2)
    await speaker.close()
    assert (told, lines(log)) == (
        [(True, "aplay is not installed: install the package alsa-utils"), (False, "")],
        played("high"),
    )


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("echo 'audio open error: No such device' >&2; exit 1", "audio open error: No such device"),
        ("exit 3", "no reason"),
    ],
)
async def test_a_player_that_fails_gives_its_reason_and_is_tried_again(
    player: Callable[[str], Path], end: str, said: str
) -> None:
    """The same reason is told once, however often it is tried."""
    log, told = player(end), Told()
    speaker = Speaker(lambda present, why: told.append((present, why)), retry_s=0.1)
    speaker.play("high")
    await until(lambda: len(lines(log)) >= 3)
    await speaker.close()
    assert told == [(True, f"aplay failed ({end[-1]}): {said}")]


async def test_a_player_that_hangs_is_stopped_and_told(player: Callable[[str], Path]) -> None:
    """A blocked sound device does not block the hub."""
    player("exec sleep 60")
    told = Told()
    speaker = Speaker(lambda present, why: told.append((present, why)), grace_s=0.2)
    speaker.play("low")
    await until(lambda: bool(told))
    await speaker.close()
    assert told == [(True, "aplay did not end within 0.8 s: is the sound device in use?")]


async def test_a_player_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    """A file without the right to run is named."""
    (tmp_path / "mute").write_text("")
    told = Told()
    speaker = Speaker(
        lambda present, why: told.append((present, why)), command=(str(tmp_path / "mute"),)
    )
    speaker.play("low")
    await until(lambda: bool(told))
    await speaker.close()
    assert told == [(True, f"{tmp_path / 'mute'} cannot be started: Permission denied")]


async def test_a_sound_that_does_not_exist_is_refused() -> None:
    """The error names the sounds that there are."""
    speaker = Speaker(lambda *_: None)
    with pytest.raises(ValueError, match="there is no sound 'loud': use one of"):
        speaker.play("loud")
    await speaker.close()


async def test_a_speaker_that_breaks_says_so_and_the_next_sound_starts_it_again(
    player: Callable[[str], Path],
) -> None:
    """Even a mistake of our own is a told condition, not silence."""
    log, told = player("exit 0"), Told()
    speaker = Speaker(lambda present, why: told.append((present, why)))
    sounds, speaker._sounds = speaker._sounds, {}
    speaker.play("high")
    await until(lambda: bool(told))
    speaker._sounds = sounds
    speaker.play("low")
    await until(lambda: len(told) == 2)
    await speaker.close()
    assert (told, lines(log)) == (
        [(True, "the speaker has stopped: KeyError('high')"), (False, "")],
        played("low"),
    )


async def test_a_device_that_was_busy_for_a_moment_is_tried_at_the_next_burst(
    player: Callable[[str], Path], tmp_path: Path
) -> None:
    """A high alarm is not silent for longer than until its next burst is due."""
    busy = tmp_path / "busy"
    busy.touch()
    log, told = player(f"test ! -e {busy}"), Told()
    speaker = Speaker(lambda present, why: told.append((present, why)))
    started_s = time.monotonic()
    speaker.play("failure")
    await until(lambda: bool(told))
    busy.unlink()
    await until(lambda: len(told) == 2)
    took_s = time.monotonic() - started_s
    await speaker.close()
    assert (told, len(lines(log)), took_s < 4.5) == (
        [(True, "aplay failed (1): no reason"), (False, "")],
        2,
        True,
    )
