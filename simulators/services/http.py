"""A socket in front of a fake service: HTTP/1.1 on 127.0.0.1, in threads of its own.

Every request is kept, and one that the real service would not have understood fails the test: what
is left in `unexpected` at the end is raised. Faults may be changed at any time, also while a caller
waits; a closed port opens again at the same address. It never listens on another address.

    with Service(answers) as service:
        httpx.post(service.url + "/v2/enqueue", json={})
        service.seen                       # what came
        service.take_unexpected()          # what must not have come, and is now accounted for
"""

import socket
import sys
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self

from simulators.services.exchange import Answers, Reply, Seen, UnexpectedError
from simulators.services.faults import NONE, Faults

__all__ = ["Service", "UnexpectedRequestError"]

_KEPT: Final = 2_000
_MAX_BODY_BYTES: Final = 1 << 20
_NEVER_ANSWERED_S: Final = 60.0


class UnexpectedRequestError(AssertionError):
    """The hub asked a fake service for something that the real one does not know."""


class Service:
    """One fake service while the `with` block runs.

    Args:
        answers: the service behind the socket.
        faults: what goes wrong at the wire from the start.

    Raises:
        UnexpectedRequestError: at the end of the block, when a request was not understood and
            nobody has taken it out of `unexpected`; not when the block itself has failed.
    """

    def __init__(self, answers: Answers, faults: Faults = NONE) -> None:
        self._answers = answers
        self._faults = faults
        self._met = 0
        self.lock = threading.Lock()
        self._server: _Server | None = None
        self._address = ("127.0.0.1", 0)
        self._ended = threading.Event()
        self.seen: deque[Seen] = deque(maxlen=_KEPT)
        self.unexpected: deque[str] = deque(maxlen=_KEPT)

    @property
    def url(self) -> str:
        """Return the base address, without a slash at its end."""
        return f"http://127.0.0.1:{self._address[1]}"

    @property
    def faults(self) -> Faults:
        """Return what goes wrong now."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        with self.lock:
            self._faults, self._met = faults, 0
            self.faults_changed(faults)
        if faults.refuse:
            self._close_port()
        elif self._server is None and not self._ended.is_set():
            self._open_port()

    def faults_changed(self, faults: Faults) -> None:
        """Hand the faults on to what is behind the socket; nothing by itself."""

    def take_unexpected(self) -> list[str]:
        """Return why requests were not understood, and count them as expected from now on."""
        taken = list(self.unexpected)
        self.unexpected.clear()
        return taken

    def __enter__(self) -> Self:
        """Listen; the port is chosen by the system and kept until the end."""
        self._open_port()
        if self._faults.refuse:
            self._close_port()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening, let every waiting caller go, and raise what was not expected."""
        self._ended.set()
        self._close_port()
        if self.unexpected and kind is None:
            raise UnexpectedRequestError("; ".join(self.unexpected))

    def now_ms(self) -> int:
        """Return the service's own time."""
        return time.monotonic_ns() // 1_000_000

    def _open_port(self) -> None:
        server = _Server(self._address, self)
        self._address = ("127.0.0.1", server.server_address[1])
        server.thread.start()
        self._server = server

    def _close_port(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def reply_to(self, seen: Seen, stopping: threading.Event) -> Reply | None:
        """Answer one request, with the wire's faults first; None hangs up without an answer.

        Args:
            seen: the request.
            stopping: ends all waiting, when the port closes.
        """
        with self.lock:
            self.seen.append(seen)
            faults = self._faults if self._faults.at_wire(self._met) else NONE
            self._met += 1
        if faults.hang:
            stopping.wait(_NEVER_ANSWERED_S)
            return None
        if faults.slow_ms:
            stopping.wait(faults.slow_ms / 1000)
        if faults.status:
            return Reply(faults.status)
        with self.lock:
            reply = self._understood(seen)
        return Reply(reply.status, b"\x00{broken") if faults.broken_body else reply

    def _understood(self, seen: Seen) -> Reply:
        try:
            return self._answers.answer(seen, self.now_ms())
        except UnexpectedError as error:
            self.unexpected.append(f"{seen.method} {seen.target}: {error}")
            return error.reply


class _Server(ThreadingHTTPServer):
    """One opening of the port; all its connections end with it."""

    daemon_threads = False
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], service: Service) -> None:
        self.service = service
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,), name="fake service")
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self.stopping = threading.Event()
        super().__init__(address, _Handler)

    def process_request(self, request: object, client_address: object) -> None:
        """Remember the connection, so that it can be ended from outside."""
        assert isinstance(request, socket.socket)  # noqa: S101 - this server has no other
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: object) -> None:
        """Forget the connection."""
        assert isinstance(request, socket.socket)  # noqa: S101 - this server has no other
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that goes away is no fault of the service; anything else is told."""
        del request, client_address
        error = sys.exception()
        if not isinstance(error, OSError):
            self.service.unexpected.append(f"the fake service failed: {error!r}")

    def stop(self) -> None:
        """Close the port, then every connection, and wait for their threads."""
        self.stopping.set()
        self.shutdown()
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the caller was faster
        self.thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection: request after request, as HTTP/1.1 keeps it."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Answer."""
        self._answer()

    do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_GET  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Stay quiet: what came is in `seen`."""

    def _answer(self) -> None:
        length = min(int(self.headers.get("Content-Length", "0")), _MAX_BODY_BYTES)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        if len(body) < length:  # the connection ended inside the request: nobody asked anything
            self.close_connection = True
            return
        seen = Seen(self.command, self.path, headers, body)
        reply = self.server.service.reply_to(seen, self.server.stopping)
        if reply is None:
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.stream is None:
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            return
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = True
        for chunk in reply.stream:
            if self.server.stopping.is_set():
                return
            self.wfile.write(chunk)
            self.wfile.flush()
