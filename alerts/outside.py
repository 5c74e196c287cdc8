"""The watcher outside the house: takes leases, and pages by itself when one lapses.

It joins the tables of the leases with a door, a file, the pages and the failure tone, and says each
change as one line. Its clock is the machine's steady one, so a clock that is set changes nothing.
What a lease is worth and when it has lapsed is decided in `lease_book` and `lease_table`, never
here. Whom it pages is in the hub's last lease; the people of its own settings are told besides.

    outside = Outside(settings, channels, say, resolve)
    await outside.start()
    await outside.run()                  # until cancelled
    await outside.stop()
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from msgspec.structs import replace

from alerts.channel import Channel, News, OnNews
from alerts.delivery import Verdict
from alerts.guard import REAL
from alerts.lease import PATH, Person
from alerts.lease_book import CHALLENGE, Book, BookError, Entry
from alerts.lease_table import Act, Answered, Ended, LeaseState
from alerts.outside_door import Asked, Door, Told
from alerts.outside_file import OutsideFile
from alerts.outside_pages import Pages
from alerts.outside_settings import OutsideSettings
from alerts.record_heads import ASK_PATH
from alerts.service import Service
from alerts.siren import Siren

__all__ = ["Outside", "OutsideSettings"]

_LOOK_S: Final = 0.5
_SAY_AGAIN_S: Final = 10.0
# How far records are is worth a write to the disk once in a while, not with each lease.
_KEEP_S: Final = 60.0


class Outside:
    """One running watcher. Belongs to one event loop.

    Args:
        settings: the hubs, the port, the people.
        open_channels: makes the ways to people, given who takes their news.
        say: takes one line for whoever keeps the machine.
        resolve: gives the address behind one that may be `file:<path>`; raises ValueError.
    """

    def __init__(
        self,
        settings: OutsideSettings,
        open_channels: Callable[[OnNews], Mapping[str, Channel]],
        say: Callable[[str], None],
        resolve: Callable[[str], str],
    ) -> None:
        self._settings = settings
        self._say = say
        self._book = Book(settings.secrets)
        self._file = OutsideFile(settings.state_dir / "leases.json")
        self._channels = open_channels(self._on_news)
        self._pages = Pages(self._channels, say, self._answered, resolve)
        self._door = Door(
            {
                ("POST", PATH): self._take,
                ("POST", ASK_PATH): self._heads,
                ("GET", "/healthz"): self._health,
            }
        )
        self._siren = Siren() if settings.speaker else None
        self._service = Service.from_environ()
        self._recalled: set[str] = set()
        self._refused = 0
        self._said_s = -_SAY_AGAIN_S
        self._kept_s = time.monotonic()
        self._stops: set[asyncio.Task[None]] = set()

    # --- life ---------------------------------------------------------------------------------

    async def start(self) -> int:
        """Go on from the disk and open the door; return its port.

        Raises:
            OSError: the port cannot be had.
        """
        self._recall()
        settings = self._settings
        port = await self._door.open(settings.host, settings.port, settings.tls)
        self._sound()
        self._service.tell("READY=1")
        return port

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pages.run())
            group.create_task(self._look_on())

    async def stop(self) -> list[str]:
        """Let go of everything; return the hubs that nobody outside watches from now on."""
        self._service.tell("STOPPING=1")
        await self._door.close()
        if self._siren is not None:
            self._siren.stop()
        await self._pages.close()
        self._keep()
        return self._book.open

    def _recall(self) -> None:
        hubs = list(self._book.entries)
        try:
            kept = self._file.read()
            gone = [] if kept is None else self._book.recall(kept, _now_ms())
        except (OSError, BookError) as error:
            self._say(f"what was open cannot be read, so each hub counts as open: {error}")
            self._book.suspect(hubs, _now_ms())
            return
        for hub in gone:
            self._say(f"{hub} was open and is in the settings no more: not watched")
        for hub in self._book.open:
            state = self._book.entries[hub].watched.state
            self._say(f"{hub} was {state} before this start: it counts from now")
            if state is LeaseState.LAPSED:
                self._recalled.add(hub)

    async def _look_on(self) -> None:
        while True:
            for hub, act in self._book.pass_time(_now_ms()):
                self._do(hub, act)
            if self._file.fault:
                self._keep()
            self._service.tell("WATCHDOG=1")
            await asyncio.sleep(_LOOK_S)

    # --- letters ------------------------------------------------------------------------------

    def _take(self, asked: Asked) -> Told:
        hub, letter = _letter(asked)
        answer = self._book.take(hub, *letter, _now_ms(), secrets.token_hex(16))
        if answer.why and answer.why != CHALLENGE:
            self._say_refused(answer.why)
        if answer.opened:
            entry = self._book.entries[hub]
            modes = entry.lease.holding.modes if entry.lease is not None else ()
            words = f"open ({', '.join(modes)})" if modes else "not open"
            self._say(f"{hub} is heard: {entry.watched.state}, session {words}")
            self._recalled.discard(hub)
        for fault in answer.faults:
            self._say(f"{hub}: {fault}")
        for act in answer.acts:
            self._do(hub, act)
        if answer.opened or time.monotonic() - self._kept_s >= _KEEP_S:
            self._keep()
        return Told(answer.status, answer.body, answer.signature)

    def _heads(self, asked: Asked) -> Told:
        hub, letter = _letter(asked)
        answer = self._book.tell_heads(hub, *letter)
        if answer.why:
            self._say_refused(answer.why)
        return Told(answer.status, answer.body, answer.signature)

    def _health(self, _: Asked) -> Told:
        """Say that the watcher lives and how many hubs are in which state; no names."""
        states = [entry.watched.state for entry in self._book.entries.values()]
        counts = ", ".join(f"{state} {states.count(state)}" for state in LeaseState)
        fault = f"; {self._file.fault}" if self._file.fault else ""
        text = f"ok: {counts}; letters refused {self._refused}{fault}\n"
        return Told(HTTPStatus.OK, text.encode(), kind="text/plain; charset=utf-8")

    # --- what follows -------------------------------------------------------------------------

    def _do(self, hub: str, act: Act) -> None:
        entry = self._book.entries[hub]
        if act is Act.PAGE:
            self._page(hub, entry)
        elif act is Act.QUIET:
            self._say(f"{hub} is {entry.watched.state}: no more pages")
            self._stop_pages(hub)
            self._keep()
        self._sound()

    def _page(self, hub: str, entry: Entry) -> None:
        if not entry.alarm:
            entry.alarm = f"watch:{hub}@{time.time_ns() // 1_000_000}"
        turn, entry.turn = entry.turn, entry.turn + 1
        people = self._people(entry)
        self._say(f"{hub} IS SILENT WITH AN OPEN SESSION: paging {len(people)} people")
        self._keep()
        name = entry.lease.name if entry.lease is not None else hub
        self._pages.send(entry.alarm, people, name, turn, repeat=hub in self._recalled)
        self._recalled.discard(hub)

    def _people(self, entry: Entry) -> list[Person]:
        """The people of the lease, then our own; without a lease the session counts as real."""
        if entry.lease is None:
            return list(self._settings.people)
        holding = entry.lease.holding
        mode = REAL if holding.is_real or not holding.modes else holding.modes[0]
        own = (replace(person, mode=mode) for person in self._settings.people)
        return list(dict.fromkeys((*holding.people, *own)))

    def _stop_pages(self, hub: str) -> None:
        task = asyncio.create_task(self._pages.stop(f"watch:{hub}@"))
        self._stops.add(task)
        task.add_done_callback(self._stops.discard)

    def _sound(self) -> None:
        if self._siren is None:
            return
        if self._book.sounding:
            self._siren.start()
        else:
            self._siren.stop()

    def _keep(self) -> None:
        self._kept_s, fault = time.monotonic(), self._file.fault
        self._file.keep(self._book.kept())
        if self._file.fault and self._file.fault != fault:
            self._say(self._file.fault)

    # --- people -------------------------------------------------------------------------------

    def _on_news(self, news: News) -> None:
        self._pages.on_news(news)

    def _answered(self, alarm: str, place: int, verdict: Verdict, detail: str) -> None:
        hub = alarm.removeprefix("watch:").partition("@")[0]
        entry = self._book.entries.get(hub)
        if entry is None or entry.alarm != alarm:
            self._say(f"an answer to {alarm}, which is over: it changes nothing")
            return
        people = self._people(entry)
        who = people[place].name if place < len(people) else f"person {place}"
        if verdict is Verdict.REJECT:
            self._say(f"{who} cannot take {hub} ({detail}): the paging goes on")
        elif entry.watched.state is not LeaseState.LAPSED:
            self._say(f"{who} answers for {hub} as well; {entry.watched.by} has it")
        else:
            self._tell(hub, Answered(who))
            self._say(f"{who} has {hub}: quiet for 15 min unless it is heard before")

    async def request(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Answer the owner's command on this machine: `status`, or `end` of one hub by a name."""
        if asked.get("do") == "status":
            return {"ok": True, "hubs": list(self._status())}
        hub, by = str(asked.get("hub", "")), str(asked.get("by", "")).strip()
        if asked.get("do") != "end" or hub not in self._book.entries or not by:
            known = ", ".join(self._book.entries)
            return {"ok": False, "error": f"name one of {known} and who ends it"}
        self._tell(hub, Ended(by))
        self._say(f"{by} has ended the lease of {hub}")
        self._keep()
        return {"ok": True}

    def _tell(self, hub: str, news: Answered | Ended) -> None:
        for act in self._book.tell(hub, _now_ms(), news):
            self._do(hub, act)

    def _status(self) -> Iterable[dict[str, Any]]:
        for hub, entry in self._book.entries.items():
            heard = entry.renewed_ms
            ago_s = None if heard is None else (_now_ms() - heard) // 1000
            yield {
                "hub": hub,
                "state": entry.watched.state.value,
                "heard_s_ago": ago_s,
                "by": entry.watched.by,
            }

    def _say_refused(self, why: str) -> None:
        """Count each refusal and say one in a while: a stranger must not fill the log."""
        self._refused += 1
        now_s = time.monotonic()
        if now_s - self._said_s >= _SAY_AGAIN_S:
            self._said_s = now_s
            self._say(f"a letter was refused, {self._refused} since the start: {why}")


def _letter(asked: Asked) -> tuple[str, tuple[bytes, str]]:
    """Whose letter it is said to be; its body and its signature."""
    headers = asked.headers
    return headers.get("vigil-hub", ""), (asked.body, headers.get("vigil-signature", ""))


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
