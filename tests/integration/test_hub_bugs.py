"""Our own bugs stop no watching: each is counted, told as a fault of the engine, and passed by.

The hub's loop runs here in the test's own event loop, with a real record and hands that only note.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from alerts.contact import Role
from alerts.signal import Pattern
from devices.mqtt_link import Incoming, NotSentError, Token
from devices.observation import DeviceKind, Mode
from devices.topic import Inbound, ack_topic, inbound_topic
from monitor import hub as hub_module
from monitor import outgoing as outgoing_module
from monitor.clock import HubClock, read_boottime_ns
from monitor.effects import Effect, Send
from monitor.engine import Engine
from monitor.events import Event, HelpCalled, MonitorDown, Reading, SessionOpened
from monitor.gateway import Gateway
from monitor.hands import Taken
from monitor.hub import Hub
from monitor.journal import chain, decode
from monitor.journal_file import read_records, session_path
from monitor.outgoing import Outgoing
from monitor.parts import Parts
from monitor.patient import DeviceBinding, Patient
from monitor.restart import find_open
from monitor.resume import Resume
from monitor.store import Store
from monitor.ward import Bed, Ward
from tests.integration.hub_house import OXIMETER, reading, report, until
from tests.recorded import plan
from tests.words import ENGLISH

pytestmark = pytest.mark.integration


class Notes:
    """Hands that note what they should do."""

    def __init__(self) -> None:
        self.patterns: list[Pattern] = []
        self.sent: list[Send] = []

    def sound(self, pattern: Pattern) -> None:
        """Note a pattern."""
        self.patterns.append(pattern)

    def send(self, bed: Bed, send: Send, committed: Any) -> None:  # noqa: ARG002
        """Note a message."""
        self.sent.append(send)

    def effects(self, bed: Bed, event: Event, effects: list[Effect]) -> None:
        """Nothing is shown."""

    def committed(self, bed: Bed, effects: list[Effect]) -> None:
        """Nothing is published."""

    def closed(self, bed: Bed) -> None:
        """Nothing to do."""


class House:
    """A hub with its record, and one open session."""

    def __init__(self, folder: Path, inbox_limit: int = 1_000) -> None:
        self.folder = folder
        self.store = Store(folder, chain, lambda _: None)
        self.hub = Hub(HubClock(), Ward(), self.store, Notes(), inbox_limit=inbox_limit)
        self.bed = self.hub.open(opened)

    def events(self) -> list[str]:
        """The kinds of events in the record."""
        rows = read_records(session_path(self.folder, "s1"))
        return [type(decode(body).event).__name__ for _, body, _ in rows]

    def engine_faults(self) -> str:
        """What the engine holds for the hub's own faults now."""
        return " ".join(self.bed.engine.observer.standing().values())


def opened(at_ms: int) -> SessionOpened:
    """A test session with an oximeter."""
    device = DeviceBinding(OXIMETER, DeviceKind.OXIMETER, interval_ms=1000)
    patient = Patient("ann", "Ann", devices=(device,))
    return SessionOpened(
        at_ms=at_ms, session="s1", mode=Mode.TEST, patient=patient, plan=plan("vitals_only")
    )


@contextlib.asynccontextmanager
async def running(folder: Path, inbox_limit: int = 1_000) -> AsyncIterator[House]:
    """A hub whose loop runs."""
    house = House(folder, inbox_limit)
    task = asyncio.create_task(house.hub.run())
    try:
        yield house
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await asyncio.to_thread(house.store.close)


async def told(house: House, make: Any, session: str = "s1") -> Taken:
    """What became of one event."""
    answer: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
    assert house.hub.tell(session, make, answer.set_result)
    async with asyncio.timeout(5):
        return await answer


def seen(at_ms: int, number: int = 1) -> Reading:
    """One reading."""
    return Reading(at_ms=at_ms, report=replace(report(), boot_id="b1", seq=number))


async def test_an_event_that_cannot_be_made_is_told_and_the_next_is_taken(tmp_path: Path) -> None:
    """Its sender hears why; ENGINE has it; the reading after it is recorded."""

    def broken(at_ms: int) -> Event:
        raise KeyError(at_ms)

    async with running(tmp_path) as house:
        first = await told(house, broken)
        second = await told(house, seen)
        assert (first.recorded, first.why.startswith("our bug: an event could not be made")) == (
            False,
            True,
        )
        assert (second.recorded, second.why) == (True, "")
        assert "could not be made" in house.engine_faults()
        assert house.events() == ["SessionOpened", "HubCondition", "Reading"]
        assert house.hub.counts == {"our bug": 1}


