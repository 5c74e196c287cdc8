"""E-mail as bytes: what a message looks like, and which settings and addresses can be used.

The text says "Session needs you" and the page's link, nothing about the patient: mail passes
through many hands and stays in them. The Message-ID is made from the delivery's name, so that a
repeat after a kill is the same mail to every program that honours it. This module opens no
connection and reads no clock. Standard library only, because the supervisor writes the same mail.

Sources: RFC 5322 (message format), RFC 3834 section 5 (Auto-Submitted, so that no holiday reply
comes back), RFC 2156 section 5.3.4 (Importance).

>>> address_fault("dr.lee@example.org") is None
True
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from alerts.guard import refusal

__all__ = ["SECURITY", "EmailSettings", "address_fault", "compose", "server_url"]

SECURITY: Final = ("starttls", "tls", "plain")
"""How a connection is kept private: from an upgrade on, from the first byte, not at all."""

# One mailbox as people have it: ASCII, no quoted local part, no comment, no address literal.
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_LONGEST_ADDRESS: Final = 254
_HOST: Final = re.compile(r"[A-Za-z0-9.:-]{1,253}")
_HIGHEST_PORT: Final = 65535
_IMPORTANCE: Final = {"high": "high", "medium": "normal", "low": "low"}


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """Which mail server, as whom.

    `security` is one of `SECURITY`; plain is for this machine only. `user` logs in with the secret
    of the channel; empty sends without a login. `sender` is the address that mail comes from.

    Raises:
        ValueError: one of them cannot be used; says which, and what to write.
    """

    host: str = "localhost"
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = "vigil@localhost"

    def __post_init__(self) -> None:
        if not _HOST.fullmatch(self.host):
            raise ValueError(f"host {self.host!r} is no host: write it like mail.example.org")
        if not 1 <= self.port <= _HIGHEST_PORT:
            raise ValueError(f"port {self.port} is no port: use 1 to 65535, 587 as a rule")
        if self.security not in SECURITY:
            raise ValueError(f"security {self.security!r} is unknown: use one of {list(SECURITY)}")
        if self.security == "plain" and not self._is_on_this_machine:
            raise ValueError("security 'plain' is for this machine only: use 'starttls' or 'tls'")
        if not (self.user.isascii() and self.user.isprintable()):
            raise ValueError("user has characters that a login cannot have: write ASCII")
        if why := address_fault(self.sender):
            raise ValueError(f"sender {self.sender!r} {why}")

    @property
    def _is_on_this_machine(self) -> bool:
        # The guard knows which hosts are this machine: ask what a test may reach.
        return refusal("test", "webhook", f"http://{_bracketed(self.host)}/") is None


def server_url(settings: EmailSettings) -> str:
    """Return the server as a URL, for whoever must know which host will be contacted.

    >>> server_url(EmailSettings("::1", 25, "plain"))
    'smtp://[::1]:25'
    """
    return f"smtp://{_bracketed(settings.host)}:{settings.port}"


def address_fault(address: str) -> str | None:
    """Say why mail cannot go to this address, or None."""
    if len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address):
        return None
    return "is no e-mail address: write it like name@example.org, in ASCII"


def compose(
    settings: EmailSettings,
    to: str,
    text: str,
    *,
    link: str,
    priority: str,
    delivery: str,
    at: datetime,
) -> bytes:
    """Return the mail, ready for SMTP: ASCII, lines of at most 998 bytes, CRLF.

    Args:
        settings: the sender's address.
        to: one address; `address_fault` has passed it.
        text: what may pass through other people's servers (`Message.preview`).
        link: the session's page; empty when there is none.
        priority: high, medium or low.
        delivery: the message's name, from which the Message-ID is made.
        at: when it is sent, with its zone.
    """
    name = hashlib.sha256(delivery.encode()).hexdigest()[:32]
    mail = EmailMessage(SMTP)
    mail["From"] = settings.sender
    mail["To"] = to
    mail["Subject"] = text
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{name}@{settings.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Importance"] = _IMPORTANCE[priority]
    lines = [text, *([link] if link else []), "", "A reply to this mail is not read by anybody."]
    mail.set_content("\n".join(lines) + "\n", cte="quoted-printable")
    return mail.as_bytes()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
