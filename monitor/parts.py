"""The hub's long-running parts: each is one task, and none of them may end unnoticed.

A part that ends by itself is our bug. The hub then stops with an error, so that its supervisor
starts it again from the record: a hub that is half alive would watch nobody and look well. The same
holds for callbacks whose exceptions nobody waits for, but those are only told. Knows no part.

    parts = Parts(on_bug)
    parts.go(hub.run(), "loop")
    await parts.stopping.wait()
    await parts.end()
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

__all__ = ["Parts"]

log = structlog.get_logger("vigil.parts")


class Parts:
    """Tasks by name. `stopping` is set by a signal or by a part that ended; `failed` by the latter.

    Args:
        on_bug: told what failed in a callback.
    """

    def __init__(self, on_bug: Callable[[str], None]) -> None:
        self.stopping = asyncio.Event()
        self.failed = False
        self._on_bug = on_bug
        self._tasks: list[asyncio.Task[None]] = []

    def go(self, coroutine: Coroutine[Any, Any, None], name: str) -> None:
        """Start a part."""
        task = asyncio.create_task(coroutine, name=name)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    def callback_failed(self, _: object, context: dict[str, Any]) -> None:
        """Take the place of the loop's exception handler."""
        error = context.get("exception")
        log.critical("a callback failed", what=context.get("message"), exc_info=error)
        self._on_bug(f"our bug: {context.get('message')}: {error!r}")

    async def end(self) -> None:
        """Cancel every part and wait for it."""
        self.stopping.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or self.stopping.is_set():
            return
        error = task.exception()
        log.critical("a part of the hub ended", part=task.get_name(), exc_info=error)
        self.failed = True
        self.stopping.set()
