"""Every message has one outcome, news finds its session, and what nobody needs is taken back."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from alerts.channel import News, Outcome, sent
from alerts.condition import Priority
from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState, Verdict
from alerts.effects import Send
from alerts.message import Message
from devices.observation import Mode
from monitor import sender as sender_module
from monitor.engine import Engine
from monitor.events import DeliveryAnswered, DeliveryReported, Event, SessionOpened
from monitor.message_for import message_for
from monitor.patient import Patient
from monitor.sender import Sender
from monitor.ward import Ward
from tests.recorded import plan
from tests.words import ENGLISH

LEE = Contact("lee", Role.PHYSICIAN, "Dr Lee", (Way("sms", "+15550100"),))


class Hub:
    """What the sender needs of the hub: sessions, and an inbox that notes events."""

    def __init__(self, *sessions: str, mode: Mode = Mode.REAL) -> None:
        self.ward = Ward()
        self.recording = True
        self.room = True
        self.told: list[tuple[str, Event]] = []
        self.counts: list[str] = []
        for session in sessions:
            engine = Engine()
            first = SessionOpened(
                at_ms=0,
                session=session,
                mode=mode,
                patient=Patient(session, "Alex", contacts=(LEE,)),
                plan=plan("vitals_only"),
            )
            engine.handle(first)
            self.ward.place(engine, first)

    def tell(self, session: str, make: Callable[[int], Event]) -> bool:
        """Note an event, when there is room."""
        if self.room:
            self.told.append((session, make(9)))
        return self.room

    def count(self, what: str) -> None:
        """Note what is counted."""
        self.counts.append(what)


class Phone:
    """A channel whose answers the test gives."""

    name = "sms"

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.asked = asyncio.Event()
        self.stopped: list[str] = []
        self.answer: asyncio.Future[Outcome] | None = None
        self.breaks = False

    async def send(self, message: Message) -> Outcome:
        """Note a message; say "sent", or what the test says later."""
        self.got.append(message)
        self.asked.set()
        if self.breaks:
            raise KeyError("x")
        return await self.answer if self.answer else sent("taken")

    async def cancel(self, delivery: str) -> None:
        """Note what is stopped."""
        self.stopped.append(delivery)
        if self.breaks:
            raise KeyError("x")

    async def run(self) -> None:
        """Nobody answers."""

    async def close(self) -> None:
        """Nothing is held."""


class Desk:
    """A sender with one channel and one or two sessions."""

    def __init__(
        self, *sessions: str, mode: Mode = Mode.REAL, public_url: str = "", **more: Any
    ) -> None:
        self.hub, self.phone = Hub(*sessions, mode=mode), Phone()
        hub: Any = self.hub
        say = partial(message_for, texts=ENGLISH, public_url=public_url)
        self.sender = Sender({"sms": self.phone}, hub, say=say, **more)

    def send(
        self,
        session: str = "s1",
        priority: Priority = Priority.HIGH,
        channel: str = "sms",
        delivery: str = "d",
        address: str = "+15550100",
    ) -> None:
        """Decide one message; it is recorded already."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        done.set_result(True)
        told = Send(
            at_ms=5,
            delivery=delivery,
            alarm="oxygen@5",
            contact="lee",
            way=0,
            channel=channel,
            address=address,
            priority=priority,
            rung="physician",
        )
        self.sender.send(self.hub.ward.beds[session], told, done)

    async def told(self) -> list[tuple[str, Event]]:
        """Wait for what is under way; return what the hub was told."""
        await self.sender.drain(5)
        return self.hub.told


def reported(state: DeliveryState, detail: str, delivery: str = "d") -> DeliveryReported:
    """One outcome, as the session gets it."""
    return DeliveryReported(at_ms=9, delivery=delivery, state=state, detail=detail)


async def test_what_a_channel_answers_is_an_event_of_the_session() -> None:
    """The channel gets the message with its person, session and link."""
    desk = Desk("s1", public_url="https://hub.home")
    desk.send()
    assert await desk.told() == [("s1", reported(DeliveryState.SENT, "taken"))]
    message = desk.phone.got[0]
    assert (message.contact, message.session, message.link, message.recording) == (
        "Dr Lee",
        "s1",
        "https://hub.home/",
        True,
    )


async def test_one_name_in_two_sessions_is_two_messages_outside() -> None:
    """Each outcome goes to its own session, under the name in its record."""
    desk = Desk("s1", "s2")
    desk.send("s1")
    desk.send("s2")
    assert await desk.told() == [
        ("s1", reported(DeliveryState.SENT, "taken")),
        ("s2", reported(DeliveryState.SENT, "taken")),
    ]
    assert [message.delivery for message in desk.phone.got] == ["d", "d~s2"]
    desk.sender.cancel("d", "s2")
    await desk.told()
    assert desk.phone.stopped == ["d~s2"]


