"""What the hub publishes, one after the other, on a connection without subscriptions.

Bounded: when the broker does not take messages, the oldest are dropped and counted; the record has
everything, and screens come back with the next snapshot. Nothing here waits for a patient's data.

    outgoing.put("vigil/v1/ack/ox-1", b"{...}", retain=False)
    await outgoing.run()
"""

import asyncio
from collections import deque

import structlog

from devices.mqtt import MqttAdapter
from devices.mqtt_link import NotSentError

__all__ = ["Outgoing"]

_KEEP = 2_000
_PAUSE_S = 0.5
_AT_ONCE = 50

log = structlog.get_logger("vigil.outgoing")


class Outgoing:
    """A bounded queue of publications."""

    def __init__(self, adapter: MqttAdapter) -> None:
        self._adapter = adapter
        self._queue: deque[tuple[str, bytes, bool]] = deque()
        self._wake = asyncio.Event()
        self.dropped = 0

    def put(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Queue one message."""
        if len(self._queue) >= _KEEP:
            self._queue.popleft()
            self.dropped += 1
        self._queue.append((topic, payload, retain))
        self._wake.set()

    async def run(self) -> None:
        """Publish until cancelled; a message that was not sent stays first in the queue."""
        while True:
            if not self._queue:
                self._wake.clear()
                await self._wake.wait()
            batch = [self._queue.popleft() for _ in range(min(_AT_ONCE, len(self._queue)))]
            results = await asyncio.gather(
                *(self._publish(*message) for message in batch), return_exceptions=False
            )
            unsent = [m for m, sent in zip(batch, results, strict=True) if not sent]
            if unsent:
                self._queue.extendleft(reversed(unsent))
                await asyncio.sleep(_PAUSE_S)

    async def drain(self, timeout_s: float) -> None:
        """Wait until the queue is empty, for at most this long."""
        end = asyncio.get_running_loop().time() + timeout_s
        while self._queue and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 - bounded
            await asyncio.sleep(0.02)

    async def _publish(self, topic: str, payload: bytes, retain: bool) -> bool:
        try:
            await self._adapter.publish(topic, payload, qos=1, retain=retain)
        except NotSentError as error:
            log.debug("not published yet", topic=topic, reason=str(error))
            return False
        return True
