"""A thread of its own for work that cannot be interrupted, bounded in number and in time.

A library that blocks (a name service, a mail server) must not hold the loop, nor the loop's few
worker threads. Work that takes too long is left to end by itself; whoever waits is told in time.
Knows nothing of what is done in there.

    why = await threads.run(lambda: send(mail), within_s=4.0)      # "" or "timed out"
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future

__all__ = ["OwnThreads"]


class OwnThreads:
    """Threads under one name, at most so many at a time."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._threads: set[threading.Thread] = set()

    @property
    def full(self) -> bool:
        """Whether as many as may be are still at work."""
        return len(self.alive()) >= self._most

    def alive(self) -> set[threading.Thread]:
        """Return the threads that are still at work."""
        self._threads = {thread for thread in self._threads if thread.is_alive()}
        return self._threads

    async def run(self, work: Callable[[], str], within_s: float) -> str:
        """Return what the work returns, or "timed out"; raises what it raises."""
        done: Future[str] = Future()

        def run() -> None:
            done.set_running_or_notify_cancel()
            try:
                done.set_result(work())
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                done.set_exception(error)

        thread = threading.Thread(target=run, name=self._name, daemon=True)
        self._threads.add(thread)
        thread.start()
        try:
            async with asyncio.timeout(within_s):
                return await asyncio.wrap_future(done)
        except TimeoutError:
            return "timed out"
