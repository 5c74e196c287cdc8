"""A mail is sent when the server has said 250 to it; everything else is a failure with its name."""

import asyncio
import logging
import socket
import ssl
import threading
import time
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Final

import pytest

from alerts.channel import failed, sent
from alerts.condition import Priority
from alerts.email import Email
from alerts.email_wire import EmailSettings
from alerts.message import Message
from monitor.tls_files import TlsFiles
from monitor.tls_make import make_tls
from simulators.services.faults import Faults
from simulators.services.mail import FakeMail
from simulators.services.mail_session import PASSWORD, USER, Rules
from tests.integration.waiting import until

pytestmark = pytest.mark.integration

TO: Final = "dr.lee@example.org"


def message(address: str = TO, mode: str = "real") -> Message:
    """Return a high alarm for one mailbox."""
    return Message(
        delivery="oxygen@5/dr-lee/0@5",
        alarm="oxygen@5",
        contact="Dr Lee",
        address=address,
        priority=Priority.HIGH,
        first_line="Oxygen is low. Wake Alex now.",
        mode=mode,
        link="https://hub.home:8765/",
    )


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's certificate for localhost and what trusts it."""
    files = TlsFiles.of(tmp_path_factory.mktemp("tls"))
    make_tls(files, ["localhost"], replace_ca=False, now=datetime.now(UTC))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    return server, ssl.create_default_context(cafile=str(files.ca))


async def test_a_mail_is_taken_as_it_was_written() -> None:
    """One sender, one recipient, the text without a word of the patient."""
    with FakeMail() as service:
        outcome = await Email(service.settings(), "").send(message())
        taken = [(mail.sender, mail.to, mail.private) for mail in service.mails]
        read = message_from_bytes(service.mails[0].content, policy=default)
    body = read.get_body()
    assert body is not None
    assert (outcome, taken, read["Subject"], body.get_content().splitlines()[:2]) == (
        sent("taken by the mail server"),
        [("vigil@example.org", (TO,), False)],
        "Session needs you",
        ["Session needs you", "https://hub.home:8765/"],
    )
    assert "oxygen" not in str(read).lower()


@pytest.mark.parametrize("implicit", [False, True])
async def test_a_private_connection_with_a_login(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], implicit: bool
) -> None:
    """STARTTLS on a plain port and TLS from the first byte; the password goes through neither."""
    server, trusted = contexts
    rules = Rules(starttls=not implicit, login=True)
    with FakeMail(rules, context=server, implicit=implicit) as service:
        outcome = await Email(service.settings(), PASSWORD, trusted=trusted).send(message())
        private = [mail.private for mail in service.mails]
    assert (outcome, private) == (sent("taken by the mail server"), [not implicit])


@pytest.mark.parametrize(
    ("replies", "why"),
    [
        ({"GREETING": "421 too busy"}, "the server takes nothing now (421)"),
        ({"EHLO": "500 no", "HELO": "550 no"}, "the server refuses (550)"),
        ({"MAIL": "550 5.7.1 not you"}, "sender refused (550)"),
        ({"RCPT": "550 5.1.1 nobody here"}, "recipient refused (550)"),
        ({"DATA": "554 5.7.0 no"}, "mail refused (554)"),
        ({"CONTENT": "452 4.2.2 mailbox full"}, "mail refused (452)"),
    ],
)
async def test_each_refusal_of_the_server_has_its_name(replies: dict[str, str], why: str) -> None:
    """With its number and without its words: a server may repeat what it was told."""
    with FakeMail(Rules(replies=replies)) as service:
        assert await Email(service.settings(), "").send(message()) == failed(why)
        assert list(service.mails) == []


async def test_the_farewell_changes_nothing() -> None:
    """A mail that was taken is sent, whatever the server says to QUIT."""
    with FakeMail(Rules(replies={"QUIT": "421 4.7.0 in a hurry"})) as service:
        assert (await Email(service.settings(), "").send(message())).state.value == "sent"


