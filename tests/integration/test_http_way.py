"""A request goes out as it was built; what comes back is bounded; no secret is repeated."""

import logging

import pytest

from alerts.http_way import HttpWay, Reply, why_lost
from alerts.http_wire import Request
from simulators.services import exchange
from simulators.services.exchange import Seen
from simulators.services.faults import Faults
from simulators.services.http import Service

pytestmark = pytest.mark.integration


class Mirror:
    """Says the body back, or very much of it."""

    def answer(self, seen: Seen, at_ms: int) -> exchange.Reply:
        """Answer."""
        del at_ms
        return exchange.Reply(200, seen.body if seen.path == "/same" else b"x" * 500_000)


async def test_a_request_is_sent_as_it_was_built() -> None:
    """Method, headers and body; nothing packed is asked for."""
    with Service(Mirror()) as service:
        way = HttpWay()
        reply = await way.ask(Request("PUT", f"{service.url}/same", (("X-Key", "k"),), b"hello"))
        await way.close()
        seen = service.seen[0]
    assert (reply, seen.method, seen.headers["x-key"], seen.headers["accept-encoding"]) == (
        Reply(200, b"hello"),
        "PUT",
        "k",
        "identity",
    )


async def test_an_endless_answer_is_cut() -> None:
    """At 64 KiB, however much the server would like to say."""
    with Service(Mirror()) as service:
        way = HttpWay()
        reply = await way.ask(Request("GET", f"{service.url}/much"))
        await way.close()
    assert (reply.status, len(reply.body)) == (200, 65_536)


@pytest.mark.parametrize(
    ("faults", "why"),
    [(Faults(refuse=True), "refused"), (Faults(hang=True), "timed out")],
)
async def test_what_the_network_does_is_an_answer(faults: Faults, why: str) -> None:
    """Named, in time, and nothing is raised."""
    with Service(Mirror(), faults) as service:
        way = HttpWay(total_s=0.3)
        reply = await way.ask(Request("GET", f"{service.url}/same"))
        await way.close()
    assert reply == Reply(0, why=why)


async def test_a_secret_that_is_no_header_is_not_repeated(caplog: pytest.LogCaptureFixture) -> None:
    """Nor is any address written to a log."""
    caplog.set_level(logging.DEBUG)
    with Service(Mirror()) as service:
        way = HttpWay()
        url = f"{service.url}/topic-s3cret"
        reply = await way.ask(Request("GET", url, (("Authorization", "Bearer s3cret\n"),)))
        await way.ask(Request("GET", url))
        await way.close()
    assert (reply.why, "s3cret" in caplog.text) == (
        "bad request: its address or a header has characters that HTTP does not allow",
        False,
    )


def test_a_cause_in_a_group_is_found() -> None:
    """Several addresses of one name may each have failed."""
    error = OSError("all failed")
    error.__cause__ = ExceptionGroup("both", [ConnectionRefusedError(), OSError()])
    assert why_lost(error) == "refused"
