"""Whose turn it is at the loudspeaker: a burst's or a spoken line's, never both at one time.

A new alarm must be heard within 2 s, so a burst that is wanted at once makes a spoken line give way
(`cut`), and none begins before that burst has had its turn. A burst is never cut by speech; it
waits at most for the line that is being spoken. Plays nothing and knows no sound.

    async with turn.burst():            # the speaker
        ...
    async with turn.speech():           # the voice, which watches `turn.until_cut()` meanwhile
        ...
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["SoundTurn"]


class SoundTurn:
    """One loudspeaker. Used inside one event loop."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._calm = asyncio.Event()
        self._cut = asyncio.Event()
        self.calm()

    def cut(self) -> None:
        """A burst, or silence, is wanted now: speech ends, and none begins until `calm`."""
        self._calm.clear()
        self._cut.set()

    def calm(self) -> None:
        """What was wanted at once is there: speech may begin again."""
        self._cut.clear()
        self._calm.set()

    async def until_cut(self) -> None:
        """Return when speech has to give way."""
        await self._cut.wait()

    @asynccontextmanager
    async def burst(self) -> AsyncIterator[None]:
        """Hold the loudspeaker for one burst."""
        async with self._lock:
            self.calm()
            yield

    @asynccontextmanager
    async def speech(self) -> AsyncIterator[None]:
        """Hold the loudspeaker for one spoken line, which must end when it is cut."""
        while True:
            await self._calm.wait()
            async with self._lock:
                # A burst may have been wanted while this waited behind another one.
                if self._calm.is_set():
                    yield
                    return
