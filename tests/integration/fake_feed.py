"""A feed that shows what a test wants to see on the pages, in the hub's own message types.

It decides nothing and keeps no session: a test puts states in, and reads the orders that the pages
gave. What is true of the pages against a real hub is in `test_pages.py`.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from alerts.condition import Priority
from alerts.contact import Role
from monitor.feed_door import read_pages
from monitor.feed_words import (
    Delta,
    Denied,
    Gone,
    Heartbeat,
    MessageSent,
    Reply,
    SessionLine,
    SnapshotSent,
    Welcome,
    encode,
)
from monitor.history import HistoryView
from monitor.pages import FEED, answer
from monitor.texts_dir import read_texts
from tests.integration.hub_house import ROOT, free_port

State = dict[str, Any]
NOW_MS = 10_000_000
MINUTE_MS = 60_000


def limit(row: str, priority: str, words: str, low: int | None, high: int | None) -> State:
    """One limit of a row."""
    fields = {"row": row, "priority": priority, "words": words, "tailored_by": None}
    return fields | {"low_x100": low, "high_x100": high}


LIMITS = {
    "spo2": [
        limit("SPO2-WARN", "medium", "below 92 % for 20 s", 9200, None),
        limit("SPO2-LOW", "high", "below 90 % for 30 s, or below 88 % for 10 s", 9000, None),
    ],
    "pulse": [
        limit("PR-BRADY", "high", "below 40 a minute for 15 s", 4000, None),
        limit("PR-TACHY", "high", "above 130 a minute for 30 s", None, 13000)
        | {"tailored_by": "dr-lee"},
    ],
    "sbp": [limit("BP-HIGH", "medium", "160 mmHg or more", None, 16000)],
    "dbp": [],
}


def values(spo2: int = 97, pulse: int = 72, sbp: int = 125, dbp: int = 79) -> State:
    """Values of now, the cuff's of three minutes ago."""
    cuff_ms = NOW_MS - 3 * MINUTE_MS
    return {
        "spo2": {"value_x100": spo2 * 100, "at_ms": NOW_MS},
        "pulse": {"value_x100": pulse * 100, "at_ms": NOW_MS},
        "sbp": {"value_x100": sbp * 100, "at_ms": cuff_ms},
        "dbp": {"value_x100": dbp * 100, "at_ms": cuff_ms},
    }


def alarm(priority: str, reason: str, **more: Any) -> State:
    """One open alarm, 35 s old."""
    raised_ms = NOW_MS - 35_000
    row = {
        "row": "SPO2-LOW",
        "priority": priority,
        "reason": reason,
        "value_x100": 8600,
        "limit_x100": 8800,
        "present": True,
        "latched": False,
    }
    return {
        "id": f"oxygen@{raised_ms}",
        "family": "oxygen",
        "rows": [row],
        "priority": priority,
        "alarm_class": "A" if priority == "high" else None,
        "signal": "on",
        "raised_ms": raised_ms,
        "accepted_by": None,
        "accepted_until_ms": None,
    } | more


def state(session: str = "s1", **more: Any) -> State:
    """A session at its peak, 45 min after the dose, without an alarm."""
    heard = {"last_ms": NOW_MS, "last_valid_ms": NOW_MS}
    return {
        "session": session,
        "mode": "test",
        "at_ms": NOW_MS,
        "phase": "peak",
        "dose_ms": NOW_MS - 45 * MINUTE_MS,
        "patient_name": "Alex",
        "values": values(),
        "alarms": [],
        "prompts": [],
        "told": [],
        "streams": {"oximeter": heard, "cuff": heard, "check_in": heard},
        "gate": {"spo2": "pass"},
        "moaas": 4,
        "sound": "silent",
        "record": 100,
        "recording": True,
        "emergency_number": "911",
        "plan": {"name": "default", "version": "2026-11", "signed_by": ""},
        "limits": LIMITS,
        "gate_items": {},
        "off": [],
        "discharge": {"criteria": {}, "met_since_ms": None},
        "cards": {},
        "cuff": {"state": "idle", "due_ms": NOW_MS + 14 * MINUTE_MS + 900, "attempts": 0},
        "check_in": {
            "due_ms": NOW_MS + 6 * MINUTE_MS + 900,
            "last_codes": "W4 B0 C0 D1 X0",
            "last_ms": NOW_MS - 4 * MINUTE_MS,
            "may_correct_until_ms": None,
            "ask": [],
        },
        "patient_check": {"from_ms": None, "due_ms": None, "last_ms": None, "reason": "schedule"},
        "people": [
            {"id": "alex", "name": "Alex", "role": "patient"},
            {"id": "sam", "name": "Sam", "role": "companion"},
            {"id": "lee", "name": "Dr Lee", "role": "physician"},
        ],
        "on_call": [
            {"role": "physician", "contact": "lee", "name": "Dr Lee", "lost": "", "phone": ""},
            {"role": "backup", "contact": None, "name": "", "lost": "", "phone": ""},
        ],
        "residual": 0,
        "call_backs": [],
        "rehearsal": None,
        "sound_proof": {"waits": False, "asked_ms": None, "wrong": 0, "proved_ms": None},
    } | more


def history() -> HistoryView:
    """An hour of SpO2 and pulse that ends now, and five cuff readings."""
    bins = 720
    start_ms = NOW_MS - bins * 5000
    return HistoryView(
        5000,
        start_ms,
        [9700 - 100 * (at % 7 == 0) for at in range(bins)],
        [7200 + 40 * (at % 11) + at for at in range(bins)],
        [
            (start_ms + at * 12 * MINUTE_MS, 12000 + 700 * at, 7600 + 300 * (at % 3))
            for at in range(5)
        ],
    )


