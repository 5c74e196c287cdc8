"""The network is looked at by a connection that asks nothing, and never holds the hub up."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from alerts.channel import failed, sent
from monitor import net_watch
from monitor.net_state import Target
from monitor.net_watch import NetWatch
from tests.integration.hub_house import free_port, until

pytestmark = pytest.mark.integration


class Hub:
    """What the watch needs of the hub: sessions, and conditions by name."""

    def __init__(self) -> None:
        self.ward: Any = type("Ward", (), {"beds": {"s1": object()}})()
        self.standing: dict[str, str] = {}
        self.clock_s = 0.0

    def condition(
        self, name: str, *, present: bool, detail: str = "", passing: bool = False
    ) -> None:
        """Keep what stands."""
        if present:
            self.standing[name] = detail
        elif not passing:
            self.standing.pop(name, None)


@contextlib.contextmanager
def server() -> Iterator[tuple[Target, list[bytes]]]:
    """A port that takes connections and keeps what is sent to it."""
    got: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    got.append(connection.recv(100))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield ("127.0.0.1", listener.getsockname()[1]), got
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time for the decisions runs a hundred times as fast."""
    monkeypatch.setattr(net_watch, "_LOOK_S", 0.02)
    monkeypatch.setattr(net_watch, "_now_ms", lambda: time.monotonic_ns() // 10_000)


@contextlib.asynccontextmanager
async def watching(hub: Hub, targets: Callable[[], list[Target]]) -> Any:
    """Watch for as long as the block lasts."""
    any_hub: Any = hub
    watch = NetWatch(any_hub, targets, every_s=0.1)
    task = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        task.cancel()
        await asyncio.wait({task})


@pytest.mark.usefixtures("fast")
async def test_nobody_answers_is_said_in_two_stages_and_ends_with_an_answer() -> None:
    """A closed port, then an open one; the connection carries not a byte."""
    hub = Hub()
    targets: list[Target] = [("127.0.0.1", free_port())]
    async with watching(hub, lambda: targets):
        await until(lambda: "network" in hub.standing, 5)
        assert "network_long" not in hub.standing
        await until(lambda: "network_long" in hub.standing, 5)
        assert hub.standing["network"] == (
            "no service can be reached: Connection refused. Call the physician by telephone"
        )
        with server() as (target, got):
            targets.append(target)
            await until(lambda: not hub.standing and bool(got), 5)
            assert set(got) == {b""}
            targets.clear()


@pytest.mark.usefixtures("fast")
async def test_messages_are_evidence_of_their_own() -> None:
    """A name that is not found begins the doubt, an answer of a service ends it."""
    hub = Hub()
    with server() as (target, _):
        async with watching(hub, lambda: [target]) as watch:
            watch._next_s = float("inf")
            await asyncio.sleep(0.1)
            watch.heard(failed("dns"))
            await until(lambda: "network" in hub.standing, 5)
            watch.heard(failed("the address is no topic"))
            watch.heard(sent())
            await until(lambda: not hub.standing, 5)


@pytest.mark.usefixtures("fast")
async def test_a_name_service_that_hangs_is_evidence_and_hangs_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The round that never ends is one thread, and counts as silence."""
    let_go = threading.Event()

    def hang(*_: object) -> socket.socket:
        let_go.wait(20)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", hang)
    monkeypatch.setattr(net_watch, "_SILENT_S", 0.1)
    hub = Hub()
    threads = threading.active_count()
    async with watching(hub, lambda: [("ntfy.example", 443)]):
        await until(lambda: "network" in hub.standing, 5)
        assert (
            threading.active_count() - threads,
            "nobody answers" in hub.standing["network"],
        ) == (
            1,
            True,
        )
        let_go.set()
        await until(lambda: threading.active_count() == threads, 5)


@pytest.mark.usefixtures("fast")
async def test_without_a_session_or_a_service_nobody_is_asked() -> None:
    """No connection is opened, and nothing is wrong."""
    hub = Hub()
    with server() as (target, got):
        hub.ward.beds.clear()
        async with watching(hub, lambda: [target]):
            await asyncio.sleep(0.3)
        hub.ward.beds["s1"] = object()
        async with watching(hub, list):
            await asyncio.sleep(0.3)
        assert (got, hub.standing) == ([], {})


@pytest.mark.usefixtures("fast")
async def test_our_own_bug_is_told_and_ends_nothing() -> None:
    """A list of services that cannot be made is a fault of the engine."""
    hub = Hub()

    def broken() -> list[Target]:
        raise KeyError("x")

    async with watching(hub, broken):
        await until(lambda: "engine:network" in hub.standing, 5)
