"""The fake services' socket: a wire fault is what a caller sees, and no request passes unseen."""

import http.client
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from simulators.services.exchange import Reply, Seen, UnexpectedError
from simulators.services.faults import Faults
from simulators.services.http import Service, UnexpectedRequestError

pytestmark = pytest.mark.integration


class Echo:
    """Says the body back; knows one path, one stream and one way to break."""

    def answer(self, seen: Seen, at_ms: int) -> Reply:
        """Answer."""
        del at_ms
        if seen.path == "/echo":
            return Reply(200, seen.body, {"X-Kept": "yes"})
        if seen.path == "/stream":
            return Reply(200, b"open\n", stream=ticks())
        if seen.path == "/bug":
            raise ZeroDivisionError
        raise UnexpectedError("no such path", Reply(404, b"?"))


def ticks() -> Iterator[bytes]:
    """Yield a line for ever."""
    while True:
        yield b"tick\n"
        time.sleep(0.02)


def client() -> httpx.Client:
    """Return a client without the environment's proxies."""
    return httpx.Client(trust_env=False, timeout=5.0)


def test_requests_are_kept_and_answered_on_one_connection() -> None:
    """HTTP/1.1 keeps the connection; method, headers and body are seen as they were sent."""
    with Service(Echo()) as service, client() as web:
        first = web.post(f"{service.url}/echo", content=b"a")
        second = web.get(f"{service.url}/echo?x=1")
        seen = [(each.method, each.target, each.body) for each in service.seen]
    assert (first.content, first.headers["X-Kept"], second.status_code, seen) == (
        b"a",
        "yes",
        200,
        [("POST", "/echo", b"a"), ("GET", "/echo?x=1", b"")],
    )


def ask(path: str, error: type[Exception] | None = None) -> None:
    """Ask for one path in a block of its own; then fail by oneself, when an error is given."""
    with Service(Echo()) as service, client() as web:
        try:
            web.get(f"{service.url}{path}")
        except httpx.RemoteProtocolError:
            assert path == "/bug"
        if error is not None:
            raise error


def test_an_unexpected_request_fails_the_block_unless_it_is_taken_out() -> None:
    """Also when the caller got a proper refusal and took no notice."""
    with pytest.raises(UnexpectedRequestError, match="GET /other: no such path"):
        ask("/other")
    with Service(Echo()) as service, client() as web:
        status = web.get(f"{service.url}/other").status_code
        assert (status, service.take_unexpected()) == (404, ["GET /other: no such path"])


def test_a_failure_of_the_block_itself_is_not_hidden() -> None:
    """The test's own error comes out, not the one about requests."""
    with pytest.raises(KeyError):
        ask("/other", KeyError)


def test_a_bug_of_the_fake_is_told_and_not_taken_for_a_fault() -> None:
    """The caller sees a lost connection, the test sees the bug."""
    with pytest.raises(UnexpectedRequestError, match="ZeroDivisionError"):
        ask("/bug")


def test_a_closed_port_refuses_and_opens_again_at_the_same_address() -> None:
    """Faults change while the service lives; what was refused is not seen."""
    with Service(Echo(), Faults(refuse=True)) as service, client() as web:
        with pytest.raises(httpx.ConnectError):
            web.get(f"{service.url}/echo")
        service.faults = Faults()
        opened = web.get(f"{service.url}/echo").status_code
        service.faults = Faults(refuse=True)
        with pytest.raises(httpx.TransportError):
            web.get(f"{service.url}/echo")
        assert (opened, len(service.seen)) == (200, 1)


def test_a_status_and_a_broken_body_come_instead_of_the_answer() -> None:
    """For as many requests as the faults say, then the service is well."""
    with Service(Echo(), Faults(status=503, requests=1)) as service, client() as web:
        ill = web.post(f"{service.url}/echo", content=b"a")
        well = web.post(f"{service.url}/echo", content=b"a")
        service.faults = Faults(broken_body=True)
        broken = web.post(f"{service.url}/echo", content=b"a")
    assert (
        (ill.status_code, ill.content),
        (well.status_code, well.content),
        (broken.status_code, broken.content),
    ) == ((503, b""), (200, b"a"), (200, b"\x00{broken"))


def test_a_slow_service_answers_late() -> None:
    """Not before the stated time."""
    with Service(Echo(), Faults(slow_ms=200)) as service, client() as web:
        start_s = time.monotonic()
        status = web.get(f"{service.url}/echo").status_code
    assert (status, time.monotonic() - start_s >= 0.2) == (200, True)


def test_a_hanging_service_never_answers_and_lets_go_at_the_end() -> None:
    """The end of the block, and a closed port, free who waits."""
    failed: list[str] = []

    def wait(url: str) -> None:
        with client() as web:
            try:
                web.get(url)
            except httpx.TransportError as error:
                failed.append(type(error).__name__)

    start_s = time.monotonic()
    with Service(Echo(), Faults(hang=True)) as service:
        thread = threading.Thread(target=wait, args=(f"{service.url}/echo",))
        thread.start()
        while not service.seen:
            time.sleep(0.01)
        service.faults = Faults(refuse=True)
        thread.join()
    assert (len(failed), time.monotonic() - start_s < 4) == (1, True)


def test_a_stream_is_sent_as_it_comes_and_ends_with_the_service() -> None:
    """Line by line, until the port closes."""
    with Service(Echo()) as service:
        connection = http.client.HTTPConnection(service.url.removeprefix("http://"), timeout=5)
        connection.request("GET", "/stream")
        answer = connection.getresponse()
        lines = [answer.readline() for _ in range(3)]
    rest = answer.read()
    answer.close()
    connection.close()
    assert (lines, rest.replace(b"tick\n", b"")) == ([b"open\n", b"tick\n", b"tick\n"], b"")
