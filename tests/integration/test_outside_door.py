"""The watcher's door on real sockets, and the file that it keeps."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from alerts.delivery import DeliveryState
from alerts.outside_door import Door, Told
from alerts.outside_file import OutsideFile

pytestmark = pytest.mark.integration

SECRET = b"0123456789abcdef"
D = DeliveryState


# --- the door -------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def a_door() -> AsyncIterator[int]:
    """A door that says back what it was told."""
    door = Door(
        {
            ("POST", "/x"): lambda asked: Told(200, asked.body, asked.headers.get("word", "")),
            ("GET", "/healthz"): lambda _: Told(200, b"ok\n", kind="text/plain"),
            ("POST", "/x?/v1/lease"): lambda _: Told(200, b"{}", "00"),
        }
    )
    port = await door.open("127.0.0.1", 0)
    try:
        yield port
    finally:
        await door.close()


async def say(port: int, request: bytes) -> tuple[bytes, bytes]:
    """Send bytes; return the status line and the body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    with contextlib.suppress(OSError):
        await writer.drain()
    answer = b""
    # Who is refused before the request was read may see the end before the answer.
    with contextlib.suppress(ConnectionResetError):
        answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.split(b"\r\n")[0], body


POST = b"POST /x HTTP/1.1\r\nHost: w\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (POST + b"Word: ab\r\nContent-Length: 2\r\n\r\nhi", b"200 OK"),
        (b"GET /healthz HTTP/1.0\r\n\r\n", b"200 OK"),
        (b"GET /x HTTP/1.1\r\n\r\n", b"405 Method Not Allowed"),
        (b"GET /y HTTP/1.1\r\n\r\n", b"404 Not Found"),
        (b"GET /healthz\r\n\r\n", b"400 Bad Request"),
        (b"\x16\x03\x01 TLS at a plain door\r\n\r\n", b"400 Bad Request"),
        (POST + b"no colon\r\n\r\n", b"400 Bad Request"),
        (POST + b"Content-Length: -1\r\n\r\n", b"400 Bad Request"),
        (POST + "Content-Length: ².\r\n\r\n".encode("latin-1"), b"400 Bad Request"),
        (POST + b"Content-Length: 65537\r\n\r\n", b"413 Request Entity Too Large"),
        (POST + b"Content-Length: 99999999999999999999\r\n\r\n", b"413 Request Entity Too Large"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411 Length Required"),
        (POST + b"X: " + b"y" * 20_000 + b"\r\n\r\n", b"431 Request Header Fields Too Large"),
    ],
)
async def test_a_door_answers_each_request_with_its_status(
    request_bytes: bytes, status: bytes
) -> None:
    """Whatever comes, one answer and an end; nothing is read beyond its bound."""
    async with a_door() as port:
        line, _ = await say(port, request_bytes)
        assert line == b"HTTP/1.1 " + status


async def test_a_body_comes_through_whole_with_its_signature() -> None:
    """Bytes are bytes."""
    body = bytes(range(256)) * 100
    async with a_door() as port, httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"http://127.0.0.1:{port}/x", content=body, headers={"Word": "ab"}
        )
        assert (answer.content, answer.headers["vigil-signature"]) == (body, "ab")


async def test_somebody_who_says_nothing_or_half_keeps_nobody_else_away() -> None:
    """Silent and broken connections are borne; the 65th at one time is refused."""
    async with a_door() as port:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(64)]
        refused, _ = await say(port, b"GET /healthz HTTP/1.1\r\n\r\n")
        for _, writer in silent:
            writer.write(b"POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
            writer.close()
        await asyncio.sleep(0.2)
        line, body = await say(port, b"GET /healthz HTTP/1.1\r\n\r\n")
        assert refused in (b"HTTP/1.1 503 Service Unavailable", b"")
        assert (line, body) == (b"HTTP/1.1 200 OK", b"ok\n")


# --- the file -------------------------------------------------------------------------------------


def test_a_file_is_kept_whole_and_for_its_owner(tmp_path: Path) -> None:
    """Nothing at first; then the last content, mode 0600; a folder in the way is a fault."""
    file = OutsideFile(tmp_path / "state" / "leases.json")
    first = file.read()
    file.keep(b"one")
    file.keep(b"two")
    path = tmp_path / "state" / "leases.json"
    assert (first, file.read(), path.stat().st_mode & 0o777, file.fault) == (
        None,
        b"two",
        0o600,
        "",
    )
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()
    file.keep(b"three")
    assert "cannot be written" in file.fault
    with pytest.raises(OSError, match="directory"):
        file.read()