async def test_an_event_that_the_engine_cannot_handle_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler that raises costs its event and nothing else; time goes on without a spin."""
    async with running(tmp_path) as house:
        handlers = dict(house.bed.engine._handlers)

        def broken(*_: object) -> None:
            raise RuntimeError("broken")

        handlers[HelpCalled] = broken
        monkeypatch.setattr(house.bed.engine, "_handlers", handlers)
        first = await told(
            house, lambda at_ms: HelpCalled(at_ms=at_ms, by="ann", role=Role.COMPANION)
        )
        assert (first.recorded, "broken" in first.why) == (False, True)
        assert (await told(house, seen)).recorded
        assert "HelpCalled could not be handled" in house.engine_faults()


async def test_a_tick_that_fails_is_tried_once_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadline that cannot be served does not turn the loop into a spin."""
    async with running(tmp_path) as house:
        calls = []

        def broken(_: object) -> None:
            calls.append(time.monotonic())
            raise RuntimeError("broken")

        monkeypatch.setattr(type(house.bed), "handle", lambda _, event: broken(event))
        monkeypatch.setattr(house.bed.engine, "next_deadline", lambda: 1)
        await asyncio.sleep(1.5)
        # Each try is followed by the word about it, which fails in the same way.
        assert 1 <= len(calls) <= 6


