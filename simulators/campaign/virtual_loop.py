"""An event loop whose time is virtual: when nothing is ready, the clock jumps to what is due next.

The hub's own code (its loop, its sender, its futures) runs on it unchanged, ten minutes in a few
tenths of a second, and always in the same order. A loop that waits for nothing at all would wait
for ever: that is a fault of the caller and is raised. No socket and no thread may be waited for.

    loop = VirtualLoop()
    loop.run_until_complete(asyncio.sleep(600))     # at once
    loop.time()                                     # 600.0
"""

import asyncio
import selectors
from collections.abc import Mapping
from typing import Any

__all__ = ["NothingLeftError", "VirtualLoop"]


class NothingLeftError(RuntimeError):
    """Everything waits and nothing is due: the simulated house would stand still for ever."""


class _Jumping(selectors.BaseSelector):
    """Waits for no time: what is not ready now makes the loop's clock jump."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop
        self._real = selectors.DefaultSelector()

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise NothingLeftError("every task waits and nothing is due")
        self._loop.jump(timeout)
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that begins at 0 s and whose time passes only in jumps."""

    def __init__(self) -> None:
        # Whole nanoseconds: a sum of floats would drift off the second.
        self._now_ns = 0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        """Return virtual seconds since the loop was made."""
        return self._now_ns / 1e9

    def jump(self, seconds: float) -> None:
        """Let time pass."""
        self._now_ns += round(seconds * 1e9)
