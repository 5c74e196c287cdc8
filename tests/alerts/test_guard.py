"""A demo or test session reaches the hub's own console, speaker and loopback, and nobody else."""

import pytest

from alerts.guard import host_of, refusal

AWAY = "only console, speaker and loopback"


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


@pytest.mark.parametrize("channel", ["console", "speaker"])
def test_the_hubs_own_channels_are_open(channel: str) -> None:
    """Console and speaker end on the hub, whatever the address says."""
    assert refusal("demo", channel, "https://pager.example/") is None


def test_another_channel_is_refused_even_to_loopback() -> None:
    """A telephone channel's address is never loopback."""
    assert (
        refusal("test", "sms", "http://localhost/")
        == f"a test session may not reach localhost by sms: {AWAY}"
    )


def test_real_reaches_everybody() -> None:
    """A real session is not held back here."""
    assert refusal("real", "sms", "+100") is None


def test_host_of_reads_the_host_in_lower_case() -> None:
    """Host names have no case."""
    assert host_of("https://Pager.Example:8/x") == "pager.example"
