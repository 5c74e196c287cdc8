"""A text message and a call end in an answer or a named failure, and nothing else is believed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from alerts.channel import News, Outcome, failed, sent
from alerts.condition import Priority
from alerts.delivery import DeliveryState, Verdict
from alerts.message import Message
from alerts.twilio import Sms, Voice
from alerts.twilio_texts import Treatment
from alerts.twilio_wire import TwilioSettings
from simulators.services.faults import Faults
from simulators.services.http import UnexpectedRequestError
from simulators.services.twilio import FakeTwilio
from simulators.services.twilio_account import ACCOUNT_SID, ANSWER_URL, NUMBER, TOKEN
from simulators.services.twilio_people import Person
from tests.integration.asking import asking
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

NAME = "oxygen@5/dr-lee/1@5"
LEE = "+15550111"
OTHER = "+15550199"
CALLING = sent("the service is calling")
TAKEN = sent("taken by the service")
DELIVERED = News(NAME, DeliveryState.DELIVERED, "the carrier says it is on the telephone")


def message(name: str = NAME, address: str = LEE, mode: str = "real") -> Message:
    """Return a high alarm for one telephone."""
    return Message(
        delivery=name,
        alarm="oxygen@5",
        contact="Dr Lee",
        address=address,
        priority=Priority.HIGH,
        first_line="Oxygen is low. Wake Alex now.",
        mode=mode,
        link="https://hub.home:8765/",
    )


def answered(detail: str, verdict: Verdict = Verdict.ACCEPT, name: str = NAME) -> News:
    """Return the news of an answer."""
    return News(name, DeliveryState.ANSWERED, detail, verdict)


def gave_up(why: str) -> News:
    """Return the news of a failure."""
    return News(NAME, DeliveryState.FAILED, why)


def ignored(news: News) -> None:
    """Take news that a test does not look at."""
    del news


@pytest.fixture(autouse=True)
def _nothing_private_is_logged() -> Iterator[None]:
    """No line of the log has the secret, a telephone number or a word of the alarm."""
    with capture_logs() as lines:
        yield
    told = repr(lines)
    assert [word for word in (TOKEN, LEE, OTHER, NUMBER, "Oxygen", "Alex") if word in told] == []


@asynccontextmanager
async def running(
    kind: type[Sms] | type[Voice], settings: TwilioSettings, news: list[News], secret: str = TOKEN
) -> AsyncIterator[Sms | Voice]:
    """Run a channel and its questions."""
    async with asking(kind(settings, secret, news.append, total_s=1.0)) as channel:
        yield channel


async def told(
    kind: type[Sms] | type[Voice], faults: Faults, person: Person, count: int
) -> tuple[Outcome, list[News]]:
    """Send one message and return what became of it, with a moment for what must not come."""
    news: list[News] = []
    with FakeTwilio(faults, {LEE: person}) as service:
        async with running(kind, service.settings(), news) as channel:
            outcome = await channel.send(message())
            await until(lambda: len(news) >= count)
            await asyncio.sleep(0.5)
    return outcome, news


@pytest.mark.parametrize(
    ("faults", "person", "expected"),
    [
        (Faults(), Person(sms=("yes {code}",)), [answered("answered by text message")]),
        (
            Faults(),
            Person(sms=("No {code}, sorry",)),
            [answered("answered by text message", Verdict.REJECT)],
        ),
        (Faults(no_answer=True), Person(), [DELIVERED]),
        (Faults(lost_answer=True), Person(), [DELIVERED]),
        (Faults(undelivered=True), Person(), [gave_up("undelivered: twilio error 30003")]),
        (Faults(lost_receipt=True), Person(), [answered("answered by text message")]),
        (
            Faults(late_answer_ms=800),
            Person(),
            [DELIVERED, answered("answered by text message")],
        ),
        (
            Faults(double_answer=True),
            Person(),
            [
                answered("answered by text message"),
                answered("answered by text message once more"),
            ],
        ),
    ],
    ids=[
        "takes it",
        "cannot",
        "silent",
        "lost answer",
        "undelivered",
        "no receipt",
        "late",
        "double",
    ],
)
async def test_what_becomes_of_a_text_message(
    faults: Faults, person: Person, expected: list[News]
) -> None:
    """A receipt that comes after the answer is no news."""
    outcome, news = await told(Sms, faults, person, len(expected))
    # The receipt may be seen in the round before the answer.
    assert (outcome, [one for one in news if one != DELIVERED or DELIVERED in expected]) == (
        TAKEN,
        expected,
    )


async def test_a_service_that_tells_an_answer_twice_tells_one_answer() -> None:
    """It is known by the service's own name for it."""
    outcome, news = await told(Sms, Faults(duplicate_receipt=True, lost_receipt=True), Person(), 1)
    assert (outcome, news) == (TAKEN, [answered("answered by text message")])


