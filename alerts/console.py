"""The console: one plain line a message, for a person who looks at the hub's terminal or log.

A terminal that has been stopped (Ctrl-S) or a full pipe blocks whoever writes to it, so one thread
of its own writes, and a line that is not out in time is a failure like any other. This module never
decides what is said and colours nothing. It ends on the hub itself, so every mode may use it.

    await Console(sys.stderr).send(message)
    # !!! HIGH for Ann: Oxygen is low. Wake Alex now. [oxygen@61000, attempt 1]
"""

import asyncio
import queue
import threading
from typing import Final, TextIO

from alerts.channel import OneWay, Outcome, failed, sent
from alerts.condition import Priority
from alerts.message import Message

__all__ = ["Console", "line"]

_LIMIT_S: Final = 2.0
_WAITING: Final = 64
_MARKS: Final = {Priority.HIGH: "!!!", Priority.MEDIUM: "!!", Priority.LOW: "!"}

_Job = tuple[str, "asyncio.Future[Outcome]"]


def line(message: Message) -> str:
    """Return the one line that stands for a message; control characters are left out."""
    text = (
        f"{_MARKS[message.priority]} {message.priority.upper()} for {message.contact}:"
        f" {message.text} [{message.alarm}, attempt {message.attempt}]"
    )
    return "".join(character for character in text if character.isprintable())


class Console(OneWay):
    """A channel that writes lines to a stream. Made inside a running event loop.

    Args:
        stream: where the lines go; it may block, and it may close.
        limit_s: how long a line may take before it counts as failed.
    """

    name: Final = "console"

    def __init__(self, stream: TextIO, limit_s: float = _LIMIT_S) -> None:
        self._stream, self._limit_s = stream, limit_s
        self._jobs: queue.Queue[_Job] = queue.Queue(_WAITING)
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._write_on, name="console", daemon=True).start()

    async def send(self, message: Message) -> Outcome:
        """Write the message's line; failed when the stream is closed or blocked."""
        done: asyncio.Future[Outcome] = self._loop.create_future()
        try:
            self._jobs.put_nowait((line(message), done))
            async with asyncio.timeout(self._limit_s):
                return await done
        except (queue.Full, TimeoutError):
            return failed("the console is blocked")

    def _write_on(self) -> None:
        while True:
            text, done = self._jobs.get()
            if done.done():
                # Given up while the console was blocked: an old alarm would only confuse.
                continue
            try:
                self._stream.write(f"{text}\n")
                self._stream.flush()
                outcome = sent()
            except (OSError, ValueError) as error:
                outcome = failed(f"the console cannot be written: {error}")
            if self._loop.is_closed():
                return
            self._loop.call_soon_threadsafe(_settle, done, outcome)


def _settle(done: "asyncio.Future[Outcome]", outcome: Outcome) -> None:
    if not done.done():
        done.set_result(outcome)
