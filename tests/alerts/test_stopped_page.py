"""The supervisor's page is the same request that the hub's channels make, with words of its own."""

import json
from datetime import UTC, datetime

import pytest

from alerts.channel_settings import ChannelSettings
from alerts.email_wire import EmailSettings, compose
from alerts.http_wire import Request
from alerts.ntfy_wire import Note, NtfySettings, publish
from alerts.pagerduty_wire import Page, PagerDutySettings, page_key, trigger
from alerts.stopped_page import mail_for, request_for, text_for, why_refused
from alerts.twilio_wire import TwilioSettings, create_call, create_message
from alerts.twilio_words import tell_by_voice

TEXT = "The monitor has stopped. Look at the patient now. No answer is heard."
TWILIO = TwilioSettings("AC" + "0" * 32, "+15550100")
ALL = ChannelSettings(
    ntfy=NtfySettings(), twilio=TWILIO, pagerduty=PagerDutySettings(), email=EmailSettings()
)
SECRETS = {"webhook": "w", "ntfy": "n", "twilio": "t"}
KEY = "0" * 32
NUMBER = "+15550111"
AT = datetime(2026, 1, 1, tzinfo=UTC)


def request(channel: str, address: str, settings: ChannelSettings = ALL) -> Request | str:
    """Return what a real session's page asks."""
    return request_for(channel, address, "real", "w@5/0", settings, SECRETS)


def test_the_words_say_what_is_known_and_that_nobody_hears() -> None:
    """A mode that is not real stands first."""
    assert [text_for("real"), text_for("test")] == [TEXT, f"TEST - not a real alarm: {TEXT}"]


def test_every_way_asks_what_the_hubs_own_channel_would() -> None:
    """A call needs no address for keys, because none is asked for."""
    assert [
        request("ntfy", "ann"),
        request("sms", NUMBER),
        request("voice", NUMBER),
        request("pagerduty", KEY),
    ] == [
        publish(NtfySettings(), "n", Note("ann", TEXT, "high")),
        create_message(TWILIO, "t", NUMBER, TEXT),
        create_call(TWILIO, "t", NUMBER, tell_by_voice(TEXT)),
        trigger(PagerDutySettings(), Page(KEY, page_key("w@5/0"), TEXT, "high")),
    ]


def test_a_webhook_gets_the_hubs_own_envelope() -> None:
    """With its token when there is one."""
    got = request("webhook", "https://pager.example/x")
    plain = request_for("webhook", "https://pager.example/x", "real", "w@5/0", ALL, {})
    assert isinstance(got, Request)
    assert isinstance(plain, Request)
    assert (got.method, got.url, got.headers, plain.header("authorization")) == (
        "POST",
        "https://pager.example/x",
        (
            ("Content-Type", "application/json"),
            ("Idempotency-Key", "w@5/0"),
            ("Authorization", "Bearer w"),
        ),
        None,
    )
    said = json.loads(got.body)
    assert (said["text"], said["alarm"], said["delivery"]) == ("Session needs you", "w@5", "w@5/0")


@pytest.mark.parametrize(
    ("channel", "address", "why"),
    [
        ("webhook", "ftp://x/", "the address is no http address"),
        ("ntfy", "a b", "the address is no topic: use 1 to 64 letters, digits, - and _"),
        (
            "voice",
            "0155",
            (
                "the address is no E.164 number: write + and country code, then digits"
                " only, such as +15550100"
            ),
        ),
        (
            "pagerduty",
            "x",
            (
                "the address is no routing key: copy the 32 characters of the integration"
                " (Events API v2)"
            ),
        ),
        ("apprise", "json://x", "apprise is not set up"),
    ],
)
def test_an_address_that_cannot_be_used_is_named_without_being_shown(
    channel: str, address: str, why: str
) -> None:
    """What the service would refuse is refused here."""
    assert request(channel, address) == why


@pytest.mark.parametrize("channel", ["ntfy", "sms", "voice", "pagerduty"])
def test_a_service_that_is_not_set_up_is_said(channel: str) -> None:
    """Nobody guesses a server."""
    assert request(channel, "x", ChannelSettings()) == f"{channel} is not set up"


def test_half_an_account_is_not_set_up() -> None:
    """Without a number nobody can be written to."""
    half = ChannelSettings(twilio=TwilioSettings("AC" + "0" * 32))
    assert request("sms", NUMBER, half) == "sms is not set up"


def test_a_page_by_mail_is_a_mail_of_the_hub() -> None:
    """Or the reason why there is none."""
    assert [
        mail_for("ann@example.org", "real", "w@5/0", ALL, AT),
        mail_for("ann", "real", "w@5/0", ALL, AT),
        mail_for("ann@example.org", "real", "w@5/0", ChannelSettings(), AT),
    ] == [
        compose(
            EmailSettings(),
            "ann@example.org",
            TEXT,
            link="",
            priority="high",
            delivery="w@5/0",
            at=AT,
        ),
        "the address is no e-mail address: write it like name@example.org, in ASCII",
        "email is not set up",
    ]


@pytest.mark.parametrize(
    ("channel", "status", "body", "why"),
    [
        ("webhook", 204, b"", ""),
        ("webhook", 302, b"", "http 302"),
        ("ntfy", 200, b'{"id":"a","event":"message"}', ""),
        ("ntfy", 200, b"<html>", "http 200, but not from ntfy: is base_url right?"),
        ("sms", 201, b"{}", ""),
        ("voice", 200, b"{}", "http 200"),
        ("pagerduty", 202, b"{}", ""),
    ],
)
def test_each_services_answer_is_read_as_its_channel_reads_it(
    channel: str, status: int, body: bytes, why: str
) -> None:
    """Taken, or a named refusal."""
    assert why_refused(channel, status, body) == why