async def test_what_cannot_go_out_has_a_reason_and_asks_no_channel() -> None:
    """No such channel, an address that cannot be read, and a test that would leave the house."""

    def resolve(address: str) -> str:
        if address == "file:none":
            raise ValueError("the secret's file none cannot be read")
        return address

    desk = Desk("s1", mode=Mode.TEST, resolve=resolve, urls={"sms": "https://api.twilio.com"})
    desk.send(channel="pigeon")
    desk.send(address="file:none", delivery="e")
    desk.send(delivery="f")
    assert await desk.told() == [
        ("s1", reported(DeliveryState.FAILED, "channel 'pigeon' is not set up on this hub")),
        ("s1", reported(DeliveryState.FAILED, "the secret's file none cannot be read", "e")),
        (
            "s1",
            reported(
                DeliveryState.FAILED,
                "a test session may not reach api.twilio.com by sms:"
                " only this hub itself and loopback",
                "f",
            ),
        ),
    ]
    assert desk.phone.got == []


async def test_a_test_reaches_a_service_on_this_machine_by_an_address_from_a_file() -> None:
    """What the file holds goes to the channel and never back into the record."""
    desk = Desk(
        "s1", mode=Mode.TEST, resolve=lambda _: "+15550199", urls={"sms": "http://127.0.0.1:9"}
    )
    desk.send(address="file:lee")
    assert await desk.told() == [("s1", reported(DeliveryState.SENT, "taken"))]
    assert desk.phone.got[0].address == "+15550199"


async def test_a_channel_that_raises_is_a_failure_with_our_name_on_it() -> None:
    """The next way starts; what the error says may hold an address and is not told."""
    desk = Desk("s1")
    desk.phone.breaks = True
    desk.send()
    assert await desk.told() == [("s1", reported(DeliveryState.FAILED, "our bug: KeyError"))]


async def test_what_is_cancelled_is_stopped_on_its_way_and_at_its_service() -> None:
    """A request that is under way ends without an outcome; the channel takes back what is out."""
    desk = Desk("s1")
    desk.phone.answer = asyncio.get_running_loop().create_future()
    desk.send()
    await desk.phone.asked.wait()
    desk.sender.cancel("d")
    assert (await desk.told(), desk.phone.stopped) == ([], ["d"])


async def test_what_was_sent_is_cancelled_at_its_service_too() -> None:
    """A telephone that rings is hung up; a channel that cannot is no reason to fall over."""
    desk = Desk("s1")
    desk.send()
    await desk.told()
    desk.phone.breaks = True
    desk.sender.cancel("d", "s1")
    await desk.sender.drain(5)
    desk.sender.cancel("unknown")
    await desk.sender.drain(5)
    assert desk.phone.stopped == ["d"]


async def test_news_becomes_an_event_under_the_name_in_the_record() -> None:
    """A receipt, a voicemail, and a named person's yes."""
    desk = Desk("s1", "s2")
    desk.send("s1")
    desk.send("s2")
    await desk.told()
    desk.hub.told.clear()
    desk.sender.on_news(News("d", DeliveryState.DELIVERED, "receipt"))
    desk.sender.on_news(News("d", DeliveryState.FAILED, "voicemail"))
    desk.sender.on_news(News("d~s2", DeliveryState.ANSWERED, "key 1", Verdict.ACCEPT))
    assert desk.hub.told == [
        ("s1", reported(DeliveryState.DELIVERED, "receipt")),
        ("s1", reported(DeliveryState.FAILED, "voicemail")),
        ("s2", DeliveryAnswered(at_ms=9, delivery="d", verdict=Verdict.ACCEPT, detail="key 1")),
    ]


async def test_news_of_nothing_we_know_is_counted_and_takes_nothing() -> None:
    """A message that never was, and one of a session that is over."""
    desk = Desk("s1")
    desk.send()
    await desk.told()
    desk.hub.told.clear()
    desk.hub.ward.remove(desk.hub.ward.beds["s1"])
    for name in ("d", "never"):
        desk.sender.on_news(News(name, DeliveryState.ANSWERED, "key 1", Verdict.ACCEPT))
    desk.sender.on_news(News("never", DeliveryState.DELIVERED))
    assert (desk.hub.told, desk.hub.counts) == ([], ["news of an unknown message"] * 3)


async def test_a_full_inbox_loses_an_outcome_and_nothing_else() -> None:
    """The ladder takes the message for not confirmed."""
    desk = Desk("s1")
    desk.hub.room = False
    desk.send()
    assert (await desk.told(), len(desk.phone.got)) == ([], 1)


async def test_a_high_alarm_needs_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes the place of the oldest that is not high, else it goes beside them all."""
    monkeypatch.setattr(sender_module, "_MAX_TASKS", 1)
    desk = Desk("s1")
    desk.phone.answer = asyncio.get_running_loop().create_future()
    desk.send(priority=Priority.LOW, delivery="low")
    desk.send(priority=Priority.MEDIUM, delivery="medium")
    desk.send(delivery="high")
    desk.send(delivery="higher")
    desk.phone.answer.set_result(sent())
    assert await desk.told() == [
        ("s1", reported(DeliveryState.FAILED, "too many messages are under way", "medium")),
        ("s1", reported(DeliveryState.FAILED, "gave its place to a high alarm", "low")),
        ("s1", reported(DeliveryState.SENT, "", "high")),
        ("s1", reported(DeliveryState.SENT, "", "higher")),
    ]
