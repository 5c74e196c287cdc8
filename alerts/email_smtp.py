"""One mail to one SMTP server, and a name for everything that can go wrong.

It blocks, so a thread runs it; `stop` from any other thread cuts the connection. The mail counts as
taken when the server says 250 after the data, not before, and what the server says to the farewell
changes nothing. Standard library only, because the supervisor sends mail with it too. Neither the
password nor the server's own words go into a reason: a server may repeat what it was told.

    attempt = Attempt(settings, password, step_s=2.0)
    why = attempt.send("dr.lee@example.org", content)       # "" or "login refused (535)"
"""

import smtplib
import socket
import ssl
from contextlib import suppress
from typing import Final

from alerts.email_wire import EmailSettings

__all__ = ["Attempt"]

# An address literal (RFC 5321 4.1.3): asking for this machine's own name may wait for a dead
# name service.
_OWN_NAME: Final = "[127.0.0.1]"

_REFUSALS: Final[tuple[tuple[type[smtplib.SMTPResponseException], str], ...]] = (
    (smtplib.SMTPAuthenticationError, "login refused"),
    (smtplib.SMTPSenderRefused, "sender refused"),
    (smtplib.SMTPDataError, "mail refused"),
    (smtplib.SMTPConnectError, "the server takes nothing now"),
    (smtplib.SMTPResponseException, "the server refuses"),
)
_LOSSES: Final[tuple[tuple[type[OSError], str], ...]] = (
    (
        smtplib.SMTPNotSupportedError,
        "the server offers no STARTTLS or no login: check security, port and user",
    ),
    (smtplib.SMTPServerDisconnected, "connection lost"),
    (TimeoutError, "timed out"),
    (socket.gaierror, "dns"),
    (ConnectionRefusedError, "refused"),
    (ConnectionError, "connection lost"),
)


class Attempt:
    """One connection for one mail.

    Args:
        settings: the server and the sender.
        secret: the password of `settings.user`; unused without a user.
        step_s: time for the connection and for each answer of the server.
        trusted: what a server's certificate is held against; None is what this machine trusts.
    """

    def __init__(
        self,
        settings: EmailSettings,
        secret: str,
        step_s: float,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._settings, self._secret, self._step_s = settings, secret, step_s
        self._trusted = trusted
        self._server: smtplib.SMTP | None = None
        self._stopped = False

    def send(self, to: str, content: bytes) -> str:
        """Send one mail; return why the server has not taken it, or nothing when it has."""
        try:
            self._server = self._connect()
            if self._stopped:
                return "timed out"
            self._enter(self._server)
            self._server.sendmail(self._settings.sender, [to], content)
        except (OSError, smtplib.SMTPException) as error:
            return _why(error)
        else:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            return ""
        finally:
            if self._server is not None:
                self._server.close()

    def stop(self) -> None:
        """Cut the connection; `send` then returns soon. Whether the mail went out is not known."""
        self._stopped = True
        server = self._server
        connection = server.sock if server is not None else None
        if isinstance(connection, socket.socket):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> smtplib.SMTP:
        # Making one also waits for the greeting: `stop` must be able to reach it before that.
        host, port = self._settings.host, self._settings.port
        if self._settings.security == "tls":
            private = smtplib.SMTP_SSL.__new__(smtplib.SMTP_SSL)
            self._server = private
            smtplib.SMTP_SSL.__init__(
                private,
                host,
                port,
                local_hostname=_OWN_NAME,
                timeout=self._step_s,
                context=self._context(),
            )
            return private
        server = smtplib.SMTP.__new__(smtplib.SMTP)
        self._server = server
        smtplib.SMTP.__init__(server, host, port, local_hostname=_OWN_NAME, timeout=self._step_s)
        return server

    def _enter(self, server: smtplib.SMTP) -> None:
        if self._settings.security == "starttls":
            server.starttls(context=self._context())
        if self._settings.user:
            server.login(self._settings.user, self._secret)

    def _context(self) -> ssl.SSLContext:
        return self._trusted or ssl.create_default_context()


def _why(error: OSError | smtplib.SMTPException) -> str:
    """Name a failure; of the server's own words only the number is kept."""
    cause = error.__context__
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(cause, OSError):
        error = cause
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"recipient refused ({next(iter(error.recipients.values()))[0]})"
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code < 0:
            return "what answers is no mail server: check host and port"
        said = next(text for kind, text in _REFUSALS if isinstance(error, kind))
        return f"{said} ({error.smtp_code})"
    if isinstance(error, ssl.SSLError):
        return f"tls: {error.reason or type(error).__name__}"
    for kind, text in _LOSSES:
        if isinstance(error, kind):
            return text
    return f"no connection: {error.strerror or type(error).__name__}"