async def test_a_session_that_cannot_begin_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused with the reason, and leaves no bed behind."""
    async with running(tmp_path) as house:

        class Broken(Engine):
            def handle(self, _: Event) -> list[Effect]:
                raise RuntimeError("broken")

        monkeypatch.setattr(hub_module, "Engine", Broken)
        house.hub.ward.remove(house.bed)
        answers: list[Taken] = []
        house.hub.open(opened, answers.append)
        assert ([a.recorded for a in answers], list(house.hub.ward.beds)) == ([False], [])


async def test_an_event_of_a_session_that_is_over_is_not_called_recorded(tmp_path: Path) -> None:
    """Whoever sent it is told that it was not taken."""
    async with running(tmp_path) as house:
        taken = await told(house, seen, session="s9")
        assert (taken.recorded, taken.why) == (False, "no session s9 is open")


async def test_a_loop_that_was_held_up_says_so(tmp_path: Path) -> None:
    """ENGINE: late by more than 3 s; a start or a quiet time is not late."""
    async with running(tmp_path) as house:
        await asyncio.sleep(1.2)
        assert house.engine_faults() == ""
        time.sleep(4.5)  # noqa: ASYNC251 - this is what is tested
        await until(lambda: "s late" in house.engine_faults())


async def test_a_machine_that_slept_was_not_watching(tmp_path: Path) -> None:
    """Time that the machine slept is an outage: what was due in it is for the record only."""
    slept_s = 0
    async with running(tmp_path) as house:
        start_ms = house.hub.clock.now_ms()
        house.hub.clock = HubClock(boottime_ns=lambda: read_boottime_ns() + slept_s * 10**9)
        await told(house, seen)
        slept_s = 200
        # The tick after the outage is the last of what is looked at.
        await until(lambda: house.events()[-1:] == ["HubCondition"])
        rows = read_records(session_path(tmp_path, "s1"))
        events = [decode(body).event for _, body, _ in rows]
        down = [event for event in events if isinstance(event, MonitorDown)]
        assert [199_000 < event.down_ms < 202_000 for event in down if event.down_ms] == [True]
        assert down[0].at_ms - start_ms > 199_000
        kinds = [type(event).__name__ for event in events]
        assert kinds[kinds.index("Reading") :][:3] == ["Reading", "MonitorDown", "HubCondition"]


async def test_a_session_that_comes_back_hears_of_the_outage_first(tmp_path: Path) -> None:
    """What became due while the hub was down is decided by the outage, never as if it were now."""
    async with running(tmp_path) as house:
        await told(house, seen)
    store = Store(tmp_path, chain, lambda _: None)
    hub = Hub(HubClock(offset_ms=60_000), Ward(), store, Notes())
    assert (hub.clock.now_ms() > house.bed.engine.next_deadline()) is True  # type: ignore[operator]
    Resume(hub, find_open(tmp_path), [], 60_000).take_up()
    task = asyncio.create_task(hub.run())
    await until(lambda: "MonitorDown" in house.events())
    task.cancel()
    await asyncio.to_thread(store.close)
    kinds = house.events()
    assert kinds[:3] == ["SessionOpened", "Reading", "MonitorDown"]
    assert hub.ward.beds["s1"].engine.alarms.book.open


async def test_messages_without_room_wait_in_order_and_are_all_acknowledged(
    tmp_path: Path,
) -> None:
    """A full inbox forgets nothing: each message is taken later, in order, and acknowledged."""
    async with running(tmp_path, inbox_limit=5) as house:
        acknowledged: list[int] = []

        def acknowledge(token: Token) -> bool:
            acknowledged.append(token.number)
            return True

        published: list[str] = []

        async def publish(topic: str, payload: bytes, *, qos: int, retain: bool) -> None:  # noqa: ARG001
            published.append(topic)

        outgoing = Outgoing(publish)
        gateway = Gateway(house.hub, acknowledge, outgoing, ENGLISH)
        tasks = [asyncio.create_task(gateway.run()), asyncio.create_task(outgoing.run())]
        topic = inbound_topic(Inbound.READING, OXIMETER)
        for number in range(50):
            gateway.received(Incoming(topic, reading(number), False, Token(1, number)))
        async with asyncio.timeout(10):
            while len(acknowledged) < 50 or not published:  # noqa: ASYNC110 - no event is set
                await asyncio.sleep(0.02)
        for task in tasks:
            task.cancel()
        assert acknowledged == list(range(50))
        assert set(published) == {ack_topic(OXIMETER)}
        assert house.hub.counts["inbox full"] > 0
        # What waited on a connection that is gone is left to the broker, which sends it again.
        for number in range(20):
            gateway.received(Incoming(topic, reading(100 + number), False, Token(2, number)))
        gateway.received(Incoming(topic, reading(120), False, Token(3, 0)))
        await until(lambda: len(acknowledged) >= 55)
        await asyncio.sleep(0.1)  # and no more than these
        assert (len(acknowledged), acknowledged[-1]) == (55, 4)


async def test_of_a_retained_topic_only_the_latest_waits() -> None:
    """A broker that is away costs no memory for pictures of the past, and no ack is lost."""
    away = True
    published: list[tuple[str, bytes]] = []

    async def publish(topic: str, payload: bytes, *, qos: int, retain: bool) -> None:  # noqa: ARG001
        if away:
            raise NotSentError("away")
        published.append((topic, payload))

    outgoing = Outgoing(publish)
    outgoing.put("picture", b"1", retain=True)
    outgoing.put("ack", b"a", retain=False)
    task = asyncio.create_task(outgoing.run())
    await asyncio.sleep(0.1)
    outgoing.put("picture", b"2", retain=True)
    outgoing.put("ack", b"b", retain=False)
    away = False
    left = await outgoing.drain(5)
    task.cancel()
    assert (left, published) == (0, [("picture", b"2"), ("ack", b"a"), ("ack", b"b")])


async def test_a_part_that_ends_and_a_callback_that_fails_are_noticed() -> None:
    """The first stops the hub with an error, the second is told."""
    bugs: list[str] = []
    parts = Parts(bugs.append)
    asyncio.get_running_loop().set_exception_handler(parts.callback_failed)
    numbers: dict[str, int] = {}
    asyncio.get_running_loop().call_soon(lambda: numbers["missing"])

    async def end() -> None:
        await asyncio.sleep(0)

    parts.go(end(), "short")
    async with asyncio.timeout(5):
        await parts.stopping.wait()
    await parts.end()
    assert (parts.failed, len(bugs), "KeyError" in bugs[0]) == (True, 1, True)


async def test_a_full_queue_drops_the_oldest_and_never_what_is_urgent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A broker that is away for long costs old news, but no line of a high alarm."""
    monkeypatch.setattr(outgoing_module, "_KEEP", 2)
    published: list[str] = []

    async def publish(topic: str, payload: bytes, *, qos: int, retain: bool) -> None:  # noqa: ARG001
        published.append(topic)

    outgoing = Outgoing(publish)
    for topic, urgent in (("a", False), ("high", True), ("b", False), ("higher", True)):
        outgoing.put(topic, b"", retain=False, urgent=urgent)
    outgoing.put("highest", b"", retain=False, urgent=True)
    task = asyncio.create_task(outgoing.run())
    await outgoing.drain(5)
    task.cancel()
    assert (published, outgoing.dropped) == (["high", "higher", "highest"], 2)