@pytest.mark.parametrize(
    ("faults", "voice", "expected"),
    [
        (Faults(), "1", [answered("pressed 1")]),
        (Faults(), "2", [answered("pressed 2", Verdict.REJECT)]),
        (Faults(late_answer_ms=800), "1", [answered("pressed 1")]),
        (Faults(double_answer=True), "1", [answered("pressed 1"), answered("pressed 1 once more")]),
        (Faults(duplicate_receipt=True), "1", [answered("pressed 1")]),
        (Faults(voicemail=True), "1", [gave_up("voicemail")]),
        (Faults(), "fax", [gave_up("a fax machine answered")]),
        (Faults(busy=True), "1", [gave_up("busy")]),
        (Faults(no_answer=True), "1", [gave_up("nobody picked up")]),
        (Faults(), "failed", [gave_up("the call failed")]),
        (Faults(no_key=True), "1", [gave_up("picked up, no key pressed")]),
        (Faults(lost_answer=True), "1", [gave_up("picked up, no key pressed")]),
        (Faults(wrong_key=True), "1", [gave_up("picked up, wrong key pressed")]),
        (Faults(), "9", [answered("pressed 1")]),
    ],
    ids=[
        "takes it",
        "cannot",
        "late",
        "double",
        "told twice",
        "voicemail",
        "fax",
        "busy",
        "no answer",
        "failed",
        "no key",
        "lost answer",
        "wrong key",
        "wrong, then right",
    ],
)
async def test_what_becomes_of_a_call(faults: Faults, voice: str, expected: list[News]) -> None:
    """A wrong key is asked for again; ringing and picking up are no news."""
    outcome, news = await told(Voice, faults, Person(voice=(voice,)), len(expected))
    assert (outcome, news) == (CALLING, expected)


async def test_the_caller_hears_that_the_answer_has_arrived() -> None:
    """Only after the hub has it; a wrong key is asked for again."""
    news: list[News] = []
    with FakeTwilio(people={LEE: Person(voice=("9",))}) as service:
        async with running(Voice, service.settings(), news) as channel:
            await channel.send(message())
            await until(lambda: bool(news))
            await until(lambda: len(service.account.calls[0].twiml) == 3)
        said = service.account.calls[0].twiml
    assert [
        words
        for words, twiml in zip(
            ("Session needs you", "That key is not known", "Your answer has arrived"),
            said,
            strict=True,
        )
        if words in twiml
    ] == ["Session needs you", "That key is not known", "Your answer has arrived"]


async def test_nothing_of_the_alarm_goes_out() -> None:
    """The preview and the link of the page: no finding, no name."""
    with FakeTwilio() as service:
        async with running(Sms, service.settings(), []) as sms:
            await sms.send(message())
        async with running(Voice, service.settings(), []) as voice:
            await voice.send(message())
        requests = b"".join(seen.body for seen in service.seen).decode()
        text = service.account.messages[0]["body"]
    code = text[-len("47 if you cannot.") :][:2]
    assert (text, [word for word in ("xygen", "Alex", "Dr", "Wake") if word in requests]) == (
        (
            f"Session needs you. https://hub.home:8765/"
            f" Answer YES {code} if you take it, NO {code} if you cannot."
        ),
        [],
    )


@pytest.mark.parametrize("kind", [Sms, Voice])
@pytest.mark.parametrize(
    ("faults", "why"),
    [
        (Faults(refuse=True), "refused"),
        (Faults(hang=True), "timed out"),
        (Faults(status=429), "http 429"),
        (Faults(status=503), "http 503"),
        (Faults(broken_body=True), "the service's answer could not be read"),
    ],
    ids=["refused", "hangs", "too many", "ill", "broken"],
)
async def test_a_service_that_does_not_work_is_a_named_failure(
    kind: type[Sms] | type[Voice], faults: Faults, why: str
) -> None:
    """Within the bound, and nothing is raised."""
    with FakeTwilio(faults) as service:
        channel = kind(service.settings(), TOKEN, ignored, total_s=0.5 if faults.hang else 3.0)
        outcome = await channel.send(message())
        await channel.close()
    assert outcome == failed(why)


async def test_a_slow_service_is_waited_for() -> None:
    """Slow is not broken."""
    with FakeTwilio(Faults(slow_ms=300)) as service:
        async with running(Sms, service.settings(), []) as sms:
            assert await sms.send(message()) == TAKEN


