"""A demo or test session reaches the hub itself and services on loopback, and nobody else."""

import pytest

from alerts.guard import host_of, refusal

AWAY = "only this hub itself and loopback"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9000/x",
        "http://127.9.9.9/x",
        "http://localhost/x",
        "https://[::1]:8/x",
        "http://user@localhost/x",
    ],
)
@pytest.mark.parametrize("mode", ["demo", "test", "real"])
def test_loopback_is_open_to_every_mode(mode: str, address: str) -> None:
    """127.0.0.0/8, ::1 and localhost are this machine."""
    assert refusal(mode, "webhook", address) is None


@pytest.mark.parametrize(
    ("address", "whom"),
    [
        ("https://pager.example/x", "pager.example"),
        ("http://127.0.0.1@pager.example/", "pager.example"),
        ("http://127.0.0.1.example/", "127.0.0.1.example"),
        ("http://192.168.1.4/", "192.168.1.4"),
        ("http://localhost\\@pager.example/", "anybody"),
        ("http://127.0.0.1/ x", "anybody"),
        ("http://127.0.0.1/\x00", "anybody"),
        ("http://[::1/", "anybody"),
        ("", "anybody"),
    ],
)
@pytest.mark.parametrize("mode", ["demo", "test", "REAL", ""])
def test_any_other_address_is_refused_with_the_reason(mode: str, address: str, whom: str) -> None:
    """Only the exact mode `real` leaves the machine; an address that parsers read apart stays."""
    assert (
        refusal(mode, "webhook", address)
        == f"a {mode} session may not reach {whom} by webhook: {AWAY}"
    )


@pytest.mark.parametrize("channel", ["console", "page", "speaker", "light"])
def test_the_hubs_own_channels_are_open(channel: str) -> None:
    """What ends on the hub is open, whatever the address says."""
    assert refusal("demo", channel, "https://pager.example/") is None


@pytest.mark.parametrize(
    ("channel", "url"),
    [
        ("ntfy", "http://127.0.0.1:2586"),
        ("sms", "http://localhost:8080"),
        ("voice", "https://[::1]:8080"),
        ("pagerduty", "HTTP://127.0.0.1:9"),
        ("email", "smtp://127.0.0.1:25"),
        ("apprise", "json://127.0.0.1:8000/x"),
    ],
)
def test_a_service_on_loopback_is_open(channel: str, url: str) -> None:
    """A fake service on this machine reaches nobody."""
    assert refusal("test", channel, url) is None


@pytest.mark.parametrize(
    ("channel", "url", "whom"),
    [
        ("sms", "+15005550006", "anybody"),
        ("ntfy", "ann-topic", "anybody"),
        ("voice", "https://api.twilio.com", "api.twilio.com"),
        ("apprise", "mailto://u:p@localhost?smtp=mail.example", "localhost"),
        ("email", "http://127.0.0.1:25", "127.0.0.1"),
        ("pigeon", "http://127.0.0.1/", "127.0.0.1"),
    ],
)
def test_what_is_no_known_service_on_loopback_is_refused(channel: str, url: str, whom: str) -> None:
    """A number or topic is no URL, a scheme may lead elsewhere, and an unknown way stays home."""
    assert (
        refusal("test", channel, url) == f"a test session may not reach {whom} by {channel}: {AWAY}"
    )


def test_real_reaches_everybody() -> None:
    """A real session is not held back here."""
    assert refusal("real", "sms", "+100") is None


def test_host_of_reads_the_host_in_lower_case() -> None:
    """Host names have no case."""
    assert host_of("https://Pager.Example:8/x") == "pager.example"
