"""A channel that listens for its receipts and answers while a test runs, and is let go of after."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from alerts.channel import Channel

__all__ = ["asking"]

_C = TypeVar("_C", bound=Channel)


@asynccontextmanager
async def asking(channel: _C) -> AsyncIterator[_C]:
    """Run a channel's own listening beside the test."""
    listening = asyncio.create_task(channel.run())
    try:
        yield channel
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await channel.close()
