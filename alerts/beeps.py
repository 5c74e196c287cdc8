"""The test sound: some beeps to be counted, once, on the same loudspeaker as every alarm.

It waits for its turn behind a burst and gives way at once when an alarm sounds. Beeps that could
not be played to their end are told through a callback and not repeated: whoever counts would count
both. How many is decided in `alerts/sound_proof.py`.

    beeps = Beeps(on_failure)            # on_failure(reason)
    beeps.play(3, turn)
    await beeps.close()
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from alerts.player import COMMAND, play
from alerts.sound_turn import SoundTurn
from alerts.tone import beeps, wav_of

__all__ = ["Beeps"]

_GRACE_S: Final = 5.0
_MOST: Final = 9
# A second test before the first has sounded would be counted together with it.
_MOST_WAITING: Final = 1


class Beeps:
    """Plays test sounds. Made inside a running event loop.

    Args:
        on_failure: called with the reason when the beeps could not be heard.
        command: plays a WAV file from its standard input.
    """

    def __init__(self, on_failure: Callable[[str], None], command: Sequence[str] = COMMAND) -> None:
        self._on_failure = on_failure
        self._command = tuple(command)
        self._tasks: set[asyncio.Task[None]] = set()

    def play(self, count: int, turn: SoundTurn) -> None:
        """Play so many beeps (1..9) when the loudspeaker is free.

        Raises:
            ValueError: a number that nobody could count.
        """
        if not 1 <= count <= _MOST:
            raise ValueError(f"{count} beeps cannot be counted: play 1 to {_MOST}")
        if len(self._tasks) >= _MOST_WAITING:
            self._on_failure("another test sound is being played: wait for its end")
            return
        task = asyncio.create_task(self._play(count, turn), name="beeps")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Be silent."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _play(self, count: int, turn: SoundTurn) -> None:
        burst = beeps(count)
        limit_s = burst.length_ms / 1000 + _GRACE_S
        async with turn.speech():
            playing = asyncio.create_task(play(self._command, wav_of(burst), limit_s))
            cut = asyncio.create_task(turn.until_cut())
            try:
                await asyncio.wait({playing, cut}, return_when=asyncio.FIRST_COMPLETED)
                why = playing.result() if playing.done() else "an alarm sounded: ask for it again"
            finally:
                for task in (playing, cut):
                    task.cancel()
                await asyncio.gather(playing, cut, return_exceptions=True)
        if why:
            self._on_failure(why)
