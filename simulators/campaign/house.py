"""One house of the campaign: the hub's real loop, engine, sender and recovery in virtual time.

Only what touches the world is replaced: the disk (`memory_store`), the ways to people (`ways`), the
loudspeaker (a line in the log), the clock. Everything that decides, waits, commits, times out,
recovers and sends is the hub's own code, run by a loop whose time jumps. The session is of mode
`real`, because that is what must work; nothing of it can leave the process.

    house = House(cast)
    house.open(); house.dose()      # a session is open, the dose is taken
    house.kill(); house.rise()      # the same session, from what was committed
"""

import asyncio
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from msgspec import structs

import monitor
from alerts.channel import News
from alerts.contact import Role
from alerts.signal import Pattern
from devices.observation import DeviceKind, Mode
from monitor.clock import HubClock
from monitor.effects import CancelSend, Effect
from monitor.events import (
    DoseConfirmed,
    Event,
    SessionOpened,
)
from monitor.house_hands import HouseHands
from monitor.hub import Hub
from monitor.journal import decode
from monitor.message_for import message_for
from monitor.outage import ClockStamp
from monitor.patient import DeviceBinding, Patient
from monitor.plan import Plan, load_plan
from monitor.recovery import recover
from monitor.restart import Found, now_after
from monitor.resume import Resume
from monitor.sender import Sender
from monitor.session import OVER
from monitor.store import Change
from monitor.texts_dir import read_texts
from monitor.ward import Bed, Ward, note_tap
from simulators.campaign.behaviour import WAYS
from simulators.campaign.log import Bug, Decided, Died, Log, Rose, Slept, Sounded
from simulators.campaign.memory_store import Disk, MemoryStore
from simulators.campaign.people import CONTACTS, Answering, People
from simulators.campaign.ways import VirtualWay

__all__ = ["SESSION", "House", "VirtualClock", "plan"]

SESSION = "s1"
_BOOT_MS = 1_000_000
_WALL_MS = 1_790_000_000_000
# A topic keeps its messages, and the next hub reads on from the last one it saw.
_KEEPING = frozenset({"ntfy"})


@cache
def plan() -> Plan:
    """The shipped plan without its gate: the campaign begins with the dose."""
    folder = Path(monitor.__file__).parent / "plans"
    text = (folder / "default.toml").read_text(encoding="utf-8")
    return structs.replace(load_plan(text, "default.toml"), gate=())


class VirtualClock(HubClock):
    """Hub time on the house's own seconds; its wall clock can be stepped, its boot changed."""

    def __init__(self, house: "House", offset_ms: int = 0) -> None:
        self._house = house
        super().__init__(offset_ms, boottime_ns=lambda: round(house.now_s * 1e9) + _BOOT_MS * 10**6)

    def stamp(self) -> ClockStamp:
        """All clocks of this instant."""
        house = self._house
        elapsed_ms = round(house.now_s * 1000)
        return ClockStamp(
            at_ms=self.now_ms(),
            boot_id=house.boot_id,
            boottime_ms=_BOOT_MS + elapsed_ms,
            wall_ms=_WALL_MS + elapsed_ms + house.wall_step_ms,
            wall_synced=house.wall_synced,
        )


