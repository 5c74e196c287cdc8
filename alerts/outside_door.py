"""The watcher's door: a small HTTP server for letters and for one line that says it lives.

One request a connection, 8 KiB of head, 64 KiB of body, 5 s in all, 64 connections at one time;
whatever is beyond is refused with a status and closed. It reads and writes bytes and judges none of
them: what a letter is worth is decided behind it.

    door = Door({("POST", "/v1/lease"): take, ("GET", "/healthz"): health})
    port = await door.open("127.0.0.1", 8790)
    await door.close()
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Final, NamedTuple

from alerts.lease import MAX_BYTES

__all__ = ["Asked", "Door", "Told"]

_HEAD_BYTES: Final = 8_192
_TOTAL_S: Final = 5.0
_MAX_OPEN: Final = 64


class Asked(NamedTuple):
    """One request: its headers by small letters, and its body."""

    headers: Mapping[str, str]
    body: bytes


class Told(NamedTuple):
    """One answer. `signature` becomes a header when there is one."""

    status: int
    body: bytes = b""
    signature: str = ""
    kind: str = "application/json"


class _BadRequestError(ValueError):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


Take = Callable[[Asked], Told]
"""Answers one request at once; raises nothing."""


class Door:
    """Listens, reads one request of each connection, and writes what `routes` answers."""

    def __init__(self, routes: Mapping[tuple[str, str], Take]) -> None:
        self._routes = routes
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def open(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; return the port (a free one for port 0).

        Raises:
            OSError: the port is taken or the address is not this machine's.
        """
        handshake = {} if tls is None else {"ssl_handshake_timeout": _TOTAL_S}
        self._server = await asyncio.start_server(
            self._serve, host, port, ssl=tls, limit=_HEAD_BYTES, **handshake
        )
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def close(self) -> None:
        """Take no more connections, and cut those that are open."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        if self._server is not None:
            await self._server.wait_closed()
        while self._open:  # noqa: ASYNC110 - each of them ends at once now
            await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            # Whoever is on the other side: a broken connection is theirs, and no news here.
            with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                async with asyncio.timeout(_TOTAL_S):
                    writer.write(_bytes(await self._answer(reader)))
                    await writer.drain()
            writer.close()
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(_TOTAL_S):
                    await writer.wait_closed()
        finally:
            writer.transport.abort()
            self._open.discard(writer)

    async def _answer(self, reader: asyncio.StreamReader) -> Told:
        if len(self._open) > _MAX_OPEN:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            method, path, headers = await _head(reader)
            take = self._routes.get((method, path))
            if take is None:
                known = any(path == route for _, route in self._routes)
                return _plain(HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND)
            return take(Asked(headers, await _body(reader, headers)))
        except _BadRequestError as error:
            return _plain(error.status)


async def _head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]]:
    """Return method, path and headers."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.LimitOverrunError as error:
        raise _BadRequestError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from error
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):  # noqa: PLR2004 - method, path, HTTP
        raise _BadRequestError(HTTPStatus.BAD_REQUEST)
    headers = {}
    for line in filter(None, lines):
        name, colon, value = line.partition(":")
        if not colon:
            raise _BadRequestError(HTTPStatus.BAD_REQUEST)
        headers[name.lower()] = value.strip()
    return words[0], words[1], headers


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    """Return the body of the length that is announced; chunks are not taken."""
    if "transfer-encoding" in headers:
        raise _BadRequestError(HTTPStatus.LENGTH_REQUIRED)
    length = headers.get("content-length", "0")
    if not length.isdecimal() or not length.isascii():
        raise _BadRequestError(HTTPStatus.BAD_REQUEST)
    # More digits than the bound has are too many, whatever they are.
    if len(length) > len(str(MAX_BYTES)) or int(length) > MAX_BYTES:
        raise _BadRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return await reader.readexactly(int(length))


def _plain(status: HTTPStatus) -> Told:
    return Told(status, f"{status.phrase}\n".encode(), kind="text/plain; charset=utf-8")


def _bytes(told: Told) -> bytes:
    lines = [
        f"HTTP/1.1 {told.status} {HTTPStatus(told.status).phrase}",
        f"Content-Type: {told.kind}",
        f"Content-Length: {len(told.body)}",
        "Connection: close",
        "Cache-Control: no-store",
    ]
    if told.signature:
        lines.append(f"Vigil-Signature: {told.signature}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + told.body