class FakeFeed:
    """What the pages see and what they asked."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self.port = free_port()
        self.states: dict[str, State] = {}
        self.lines: list[State] = []
        self.orders: list[State] = []
        self.here: list[bool] = []
        self.asked: list[State] = []
        self.history = history()
        self.first_line = 0
        self.answers: dict[str, State] = {}
        self.hellos: list[State] = []
        self.seen: list[State] = []
        self.error: str | None = None
        self.denied: str | None = None
        self.recording = True
        self.beats = True
        self.shut = False
        self.secure = False
        self.now_ms = NOW_MS
        self.seq = 100
        self._clients: set[ServerConnection] = set()
        self._pages = read_pages(ROOT / "monitor" / "web", None, read_texts())

    def url(self, path: str = "/", session: str = "") -> str:
        """The link of a page."""
        return f"http://127.0.0.1:{self.port}{path}#t=secret{f'&s={session}' if session else ''}"

    async def show(self, session: str = "s1", **patch: Any) -> None:
        """Change a session and tell everybody."""
        self.states[session] |= patch
        self.seq += 1
        await self.say(
            Delta(session=session, seq=self.seq, at_ms=self.now_ms, patch=patch, lines=[])
        )

    async def say(self, message: Any) -> None:
        """Send one message to every page."""
        for client in list(self._clients):
            with contextlib.suppress(ConnectionClosed):  # a page may close while we speak
                await client.send(encode(message).decode())

    async def call(self, delivery: str, **more: Any) -> None:
        """Send one message to the person of every page, about the alarm of `alarm()`."""
        fields: State = {
            "session": "s1",
            "alarm": f"oxygen@{NOW_MS - 35_000}",
            "priority": Priority.HIGH,
            "text": "Oxygen is low. Wake Alex now.",
            "late": False,
            "may_repeat": False,
            "purpose": "alarm",
        }
        await self.say(MessageSent(delivery=delivery, **(fields | more)))

    async def drop(self) -> None:
        """End every connection, as a hub that dies does."""
        for client in list(self._clients):
            client.transport.abort()

    async def over(self, session: str, phase: str) -> None:
        """End a session."""
        await self.say(Gone(session=session, phase=phase))

    def beat(self) -> Heartbeat:
        """What the hub says each second."""
        return Heartbeat(
            now_ms=self.now_ms,
            recording=self.recording,
            record_fault="" if self.recording else "disk full",
            sessions=dict.fromkeys(self.states, self.seq),
        )

    def door(self, _: ServerConnection, request: Request) -> Response | None:
        """Serve the pages."""
        if request.path == FEED:
            return Response(503, "Shut", Headers(), b"") if self.shut else None
        found = answer(request.method, request.path, self._pages)
        return Response(found.status, found.reason, Headers(found.headers), found.body)

    async def client(self, client: ServerConnection) -> None:
        """Talk with one page."""
        self.hellos.append(json.loads(await client.recv()))
        if self.denied is not None:
            await client.send(encode(Denied(error=self.denied)).decode())
            await client.close(4401)
            return
        await client.send(encode(self._welcome()).decode())
        for session, told in self.states.items():
            sent = SnapshotSent(
                session=session,
                seq=self.seq,
                state=told,
                history=self.history,
                lines=self.lines,
                first_line=self.first_line,
            )
            await client.send(encode(sent).decode())
        self._clients.add(client)
        try:
            async for text in client:
                await self._asked(client, json.loads(text))
        finally:
            self._clients.discard(client)

    async def _asked(self, client: ServerConnection, message: State) -> None:
        if message["type"] == "seen":
            self.seen.append(message)
            return
        if message["type"] == "here":
            self.here.append(message["awake"])
            return
        if message["type"] == "ask":
            self.asked.append({key: message[key] for key in ("session", "what", "before")})
            told = self.answers.get(message["what"], {"error": "nobody has told this feed"})
            await client.send(json.dumps({"type": "told", "ref": message["ref"]} | told))
            return
        self.orders.append({key: message.get(key) for key in ("session", "order")})
        self.orders[-1]["order"] = {k: v for k, v in message["order"].items() if k != "id"}
        reply = Reply(ref=message["ref"], ok=self.error is None, recorded=self.recording)
        if self.error is not None:
            reply = Reply(ref=message["ref"], ok=False, recorded=True, error=self.error)
        await client.send(encode(reply).decode())

    def _welcome(self) -> Welcome:
        sessions = [
            SessionLine(
                session=session, patient="alex", name="Alex", mode="test", phase=told["phase"]
            )
            for session, told in self.states.items()
        ]
        return Welcome(
            person="sam",
            name="Sam",
            role=self.role,
            hub="test",
            now_ms=self.now_ms,
            speed=1.0,
            sessions=sessions,
            secure=self.secure,
        )

    async def tick(self) -> None:
        """Beat, and let hub time stand still, so that values stay of now."""
        while True:
            if self.beats:
                await self.say(self.beat())
            await asyncio.sleep(0.5)


@contextlib.asynccontextmanager
async def fake_feed(role: Role = Role.PHYSICIAN) -> AsyncIterator[FakeFeed]:
    """Serve the pages and a feed for as long as the block lasts."""
    feed = FakeFeed(role)
    async with serve(feed.client, "127.0.0.1", feed.port, process_request=feed.door) as server:
        beating = asyncio.create_task(feed.tick())
        try:
            yield feed
        finally:
            beating.cancel()
            server.close(close_connections=True)
