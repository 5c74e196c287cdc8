"""Whose turn it is at the loudspeaker: a burst's or a spoken line's, never both at one time.

A new alarm must be heard within 2 s, so a burst that is wanted at once ends whatever is spoken or
tested (`cut`: the block of `speech` is left with a `TimeoutError`), and nothing of that kind begins
before the burst has had its turn. A burst is never cut; an ordinary repeat waits at most for the
line that is being spoken. Plays nothing and knows no sound.

    async with turn.burst():            # the speaker
        ...
    async with turn.speech():           # the voice, or a test sound
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
        self._calm.set()
        self._speaking: asyncio.Timeout | None = None

    def cut(self) -> None:
        """A burst, or silence, is wanted now: speech ends, and none begins until `calm`."""
        self._calm.clear()
        speaking, self._speaking = self._speaking, None
        if speaking is not None:
            speaking.reschedule(asyncio.get_running_loop().time())

    def calm(self) -> None:
        """What was wanted at once is there: speech may begin again."""
        self._calm.set()

    @asynccontextmanager
    async def burst(self) -> AsyncIterator[None]:
        """Hold the loudspeaker for one burst."""
        async with self._lock:
            self.calm()
            yield

    @asynccontextmanager
    async def speech(self) -> AsyncIterator[None]:
        """Hold the loudspeaker for one spoken line or test sound.

        Raises:
            TimeoutError: a burst, or silence, was wanted meanwhile; the block has been cancelled.
        """
        while True:
            await self._calm.wait()
            async with self._lock:
                # A burst may have been wanted while this waited behind another one.
                if not self._calm.is_set():
                    continue
                async with asyncio.timeout(None) as speaking:
                    self._speaking = speaking
                    try:
                        yield
                    finally:
                        self._speaking = None
                return