async def test_an_answer_to_a_message_whose_sending_was_not_confirmed_still_counts() -> None:
    """The service took it and its reply was broken: a failure, and then the person's word."""
    news: list[News] = []
    with FakeTwilio(Faults(broken_body=True, requests=1)) as service:
        sms = Sms(service.settings(), TOKEN, news.append)
        outcome = await sms.send(message())
        asking = asyncio.create_task(sms.run())
        await until(lambda: bool(news))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await sms.close()
    assert (outcome, news) == (
        failed("the service's answer could not be read"),
        [answered("answered by text message")],
    )


async def test_a_wrong_code_takes_nothing_and_the_person_is_told() -> None:
    """With the code that is open; then the right one counts."""
    news: list[News] = []
    with FakeTwilio(Faults(lost_receipt=True), {LEE: Person(sms=("", "YES 00"))}) as service:
        async with running(Sms, service.settings(), news) as sms:
            await sms.send(message())
            service.write(LEE, "ok I come")
            await until(lambda: len(service.account.messages) == 3)
            hint = service.account.messages[-1]["body"]
            service.write(LEE, hint.partition("Answer ")[2][:6])
            await until(lambda: bool(news))
    assert (hint.partition(" Answer ")[0], news) == (
        "That was not understood and nothing was taken.",
        [answered("answered by text message")],
    )


async def test_another_number_takes_nothing_and_is_not_replied_to() -> None:
    """Whatever it writes."""
    news: list[News] = []
    with FakeTwilio(Faults(no_answer=True, lost_receipt=True)) as service:
        async with running(Sms, service.settings(), news) as sms:
            assert isinstance(sms, Sms)
            await sms.send(message())
            code = service.account.messages[0]["body"].partition("YES ")[2][:2]
            service.write(OTHER, f"YES {code}")
            await until(lambda: sms.counts[Treatment.STRANGER] == 1)
        texts = len(service.account.messages)
    assert (news, texts) == ([], 2)


async def test_an_answer_when_it_is_over_is_told_as_late() -> None:
    """A text message cannot be called back."""
    news: list[News] = []
    with FakeTwilio(Faults(no_answer=True, lost_receipt=True)) as service:
        async with running(Sms, service.settings(), news) as sms:
            await sms.send(message())
            await sms.cancel(NAME)
            code = service.account.messages[0]["body"].partition("YES ")[2][:2]
            service.write(LEE, f"YES {code}")
            await until(lambda: bool(news))
    assert news == [answered("answered by text message when it was over")]


async def test_an_answer_to_a_message_of_an_earlier_run_takes_nothing() -> None:
    """A restart forgets the codes; what was answered before does not mean the new message."""
    news: list[News] = []
    with FakeTwilio(Faults(no_answer=True, lost_receipt=True)) as service:
        service.write(LEE, "YES 47")
        await asyncio.sleep(1.1)
        async with running(Sms, service.settings(), news) as sms:
            assert isinstance(sms, Sms)
            await sms.send(message())
            await until(lambda: sms.counts[Treatment.OLD] == 1)
    assert news == []


async def test_questions_that_fail_are_asked_again() -> None:
    """An answer that came meanwhile is heard when the service is back, and the trouble was seen."""
    news: list[News] = []
    with FakeTwilio(Faults(lost_receipt=True), {LEE: Person(sms=("",))}) as service:
        async with running(Sms, service.settings(), news) as sms:
            await sms.send(message())
            await until(lambda: sms.listening)
            service.faults = Faults(refuse=True)
            await until(lambda: (sms.listening, sms.not_listening_why) == (False, "refused"))
            code = service.account.messages[0]["body"].partition("YES ")[2][:2]
            service.write(LEE, f"YES {code}")
            service.faults = Faults()
            await until(lambda: bool(news) and sms.listening)
    assert news == [answered("answered by text message")]


async def test_a_call_is_judged_by_its_state_when_the_keys_cannot_be_read() -> None:
    """Busy is busy; an end without the list of keys is not yet "no key pressed"."""
    news: list[News] = []
    with FakeTwilio(Faults(no_key=True)) as service:
        async with running(Voice, service.settings(), news) as voice:
            await voice.send(message())
            service.faults = Faults(status=503)
            await until(lambda: voice.not_listening_why == "http 503")
            await asyncio.sleep(0.3)
            assert (news, voice.not_listening_why) == ([], "http 503")
            service.faults = Faults()
            await until(lambda: bool(news))
    assert news == [gave_up("picked up, no key pressed")]


