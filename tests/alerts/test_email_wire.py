"""A mail has the headers that keep it from being answered, repeated or read for its contents."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from alerts.email_wire import EmailSettings, address_fault, compose, server_url

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
SETTINGS = EmailSettings("mail.example.org", 465, "tls", "hub", "vigil@example.org")


def mail(
    link: str = "https://hub.home:8765/", priority: str = "high", delivery: str = "d1"
) -> bytes:
    """Return one mail."""
    text = "DEMO - not a real alarm: Session needs you"
    return compose(
        SETTINGS,
        "dr.lee@example.org",
        text,
        link=link,
        priority=priority,
        delivery=delivery,
        at=AT,
    )


def test_a_mail_says_that_somebody_is_needed_and_nothing_else() -> None:
    """Every header and the whole text; nothing of the patient is in either."""
    read = message_from_bytes(mail(), policy=default)
    body = read.get_body()
    assert body is not None
    lines = body.get_content().splitlines()
    assert (dict(read.items()), lines) == (
        {
            "From": "vigil@example.org",
            "To": "dr.lee@example.org",
            "Subject": "DEMO - not a real alarm: Session needs you",
            "Date": "Sun, 01 Mar 2026 12:30:00 +0000",
            "Message-ID": "<8b53639f152c8fc6ef30802fde462ba0@example.org>",
            "Auto-Submitted": "auto-generated",
            "Importance": "high",
            "Content-Type": 'text/plain; charset="utf-8"',
            "Content-Transfer-Encoding": "quoted-printable",
            "MIME-Version": "1.0",
        },
        [
            "DEMO - not a real alarm: Session needs you",
            "https://hub.home:8765/",
            "",
            "A reply to this mail is not read by anybody.",
        ],
    )


def test_a_repeat_is_the_same_mail() -> None:
    """The Message-ID is the delivery's, and another delivery's is another."""
    ids = [message_from_bytes(mail(delivery=name))["Message-ID"] for name in ("a", "a", "b")]
    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)


def test_a_mail_is_plain_ascii_in_short_lines() -> None:
    """Also with a long link: every server takes it as it is."""
    content = mail(link="https://hub.home/" + "x" * 3_000, priority="low")
    lines = content.split(b"\r\n")
    assert (content.isascii(), max(map(len, lines)) <= 78, b"\n" in b"".join(lines)) == (
        True,
        True,
        False,
    )


def test_without_a_link_there_is_no_line_for_it() -> None:
    """The hub has no address."""
    body = message_from_bytes(mail(link=""), policy=default).get_body()
    assert body is not None
    assert body.get_content().splitlines()[1:] == [
        "",
        "A reply to this mail is not read by anybody.",
    ]


@pytest.mark.parametrize("address", ["a@b", "dr.lee+vigil@mail.example.org", "a@" + "b" * 63])
def test_an_address_is_taken(address: str) -> None:
    """One mailbox in plain letters."""
    assert address_fault(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "dr.lee",
        "a@b@c",
        "a b@c",
        "a@b\r\nBcc: everybody@example.org",
        "a@b, c@d",
        "Dr Lee <a@b>",
        ".a@b",
        "a@-b",
        "a@b..c",
        "ä@b",
        "a@" + "b" * 253,
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """Above all what would add a header or a second person."""
    assert address_fault(address) == (
        "is no e-mail address: write it like name@example.org, in ASCII"
    )


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"host": "mail example"}, "host 'mail example' is no host"),
        ({"host": ""}, "host '' is no host"),
        ({"port": 0}, "port 0 is no port"),
        ({"port": 70_000}, "port 70000 is no port"),
        ({"security": "ssl"}, "security 'ssl' is unknown"),
        ({"host": "mail.example.org", "security": "plain"}, "'plain' is for this machine only"),
        ({"user": "hüb"}, "user has characters"),
        ({"user": "a\nb"}, "user has characters"),
        ({"sender": "vigil"}, "sender 'vigil' is no e-mail address"),
    ],
)
def test_settings_that_cannot_work_are_named(settings: dict[str, object], why: str) -> None:
    """Before anything is sent."""
    with pytest.raises(ValueError, match=why):
        EmailSettings(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_a_server_on_this_machine_may_be_plain(host: str) -> None:
    """Nothing leaves the house on the way to it."""
    bracketed = f"[{host}]" if ":" in host else host
    assert server_url(EmailSettings(host, 25, "plain")) == f"smtp://{bracketed}:25"