async def test_a_wrong_password_is_named_and_never_shown(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in the outcome nor in any log."""
    caplog.set_level(logging.DEBUG)
    server, trusted = contexts
    with FakeMail(Rules(starttls=True, login=True), context=server) as service:
        outcome = await Email(service.settings(), "s3cret", trusted=trusted).send(message())
    assert (outcome, "s3cret" in caplog.text) == (failed("login refused (535)"), False)


async def test_a_server_without_the_privacy_that_was_asked_for_gets_nothing(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    """No STARTTLS, no login, a certificate that nobody vouches for, no TLS at all."""
    server, trusted = contexts
    none = "the server offers no STARTTLS or no login: check security, port and user"
    with FakeMail(Rules(), context=server) as service:
        assert await Email(service.settings(), "").send(message()) == failed(none)
    with FakeMail(Rules()) as service:
        settings = service.settings()
        asking = EmailSettings(settings.host, settings.port, "plain", USER, settings.sender)
        assert await Email(asking, PASSWORD).send(message()) == failed(none)
        private = EmailSettings(settings.host, settings.port, "tls", "", settings.sender)
        outcome = await Email(private, "", trusted=trusted).send(message())
        assert outcome.reason.split(":")[0] == "tls"
        service.unexpected.clear()  # a greeting of TLS is no command
    with FakeMail(Rules(starttls=True), context=server) as service:
        outcome = await Email(service.settings(), "").send(message())
    assert outcome == failed("tls: CERTIFICATE_VERIFY_FAILED")


@pytest.mark.parametrize(
    ("faults", "why"),
    [
        (Faults(refuse=True), "refused"),
        (Faults(hang=True), "timed out"),
        (Faults(slow_ms=400), "timed out"),
        (Faults(broken_body=True), "what answers is no mail server: check host and port"),
    ],
)
async def test_every_failure_of_the_connection_is_named_in_time(faults: Faults, why: str) -> None:
    """Within the bound for all of it; the thread ends soon after."""
    with FakeMail(faults=faults) as service:
        email = Email(service.settings(), "", total_s=1.0)
        started_s = time.monotonic()
        outcome = await email.send(message())
        took_s = time.monotonic() - started_s
        await until(lambda: not any(t.name == "email" for t in threading.enumerate()))
    assert (outcome, took_s < 1.5, list(service.mails)) == (failed(why), True, [])


async def test_a_name_service_that_hangs_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message fails in time; once too many wait there, the next ones fail at once."""
    let_go = threading.Event()

    def hang(*_: object, **__: object) -> None:
        let_go.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "later")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr("alerts.email._MOST_THREADS", 2)
    email = Email(EmailSettings("mail.example.org"), "", total_s=0.2)
    outcomes = [await email.send(message()) for _ in range(3)]
    let_go.set()
    await until(lambda: not any(t.name == "email" for t in threading.enumerate()))
    assert outcomes == [
        failed("timed out"),
        failed("timed out"),
        failed("2 mails already wait for the mail server"),
    ]


async def test_a_name_that_does_not_resolve_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name service's refusal is `dns`; another failure keeps its text."""
    errors: list[OSError] = [
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        OSError(113, "No route to host"),
        ConnectionResetError(104, "Connection reset by peer"),
    ]

    def fail(*_: object, **__: object) -> None:
        raise errors.pop(0)

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    email = Email(EmailSettings("mail.example.org"), "")
    assert [await email.send(message()) for _ in range(3)] == [
        failed("dns"),
        failed("no connection: No route to host"),
        failed("connection lost"),
    ]


async def test_a_mail_that_is_withdrawn_is_cut_off() -> None:
    """Nobody waits any more, and the conversation does not go on without anybody."""
    with FakeMail(faults=Faults(slow_ms=300)) as service:
        sending = asyncio.create_task(Email(service.settings(), "").send(message()))
        await asyncio.sleep(0.2)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await until(lambda: not any(t.name == "email" for t in threading.enumerate()))
        assert list(service.mails) == []


async def test_a_mistake_of_our_own_is_raised_where_it_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thread's error is not lost with the thread."""

    def broken(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("alerts.email_smtp.Attempt.send", broken)
    with pytest.raises(ZeroDivisionError):
        await Email(EmailSettings(), "").send(message())


async def test_an_address_that_is_none_and_a_rehearsal_elsewhere_stay_at_home() -> None:
    """Neither is tried; the address is not repeated."""
    email = Email(EmailSettings("mail.example.org", sender="a@b"), "")
    assert [await email.send(message("dr lee")), await email.send(message(mode="demo"))] == [
        failed("the address is no e-mail address: write it like name@example.org, in ASCII"),
        failed(
            "a demo session may not reach mail.example.org by email:"
            " only this hub itself and loopback"
        ),
    ]
