"""One client of the feed: what it may be sent, and when it is cut off.

A client that does not read is cut at 256 KiB of unread bytes, so that it harms nobody: nothing here
waits for it, but a snapshot, which has a time limit. A connection that will not close is ended
without asking. This module knows no session.

    client = Client(connection, invitation)
    tell([client], b'{"type":"heartbeat",...}')
"""

import asyncio
from collections.abc import Iterable
from typing import Any

import structlog
from websockets.asyncio.server import ServerConnection, broadcast
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from monitor.feed_words import Denied, encode
from monitor.tokens import Invitation

__all__ = ["MAX_UNREAD_BYTES", "Client", "tell"]

MAX_UNREAD_BYTES = 256 * 1024
_SNAPSHOT_S = 10.0
_CLOSING_S = 5.0
_REASON_BYTES = 120

log = structlog.get_logger("vigil.feed")


class Client:
    """A connected person. `joined` holds the sessions whose deltas it gets."""

    def __init__(self, connection: ServerConnection, who: Invitation, *, secure: bool) -> None:
        self.connection = connection
        self.who = who
        self.secure = secure
        self.joined: set[str] = set()
        self.orders: set[asyncio.Task[None]] = set()
        self.was_cut = False
        self.is_leaving = False
        self._closing_since_s: float | None = None

    @property
    def keeps_up(self) -> bool:
        """Whether it may be sent more; one that does not read is cut here."""
        if self.was_cut or self.connection.protocol.state is not State.OPEN:
            return False
        if self.connection.transport.get_write_buffer_size() <= MAX_UNREAD_BYTES:
            return True
        self.cut("it does not read")
        return False

    async def send(self, message: bytes) -> bool:
        """Send something long, at the client's pace; False when it is gone or too slow."""
        if not self.keeps_up:
            return False
        try:
            async with asyncio.timeout(_SNAPSHOT_S):
                await self.connection.send(message, text=True)
        except TimeoutError:
            self.cut("it does not read its snapshot")
            return False
        except ConnectionClosed:
            return False
        return True

    async def deny(self, code: int, error: str) -> None:
        """Say why, close, and do not wait long for the other side."""
        self.is_leaving = True
        await deny(self.connection, code, error)

    def cut(self, why: str) -> None:
        """End it without asking."""
        if not self.was_cut:
            self.was_cut = True
            log.warning("client cut off", person=self.who.person, why=why)
            self.connection.transport.abort()

    def watch_closing(self, now_s: float) -> None:
        """End a connection that will not close: a peer with a full window never answers."""
        if self.connection.protocol.state is State.OPEN:
            return
        if self._closing_since_s is None:
            self._closing_since_s = now_s
        elif now_s - self._closing_since_s > _CLOSING_S:
            self.cut("it does not close")


def tell(clients: Iterable[Client], message: bytes) -> None:
    """Send a message to all that keep up; returns at once."""
    connections: list[Any] = [client.connection for client in clients if client.keeps_up]
    broadcast(connections, message, text=True)


async def deny(connection: ServerConnection, code: int, error: str) -> None:
    """Say why and close, whoever it is."""
    broadcast([connection], encode(Denied(error=error)), text=True)
    reason = error.encode()[:_REASON_BYTES].decode(errors="ignore")
    try:
        async with asyncio.timeout(_CLOSING_S):
            await connection.close(code, reason)
    except TimeoutError:
        connection.transport.abort()
