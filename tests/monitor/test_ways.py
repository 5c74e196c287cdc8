"""A way that could not work at night is a fault by day, in the words of its service."""

import pytest

from alerts.channel_settings import ChannelSettings
from alerts.email_wire import EmailSettings
from alerts.ntfy_wire import NtfySettings
from alerts.twilio_wire import TwilioSettings
from monitor.ways import CHANNELS, address_fault, set_up_fault, written_fault

KEY = "0123456789abcdef" * 2
TWILIO = TwilioSettings("AC" + "0" * 32, "+15550100")


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("console", ""),
        ("page", ""),
        ("webhook", "https://pager.example/x"),
        ("ntfy", "ann-7f3"),
        ("sms", "+15550111"),
        ("voice", "+15550111"),
        ("pagerduty", KEY),
        ("email", "ann@example.org"),
        ("apprise", "json://127.0.0.1/x"),
    ],
)
def test_a_right_address_is_right(channel: str, address: str) -> None:
    """Every channel that a person can have is one of these."""
    assert (address_fault(channel, address), channel in CHANNELS) == (None, True)


@pytest.mark.parametrize(
    ("channel", "address", "what"),
    [
        ("webhook", "pager", "is no web address"),
        ("webhook", "http://[", "is no web address"),
        ("ntfy", "a/b", "is no topic: use 1 to 64 letters, digits, - and _"),
        ("pagerduty", "x", "is no routing key: copy the 32 characters of the integration"),
        ("email", "ann", "is no e-mail address: write it like name@example.org, in ASCII"),
        ("apprise", "json:/x", "is no apprise URL"),
        ("apprise", "://x", "is no apprise URL"),
        ("apprise", "json://", "is no apprise URL"),
    ],
)
def test_a_wrong_address_is_named_and_not_shown(channel: str, address: str, what: str) -> None:
    """It may come from a file, and may be a secret."""
    fault = address_fault(channel, address)
    assert fault is not None
    assert fault[0].startswith(what)


@pytest.mark.parametrize(
    ("mode", "channel", "address", "fault"),
    [
        ("real", "console", "", None),
        ("real", "page", "", None),
        ("demo", "page", "", None),
        ("demo", "ntfy", "ann", None),
        ("real", "ntfy", "file:topic", None),
        ("real", "pagerduty", "file:key", None),
        ("real", "sms", "+15550111", None),
        (
            "real",
            "pigeon",
            "",
            ("has the unknown channel 'pigeon'", f"write one of {', '.join(CHANNELS)}"),
        ),
        (
            "real",
            "console",
            "file:x",
            ("has an address for console that is no file", "write no address, or its path"),
        ),
        (
            "real",
            "ntfy",
            "file:",
            ("has an address for ntfy that is no file", "write no address, or its path"),
        ),
        (
            "real",
            "pagerduty",
            KEY,
            (
                "shows the address of pagerduty, which is a secret, to every record",
                'write it to a file (chmod 600) and address = "file:<path>"',
            ),
        ),
        (
            "real",
            "webhook",
            "pager",
            ("has 'pager' as a webhook's address", "write a URL (https://...)"),
        ),
        (
            "real",
            "email",
            "ann",
            (
                (
                    "has an address for email that is no e-mail address: write it like"
                    " name@example.org, in ASCII"
                ),
                "write the address",
            ),
        ),
        (
            "demo",
            "webhook",
            "https://pager.example/",
            (
                (
                    "a demo session may not reach pager.example by webhook: only this hub itself"
                    " and loopback"
                ),
                "use the console or an address on this machine",
            ),
        ),
    ],
)
def test_a_way_is_judged_as_the_patients_file_writes_it(
    mode: str, channel: str, address: str, fault: tuple[str, str] | None
) -> None:
    """What is in a file is judged by whoever has read it."""
    assert written_fault(mode, channel, address) == fault


@pytest.mark.parametrize(
    ("mode", "channel", "address", "fault"),
    [
        ("demo", "page", "", None),
        ("real", "webhook", "https://pager.example/", None),
        ("real", "sms", "+15550111", None),
        ("demo", "ntfy", "ann", None),
        (
            "real",
            "voice",
            "+15550111",
            ("needs voice", "set channels.twilio.answer_url in config.toml"),
        ),
        (
            "real",
            "pagerduty",
            KEY,
            (
                "needs pagerduty, which is not set up on this hub",
                "set channels.pagerduty.enabled in config.toml",
            ),
        ),
        (
            "test",
            "email",
            "ann@example.org",
            (
                (
                    "a test session may not reach mail.example by email: only this hub itself and"
                    " loopback"
                ),
                "use the console, the page or a service on this machine",
            ),
        ),
    ],
)
def test_a_way_is_judged_by_what_this_hub_has(
    mode: str, channel: str, address: str, fault: tuple[str, str] | None
) -> None:
    """A test never leaves the machine, whatever is set up."""
    settings = ChannelSettings(
        ntfy=NtfySettings("http://127.0.0.1:1"),
        twilio=TWILIO,
        email=EmailSettings("mail.example", sender="v@mail.example"),
    )
    assert set_up_fault(mode, channel, address, settings) == fault


def test_without_an_account_both_ways_of_it_are_missing() -> None:
    """The table that enables them is named."""
    assert set_up_fault("real", "voice", "+15550111", ChannelSettings()) == (
        "needs voice, which is not set up on this hub",
        "set channels.twilio.enabled in config.toml",
    )
