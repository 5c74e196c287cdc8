"""A fake mail server on 127.0.0.1: the conversation of `mail_session` behind a socket, with TLS.

with FakeMail() as service:
    email = Email(service.settings(), "")
    ...
    service.mails                       # what was taken
"""

import socket
import socketserver
import ssl
import sys
import threading
from collections import deque
from types import TracebackType
from typing import Final, Self

from alerts.email_wire import EmailSettings
from simulators.services.faults import NONE, Faults
from simulators.services.http import UnexpectedRequestError
from simulators.services.mail_session import USER, Mail, MailSession, Next, Rules

__all__ = ["FakeMail"]

_KEPT: Final = 1_000
_MOST_LINE: Final = 2_000
_NEVER_S: Final = 60.0


class FakeMail:
    """The server while the `with` block runs.

    Args:
        rules: what it offers and refuses.
        faults: `refuse`, `hang`, `slow_ms` (before each reply) and `broken_body` (no SMTP at all).
        context: the server's certificate, for STARTTLS, or from the first byte with `implicit`.
        implicit: TLS from the first byte.

    Raises:
        UnexpectedRequestError: at the end, when a client said what none may say.
    """

    def __init__(
        self,
        rules: Rules | None = None,
        faults: Faults = NONE,
        context: ssl.SSLContext | None = None,
        *,
        implicit: bool = False,
    ) -> None:
        self.rules, self.faults = rules or Rules(), faults
        self.context, self.implicit = context, implicit
        self.mails: deque[Mail] = deque(maxlen=_KEPT)
        self.unexpected: deque[str] = deque(maxlen=_KEPT)
        self.ended = threading.Event()

    def settings(self) -> EmailSettings:
        """Return the settings that reach this server."""
        security = "plain"
        if self.context is not None:
            security = "tls" if self.implicit else "starttls"
        user = USER if self.rules.login else ""
        return EmailSettings("localhost", self._port, security, user, "vigil@example.org")

    def __enter__(self) -> Self:
        """Listen; with the fault `refuse` the port is only kept free."""
        self._server = _Server(("127.0.0.1", 0), self)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="fake mail"
        )
        self._thread.start()
        if self.faults.refuse:
            self._close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening, let every waiting client go, and raise what was not expected."""
        self._close()
        if self.unexpected and kind is None:
            raise UnexpectedRequestError("; ".join(self.unexpected))

    def _close(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], service: FakeMail) -> None:
        self.service = service
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in mid-sentence is no fault of the server; all else is told."""
        del request, client_address
        error = sys.exception()
        if not isinstance(error, OSError):
            self.service.unexpected.append(f"the fake server failed: {error!r}")


class _Handler(socketserver.BaseRequestHandler):
    """One connection."""

    server: _Server
    request: socket.socket

    def handle(self) -> None:
        """Talk until the client or the rules end it."""
        service = self.server.service
        if service.faults.hang:
            service.ended.wait(_NEVER_S)
            return
        if service.faults.broken_body:
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            return
        if service.implicit and service.context is not None:
            self.request = service.context.wrap_socket(self.request, server_side=True)
        session = MailSession(service.rules)
        self._say(session.greeting())
        reader = self.request.makefile("rb")
        while session.next is not Next.CLOSE and (line := reader.readline(_MOST_LINE)):
            self._say(session.line(line.rstrip(b"\r\n")))
            service.unexpected.extend(session.unexpected)
            session.unexpected.clear()
            if session.next is Next.TLS and service.context is not None:
                self.request = service.context.wrap_socket(self.request, server_side=True)
                reader = self.request.makefile("rb")
                session.secured()
            elif session.next is Next.DATA:
                content = bytearray()
                while (line := reader.readline(_MOST_LINE)) not in (b".\r\n", b""):
                    content += line.removeprefix(b".")
                said = session.content(bytes(content))
                service.mails.extend(session.mails)
                session.mails.clear()
                self._say(said)

    def finish(self) -> None:
        """Close the connection, which TLS may have wrapped in another socket."""
        self.request.close()

    def _say(self, lines: list[str]) -> None:
        service = self.server.service
        if service.faults.slow_ms:
            service.ended.wait(service.faults.slow_ms / 1000)
        self.request.sendall("".join(f"{line}\r\n" for line in lines).encode("ascii"))
