"""The port of the pages and the feed: lets people in by their token and hears what they say.

A token comes in the first message or in the header `Authorization`, never in an address. Who has
said nothing after 5 s, sends what is no message, or whose link has ended is told so and closed.
Nothing that a client sent is logged. What people order goes to `feed_desk`, what they see comes
from `feed`.

    server = FeedServer(feed, feed_desk, door, page_channel, attendance)
    await server.start("127.0.0.1", 8765, tls=None)
"""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from monitor.attendance import Attendance
from monitor.feed import Feed
from monitor.feed_answers import answer
from monitor.feed_client import Client, deny, tell
from monitor.feed_desk import FeedDesk
from monitor.feed_door import Door
from monitor.feed_words import (
    MAX_MESSAGE_BYTES,
    Ask,
    FromClient,
    Hello,
    Here,
    OrderGiven,
    Reply,
    Resync,
    Seen,
    Told,
    Unreadable,
    encode,
    read_words,
)
from monitor.page_channel import PageChannel
from monitor.pages import is_local_name
from monitor.tokens import Invitation, NotLetIn

__all__ = ["FeedServer"]

_HELLO_S = 5.0
_ORDERS = 16
# Connections beside the feed's: pages that are being fetched, and who has not asked yet.
_MORE = 64
_PING_S = 10.0
# Above our own limit, so that the refusal is ours and says what is allowed.
_MOST_BYTES = 64 * 1024
_BEARER = "bearer "

log = structlog.get_logger("vigil.feed")

# The library's lines at lower levels hold headers, and with them tokens.
_QUIET = logging.getLogger("vigil.websockets")
_QUIET.setLevel(logging.CRITICAL)
_QUIET.propagate = False
_QUIET.addHandler(logging.NullHandler())


class _Closing(Exception):  # noqa: N818 - a way out, no fault
    """The connection is to be closed, with this code and these words."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


class _Counted(ServerConnection):
    """A connection of a port that takes only so many, pages included: files are for the record."""

    def __init__(self, alive: "set[_Counted]", most: int, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._alive = alive
        self._most = most

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected; one too many is ended before it has said a word."""
        super().connection_made(transport)
        self._alive.add(self)
        if len(self._alive) > self._most:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._alive.discard(self)
        super().connection_lost(exc)


