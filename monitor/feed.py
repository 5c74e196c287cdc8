"""The live feed: every session to everybody who may see it, each change after its commit.

The hub tells what it decides, when that is recorded, and when a session is over; the feed turns it
into messages and sends each once to all who may see it. It also answers a client that comes: a
snapshot of each session, or what it missed. It waits for no client and decides nothing.

    feed = Feed(hub, access, name="Vigil hub", texts=texts)
    feed.decided(bed, event, effects)      at once
    feed.committed(bed)                    after the commit
    feed.closed(bed)                       the session is over
    await feed.open(...)                   from now on clients are let in (`feed_server`)
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import structlog

from alerts.texts import Texts
from monitor.access import Access
from monitor.effects import Effect
from monitor.events import Event
from monitor.feed_client import Client, tell
from monitor.feed_looks import Looks
from monitor.feed_past import read_past
from monitor.feed_room import FeedRoom, State
from monitor.feed_words import Gone, Heartbeat, SessionLine, Welcome, encode
from monitor.hub import Hub
from monitor.rights import sees
from monitor.snapshot import snapshot
from monitor.tokens import Invitation
from monitor.ward import Bed

__all__ = ["Feed"]

_BEAT_S = 1.0
_TRIES = 5

log = structlog.get_logger("vigil.feed")


class Feed:
    """All rooms and clients. Every method belongs to the hub's loop."""

    def __init__(self, hub: Hub, access: Access, name: str, texts: Texts) -> None:
        self.hub = hub
        self.texts = texts
        self.access = access
        self.name = name
        self.clients: set[Client] = set()
        self.is_ready = False
        self._rooms: dict[str, FeedRoom] = {}
        self._beds: dict[str, Bed] = {}
        self._over: set[str] = set()
        self._changed: set[str] = set()
        self._joining: set[asyncio.Task[None]] = set()
        self._looks = Looks()
        self._beat_s = asyncio.get_running_loop().time()

    # --- what the hub tells -------------------------------------------------------------------

    def decided(self, bed: Bed, event: Event, effects: Sequence[Effect]) -> None:
        """Take a decision as it is made; it is told when it is committed."""
        room = self._rooms.get(bed.session)
        if room is None:
            room = FeedRoom(bed.session, bed.opened.patient, bed.n - 1)
            self._rooms[bed.session] = room
            self._beds[bed.session] = bed
        room.decided(bed.n, event, effects, self._look(bed) if self.clients else None)

    def committed(self, bed: Bed) -> None:
        """The oldest decision that was not committed yet is now, or never will be."""
        room = self._rooms.get(bed.session)
        if room is None:
            return
        room.committed()
        if not self._changed:
            # What is committed together is told together.
            asyncio.get_running_loop().call_soon(self._tell_changes)
        self._changed.add(bed.session)

    def closed(self, bed: Bed) -> None:
        """A session is over: it is told after its last delta."""
        self._over.add(bed.session)
        self.access.session_over(bed.opened.patient.id)

    def _look(self, bed: Bed) -> State | None:
        """What a screen shows now; a picture that cannot be made stops no watching."""
        now_ms = max(self.hub.clock.now_ms(), bed.engine.now_ms)
        try:
            view = snapshot(
                bed.engine, now_ms, self.texts, record=bed.n, recording=self.hub.recording
            )
            state: State = msgspec.to_builtins(view)
        except Exception as error:
            log.exception("a snapshot could not be made", session=bed.session)
            detail = f"our bug: no snapshot of {bed.session}: {error!r}"
            self.hub.condition("engine:snapshot", present=True, detail=detail, passing=True)
            return None
        return state

    def _tell_changes(self) -> None:
        if not self.is_ready:
            return
        names, self._changed = self._changed, set()
        for name in sorted(names):
            room, bed = self._rooms.get(name), self._beds.get(name)
            if room is None or bed is None:
                continue
            is_new = room.state is None
            message = room.delta(partial(self._look, bed) if self.clients else None)
            if message is not None:
                tell(self._audience(room), message)
            elif is_new and self.clients:
                self._invite_all(room)
            if name in self._over and room.settled:
                self._leave(room, bed)

    def _leave(self, room: FeedRoom, bed: Bed) -> None:
        message = encode(Gone(session=room.session, phase=bed.engine.chart.phase.value))
        tell(self._audience(room), message)
        for client in self.clients:
            client.joined.discard(room.session)
        self._over.discard(room.session)
        del self._rooms[room.session], self._beds[room.session]

    def _audience(self, room: FeedRoom) -> list[Client]:
        return [client for client in self.clients if room.session in client.joined]

    # --- clients ------------------------------------------------------------------------------

    def may_see(self, who: Invitation, session: str) -> bool:
        """Whether a session is there and this person may see it."""
        room = self._rooms.get(session)
        return room is not None and sees(who.role, who.patient, room.patient)

    def clients_of(self, person: str, session: str) -> list[Client]:
        """Every connection of one person of one session, whoever else has that name elsewhere."""
        return [
            client
            for client in self.clients
            if client.who.person == person and self.may_see(client.who, session)
        ]

    def exists(self, session: str) -> bool:
        """Whether a session is there."""
        return session in self._rooms

    def place(self, session: str) -> tuple[FeedRoom, Bed] | None:
        """Where a session is told and where it is decided; None: it is not there."""
        room, bed = self._rooms.get(session), self._beds.get(session)
        return None if room is None or bed is None else (room, bed)

    def welcome(self, client: Client) -> bytes:
        """Return the first message to a client."""
        who = client.who
        beds = [bed for name, bed in self._beds.items() if self.may_see(who, name)]
        return encode(
            Welcome(
                person=who.person,
                name=who.name,
                role=who.role,
                hub=self.name,
                now_ms=self.hub.clock.now_ms(),
                speed=self.hub.clock.speed,
                sessions=[_line(bed) for bed in beds],
                secure=client.secure,
            )
        )

    async def join_all(self, client: Client, since: Mapping[str, int]) -> None:
        """Show a client every session that it may see, from where it left off."""
        for name in list(self._rooms):
            if self.may_see(client.who, name):
                await self.join(client, name, since.get(name))

    async def join(self, client: Client, session: str, since: int | None) -> None:
        """Show one session: what was missed since that record, or all of it; then its deltas."""
        room = self._rooms.get(session)
        if room is None:
            tell([client], encode(Gone(session=session, phase="unknown")))
            return
        client.joined.discard(session)
        missed = None if since is None else room.since(since)
        for _ in range(_TRIES):
            if missed is None:
                number = await self._send_snapshot(client, room)
                if number is None or self._rooms.get(session) is not room:
                    return
                missed = room.after(number)
            if missed is not None:
                for message in missed:
                    tell([client], message)
                client.joined.add(session)
                self._looks.tell(client.who, session, self.hub.clock.now_ms(), self.hub.tell)
                return
        client.cut("it cannot follow")

    async def _send_snapshot(self, client: Client, room: FeedRoom) -> int | None:
        """Send all of a session; return how many messages it had then, None when it failed."""
        if room.state is None:
            state = self._look(self._beds[room.session])
            if state is None:
                return None
            room.look(state)
        number, message = room.number, room.snapshot()
        return number if await client.send(message) else None

    def _invite_all(self, room: FeedRoom) -> None:
        """A session is new: who may see it is shown it."""
        for client in list(self.clients):
            if room.session not in client.joined and self.may_see(client.who, room.session):
                task = asyncio.create_task(self.join(client, room.session, None))
                self._joining.add(task)
                task.add_done_callback(self._joining.discard)

    # --- each second --------------------------------------------------------------------------

    async def run(self, data_dir: Path) -> None:
        """Read what was before the start, then beat once a second until cancelled."""
        for room in list(self._rooms.values()):
            await asyncio.to_thread(read_past, data_dir, room)
        self.is_ready = True
        self._tell_changes()
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            try:
                self._beat(loop.time())
            except Exception as error:
                # Our bug: the next second is tried again, and everybody is told.
                log.exception("the feed could not beat")
                detail = f"our bug: the feed could not beat: {error!r}"
                self.hub.condition("engine:feed", present=True, detail=detail, passing=True)
            due_s = max(due_s + _BEAT_S, loop.time())
            await asyncio.sleep(due_s - loop.time())

    def _beat(self, now_s: float) -> None:
        self._beat_s = now_s
        for client in list(self.clients):
            client.watch_closing(now_s)
            if not self.access.living(client.who) and not client.is_leaving:
                client.is_leaving = True
                task = asyncio.create_task(client.deny(4401, "this link has ended"))
                self._joining.add(task)
                task.add_done_callback(self._joining.discard)
        if not self.clients:
            return
        for name, room in self._rooms.items():
            bed = self._beds[name]
            state = self._look(bed) if room.settled and room.state is not None else None
            message = None if state is None else room.passed(bed.engine.now_ms, state)
            if message is not None:
                tell(self._audience(room), message)
        for group in _groups(self.clients):
            tell(group, self._heartbeat(group[0].who))

    def _heartbeat(self, who: Invitation) -> bytes:
        return encode(
            Heartbeat(
                now_ms=self.hub.clock.now_ms(),
                recording=self.hub.recording,
                record_fault=self.hub.record_fault,
                sessions={
                    name: room.seq for name, room in self._rooms.items() if self.may_see(who, name)
                },
            )
        )

    def figures(self) -> dict[str, tuple[str, float]]:
        """Return the feed's gauges for `/metrics`."""
        age_s = asyncio.get_running_loop().time() - self._beat_s
        return {
            "feed_clients": ("clients of the live feed", float(len(self.clients))),
            "beat_age_seconds": ("since the last heartbeat of the feed", age_s),
        }


def _groups(clients: Iterable[Client]) -> list[list[Client]]:
    """Clients that see the same sessions, together."""
    groups: dict[Any, list[Client]] = {}
    for client in clients:
        groups.setdefault((client.who.role, client.who.patient), []).append(client)
    return list(groups.values())


def _line(bed: Bed) -> SessionLine:
    return SessionLine(
        session=bed.session,
        patient=bed.opened.patient.id,
        name=bed.opened.patient.name,
        mode=bed.opened.mode.value,
        phase=bed.engine.chart.phase.value,
    )
