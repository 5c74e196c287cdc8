"""Asking a service again and again for receipts and answers: how often, and whether it answers.

A fresh message is asked after as often as the settings say, an older one five times less often, and
when nothing is open nothing is asked. Whether the service can be asked is said once for each
change, because a way that cannot hear is half a way. Asks nothing itself.

    class PagerDuty(Asking): ...
    await self.rest(age_ms=9_000)
"""

import asyncio
import time
from contextlib import suppress
from typing import Final

import structlog

__all__ = ["FRESH_MS", "Asking", "now_ms"]

FRESH_MS: Final = 60_000
"""A message counts as fresh for so long, unless the channel says otherwise."""

_SLOWER: Final = 5

log = structlog.get_logger("vigil.asking")


class Asking:
    """The part of a channel that asks.

    Args:
        channel: the channel's name.
        poll_ms: milliseconds from one question to the next.
        why_not: why nothing is heard before the first answer.
        fresh_ms: how long a message counts as fresh.

    Attributes:
        wake: set when there is something new to ask after.
        listening: the last question was answered.
        not_listening_why: why it was not; empty while it is.
    """

    def __init__(
        self,
        channel: str,
        poll_ms: int,
        why_not: str = "not asked yet",
        fresh_ms: int = FRESH_MS,
    ) -> None:
        self._channel, self._poll_ms, self._fresh_ms = channel, poll_ms, fresh_ms
        self.wake = asyncio.Event()
        self.listening = False
        self.not_listening_why = why_not

    def heard(self, why: str) -> None:
        """Note whether the service could be asked; said once for each change."""
        if why and why != self.not_listening_why:
            log.warning("answers cannot be asked for", channel=self._channel, why=why)
        elif not why and not self.listening:
            log.info("answers are asked for", channel=self._channel)
        self.listening, self.not_listening_why = not why, why

    async def rest(self, age_ms: int | None) -> None:
        """Wait until it is time to ask again.

        Args:
            age_ms: of the newest message that is asked after; None: nothing is, wait for `wake`.
        """
        pause_s = None
        if age_ms is not None:
            slower = 1 if age_ms < self._fresh_ms else _SLOWER
            pause_s = self._poll_ms * slower / 1000
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self.wake.wait()
        # Before anything is looked at, so that what comes meanwhile wakes the next rest.
        self.wake.clear()


def now_ms() -> int:
    """Return a steady time of this process."""
    return time.monotonic_ns() // 1_000_000
