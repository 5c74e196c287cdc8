"""What the hub publishes, one after the other, on a connection without subscriptions.

Bounded: when the broker does not take messages, the oldest are dropped and counted, but never what
is urgent (a line of a high alarm); the record has everything, and screens come back with the next
snapshot. Of a retained topic only the latest message waits. Nothing here waits for a patient's
data.

    outgoing.put("vigil/v1/ack/ox-1", b"{...}", retain=False)
    await outgoing.run()
"""

import asyncio
from collections.abc import Awaitable
from itertools import count
from typing import NamedTuple, Protocol

import structlog

from devices.mqtt_link import NotSentError

__all__ = ["Outgoing"]

_KEEP = 2_000
_PAUSE_S = 0.5
_AT_ONCE = 50

log = structlog.get_logger("vigil.outgoing")


class _Message(NamedTuple):
    topic: str
    payload: bytes
    retain: bool
    urgent: bool


class _Publish(Protocol):
    def __call__(
        self, topic: str, payload: bytes, *, qos: int, retain: bool
    ) -> Awaitable[None]: ...


class Outgoing:
    """A bounded queue of publications. `publish` raises NotSentError for what was not sent."""

    def __init__(self, publish: _Publish) -> None:
        self._publish = publish
        self._waiting: dict[str | int, _Message] = {}
        self._flying = 0
        self._numbers = count()
        self._wake = asyncio.Event()
        self.dropped = 0

    def put(self, topic: str, payload: bytes, *, retain: bool, urgent: bool = False) -> None:
        """Queue one message; an urgent one is exempt from the bound."""
        key = topic if retain else next(self._numbers)
        self._waiting[key] = _Message(topic, payload, retain, urgent)
        self._bound()
        self._wake.set()

    async def run(self) -> None:
        """Publish until cancelled; a message that was not sent stays first in the queue."""
        while True:
            self._wake.clear()
            if not self._waiting:
                await self._wake.wait()
            keys = list(self._waiting)[:_AT_ONCE]
            batch = [(key, self._waiting.pop(key)) for key in keys]
            self._flying = len(batch)
            sent = await asyncio.gather(*(self._try(message) for _, message in batch))
            self._flying = 0
            unsent = {pair[0]: pair[1] for pair, ok in zip(batch, sent, strict=True) if not ok}
            if unsent:
                # A newer message of the same retained topic stays in place of the older one.
                self._waiting = unsent | self._waiting
                self._bound()
                await asyncio.sleep(_PAUSE_S)

    async def drain(self, timeout_s: float) -> int:
        """Wait until everything is out, for at most this long; return what is left."""
        end = asyncio.get_running_loop().time() + timeout_s
        while self._left() and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - bounded
            await asyncio.sleep(0.02)
        return self._left()

    def _left(self) -> int:
        return len(self._waiting) + self._flying

    def _bound(self) -> None:
        while len(self._waiting) > _KEEP:
            oldest = next((key for key, one in self._waiting.items() if not one.urgent), None)
            if oldest is None:
                return
            del self._waiting[oldest]
            self.dropped += 1

    async def _try(self, message: _Message) -> bool:
        try:
            await self._publish(message.topic, message.payload, qos=1, retain=message.retain)
        except NotSentError as error:
            log.debug("not published yet", topic=message.topic, reason=str(error))
            return False
        return True
