"""The one way by which channels ask a service over HTTP: bounded, and every failure has a name.

It sends a `http_wire.Request` with httpx and never retries, follows no redirect, uses no proxy of
the environment and logs nothing, because a secret may stand in any part of a request. What the
network does is an answer like any other: nothing is raised for it.

    way = HttpWay()
    reply = await way.ask(request)      # Reply(200, b"..."), or Reply(0, why="refused")
    await way.close()
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from alerts.http_wire import Request

__all__ = ["CONNECT_S", "TOTAL_S", "HttpWay", "Reply", "why_lost"]

CONNECT_S: Final = 2.0
TOTAL_S: Final = 4.0
_MOST_BODY_BYTES: Final = 64 * 1024

# They write addresses at INFO and headers at DEBUG, and a secret may stand in either.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: a status and the body, or `why` nothing did (`status` is then 0)."""

    status: int
    body: bytes = b""
    why: str = ""


class HttpWay:
    """One HTTP client with the bounds of a channel.

    Args:
        connect_s: time for the connection.
        total_s: time for everything, also for a name service that does not answer.
    """

    def __init__(self, connect_s: float = CONNECT_S, total_s: float = TOTAL_S) -> None:
        self._total_s = total_s
        self._client = httpx.AsyncClient(
            # Nothing packed: what a stranger's bytes unpack to has no bound.
            headers={"Accept-Encoding": "identity"},
            timeout=httpx.Timeout(total_s, connect=connect_s),
            # A high alarm waits for no other message's connection; who sends bounds their number.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
            follow_redirects=False,
            trust_env=False,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def ask(self, request: Request) -> Reply:
        """Send a request and return what came of it; at most 64 KiB of the body are read."""
        try:
            async with asyncio.timeout(self._total_s), self.stream(request) as answer:
                body = b""
                async for part in answer.aiter_raw():
                    body += part
                    if len(body) >= _MOST_BODY_BYTES:
                        break
                return Reply(answer.status_code, body[:_MOST_BODY_BYTES])
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            return Reply(0, why=why_lost(error))

    @asynccontextmanager
    async def stream(
        self, request: Request, silence_s: float | None = None
    ) -> AsyncIterator[httpx.Response]:
        """Send a request and give its answer while it comes in.

        Args:
            request: what is asked.
            silence_s: the longest time without a byte (None: the bound of a whole request).

        Raises:
            httpx.HTTPError, httpx.InvalidURL: the connection fails; `why_lost` names it.
        """
        extensions = None
        if silence_s is not None:
            bounds = self._client.timeout.as_dict() | {"read": silence_s}
            extensions = {"timeout": bounds}
        built = self._client.build_request(
            request.method,
            request.url,
            headers=list(request.headers),
            content=request.body,
            extensions=extensions,
        )
        answer = await self._client.send(built, stream=True)
        try:
            yield answer
        finally:
            await answer.aclose()


def why_lost(error: Exception) -> str:
    """Name what was wrong with a connection, from the deepest cause that is known by name."""
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "timed out"
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return f"bad address: {error}"
    if isinstance(error, httpx.LocalProtocolError):
        # Its own text repeats the header that is wrong, which may be the secret.
        return "bad request: its address or a header has characters that HTTP does not allow"
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return "dns"
        if isinstance(cause, ssl.SSLError):
            return f"tls: {cause.reason or cause}"
        if isinstance(cause, ConnectionRefusedError):
            return "refused"
    if isinstance(error, httpx.ConnectError):
        return f"no connection: {error}"
    return f"connection lost: {type(error).__name__}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from _causes(part)
        error = error.__cause__ or error.__context__
