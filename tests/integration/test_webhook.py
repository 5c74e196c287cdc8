"""A webhook is sent on 2xx only; every failure is named within 4 s; a rehearsal stays at home."""

import asyncio
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from alerts.channel import failed, sent
from alerts.condition import Priority
from alerts.message import Message
from alerts.webhook import Webhook

pytestmark = pytest.mark.integration

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def message(address: str, mode: str = "real") -> Message:
    """Return the second attempt of a message."""
    return Message(
        delivery="d/1",
        alarm="oxygen@5",
        contact="Ann",
        address=address,
        priority=Priority.HIGH,
        first_line="Oxygen is low. Wake Alex now.",
        mode=mode,
        attempt=2,
    )


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """Run a local server; its address is the value."""
    tasks = set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await answer(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = running.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        running.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def says(status: str, extra: str = "") -> Answer:
    """Answer every request with one status line."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\n{extra}Content-Length: 0\r\n\r\n".encode())
        await writer.drain()

    return answer


async def test_a_message_is_posted_with_its_key_and_without_health_data() -> None:
    """The whole request: method, key, token, and a body that names nobody and no finding."""
    got: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.findall(rb"content-length: (\d+)", head.lower())[0])
        got.extend((head, await reader.readexactly(length)))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()

    async with server(answer) as address, Webhook("token") as webhook:
        outcome = await webhook.send(message(address))
    head = got[0].decode().lower()
    assert (outcome, json.loads(got[1])) == (
        sent("http 204"),
        {
            "text": "Session needs you",
            "delivery": "d/1",
            "alarm": "oxygen@5",
            "mode": "real",
            "priority": "high",
            "late": False,
            "may_repeat": False,
            "attempt": 2,
        },
    )
    assert tuple(
        part
        for part in ("post /hook", "idempotency-key: d/1", "authorization: bearer token")
        if part in head
    ) == ("post /hook", "idempotency-key: d/1", "authorization: bearer token")


@pytest.mark.parametrize(
    ("status", "extra"),
    [
        ("500 Internal Server Error", ""),
        ("404 Not Found", ""),
        ("302 Found", "Location: http://127.0.0.1:9/\r\n"),
    ],
)
async def test_every_other_answer_is_a_failure_with_its_number(status: str, extra: str) -> None:
    """Also a redirect: only the configured address is asked."""
    async with server(says(status, extra)) as address, Webhook() as webhook:
        assert await webhook.send(message(address)) == failed(f"http {status[:3]}")


async def test_a_server_that_never_answers_is_given_up() -> None:
    """The bound holds for everything together, also for a server that dribbles."""

    async def dribble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"H")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(1 << 20)
        await asyncio.sleep(60)

    start_s = time.monotonic()
    async with Webhook(total_s=0.5) as webhook:
        async with server(hang) as address:
            first = await webhook.send(message(address))
        async with server(dribble) as address:
            second = await webhook.send(message(address))
    assert (first, second.reason in {"timed out", "connection lost: RemoteProtocolError"}) == (
        failed("timed out"),
        True,
    )
    assert time.monotonic() - start_s < 3


async def test_the_default_bound_is_four_seconds() -> None:
    """Measured once, on a server that accepts and is silent."""

    async def hang(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(1 << 20)
        await asyncio.sleep(60)

    start_s = time.monotonic()
    async with server(hang) as address, Webhook() as webhook:
        outcome = await webhook.send(message(address))
    assert (outcome, 3.5 < time.monotonic() - start_s < 4.6) == (failed("timed out"), True)


async def test_a_refused_and_a_lost_connection_are_named() -> None:
    """Nobody listens, or somebody hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    async def hang_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read(1)

    async with Webhook() as webhook:
        refused = await webhook.send(message(f"http://localhost:{port}/"))
        async with server(hang_up) as address:
            lost = await webhook.send(message(address))
    assert (refused, lost.reason.split(":")[0]) == (failed("refused"), "connection lost")


async def test_a_name_that_does_not_resolve_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name service's refusal is `dns`."""

    def no_such_name(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    async with Webhook() as webhook:
        assert await webhook.send(message("http://pager.invalid/")) == failed("dns")


async def test_a_server_without_tls_is_named() -> None:
    """Https to a plain server is a named failure of TLS, not of the network."""

    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await writer.drain()

    async with server(plain) as address, Webhook() as webhook:
        outcome = await webhook.send(message(address.replace("http:", "https:")))
    assert outcome.reason.split(":")[0] == "tls"


async def test_another_failure_to_connect_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no name of its own keeps its text."""
    async with Webhook() as webhook:

        def unreachable(*_: object, **__: object) -> None:
            raise httpx.ConnectError("network is unreachable")

        monkeypatch.setattr(webhook._http, "stream", unreachable)
        outcome = await webhook.send(message("http://192.0.2.1/"))
    assert outcome == failed("no connection: network is unreachable")


@pytest.mark.parametrize("address", ["", "pager", "ftp://127.0.0.1/", "http://127.0.0.1:x/"])
async def test_an_address_that_is_none_is_named(address: str) -> None:
    """A wrong setting fails like a channel, with what is wrong."""
    async with Webhook() as webhook:
        outcome = await webhook.send(message(address))
    assert outcome.reason.split(":")[0] == "bad address"


@pytest.mark.parametrize("mode", ["demo", "test"])
async def test_a_rehearsal_reaches_loopback_and_nobody_else(mode: str) -> None:
    """The guard is inside the channel."""
    async with server(says("200 OK")) as address, Webhook() as webhook:
        at_home = await webhook.send(message(address, mode))
        away = await webhook.send(message("https://pager.example/", mode))
    assert (at_home, away) == (
        sent("http 200"),
        failed(
            f"a {mode} session may not reach pager.example by webhook:"
            " only this hub itself and loopback"
        ),
    )
