"""The watcher's pages: which way is tried next, what stops them, and whose answer is heard."""

import asyncio

import pytest

from alerts.channel import News, OneWay, Outcome, failed, sent
from alerts.contact import Way
from alerts.delivery import DeliveryState, Verdict
from alerts.lease import Person
from alerts.message import Message
from alerts.outside_pages import Pages
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

SECRET = b"0123456789abcdef"
D = DeliveryState


class Fake(OneWay):
    """A channel that notes what it sends and cancels; `outcomes` are given in turn."""

    def __init__(self, name: str, *outcomes: Outcome | Exception) -> None:
        self.name = name
        self.outcomes = list(outcomes)
        self.got: list[Message] = []
        self.cancelled: list[str] = []
        self.deaf = 0

    async def send(self, message: Message) -> Outcome:
        """Note it, and answer what is next."""
        self.got.append(message)
        outcome = self.outcomes.pop(0) if self.outcomes else sent()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def cancel(self, delivery: str) -> None:
        """Note it."""
        self.cancelled.append(delivery)

    async def run(self) -> None:
        """Fail as often as it is deaf."""
        if self.deaf:
            self.deaf -= 1
            raise OSError("deaf")


LEE = Person("Dr Lee", "test", (Way("voice", "file:lee"), Way("sms", "+43"), Way("console")))
ALARM = "watch:home@5"


def pages_of(*channels: Fake) -> tuple[Pages, list[str], list[tuple[str, int, Verdict, str]]]:
    """Pages by these channels, what is said, and what is answered."""
    said: list[str] = []
    answers: list[tuple[str, int, Verdict, str]] = []

    def resolve(address: str) -> str:
        if address == "file:none":
            raise ValueError("no such file")
        return address.replace("file:lee", "+44")

    pages = Pages(
        {one.name: one for one in channels}, said.append, lambda *a: answers.append(a), resolve
    )
    return pages, said, answers


async def test_a_way_that_fails_starts_the_next_at_once() -> None:
    """Refused, broken by our own bug, not set up, without its file: each is said, none ends it."""
    person = Person("Ann", "test", (Way("page"), Way("sms", "file:none"), *LEE.ways))
    voice, sms = Fake("voice", ValueError("bug")), Fake("sms", failed("refused"))
    console = Fake("console", Outcome(D.DELIVERED))
    pages, said, _ = pages_of(voice, sms, console)
    pages.send(ALARM, [person], "Vigil hub", 0)
    await until(lambda: len(said) == 5)
    assert said == [
        "page to Ann by page: failed (page is not set up here)",
        "page to Ann by sms: failed (no such file)",
        "page to Ann by voice: failed (our bug: ValueError)",
        "page to Ann by sms: failed (refused)",
        "page to Ann by console: delivered",
    ]
    message = voice.got[0]
    assert (message.address, message.delivery, message.preview, message.attempt) == (
        "+44",
        f"{ALARM}/0/0/2",
        "TEST - not a real alarm: Session needs you",
        1,
    )


async def test_what_is_confirmed_stops_the_ways_and_what_is_not_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Delivered: no second way. Failed later, or silent: the next one; the last says so."""
    monkeypatch.setattr("alerts.outside_pages.TIMEOUT_MS", 300)
    voice, sms, console = Fake("voice"), Fake("sms"), Fake("console")
    pages, said, _ = pages_of(voice, sms, console)
    pages.send(ALARM, [LEE, Person("Ben", "test")], "Vigil hub", 3, repeat=True)
    await until(lambda: bool(voice.got))
    pages.on_news(News(f"{ALARM}/0/3/0", D.FAILED, "busy"))
    await until(lambda: bool(sms.got))
    pages.on_news(News(f"{ALARM}/0/3/1", D.DELIVERED))
    pages.on_news(News(f"{ALARM}/0/3/1", D.DELIVERED))
    await until(lambda: len(said) == 4)
    assert (sms.got[0].attempt, sms.got[0].may_repeat, console.got) == (4, True, [])
    pages.send(ALARM, [Person("Cy", "test", (Way("console"),))], "Vigil hub", 4)
    await until(lambda: len(said) == 6)
    assert sorted(said[:2]) == [
        "no way to Ben has confirmed that the page arrived",
        "page to Dr Lee by voice: sent",
    ]
    assert said[2:] == [
        "page to Dr Lee by sms: sent",
        "page to Dr Lee by sms: delivered",
        "page to Cy by console: sent",
        "no way to Cy has confirmed that the page arrived",
    ]


async def test_an_answer_is_told_by_alarm_and_person_also_after_a_restart() -> None:
    """The page's name says all; what is no page of ours is said."""
    pages, said, answers = pages_of()
    pages.on_news(News(f"{ALARM}/1/0/2", D.ANSWERED, "key 1", Verdict.ACCEPT))
    pages.on_news(News("oxygen@5/x", D.ANSWERED, "", Verdict.REJECT))
    assert answers == [(ALARM, 1, Verdict.ACCEPT, "key 1")]
    assert said == ["an answer to 'oxygen@5/x', which is no page of this watcher"]


async def test_stopping_an_alarm_hangs_up_and_sends_no_more() -> None:
    """Only that alarm's; a channel that cannot stop is named."""
    voice = Fake("voice")
    pages, said, _ = pages_of(voice)
    pages.send(ALARM, [LEE], "Vigil hub", 0)
    pages.send("watch:cabin@5", [LEE], "Cabin", 0)
    await until(lambda: len(voice.got) == 2)
    await pages.stop("watch:home@")
    assert voice.cancelled == [f"{ALARM}/0/0/0"]
    await pages.close()
    await asyncio.sleep(0)
    assert said == ["page to Dr Lee by voice: sent", "page to Dr Lee by voice: sent"]


async def test_a_channel_that_goes_deaf_is_told_and_listened_to_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The others go on."""
    monkeypatch.setattr("alerts.outside_pages._AGAIN_S", 0)
    voice = Fake("voice")
    voice.deaf = 2
    pages, said, _ = pages_of(voice)
    await pages.run()
    assert said == ["voice does not hear answers: OSError; tried again"] * 2
