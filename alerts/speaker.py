"""The hub's loudspeaker: plays the burst of a pattern again and again, with `aplay`.

A new pattern is heard at once, ends the one before and makes a spoken line give way. A hub without
a sound device is a technical condition, told through a callback with its reason, and never a crash;
the next burst is tried when it is due all the same. This module never chooses a pattern.

    speaker = Speaker(on_condition)     # on_condition(no_local_sound: bool, reason: str)
    speaker.play("high")
    await speaker.close()
"""

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from alerts.player import COMMAND, play
from alerts.sound_turn import SoundTurn
from alerts.tone import BURSTS, SILENT, wav

__all__ = ["Speaker"]

_GRACE_S: Final = 5.0


class Speaker:
    """Plays one pattern at a time. Made inside a running event loop.

    Args:
        on_condition: called with (True, why) when the hub has no sound, again when the reason
            changes, and with (False, "") once a whole burst was played after that.
        command: plays a WAV file from its standard input.
        retry_s: the longest wait until a failed player is tried again; else the next burst's time.
        grace_s: seconds that a player may take beyond a burst's length.
        turn: shared with whatever else uses the loudspeaker; None when nothing does.
    """

    def __init__(
        self,
        on_condition: Callable[[bool, str], None],
        command: Sequence[str] = COMMAND,
        retry_s: float = math.inf,
        grace_s: float = _GRACE_S,
        turn: SoundTurn | None = None,
    ) -> None:
        self._turn = turn or SoundTurn()
        self._on_condition = on_condition
        self._command, self._retry_s, self._grace_s = tuple(command), retry_s, grace_s
        self._sounds = {pattern: wav(pattern) for pattern in BURSTS}
        self._pattern = SILENT
        self._failure = ""
        self._changed = asyncio.Event()
        self._start()

    def play(self, pattern: str) -> None:
        """Play a pattern from now on (`silent` for none); the same pattern goes on undisturbed.

        Raises:
            ValueError: a pattern that has no sound.
        """
        if pattern != SILENT and pattern not in BURSTS:
            raise ValueError(f"there is no sound {pattern!r}: use one of {[SILENT, *BURSTS]}")
        if pattern != self._pattern:
            self._pattern = pattern
            self._turn.cut()
            self._changed.set()
            if self._task.done():
                self._start()

    async def close(self) -> None:
        """Stop sounding."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def _start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="speaker")
        self._task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Tell of an end that nobody asked for: a speaker that has stopped is silent for ever."""
        if not task.cancelled() and (error := task.exception()):
            self._tell(f"the speaker has stopped: {error!r}")

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            pattern = self._pattern
            if pattern == SILENT:
                self._turn.calm()
                await self._changed.wait()
                continue
            started_s = time.monotonic()
            playing = asyncio.create_task(self._play_once(pattern))
            try:
                failure = await self._unless_changed(playing)
            finally:
                playing.cancel()
                with suppress(asyncio.CancelledError):
                    await playing
            if failure is None:
                continue
            self._tell(failure)
            wait_s = BURSTS[pattern].interval_ms / 1000
            if failure:
                # A device that was busy for a moment must not keep a high alarm silent.
                wait_s = min(wait_s, self._retry_s)
            with suppress(TimeoutError):
                async with asyncio.timeout(started_s + wait_s - time.monotonic()):
                    await self._changed.wait()

    async def _unless_changed(self, playing: "asyncio.Task[str]") -> str | None:
        """Return why a burst was not played ("" when it was), or None when the pattern changed."""
        changed = asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait({playing, changed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()
        return playing.result() if playing.done() else None

    async def _play_once(self, pattern: str) -> str:
        """Play one burst; return why it could not be heard, or nothing."""
        limit_s = BURSTS[pattern].length_ms / 1000 + self._grace_s
        async with self._turn.burst():
            return await play(self._command, self._sounds[pattern], limit_s)

    def _tell(self, failure: str) -> None:
        if failure != self._failure:
            self._failure = failure
            self._on_condition(bool(failure), failure)