async def test_a_call_that_nobody_needs_is_ended() -> None:
    """While it rings; an unknown one and one that is over are let be, and none of it is news."""
    news: list[News] = []
    with FakeTwilio() as service:
        async with running(Voice, service.settings(), news) as voice:
            await voice.send(message())
            await voice.cancel(NAME)
            status = service.account.calls[0].status
            await asyncio.sleep(1.2)
            asked = len(service.seen)
            await voice.cancel(NAME)
            await voice.cancel("unknown")
            await asyncio.sleep(0.3)
            assert len(service.seen) == asked
    assert (status, news) == ("completed", [])


async def test_a_call_that_was_cancelled_while_it_was_asked_for_is_ended_too() -> None:
    """The service began to ring: it is hung up as soon as it is known."""
    with FakeTwilio(Faults(slow_ms=300, requests=1)) as service:
        async with running(Voice, service.settings(), []) as voice:
            sending = asyncio.create_task(voice.send(message()))
            await until(lambda: bool(service.seen))
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            await until(lambda: [call.status for call in service.account.calls] == ["completed"])


async def test_a_text_message_that_was_cancelled_while_it_was_sent_is_still_answered() -> None:
    """It may be out: the person's word is told, though nobody waits for it."""
    news: list[News] = []
    with FakeTwilio(Faults(slow_ms=300, requests=1, lost_receipt=True)) as service:
        sms = Sms(service.settings(), TOKEN, news.append)
        sending = asyncio.create_task(sms.send(message()))
        await until(lambda: bool(service.seen))
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await sms.cancel(NAME)
        asking = asyncio.create_task(sms.run())
        await until(lambda: bool(news))
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await sms.close()
    assert news == [answered("answered by text message when it was over")]


async def test_a_call_that_cannot_be_ended_is_ended_later() -> None:
    """The log says it, and nothing is raised."""
    with FakeTwilio(Faults(late_answer_ms=5_000)) as service:
        async with running(Voice, service.settings(), []) as voice:
            await voice.send(message())
            service.faults = Faults(status=500)
            with capture_logs() as lines:
                await voice.cancel(NAME)
            service.faults = Faults()
            await until(lambda: service.account.calls[0].status == "completed")
    assert ("a call could not be ended", "http 500") in [
        (line["event"], line["why"]) for line in lines
    ]


@pytest.mark.parametrize("kind", [Sms, Voice])
async def test_a_wrong_secret_is_a_failure_and_an_unexpected_request(
    kind: type[Sms] | type[Voice],
) -> None:
    """The fake fails the test that takes no notice of it."""
    with pytest.raises(UnexpectedRequestError, match="wrong login"):
        await _send_with_a_wrong_secret(kind)


async def _send_with_a_wrong_secret(kind: type[Sms] | type[Voice]) -> None:
    with FakeTwilio() as service:
        async with running(kind, service.settings(), [], "wrong") as channel:
            outcome = await channel.send(message())
    assert outcome == failed("http 401: twilio error 20003")


@pytest.mark.parametrize("kind", [Sms, Voice])
async def test_a_rehearsal_reaches_loopback_and_nobody_else(
    kind: type[Sms] | type[Voice],
) -> None:
    """The guard is asked with the address of the service, before anything is sent."""
    away = TwilioSettings(ACCOUNT_SID, NUMBER, ANSWER_URL)
    with FakeTwilio() as service:
        async with running(kind, service.settings(), []) as channel:
            at_home = (await channel.send(message(mode="demo"))).state
    async with running(kind, away, []) as channel:
        outcome = await channel.send(message(mode="demo"))
    assert (at_home, outcome) == (
        DeliveryState.SENT,
        failed(
            f"a demo session may not reach api.twilio.com by {kind.name}:"
            " only this hub itself and loopback"
        ),
    )


@pytest.mark.parametrize(
    ("kind", "settings", "address", "why"),
    [
        (
            Sms,
            TwilioSettings(),
            LEE,
            "sms is not set up: account_sid, from_number must be set in config.toml",
        ),
        (
            Voice,
            TwilioSettings(ACCOUNT_SID, NUMBER),
            LEE,
            "voice is not set up: answer_url must be set in config.toml",
        ),
        (
            Sms,
            TwilioSettings(ACCOUNT_SID, NUMBER),
            "0170 1",
            (
                "the address is no E.164 number: write + and country code, then digits only,"
                " such as +15550100"
            ),
        ),
    ],
)
async def test_what_cannot_be_sent_is_named_before_anything_is_asked(
    kind: type[Sms] | type[Voice], settings: TwilioSettings, address: str, why: str
) -> None:
    """Settings and numbers."""
    channel = kind(settings, TOKEN, ignored)
    outcome = await channel.send(message(address=address))
    await channel.close()
    assert outcome == failed(why)
