"""A client that does not read is cut at 256 KiB of unread bytes and harms nobody."""

import asyncio
import base64
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from alerts.contact import Role
from monitor.feed_client import MAX_UNREAD_BYTES, Client, tell
from monitor.tokens import Invitation
from tests.integration.feed_screen import open_port, port_of, screen, token_for
from tests.integration.hub_house import house, until

pytestmark = pytest.mark.integration
ANN = Invitation("1f", "", "ann", "Ann", Role.VIEWER, None, 0, 1)
MESSAGE = b'{"type":"delta","text":"' + b"x" * 30_000 + b'"}'


@contextlib.asynccontextmanager
async def port() -> AsyncIterator[tuple[int, list[Client]]]:
    """A port whose clients are only collected."""
    clients: list[Client] = []

    async def stay(connection: ServerConnection) -> None:
        clients.append(Client(connection, ANN, secure=True))
        await connection.wait_closed()

    async with serve(
        stay, "127.0.0.1", 0, compression=None, close_timeout=1, ping_interval=None
    ) as server:
        yield next(iter(server.sockets)).getsockname()[1], clients


def stalled(number: int) -> socket.socket:
    """A client that opens a websocket and then reads nothing, with a small window."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.connect(("127.0.0.1", number))
    key = base64.b64encode(bytes(16)).decode()
    link.sendall(
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    return link


async def test_who_does_not_read_is_cut_and_the_others_hear_everything() -> None:
    """The buffer never grows far beyond the limit, and the connection ends at once."""
    async with port() as (number, clients), connect(f"ws://127.0.0.1:{number}/ws") as reader:
        with stalled(number):
            async with asyncio.timeout(5):
                while len(clients) < 2:  # noqa: ASYNC110 - the other side's news
                    await asyncio.sleep(0.01)
            most, got, sent = 0, 0, 300
            slow = clients[1]
            for _ in range(sent):
                tell(clients, MESSAGE)
                if not slow.was_cut:
                    most = max(most, slow.connection.transport.get_write_buffer_size())
                got += len(await reader.recv()) == len(MESSAGE)
            assert (slow.was_cut, slow.keeps_up, clients[0].keeps_up, got) == (
                True,
                False,
                True,
                sent,
            )
            assert most <= MAX_UNREAD_BYTES + 2 * len(MESSAGE)
            began_s = time.monotonic()
            await slow.connection.wait_closed()
            assert time.monotonic() - began_s < 2


async def test_a_connection_that_will_not_close_is_ended() -> None:
    """A peer with a full window never answers a close; after 5 s nobody waits any more."""
    async with port() as (number, clients):
        with stalled(number):
            async with asyncio.timeout(5):
                while not clients:  # noqa: ASYNC110 - the other side's news
                    await asyncio.sleep(0.01)
            client = clients[0]
            client.watch_closing(0.0)
            for _ in range(8):
                tell([client], MESSAGE)
            leaving = asyncio.create_task(client.deny(4401, "over"))
            await asyncio.sleep(0.05)
            before = client.was_cut
            client.watch_closing(10.0)
            client.watch_closing(14.9)
            still = client.was_cut
            client.watch_closing(15.1)
            assert (before, still, client.was_cut, client.is_leaving) == (False, False, True, True)
            async with asyncio.timeout(5):
                await leaving


async def test_a_snapshot_to_who_is_gone_is_no_fault() -> None:
    """It is not sent, and that is said."""
    async with port() as (number, clients):
        async with connect(f"ws://127.0.0.1:{number}/ws"):
            async with asyncio.timeout(5):
                while not clients:  # noqa: ASYNC110 - the other side's news
                    await asyncio.sleep(0.01)
            sent = await clients[0].send(b"{}")
        await clients[0].connection.wait_closed()
        assert (sent, await clients[0].send(b"{}")) == (True, False)


async def test_a_stalled_screen_harms_no_other(tmp_path: Path) -> None:
    """At a running hub: it asks for much and reads nothing; the others' heartbeat goes on.

    The kernel takes some megabytes for it before the hub sees that nobody reads.
    """
    async with house(tmp_path) as hub:
        hub.patient()
        open_port(hub)
        await hub.start()
        await hub.open()
        token = await token_for(hub, "physician")
        async with screen(hub, token) as one:
            for _ in range(150):
                await one.say(
                    type="order",
                    ref="r",
                    session="s1",
                    order={"do": "override", "item": "x" * 60, "reason": "y" * 1500},
                )
            with stalled(port_of(hub)) as link:
                await asyncio.sleep(0.2)
                link.sendall(frame({"type": "hello", "token": token}))
                link.settimeout(2)
                asks = frame({"type": "resync", "session": "s1", "since": 10**9}) * 5_000
                with contextlib.suppress(OSError):
                    await asyncio.to_thread(link.sendall, asks)
                for _ in range(4):
                    began_s = time.monotonic()
                    await one.hear("heartbeat")
                    assert time.monotonic() - began_s < 1.6
                await until(lambda: "client cut off" in hub.log(), 20)
            assert (await one.order("s1", "annotate", text="still here"))["ok"]


def frame(message: dict[str, object]) -> bytes:
    """One masked text frame."""
    body = json.dumps(message).encode()
    head = (
        bytes([0x81, 0x80 | len(body)])
        if len(body) < 126
        else b"\x81\xfe" + len(body).to_bytes(2, "big")
    )
    return head + bytes(4) + body
