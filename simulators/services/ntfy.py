"""A fake ntfy on 127.0.0.1: the server of `ntfy_server` behind one socket, with live streams.

with FakeNtfy(people=("ignore", "accept")) as service:
    ntfy = Ntfy(service.settings(), TOKEN, on_news)
    ...
    service.server.phone("dr-lee")      # what the telephone shows
"""

import time
from collections.abc import Iterator
from typing import Final

from alerts.ntfy_wire import NtfySettings
from simulators.services.exchange import Reply, Seen
from simulators.services.faults import NONE, Faults
from simulators.services.http import Service
from simulators.services.ntfy_server import NtfyServer, Subscription

__all__ = ["FakeNtfy"]

_LOOK_S: Final = 0.02


class FakeNtfy(Service):
    """The server while the `with` block runs; its faults are those of wire and people.

    Attributes:
        server: the topics.
        keepalive_ms: how long a stream may be silent; 0 for a server that says nothing any more.
    """

    def __init__(
        self,
        faults: Faults = NONE,
        people: tuple[str, ...] = ("accept",),
        keepalive_ms: int = 45_000,
    ) -> None:
        self.server = NtfyServer(people=people, faults=faults)
        self.keepalive_ms = keepalive_ms
        super().__init__(self, faults)

    def settings(self, answer_topic: str = "answers") -> NtfySettings:
        """Return the settings that reach this server."""
        return NtfySettings(self.url, answer_topic)

    def answer(self, seen: Seen, at_ms: int) -> Reply:
        """Answer one request."""
        self.server.url = self.url
        if not seen.path.endswith("/json"):
            return self.server.answer(seen, at_ms)
        reader = self.server.subscribe(seen, at_ms)
        headers = {"Content-Type": "application/x-ndjson; charset=utf-8"}
        if reader.is_poll:
            return Reply(200, reader.read(at_ms, 0), headers)
        return Reply(200, b"", headers, self._stream(reader))

    def faults_changed(self, faults: Faults) -> None:
        """People have the same faults as the wire."""
        self.server.faults = faults

    def _stream(self, reader: Subscription) -> Iterator[bytes]:
        while True:
            with self.lock:
                lines = reader.read(self.now_ms(), self.keepalive_ms)
            yield lines
            time.sleep(_LOOK_S)