class House:
    """A hub that can be killed, and what outlives it.

    `slept_s` is what the machine has slept: the house's seconds run on, the hub's timers do not.
    """

    def __init__(self, cast: Answering) -> None:
        self._loop = asyncio.get_running_loop()
        self.slept_s = 0.0
        self.boot_id = "boot-1"
        self.wall_step_ms = 0
        self.wall_synced = True
        self.log = Log(lambda: self.now_s)
        self.disk = Disk()
        people = People(cast)
        self.ways = {name: VirtualWay(name, self.log, people.answer, self._news) for name in WAYS}
        self.hub: Hub | None = None
        self.store: MemoryStore | None = None
        self.on_decided: Callable[[Decided, int], None] = lambda _, __: None
        self._stage = asyncio.all_tasks()
        self._kept: list[News] = []
        self._told = 0
        self._unanswered: dict[int, Callable[[int], Event]] = {}
        self.sender: Sender | None = None

    @property
    def now_s(self) -> float:
        """Seconds of the house's clock."""
        return self._loop.time() + self.slept_s

    @property
    def alive(self) -> bool:
        """Whether a hub runs."""
        return self.hub is not None

    # --- lives --------------------------------------------------------------------------------

    def open(self) -> None:
        """The first hub starts and a session is opened."""
        hub = self._make(0)
        devices = (
            DeviceBinding("ox", DeviceKind.OXIMETER, interval_ms=1_000, clock=False),
            DeviceBinding("cuff", DeviceKind.CUFF),
        )
        patient = Patient("p1", "Alex", devices=devices, contacts=CONTACTS)
        hub.open(
            lambda at_ms: SessionOpened(
                at_ms=at_ms, session=SESSION, mode=Mode.REAL, patient=patient, plan=plan()
            )
        )
        self._run(hub)

    def dose(self) -> None:
        """The companion confirms the dose."""
        self.tell(
            lambda at_ms: DoseConfirmed(at_ms=at_ms, by="sam", role=Role.COMPANION, tap="dose")
        )

    def kill(self) -> None:
        """SIGKILL: what was not committed is gone, what was out is out."""
        if self.store is not None:
            self.store.kill()
        # Everything that runs but the stage itself is the process that is gone.
        for task in asyncio.all_tasks() - self._stage:
            task.cancel()
        self.hub = self.sender = self.store = None
        self.log.note(Died(self.now_s))

    def rise(self) -> None:
        """The next hub starts from what was committed, as `monitor.wiring` does."""
        found, unreadable = self._found(), list[str]()
        plain = VirtualClock(self)
        stamp = plain.stamp()
        at_ms, down_ms = now_after(found, stamp)
        hub = self._make(at_ms - stamp.boottime_ms)
        self.log.note(Rose(self.now_s, len(self.disk.pages)))
        Resume(hub, found, unreadable, down_ms).take_up()
        self._run(hub)
        for number in list(self._unanswered):
            self._bring(number)
        kept, self._kept = self._kept, []
        for news in kept:
            self._news("kept", news)

    def sleep(self, for_s: float) -> None:
        """The machine sleeps: the house's seconds run on, nothing else does."""
        self.slept_s += for_s
        self.log.note(Slept(self.now_s, for_s))

    def _make(self, offset_ms: int) -> Hub:
        hands = HouseHands(self._bug)
        clock = VirtualClock(self, offset_ms)

        def changed(change: Change) -> None:
            hub.recording_changed(change)

        self.store = MemoryStore(self._loop, self.disk, changed)
        hub = Hub(clock, Ward(), self.store, hands)  # type: ignore[arg-type]
        self.sender = Sender(dict(self.ways), hub, say=partial(message_for, texts=read_texts()))
        hands.sounds.append(self._sounded)
        hands.decided.append(self._decided)
        sender = self.sender
        hands.senders.append(sender.send)
        hands.on(CancelSend, lambda bed, effect: sender.cancel(effect.delivery, bed.session))
        self.hub = hub
        return hub

    def _run(self, hub: Hub) -> None:
        task = self._loop.create_task(hub.run())
        task.add_done_callback(self._ended)

    def _found(self) -> list[Found]:
        records = [decode(page.body) for page in self.disk.pages]
        taps: dict[tuple[str, str], str] = {}
        for record in records:
            note_tap(taps, record.event, record.effects)
        recovered = recover(records)
        opened = recovered.engine.opened
        if opened is None:
            return []
        over = recovered.engine.chart.phase in OVER
        last = self.disk.pages[-1].stamp
        faults = [] if recovered.differs is None else [f"differs: {recovered.differs}"]
        for fault in faults:
            self._bug(fault)
        return [Found(SESSION, opened, recovered, last, faults, taps, over)]

    # --- ears ---------------------------------------------------------------------------------

    def tell(self, make: Callable[[int], Event]) -> None:
        """Bring an event; what no hub has acknowledged is brought again, as a broker would."""
        self._told += 1
        self._unanswered[self._told] = make
        self._bring(self._told)

    def _bring(self, number: int) -> None:
        if self.hub is not None:
            self.hub.tell(SESSION, self._unanswered[number], lambda _: self._answered(number))

    def _answered(self, number: int) -> None:
        self._unanswered.pop(number, None)

    def _news(self, way: str, news: News) -> bool:
        """Take a way's news to the hub. An answer to a topic waits there for the next hub."""
        if self.sender is None:
            if way in _KEEPING:
                self._kept.append(news)
            return False
        self.sender.on_news(news)
        return True

    def _decided(self, bed: Bed, event: Event, effects: list[Effect]) -> None:
        entry = Decided(self.now_s, event, tuple(effects))
        self.log.note(entry)
        self.on_decided(entry, bed.n)

    def _sounded(self, pattern: Pattern) -> None:
        self.log.note(Sounded(self.now_s, pattern))

    def _bug(self, what: str, error: Any = None) -> None:
        self.log.note(Bug(self.now_s, f"{what} {error!r}" if error else what))

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()):
            self._bug("the hub's loop ended", error)
