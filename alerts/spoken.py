"""The hub says one line in words, between two bursts of the loudspeaker and never over them.

A speech program makes the sound (espeak-ng, or espeak; the text goes to its standard input and
through no shell), and the same player as the bursts' plays it. A line that is not out within 15 s
is cut, and so is one when a new alarm sounds. A missing program is a condition that is named once
and ends with the next line that is heard. It never chooses what is said, and repeats nothing.

    spoken = Spoken(on_condition)       # on_condition(cannot_speak: bool, reason: str)
    why = await spoken.say("Oxygen is low. Wake Alex now.", turn)     # "" when it was said
"""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from typing import Final

from alerts.player import COMMAND, in_memory, play, run_program
from alerts.sound_turn import SoundTurn

__all__ = ["LIMIT_S", "Spoken"]

LIMIT_S: Final = 15.0
_PROGRAMS: Final = ("espeak-ng", "espeak")
_ARGUMENTS: Final = ("-s", "150", "--stdin", "--stdout")
_MOST_CHARS: Final = 300
_MOST_WAITING: Final = 4
_NO_PROGRAM: Final = "no speech program is installed: install the package espeak-ng"


class Spoken:
    """A voice. Used inside one event loop.

    Args:
        on_condition: called with (True, why) when the hub cannot speak, again when the reason
            changes, and with (False, "") once a whole line was said after that.
        speech: reads a text from its standard input and writes a WAV file to its standard output;
            empty for the first that is found on PATH.
        player: plays a WAV file from its standard input.
        limit_s: seconds that one line may take, without the wait for its turn.
        language: the code of the language that a program found on PATH speaks.
    """

    def __init__(
        self,
        on_condition: Callable[[bool, str], None],
        speech: Sequence[str] = (),
        player: Sequence[str] = COMMAND,
        limit_s: float = LIMIT_S,
        language: str = "en",
    ) -> None:
        self._on_condition = on_condition
        self._speech, self._player, self._limit_s = tuple(speech), tuple(player), limit_s
        self._failure = ""
        self._language = language
        self._waiting = 0

    async def say(self, text: str, turn: SoundTurn) -> str:
        """Say one line when its turn comes; return why it was not said, or nothing.

        Args:
            text: what is said; control characters are left out, at most 300 characters are said.
            turn: shared with the loudspeaker.
        """
        if self._waiting >= _MOST_WAITING:
            return f"{_MOST_WAITING} lines already wait to be said"
        self._waiting += 1
        try:
            async with turn.speech():
                why = await self._say(text)
        except TimeoutError:
            return "a new alarm sounded"
        finally:
            self._waiting -= 1
        if why != self._failure:
            self._failure = why
            self._on_condition(bool(why), why)
        return why

    async def _say(self, text: str) -> str:
        command = self._speech or _found(self._language)
        if not command:
            return _NO_PROGRAM
        line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        ends_s = asyncio.get_running_loop().time() + self._limit_s
        with in_memory(line[:_MOST_CHARS].encode()) as given, in_memory(b"") as made:
            why = await run_program(command, given, made, self._limit_s, "install it")
            if why:
                return why
            made.seek(0)
            sound = made.read()
        if not sound.startswith(b"RIFF"):
            return f"{command[0]} made no sound"
        left_s = max(0.1, ends_s - asyncio.get_running_loop().time())
        return await play(self._player, sound, left_s)


def _found(language: str) -> tuple[str, ...]:
    """Return the first speech program on PATH with its arguments; nothing when there is none."""
    for name in _PROGRAMS:
        if shutil.which(name) is not None:
            return (name, "-v", language, *_ARGUMENTS)
    return ()
