"""Keeps every channel listening for receipts and answers, and says when one does not hear.

A channel whose listening ends or raises is started again, after 1, 2, 4 ... 30 s; one that has not
heard its service for 30 s is deaf. Either is a condition of the hub, `channel:<name>`, and never
the end of the hub: messages still go out, and the ladder takes what is not confirmed for what it
is. A channel that has nothing to hear returns at once and is left alone.

    parts.go(hear(hub, channel), "ears of ntfy")
"""

import asyncio
import time
from typing import Final

import structlog

from alerts.channel import Channel
from monitor.hub import Hub

__all__ = ["hear"]

_LOOK_S: Final = 1.0
_DEAF_S: Final = 30.0
_AT_ONCE_S: Final = 1.0
_LONGEST_S: Final = 30.0
# A run that has lasted this long works: the condition ends, the next failure is a first one again.
_STEADY_S: Final = 5.0

log = structlog.get_logger("vigil.channels")


async def hear(hub: Hub, channel: Channel, look_s: float = _LOOK_S) -> None:
    """Listen on one channel until cancelled.

    Args:
        hub: gets the condition.
        channel: what listens; an attribute `deaf_why` says why it does not hear just now.
        look_s: seconds between two looks at it.
    """
    failures = 0
    while True:
        began_s = time.monotonic()
        running = asyncio.create_task(channel.run(), name=f"run of {channel.name}")
        try:
            await _watch(hub, channel, running, look_s)
        finally:
            running.cancel()
            await asyncio.wait({running})
        lasted_s = time.monotonic() - began_s
        error = None if running.cancelled() else running.exception()
        if error is None and lasted_s < _AT_ONCE_S and not failures:
            await asyncio.Event().wait()  # nobody answers by this way
        # What the error says may hold an address: its kind is enough for people.
        why = f"our bug: {type(error).__name__}" if error else "it has ended by itself"
        log.error("a channel does not listen", channel=channel.name, why=why, exc_info=error)
        _say(hub, channel, why)
        failures = 0 if lasted_s >= _STEADY_S else failures + 1
        await asyncio.sleep(min(2.0 ** max(0, failures - 1) * look_s, _LONGEST_S))


async def _watch(hub: Hub, channel: Channel, running: "asyncio.Task[None]", look_s: float) -> None:
    """Return when the listening has ended; say meanwhile whether it hears."""
    began_s = deaf_s = time.monotonic()
    while not running.done():
        await asyncio.wait({running}, timeout=look_s)
        now_s = time.monotonic()
        why = getattr(channel, "deaf_why", "")
        if not why:
            deaf_s = now_s
            if now_s - began_s >= _STEADY_S * look_s:
                _say(hub, channel, "")
        elif now_s - deaf_s >= _DEAF_S * look_s:
            _say(hub, channel, why)


def _say(hub: Hub, channel: Channel, why: str) -> None:
    detail = f"answers by {channel.name} are not heard: {why}" if why else "answers are heard"
    hub.condition(f"channel:{channel.name}", present=bool(why), detail=detail)
