"""Waiting for what is meant: the one way in which these tests pass time.

A fixed sleep before an assertion is a bet on a quiet machine. `until` (in an event loop) and
`eventually` (without one) ask again and again, go on at once when it holds, and fail when it never
does. The bound is generous, since only a failure waits for it; a test that means a time limit
gives its own. What must *not* happen is looked at after something that comes later.

    await until(lambda: len(pager.got) == 2)
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

__all__ = ["eventually", "until"]

GENEROUS_S: Final = 20.0
_ASK_AGAIN_S: Final = 0.02


async def until(holds: Callable[[], bool], within_s: float = GENEROUS_S) -> None:
    """Wait until something holds; TimeoutError when it does not in time."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - files, threads and processes set no event
            await asyncio.sleep(_ASK_AGAIN_S)


def eventually(holds: Callable[[], bool], within_s: float = GENEROUS_S) -> bool:
    """Wait until something holds, where no event loop runs; AssertionError when it never does.

    Returns True, so that it may stand among the values that a test compares.
    """
    end_s = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end_s, f"it did not come within {within_s:g} s"
        time.sleep(_ASK_AGAIN_S)
    return True
