"""The network is down when for 30 s nobody has answered, and every answer ends the doubt."""

import pytest

from alerts.channel import Outcome, failed, sent
from alerts.delivery import DeliveryState
from monitor.net_state import Level, NetState, evidence, targets_of


def test_the_network_is_up_until_something_says_otherwise() -> None:
    """Nothing known is no alarm: the first bad word begins the count."""
    assert NetState().level(10**9) is Level.UP


def test_bad_evidence_counts_from_its_first_and_keeps_its_first_reason() -> None:
    """Down from 30 s, long from 120 s, however often it is said."""
    state = NetState()
    state.bad("dns", 1_000)
    state.bad("timed out", 20_000)
    levels = [state.level(at_ms) for at_ms in (30_999, 31_000, 120_999, 121_000)]
    assert (levels, state.why) == ([Level.UP, Level.DOWN, Level.DOWN, Level.LONG], "dns")


def test_one_answer_ends_the_doubt() -> None:
    """The next bad word begins a new count."""
    state = NetState()
    state.bad("dns", 0)
    state.good()
    state.bad("refused", 100_000)
    assert (state.level(129_999), state.level(130_000), state.why) == (
        Level.UP,
        Level.DOWN,
        "refused",
    )


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (sent(), True),
        (Outcome(DeliveryState.DELIVERED), True),
        (failed("http 429: the server's rate limit is reached"), True),
        (failed("dns"), False),
        (failed("refused"), False),
        (failed("no connection: All connection attempts failed"), False),
        (failed("timed out"), False),
        (failed("connection lost: ReadError"), False),
        (failed("tls: CERTIFICATE_VERIFY_FAILED"), False),
        (failed("the address is no topic"), None),
        (failed("our bug: KeyError"), None),
    ],
)
def test_what_became_of_a_message_is_evidence(outcome: Outcome, says: bool | None) -> None:
    """An answer of any kind is good; what never left this machine says nothing."""
    assert evidence(outcome) is says


def test_only_hosts_beyond_this_machine_are_tried_each_once() -> None:
    """Loopback, addresses in files, numbers and unknown schemes are nobody to connect to."""
    urls = [
        "https://ntfy.sh",
        "https://ntfy.sh/again",
        "http://[2001:db8::1]:8080/x",
        "smtps://mail.example",
        "http://127.0.0.1:9/x",
        "http://[::1]/x",
        "http://localhost/x",
        "file:secrets/hook",
        "+15550100",
        "ftp://files.example/",
        "http://[broken",
        "http://host:99999/",
        "",
    ]
    assert targets_of(urls) == (
        ("ntfy.sh", 443),
        ("2001:db8::1", 8080),
        ("mail.example", 465),
    )
