"""The feed of a full wall for measurements: 16 sessions with three hours each, then live.

The state is a real engine's, in the middle of a fall of oxygen; the past is drawn by the hub's own
history. Two sessions have the alarm that the fall has raised, the others are quiet. Each session
says something once a second, as with an oximeter of 1 Hz, evenly through it.

    async with serving() as port:
        ...                     # http://127.0.0.1:{port}/#t=any
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from alerts.contact import Role
from bench.session import make_session, spo2_series
from monitor.engine import Engine
from monitor.feed_door import read_pages
from monitor.feed_words import Delta, Heartbeat, SessionLine, SnapshotSent, Welcome, encode
from monitor.history import History, HistoryView
from monitor.pages import FEED, answer
from monitor.snapshot import snapshot
from monitor.stream import OximeterStream
from monitor.texts_dir import read_texts

__all__ = ["SESSIONS", "serving"]

SESSIONS = 16
_HOURS_S = 3 * 3_600
_NOW_MS = 20_000_000
_FALL_MS = 2_790_000
_ALARMED = 2
_EMPTY = b"<!doctype html><html lang=en><title>empty</title><p>An empty page.</p></html>"


class _Wall:
    """What the pages are told."""

    def __init__(self) -> None:
        engine = Engine()
        for event in make_session(minutes=60):
            if event.at_ms > _FALL_MS:
                break
            engine.handle(event)
        told = snapshot(engine, engine.now_ms, record=1, recording=True, texts=read_texts())
        state: dict[str, Any] = _moved(msgspec.to_builtins(told), _NOW_MS - engine.now_ms)
        quiet = state | {"alarms": [], "sound": "silent", "cards": {}}
        self.states = [
            (state if at < _ALARMED else quiet) | {"session": f"s{at}", "patient_name": f"P-{at}"}
            for at in range(SESSIONS)
        ]
        self.past = [_past(at) for at in range(SESSIONS)]
        self.now_ms, self.seq = _NOW_MS, 1

    def first(self) -> list[bytes]:
        """All that a page is told when it comes."""
        lines = [
            SessionLine(
                session=f"s{at}", patient=f"p{at}", name=f"P-{at}", mode="test", phase="peak"
            )
            for at in range(SESSIONS)
        ]
        hello = Welcome(
            person="screen",
            name="Screen",
            role=Role.VIEWER,
            hub="bench",
            now_ms=self.now_ms,
            speed=1.0,
            sessions=lines,
            secure=False,
        )
        shots: list[SnapshotSent] = [
            SnapshotSent(session=f"s{at}", seq=1, state=state, history=past, lines=[])
            for at, (state, past) in enumerate(zip(self.states, self.past, strict=True))
        ]
        return [encode(hello), *(encode(one) for one in shots)]

    def next(self, at: int) -> bytes:
        """One second of one session."""
        self.seq += 1
        values = dict(self.states[at]["values"])
        for name, x100 in (("spo2", 9_600), ("pulse", 7_000)):
            values[name] = {"value_x100": x100 + 100 * (self.seq % 3), "at_ms": self.now_ms}
        patch = {"values": values, "record": self.seq}
        session = f"s{at}"
        return encode(
            Delta(session=session, seq=self.seq, at_ms=self.now_ms, patch=patch, lines=[])
        )

    def beat(self) -> bytes:
        """What a hub says each second."""
        return encode(Heartbeat(now_ms=self.now_ms, recording=True, record_fault="", sessions={}))


def _moved(state: Any, by_ms: int) -> Any:
    """The state with its times moved to the present of the bench."""
    if isinstance(state, list):
        return [_moved(one, by_ms) for one in state]
    if not isinstance(state, dict):
        return state
    return {
        key: value + by_ms
        if key.endswith("_ms") and isinstance(value, int)
        else _moved(value, by_ms)
        for key, value in state.items()
    }


def _past(seed: int) -> HistoryView:
    """Three hours at 1 Hz as the hub keeps them."""
    history = History(OximeterStream())
    begin_ms = _NOW_MS - _HOURS_S * 1_000
    for second, spo2_x100 in enumerate(spo2_series(_HOURS_S, seed)):
        history.oximeter(begin_ms + second * 1_000, spo2_x100, 7_000 + second % 900)
        if second % 600 == 0:
            history.cuff(begin_ms + second * 1_000, 12_400 + second % 1_400, 7_900)
    return history.view()


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[int]:
    """Serve the pages and the feed; yields the port. `/empty` is a page with nothing in it."""
    folder = Path(__file__).parent.parent / "monitor" / "web"
    pages = read_pages(folder, None, read_texts())
    wall = _Wall()

    def door(_: ServerConnection, request: Request) -> Response | None:
        if request.path == FEED:
            return None
        if request.path == "/empty":
            head = Headers({"Content-Type": "text/html", "Content-Length": str(len(_EMPTY))})
            return Response(200, "OK", head, _EMPTY)
        found = answer(request.method, request.path, pages, unpacks=True)
        return Response(found.status, found.reason, Headers(found.headers), found.body)

    async def client(connection: ServerConnection) -> None:
        json.loads(await connection.recv())
        begin_s, loop = asyncio.get_running_loop().time(), asyncio.get_running_loop()
        step = 0
        with contextlib.suppress(ConnectionClosed):
            for message in wall.first():
                await connection.send(message.decode())
            while True:
                step += 1
                await asyncio.sleep(max(0.0, begin_s + step / SESSIONS - loop.time()))
                wall.now_ms = max(wall.now_ms, _NOW_MS + step * 1_000 // SESSIONS)
                await connection.send(wall.next(step % SESSIONS).decode())
                if step % SESSIONS == 0:
                    await connection.send(wall.beat().decode())

    async with serve(client, "127.0.0.1", 0, process_request=door, max_size=2**20) as server:
        port: int = next(iter(server.sockets)).getsockname()[1]
        yield port
        server.close(close_connections=True)