class FeedServer:
    """One listening port. Belongs to the hub's loop."""

    def __init__(
        self,
        feed: Feed,
        desk: FeedDesk,
        door: Door,
        channel: PageChannel,
        attendance: Attendance,
    ) -> None:
        self._attendance = attendance
        self._feed = feed
        self._desk = desk
        self._channel = channel
        self._door = door
        self._server: Server | None = None
        self._connections: set[ServerConnection] = set()
        self._is_tls = False

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None) -> int:
        """Listen; return the port.

        Raises:
            OSError: the address cannot be used, or somebody has the port.
        """
        self._is_tls = tls is not None
        alive: set[_Counted] = set()
        counted: Any = partial(_Counted, alive, self._door.max_clients + _MORE)
        self._door.connected = lambda: len(self._connections)
        self._server = await serve(
            self._serve,
            host,
            port,
            process_request=self._door.answer,
            create_connection=counted,
            compression=None,
            max_size=_MOST_BYTES,
            max_queue=_ORDERS,
            open_timeout=_HELLO_S,
            ping_interval=_PING_S,
            ping_timeout=_PING_S,
            close_timeout=2,
            ssl=tls,
            logger=_QUIET,
            server_header=None,
        )
        return int(next(iter(self._server.sockets)).getsockname()[1])

    def close(self) -> None:
        """Let nobody in any more and end what is open; waits for nobody."""
        if self._server is None:
            return
        self._server.close(close_connections=False)
        for connection in list(self._connections):
            connection.transport.close()

    # --- one connection -----------------------------------------------------------------------

    async def _serve(self, connection: ServerConnection) -> None:
        client: Client | None = None
        self._connections.add(connection)
        try:
            client, since = await self._let_in(connection)
            self._feed.clients.add(client)
            tell([client], self._feed.welcome(client))
            await self._feed.join_all(client, since)
            self._channel.joined(client)
            self._attendance.joined(client)
            async for message in connection:
                await self._hear(client, _read(message))
        except _Closing as closing:
            # The words may repeat what was sent, and that may be a token.
            log.info("client refused", code=closing.code)
            self._feed.hub.count(f"feed: closed {closing.code}")
            await deny(connection, closing.code, closing.why)
        except ConnectionClosed:
            pass
        except Exception:
            # Our bug: this client is cut, the others and the hub go on.
            log.exception("a client could not be served")
            self._feed.hub.count("our bug")
            connection.transport.abort()
        finally:
            self._connections.discard(connection)
            if client is not None:
                self._feed.clients.discard(client)
                self._channel.left(client)
                self._attendance.left(client)

    async def _let_in(self, connection: ServerConnection) -> tuple[Client, Mapping[str, int]]:
        """Return who it is, and what it has seen already."""
        request = connection.request
        headers = {} if request is None else request.headers
        secure = self._is_tls or is_local_name(headers.get("Host"))
        header = headers.get("Authorization", "")
        since: Mapping[str, int] = {}
        if header.lower().startswith(_BEARER):
            token = header[len(_BEARER) :].strip()
        else:
            hello = await self._hello(connection)
            token, since = hello.token, hello.since
        try:
            who = self._feed.access.let_in(token)
        except NotLetIn as error:
            raise _Closing(4401, str(error)) from None
        return Client(connection, who, secure=secure), since

    async def _hello(self, connection: ServerConnection) -> Hello:
        try:
            async with asyncio.timeout(_HELLO_S):
                words = _read(await connection.recv())
        except TimeoutError:
            raise _Closing(4408, "nobody said hello within 5 s") from None
        if not isinstance(words, Hello):
            raise _Closing(4400, "the first message must be a hello with your token")
        return words

    async def _hear(self, client: Client, words: FromClient) -> None:
        if not self._feed.access.living(client.who):
            raise _Closing(4401, "this link has ended; ask for a new one")
        if isinstance(words, Hello):
            raise _Closing(4400, "hello was said already")
        if isinstance(words, Resync):
            if self._feed.exists(words.session) and not self._feed.may_see(
                client.who, words.session
            ):
                raise _Closing(4403, "this session is not yours to see")
            await self._feed.join(client, words.session, words.since)
            return
        if isinstance(words, Ask):
            tell([client], encode(self._told(client.who, words)))
            return
        if isinstance(words, Here):
            self._attendance.here(client, awake=words.awake)
            return
        if isinstance(words, Seen):
            if not self._channel.seen(client, words):
                # Late, or of a page that was told twice: nothing hangs on it any more.
                self._feed.hub.count("feed: seen too late")
            return
        if len(client.orders) >= _ORDERS:
            busy = Reply(ref=words.ref, ok=False, recorded=False, error="too many orders at once")
            tell([client], encode(busy))
            return
        # The order reaches the hub now, in its turn; only its answer is waited for beside.
        task = asyncio.create_task(self._order(client, words))
        client.orders.add(task)
        task.add_done_callback(client.orders.discard)

    def _told(self, who: Invitation, ask: Ask) -> Told:
        is_seen = self._feed.may_see(who, ask.session)
        return answer(who.role, ask, self._feed.place(ask.session) if is_seen else None)

    async def _order(self, client: Client, given: OrderGiven) -> None:
        try:
            reply = await self._desk.answer(client.who, given)
        except Exception:
            # Our bug: the person is told, the hub goes on.
            log.exception("an order could not be answered", person=client.who.person)
            self._feed.hub.count("our bug")
            error = "our bug: the order could not be carried out; the hub's log has more"
            reply = Reply(ref=given.ref, ok=False, recorded=False, error=error)
        with suppress(ConnectionClosed):
            tell([client], encode(reply))


def _read(message: str | bytes) -> FromClient:
    if isinstance(message, bytes):
        raise _Closing(4400, "messages are JSON in text frames")
    if len(message.encode("utf-8", "replace")) > MAX_MESSAGE_BYTES:
        raise _Closing(4413, f"a message has at most {MAX_MESSAGE_BYTES} bytes")
    try:
        return read_words(message)
    except Unreadable as error:
        raise _Closing(4400, str(error)) from None
