"""A page opens one incident, whoever acknowledges it answers by name, and nobody is rung twice."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from msgspec import structs
from structlog.testing import capture_logs

from alerts.channel import News, failed, sent
from alerts.condition import Priority
from alerts.delivery import DeliveryState, Verdict
from alerts.message import Message
from alerts.pagerduty import PagerDuty
from alerts.pagerduty_wire import PagerDutySettings
from simulators.services.faults import NONE, Faults
from simulators.services.http import UnexpectedRequestError
from simulators.services.pagerduty import FakePagerDuty
from simulators.services.pagerduty_account import REST_TOKEN, ROUTING_KEY
from tests.integration.asking import asking
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

NAME = "oxygen@5/dr-lee/2@5"
TAKEN = sent("taken by PagerDuty")
ANSWERED = News(NAME, DeliveryState.ANSWERED, "acknowledged in PagerDuty by Dr Lee", Verdict.ACCEPT)


def message(name: str = NAME, address: str = ROUTING_KEY, mode: str = "real") -> Message:
    """Return a high alarm for one service."""
    return Message(
        delivery=name,
        alarm="oxygen@5",
        contact="Dr Lee",
        address=address,
        priority=Priority.HIGH,
        first_line="Oxygen is low. Wake Alex now.",
        mode=mode,
        link="https://hub.home:8765/",
        session="s1",
    )


def ignored(news: News) -> None:
    """Take news that a test does not look at."""
    del news


@pytest.fixture(autouse=True)
def _nothing_private_is_logged() -> Iterator[None]:
    """No line of the log has a key, a token or a word of the alarm."""
    with capture_logs() as lines:
        yield
    told = repr(lines)
    assert [word for word in (REST_TOKEN, ROUTING_KEY, "Wake", "Alex") if word in told] == []


@asynccontextmanager
async def running(
    settings: PagerDutySettings, news: list[News], token: str = REST_TOKEN
) -> AsyncIterator[PagerDuty]:
    """Run the channel and its questions."""
    async with asking(PagerDuty(settings, token, news.append, total_s=1.0)) as pages:
        yield pages


def alerts(service: FakePagerDuty) -> list[tuple[str, int, int]]:
    """Return state, triggers and notifications of each alert."""
    return [(a.status, a.triggers, a.notified) for a in service.account.alerts]


async def test_who_acknowledges_has_answered_and_the_incident_is_closed() -> None:
    """By the name that PagerDuty has for them; no timer of PagerDuty can ring for it later."""
    news: list[News] = []
    with FakePagerDuty() as service:
        async with running(service.settings(), news) as pages:
            outcome = await pages.send(message())
            await until(lambda: alerts(service) == [("resolved", 1, 1)])
            await asyncio.sleep(0.5)
        event = service.account.alerts[0].event
    assert (outcome, news) == (TAKEN, [ANSWERED])
    assert event == {
        "routing_key": ROUTING_KEY,
        "event_action": "trigger",
        "dedup_key": event["dedup_key"],
        "payload": {
            "summary": "Session needs you",
            "source": "hub under test",
            "severity": "critical",
        },
        "client": "Vigil",
        "links": [{"href": "https://hub.home:8765/", "text": "The session's page"}],
    }


@pytest.mark.parametrize(
    ("faults", "people", "expected"),
    [
        (NONE, ("ignore",), []),
        (Faults(no_answer=True), ("ack",), []),
        (Faults(late_answer_ms=600), ("ack",), [ANSWERED]),
        (
            NONE,
            ("resolve",),
            [
                News(
                    NAME,
                    DeliveryState.FAILED,
                    "resolved in PagerDuty by Dr Lee without being acknowledged",
                )
            ],
        ),
    ],
    ids=["ignored", "nobody", "late", "resolved"],
)
async def test_what_people_do_with_a_page(
    faults: Faults, people: tuple[str, ...], expected: list[News]
) -> None:
    """An incident that nobody has touched says nothing."""
    news: list[News] = []
    with FakePagerDuty(faults, people) as service:
        async with running(service.settings(), news) as pages:
            outcome = await pages.send(message())
            await until(lambda: len(news) >= len(expected))
            await asyncio.sleep(0.5 if expected else 1.5)  # and nothing more
    assert (outcome, news) == (TAKEN, expected)


async def test_without_a_token_a_page_proves_that_it_was_sent() -> None:
    """Nothing is asked."""
    with FakePagerDuty() as service:
        async with running(service.settings(), [], token="") as pages:
            await pages.send(message())
            await asyncio.sleep(0.5)
        asked = [seen.path for seen in service.seen]
    assert (asked, pages.listening, pages.not_listening_why) == (
        ["/v2/enqueue"],
        False,
        "no REST token",
    )


async def test_a_repeat_rings_nobody_and_a_new_step_does() -> None:
    """A retry and the same page after a restart have the key of the page; a later step has not."""
    retry = structs.replace(message("oxygen@5/dr-lee/2@1005"), attempt=2)
    with FakePagerDuty(people=("ignore",)) as service:
        for sending in ([message(), retry], [message()], [message("oxygen@5/dr-lee/2@60005")]):
            async with running(service.settings(), []) as pages:
                for one in sending:
                    assert await pages.send(one) == TAKEN
        assert alerts(service) == [("triggered", 3, 1), ("triggered", 1, 1)]


async def test_one_acknowledgement_answers_a_page_and_its_retries_once() -> None:
    """They are one incident."""
    news: list[News] = []
    retry = structs.replace(message("oxygen@5/dr-lee/2@1005"), attempt=2)
    with FakePagerDuty() as service:
        async with running(service.settings(), news) as pages:
            await pages.send(message())
            await pages.send(retry)
            await until(lambda: bool(news))
            await asyncio.sleep(0.6)
    assert news == [ANSWERED]


async def test_a_page_that_nobody_needs_is_resolved() -> None:
    """Also without a token; a second time and an unknown one are let be."""
    with FakePagerDuty(people=("ignore",)) as service:
        async with running(service.settings(), [], token="") as pages:
            await pages.send(message())
            for name in (NAME, NAME, "unknown"):
                await pages.cancel(name)
        assert (alerts(service), len(service.seen)) == ([("resolved", 1, 1)], 2)


async def test_a_page_that_cannot_be_resolved_is_tried_again() -> None:
    """Else PagerDuty would go on ringing people for nothing; the log says it once."""
    with FakePagerDuty(people=("ignore",)) as service:
        async with running(service.settings(), [], token="") as pages:
            await pages.send(message())
            service.faults = Faults(status=500)
            with capture_logs() as lines:
                await pages.cancel(NAME)
                await until(lambda: len(service.seen) >= 4)
            service.faults = NONE
            await until(lambda: alerts(service) == [("resolved", 1, 1)])
            await asyncio.sleep(0.3)
            resolved = len(service.seen)
            await asyncio.sleep(0.3)
        assert len(service.seen) == resolved
    assert [(line["event"], line["why"]) for line in lines] == [
        ("an incident could not be resolved", "http 500")
    ]


@pytest.mark.parametrize(
    ("faults", "why"),
    [
        (Faults(refuse=True), "refused"),
        (Faults(hang=True), "timed out"),
        (Faults(status=429), "http 429: too many events at a time"),
        (Faults(status=500), "http 500"),
        (Faults(status=200), "http 200"),
    ],
    ids=["refused", "hangs", "too many", "ill", "odd"],
)
async def test_a_service_that_does_not_work_is_a_named_failure(faults: Faults, why: str) -> None:
    """Within the bound, and nothing is raised."""
    with FakePagerDuty(faults) as service:
        pages = PagerDuty(service.settings(), "", ignored, total_s=0.5 if faults.hang else 3.0)
        outcome = await pages.send(message())
        await pages.close()
    assert outcome == failed(why)


async def test_questions_that_fail_are_asked_again() -> None:
    """The trouble is seen by name, and the answer is heard when the service is back."""
    news: list[News] = []
    with FakePagerDuty(Faults(late_answer_ms=1_000)) as service:
        async with running(service.settings(), news) as pages:
            await pages.send(message())
            for faults, why in (
                (Faults(refuse=True), "refused"),
                (Faults(status=503), "http 503"),
                (Faults(broken_body=True), "the service's answer could not be read"),
            ):
                service.faults = faults
                await until(lambda why=why: pages.not_listening_why == why)  # type: ignore[misc]
            service.faults = NONE
            await until(lambda: bool(news) and pages.listening)
    assert news == [ANSWERED]


async def test_a_wrong_token_is_an_unexpected_request() -> None:
    """The fake fails the test that takes no notice of it."""
    with pytest.raises(UnexpectedRequestError, match="wrong token"):
        await _ask_with_a_wrong_token()


async def _ask_with_a_wrong_token() -> None:
    with FakePagerDuty() as service:
        async with running(service.settings(), [], token="wrong") as pages:
            await pages.send(message())
            await until(lambda: pages.not_listening_why == "http 401")


async def test_a_rehearsal_reaches_loopback_and_nobody_else() -> None:
    """Events and answers: both addresses must be at home."""
    with FakePagerDuty() as service:
        async with running(service.settings(), []) as pages:
            at_home = await pages.send(message(mode="demo"))
        half = PagerDuty(PagerDutySettings(service.url), "", ignored)
        away = await half.send(message(mode="demo"))
        await half.close()
    assert (at_home, away) == (
        TAKEN,
        failed(
            "a demo session may not reach api.pagerduty.com by pagerduty:"
            " only this hub itself and loopback"
        ),
    )


async def test_an_address_that_is_no_routing_key_is_named_and_not_repeated() -> None:
    """It may be a secret of another service."""
    pages = PagerDuty(PagerDutySettings(), "", ignored)
    outcome = await pages.send(message(address="hunter2"))
    await pages.close()
    assert outcome == failed(
        "the address is no routing key: copy the 32 characters of the integration (Events API v2)"
    )
