"""E-mail: slow and without any proof, for a person who reads it later or when all else has failed.

SENT means that the mail server answered 250 after the data. Nobody's reading is known, a reply is
not read, and a mail that is out stays out. Each mail has a thread of its own, bounded to 4 s in all
with the name service: a thread that hangs there longer is left to end by itself, and the message
has failed. This module never retries.

    email = Email(EmailSettings("mail.example.org", user="hub", sender="hub@example.org"), password)
    outcome = await email.send(message)     # SENT, or FAILED "login refused (535)"
"""

import ssl
from datetime import datetime
from typing import Final

from alerts.channel import OneWay, Outcome, failed, sent
from alerts.email_smtp import Attempt
from alerts.email_wire import EmailSettings, address_fault, compose, server_url
from alerts.guard import refusal
from alerts.message import Message
from alerts.own_threads import OwnThreads

__all__ = ["Email"]

_STEP_S: Final = 2.0
_TOTAL_S: Final = 4.0
# Threads that wait for a dead name service end within its own limits; this bounds them till then.
_MOST_THREADS: Final = 64


class Email(OneWay):
    """A channel to the mailboxes that one mail server takes mail for.

    Args:
        settings: the server and the sender.
        secret: the password of `settings.user`.
        total_s: time for one mail, with everything.
        trusted: what the server's certificate is held against; None is what this machine trusts.
    """

    name: Final = "email"

    def __init__(
        self,
        settings: EmailSettings,
        secret: str,
        total_s: float = _TOTAL_S,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._settings, self._secret, self._total_s = settings, secret, total_s
        self._trusted = trusted
        self._threads = OwnThreads("email", _MOST_THREADS)

    async def send(self, message: Message) -> Outcome:
        """Send the mail; never raises for what the network or the server does."""
        if why := refusal(message.mode, self.name, server_url(self._settings)):
            return failed(why)
        if why := address_fault(message.address):
            return failed(f"the address {why}")
        if self._threads.full:
            return failed(f"{_MOST_THREADS} mails already wait for the mail server")
        content = compose(
            self._settings,
            message.address,
            message.preview,
            link=message.link,
            priority=message.priority.value,
            delivery=message.delivery,
            at=datetime.now().astimezone(),
        )
        why = await self._send(message.address, content)
        return failed(why) if why else sent("taken by the mail server")

    async def _send(self, to: str, content: bytes) -> str:
        """Run one attempt in a thread of its own; return why it failed, or nothing."""
        attempt = Attempt(
            self._settings, self._secret, min(_STEP_S, self._total_s), trusted=self._trusted
        )
        try:
            return await self._threads.run(lambda: attempt.send(to, content), self._total_s)
        finally:
            # Also when the message is withdrawn: a mail that nobody needs is not begun anew.
            attempt.stop()
