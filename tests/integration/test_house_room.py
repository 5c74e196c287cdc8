"""The room hears the loudest pattern, a line in words and a test's beeps, never two at once."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from alerts.contact import Role
from alerts.effects import Speak
from alerts.signal import Pattern
from alerts.sound_proof import TestSound
from alerts.tone import beeps, wav, wav_of
from monitor.config import Config, load_config
from monitor.engine import Engine
from monitor.events import HelpCalled
from monitor.house_hands import HouseHands
from monitor.house_room import Room
from monitor.ward import Bed
from tests.integration.hub_house import until
from tests.sessions import opened
from tests.words import ENGLISH

pytestmark = pytest.mark.integration

TEST = TestSound(at_ms=5, bursts=3)
SPEAK = Speak(at_ms=5, alarm="panic@1000", row="PANIC", call=True)


class Hub:
    """Keeps the conditions that stand."""

    def __init__(self) -> None:
        self.standing: dict[str, str] = {}

    def condition(self, name: str, *, present: bool, detail: str) -> None:
        """Keep one, or let it go."""
        self.standing |= {name: detail}
        if not present:
            del self.standing[name]


class Home:
    """A room with a player and a voice that write down what they get."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.played, self.said = folder / "played", folder / "said"
        self.bugs: list[str] = []
        self.hub = Hub()
        any_hub: Any = self.hub
        self.hands = HouseHands(lambda text, _: self.bugs.append(text))
        self.room = Room(any_hub, self.hands, config, ENGLISH)
        engine, first = Engine(), opened()
        engine.handle(first)
        engine.handle(HelpCalled(at_ms=1_000, by="ann", role=Role.COMPANION))
        self.bed = Bed(engine, first)

    def sounds(self) -> list[int]:
        """The sizes of the files that were played."""
        return [int(n) for n in self.played.read_text().split()] if self.played.exists() else []

    def decide(self, effect: TestSound | Speak) -> None:
        """Let the loop decide one thing."""
        self.hands.effects(self.bed, HelpCalled(at_ms=5, by="x", role=Role.COMPANION), [effect])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs on PATH: a player that takes 0.1 s, and a voice whose sound has 44 bytes."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, does in (
        ("aplay", f"/usr/bin/wc -c >> {tmp_path}/played\n/bin/sleep 0.1"),
        ("espeak-ng", f"/bin/cat >> {tmp_path}/said\nprintf 'RIFF%040d' 0"),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return tmp_path


async def test_the_beeps_of_a_test_are_played_once_as_one_file(folder: Path) -> None:
    """As many as were decided; afterwards the room is silent."""
    home = Home(folder, Config())
    home.decide(TEST)
    await until(lambda: bool(home.sounds()), 5)
    await asyncio.sleep(0.4)
    await home.room.close()
    assert (home.sounds(), home.bugs) == ([len(wav_of(beeps(3)))], [])


async def test_a_line_is_said_between_the_bursts_of_its_alarm(folder: Path) -> None:
    """With the mode's mark and whom to call; the alarm's burst was first."""
    home = Home(folder, load_config("[channels.spoken]\nenabled = true"))
    home.hands.sound(Pattern.HIGH)
    await until(lambda: bool(home.sounds()), 5)
    home.decide(SPEAK)
    await until(lambda: len(home.sounds()) >= 2, 5)
    await home.room.close()
    assert (home.sounds()[:2], home.said.read_text(), home.hub.standing, home.bugs) == (
        [len(wav("high")), 44],
        "TEST - not a real alarm: Somebody called for help. Go to Alex now. Call 112 now.",
        {},
        [],
    )


async def test_without_speaker_and_voice_nothing_sounds_and_nothing_is_wrong(
    folder: Path,
) -> None:
    """They were turned off by the settings."""
    home = Home(folder, load_config("[alarm]\nspeaker = false"))
    home.hands.sound(Pattern.HIGH)
    home.decide(TEST)
    home.decide(SPEAK)
    await asyncio.sleep(0.3)
    await home.room.close()
    assert (home.sounds(), home.hub.standing, home.bugs) == ([], {}, [])


async def test_a_lamp_that_cannot_shine_is_a_condition(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name is that of the room's aids."""
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "none-such")
    home = Home(folder, load_config("[channels.light]\nenabled = true"))
    home.hands.sound(Pattern.LOW)
    await until(lambda: "room:light" in home.hub.standing, 5)
    await home.room.close()


async def test_more_lines_than_anybody_can_hear_are_left_out(folder: Path) -> None:
    """Nine tests at one time: eight wait for the loudspeaker, the ninth is refused."""
    home = Home(folder, Config())
    for _ in range(9):
        home.decide(TEST)
    assert len(home.room._tasks) == 8
    await home.room.close()
    assert home.bugs == []
