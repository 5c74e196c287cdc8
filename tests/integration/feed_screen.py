"""A screen for tests: one client of the live feed that keeps what it hears, in order."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from monitor.effects import Effect
from monitor.feed_lines import LISTED
from monitor.feed_words import FromHub
from monitor.snapshot import Snapshot
from tests.integration.hub_house import RunningHub, free_port

Message = dict[str, Any]
_FROM_HUB: Any = msgspec.json.Decoder(FromHub)
_EFFECT: Any = Effect
_LISTED = {cls.__name__ for cls in LISTED}


class Screen:
    """One client. `state` and `seq` follow the session as a page would."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[Message] = []
        self.states: dict[str, Message] = {}
        self.seqs: dict[str, int] = {}
        self._refs = 0

    async def say(self, **message: Any) -> None:
        """Send one message."""
        await self.connection.send(json.dumps(message))

    async def next(self, within_s: float = 5) -> Message:
        """The next message, followed."""
        async with asyncio.timeout(within_s):
            text = await self.connection.recv()
        message: Message = json.loads(text)
        _check(text, message)
        self.heard.append(message)
        if message["type"] == "snapshot":
            self.states[message["session"]] = message["state"]
            self.seqs[message["session"]] = message["seq"]
        elif message["type"] == "delta":
            self.states[message["session"]] |= message["patch"]
            assert message["seq"] >= self.seqs[message["session"]]
            self.seqs[message["session"]] = message["seq"]
        return message

    async def until(self, holds: Callable[[Message], bool], within_s: float = 10) -> Message:
        """The first message for which something holds."""
        async with asyncio.timeout(within_s):
            while not holds(message := await self.next(within_s)):
                pass
        return message

    async def hear(self, kind: str, within_s: float = 10) -> Message:
        """The next message of one type."""
        return await self.until(lambda message: message["type"] == kind, within_s)

    async def order(self, session: str | None, do: str, **fields: Any) -> Message:
        """Give one order; return its reply."""
        self._refs += 1
        ref = f"r{self._refs}"
        await self.say(type="order", ref=ref, session=session, order={"do": do, **fields})
        return await self.until(lambda message: message.get("ref") == ref)

    async def closed(self, within_s: float = 10) -> tuple[int, str]:
        """The code and the last words with which the hub closes."""
        error = ""
        async with asyncio.timeout(within_s):
            try:
                while True:
                    message = await self.next(within_s)
                    error = message["error"] if message["type"] == "denied" else error
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd is not None else 1006
                return code, error


def _check(text: str | bytes, message: Message) -> None:
    """Every message of every test is one of the documented types, whole and with nothing more."""
    typed = _FROM_HUB.decode(text)
    assert json.loads(msgspec.json.encode(typed)) == message
    if message["type"] == "snapshot":
        state = msgspec.convert(message["state"], Snapshot)
        assert json.loads(msgspec.json.encode(state)) == message["state"]
    for line in message.get("lines", ()):
        if "effect" in line:
            msgspec.convert(line, _EFFECT)
        else:
            assert line["event"] in _LISTED


def open_port(hub: RunningHub) -> int:
    """Let a hub that is not started yet serve its pages on a free port; return it."""
    port = free_port()
    hub.settings["hub"] = hub.settings.get("hub", {}) | {"web_port": port}
    return port


def port_of(hub: RunningHub) -> int:
    """The port of a hub's pages."""
    port: int = hub.settings["hub"]["web_port"]
    return port


async def token_for(hub: RunningHub, person: str, **fields: Any) -> str:
    """Invite a person; return the token."""
    reply = await hub.ask("invite", person=person, **fields)
    assert reply["ok"], reply
    token: str = reply["token"]
    return token


@contextlib.asynccontextmanager
async def feed_of(hub: RunningHub, **options: Any) -> AsyncIterator[Screen]:
    """A connection to a hub's feed on which nothing was said yet.

    A hub that starts again answers its commands first and opens the port when it has read the past.
    """
    async with asyncio.timeout(10):
        while True:
            try:
                connection = await connect(f"ws://127.0.0.1:{port_of(hub)}/ws", **options)
                break
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
    async with connection:
        yield Screen(connection)


@contextlib.asynccontextmanager
async def screen(
    hub: RunningHub, token: str, since: Mapping[str, int] | None = None
) -> AsyncIterator[Screen]:
    """A screen that was welcomed."""
    async with feed_of(hub) as one:
        await one.say(type="hello", token=token, since=since or {})
        assert (await one.next())["type"] == "welcome"
        yield one


def texts_under(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, whole."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
