"""The screens of `bench/viewers.py`: many clients in a process of their own, one that never reads.

Reads the token from its input, says a line when all are connected, and at the end prints how many
clients were lost, how many deltas came, and their ages: p50, p99 and p99.9 in ms.

    python -m bench.viewer PORT COUNT SECONDS
"""

import asyncio
import base64
import json
import socket
import sys
import time

import msgspec
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bench.report import shares_ms

__all__ = ["WARM_S", "main"]

WARM_S = 2


class _Head(Struct):
    type: str
    at_ms: int = 0


async def _watch(link: ClientConnection, until_s: float, found: list[int]) -> bool:
    """Take the age of every delta until the time is over; False when the connection was lost."""
    warm_s = time.monotonic() + WARM_S
    decoder = msgspec.json.Decoder(_Head)
    try:
        while (left_s := until_s - time.monotonic()) > 0:
            async with asyncio.timeout(left_s):
                head = decoder.decode(await link.recv(decode=False))
            if head.type == "delta" and time.monotonic() > warm_s:
                found.append(time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000 - head.at_ms)
    except TimeoutError:
        return True
    except ConnectionClosed:
        return False
    return True


def _stalled(port: int, token: str) -> socket.socket:
    """Connect, say hello, ask for everything again and again, and never read."""
    link = socket.create_connection(("127.0.0.1", port))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    key = base64.b64encode(bytes(16)).decode()
    link.sendall(
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    link.sendall(_frame({"type": "hello", "token": token}))
    link.setblocking(False)
    return link


def _frame(message: dict[str, str]) -> bytes:
    body = json.dumps(message).encode()
    return bytes([0x81, 0x80 | len(body)]) + bytes(4) + body


async def main(port: int, count: int, seconds: int) -> None:
    """Connect, watch, and print."""
    token = sys.stdin.readline().strip()
    links = [await connect(f"ws://127.0.0.1:{port}/ws", compression=None) for _ in range(count)]
    for link in links:
        await link.send(json.dumps({"type": "hello", "token": token}))
    with _stalled(port, token):
        await asyncio.sleep(2)
        print("connected", flush=True)
        found: list[int] = []
        until_s = time.monotonic() + seconds
        kept = await asyncio.gather(*(_watch(link, until_s, found) for link in links))
        shares = shares_ms(ms / 1000 for ms in found)
        print(json.dumps([kept.count(False), len(found), *shares]), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
