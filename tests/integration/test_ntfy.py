"""A notification goes out once, and only a press of its own button by its own person comes back."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from alerts.channel import News, failed, sent
from alerts.condition import Priority
from alerts.delivery import DeliveryState, Verdict
from alerts.message import Message
from alerts.ntfy import Ntfy
from alerts.ntfy_answers import Treatment
from alerts.ntfy_wire import NtfySettings
from simulators.services.faults import NONE, Faults
from simulators.services.ntfy import FakeNtfy
from simulators.services.ntfy_server import TOKEN
from tests.integration.asking import asking
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

NAME = "oxygen@5/dr-lee/0@5"
TAKEN = News(NAME, DeliveryState.ANSWERED, "answered on the notification", Verdict.ACCEPT)


def message(name: str = NAME, address: str = "dr-lee", mode: str = "real") -> Message:
    """Return a high alarm for one topic."""
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


@asynccontextmanager
async def listening(
    settings: NtfySettings, news: list[News], token: str = TOKEN, silence_s: float = 60.0
) -> AsyncIterator[Ntfy]:
    """Run a channel and its stream of answers."""
    channel = Ntfy(settings, token, news.append, total_s=1.0, silence_s=silence_s)
    async with asking(channel) as ntfy:
        yield ntfy


async def test_a_press_of_the_button_is_the_answer() -> None:
    """Sent, shown with two buttons and no word of the patient, pressed, told by its delivery."""
    news: list[News] = []
    with FakeNtfy() as service:
        async with listening(service.settings(), news) as ntfy:
            outcome = await ntfy.send(message())
            await until(lambda: bool(news))
            shown = service.server.phone("dr-lee")
    assert (outcome, news, ntfy.counts[Treatment.TAKEN]) == (
        sent("taken by the server"),
        [TAKEN],
        1,
    )
    assert [
        (note["message"], note["priority"], note["click"], [a["label"] for a in note["actions"]])
        for note in shown
    ] == [("Session needs you", 5, "https://hub.home:8765/", ["I take it", "I cannot"])]
    assert "oxygen" not in str(shown).lower()


async def test_a_no_is_an_answer_too() -> None:
    """The second button rejects."""
    news: list[News] = []
    with FakeNtfy(people=("reject",)) as service:
        async with listening(service.settings(), news) as ntfy:
            await until(lambda: ntfy.listening)
            await ntfy.send(message())
            await until(lambda: bool(news))
    assert [each.verdict for each in news] == [Verdict.REJECT]


@pytest.mark.parametrize(
    ("faults", "details", "treatment"),
    [
        (
            Faults(double_answer=True),
            ["answered on the notification", "answered on the notification once more"],
            Treatment.DOUBLE,
        ),
        (Faults(duplicate_receipt=True), ["answered on the notification"], Treatment.SEEN),
        (Faults(wrong_key=True), [], Treatment.WRONG),
    ],
)
async def test_wrong_and_double_answers_have_their_treatment(
    faults: Faults, details: list[str], treatment: Treatment
) -> None:
    """A second press is told as such; a line that comes twice, or from a stranger, is counted."""
    news: list[News] = []
    with FakeNtfy(faults) as service:
        async with listening(service.settings(), news) as ntfy:
            await ntfy.send(message())
            await until(lambda: ntfy.counts[treatment] == 1)
    assert [each.detail for each in news] == details


async def test_an_answer_after_it_was_withdrawn_is_late() -> None:
    """The notification is replaced in its place, without a sound and without buttons."""
    news: list[News] = []
    with FakeNtfy(Faults(late_answer_ms=600)) as service:
        async with listening(service.settings(), news) as ntfy:
            await ntfy.send(message())
            await ntfy.cancel(NAME)
            await ntfy.cancel(NAME)
            await ntfy.cancel("unknown")
            await until(lambda: bool(news))
            shown = service.server.phone("dr-lee")
    assert [(each.detail, each.verdict) for each in news] == [
        ("answered on a notification that was withdrawn", Verdict.ACCEPT)
    ]
    assert [(note["message"], note["priority"], "actions" in note) for note in shown] == [
        ("This call is no longer needed", 2, False)
    ]


async def test_an_answer_while_the_stream_is_down_is_not_lost() -> None:
    """After a reconnection the server is asked from a little before the last line."""
    news: list[News] = []
    with FakeNtfy(people=("accept", "ignore"), keepalive_ms=100) as service:
        async with listening(service.settings(), news) as ntfy:
            await until(lambda: ntfy.listening)
            await ntfy.send(message("first"))
            await until(lambda: len(news) == 1)
            service.faults = Faults(refuse=True)
            await until(lambda: not ntfy.listening)
            body = ntfy._seal.close(NAME, Verdict.ACCEPT)
            service.server._add("answers", service.now_ms(), message=body)
            service.faults = NONE
            await until(lambda: len(news) == 2, 8)
    assert ([each.delivery for each in news], ntfy.counts[Treatment.DOUBLE]) == (
        ["first", NAME],
        0,
    )


async def test_an_answer_to_the_process_before_is_understood_when_there_is_a_token() -> None:
    """The hub was killed between the message and the press; nothing of the first run is kept."""
    news: list[News] = []
    with FakeNtfy(Faults(late_answer_ms=300)) as service:
        before = Ntfy(service.settings(), TOKEN, news.append)
        await before.send(message())
        await before.close()
        async with listening(service.settings(), news):
            await until(lambda: bool(news))
    assert news == [TAKEN]


async def test_after_a_restart_only_the_last_word_by_each_message_is_told() -> None:
    """A "no" before a "yes" that the hub before has taken would undo it for a moment."""
    news: list[News] = []
    with FakeNtfy() as service:
        before = Ntfy(service.settings(), TOKEN, news.append)
        for name, verdict in (
            (NAME, Verdict.REJECT),
            ("other", Verdict.REJECT),
            (NAME, Verdict.ACCEPT),
        ):
            body = before._seal.close(name, verdict)
            service.server._add("answers", service.now_ms(), message=body)
        await before.close()
        async with listening(service.settings(), news) as ntfy:
            await until(lambda: ntfy.listening)
    assert [(each.delivery, each.verdict) for each in news] == [
        (NAME, Verdict.ACCEPT),
        ("other", Verdict.REJECT),
    ]


async def test_a_stream_that_falls_silent_is_connected_anew() -> None:
    """Without a keepalive the connection is dead, whatever the socket says."""
    news: list[News] = []
    with FakeNtfy(keepalive_ms=0) as service:
        async with listening(service.settings(), news, silence_s=0.3) as ntfy:
            await until(lambda: [seen.path for seen in service.seen].count("/answers/json") >= 4)
            why = ntfy.not_listening_why
    assert why in ("timed out", "")


@pytest.mark.parametrize(
    ("faults", "why"),
    [
        (Faults(refuse=True), "refused"),
        (Faults(hang=True), "timed out"),
        (Faults(slow_ms=3_000), "timed out"),
        (Faults(status=429), "http 429: the server's rate limit is reached"),
        (Faults(status=500), "http 500"),
        (Faults(broken_body=True), "http 200, but not from ntfy: is base_url right?"),
    ],
)
async def test_every_failure_of_the_server_is_named_in_time(faults: Faults, why: str) -> None:
    """The next way starts at once; nothing is retried here."""
    with FakeNtfy(faults) as service:
        ntfy = Ntfy(service.settings(), TOKEN, lambda _: None, total_s=1.0)
        started_s = time.monotonic()
        outcome = await ntfy.send(message())
        took_s = time.monotonic() - started_s
        await ntfy.close()
    assert (outcome, took_s < 1.5) == (failed(why), True)


@pytest.mark.parametrize(
    ("faults", "why"),
    [
        (Faults(refuse=True), "refused"),
        (Faults(status=403), "http 403"),
        (Faults(broken_body=True), "the server ended the stream"),
    ],
)
async def test_a_stream_that_cannot_be_had_says_why_and_comes_back(
    faults: Faults, why: str
) -> None:
    """It is tried again and again, and answers are heard once it is there."""
    news: list[News] = []
    with FakeNtfy(faults) as service:
        async with listening(service.settings(), news) as ntfy:
            await until(lambda: ntfy.not_listening_why == why)
            service.faults = NONE
            await until(lambda: ntfy.listening)
            assert ntfy.not_listening_why == ""


async def test_only_a_message_that_may_be_out_is_withdrawn() -> None:
    """A refused one leaves nothing behind; one that timed out may have been heard."""
    with FakeNtfy(Faults(status=500)) as service:
        ntfy = Ntfy(service.settings(), TOKEN, lambda _: None, total_s=0.3)
        await ntfy.send(message("refused"))
        service.faults = Faults(hang=True)
        await ntfy.send(message("hanging"))
        service.faults = NONE
        await ntfy.cancel("refused")
        await ntfy.cancel("hanging")
        shown = service.server.phone("dr-lee")
        service.faults = Faults(status=500)
        await ntfy.send(message("again"))
        await ntfy.cancel("again")
        await ntfy.close()
    assert [note["message"] for note in shown] == ["This call is no longer needed"]


async def test_a_withdrawal_that_fails_raises_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The message stays where it is; no log has the token or the topic."""
    caplog.set_level(logging.DEBUG)
    with FakeNtfy() as service:
        ntfy = Ntfy(service.settings(), TOKEN, lambda _: None, total_s=0.3)
        await ntfy.send(message())
        service.faults = Faults(refuse=True)
        await ntfy.cancel(NAME)
        await ntfy.close()
    assert [word for word in (TOKEN, "dr-lee/", "answers") if word in caplog.text] == []


async def test_a_wrong_token_is_a_failure_and_no_secret_shows() -> None:
    """The server's own reason, not ours."""
    with FakeNtfy() as service:
        ntfy = Ntfy(service.settings(), "tk_wrong", lambda _: None)
        outcome = await ntfy.send(message())
        await ntfy.close()
        refused = service.take_unexpected()
    assert (outcome, refused) == (failed("http 403: forbidden"), ["POST /: a wrong token"])


async def test_a_topic_that_is_none_and_a_rehearsal_elsewhere_stay_at_home() -> None:
    """Neither is tried; the topic is not repeated."""
    ntfy = Ntfy(NtfySettings("https://ntfy.example"), "", lambda _: None)
    outcomes = [
        await ntfy.send(message(address="dr lee")),
        await ntfy.send(message(mode="demo")),
    ]
    await ntfy.run()
    await ntfy.close()
    assert outcomes == [
        failed("the address is no topic: use 1 to 64 letters, digits, - and _"),
        failed(
            "a demo session may not reach ntfy.example by ntfy: only this hub itself and loopback"
        ),
    ]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"<html>\n", "a line of the stream is no JSON object"),
        (b"x" * 70_000, "a line of the stream is too long"),
    ],
)
async def test_a_stream_that_is_not_ntfy_s_is_left(said: bytes, why: str) -> None:
    """A stranger's text is neither understood nor collected without end."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + said)
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    news: list[News] = []
    async with listening(NtfySettings(f"http://127.0.0.1:{port}", "a"), news) as ntfy:
        await until(lambda: ntfy.not_listening_why == why)
    server.close()
    assert news == []
