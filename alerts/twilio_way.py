"""What both ways of Twilio share: the account, the connection, and asking again and again.

Asks one question at a time within the bounds of `HttpWay`, reads the answer or says why there is
none, and waits between two rounds: shorter for a fresh message, for ever when nothing is open.
Never logs a number or a secret.

    class Sms(TwilioWay): ...
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import structlog

from alerts.channel import OnNews
from alerts.guard import refusal
from alerts.http_way import CONNECT_S, HttpWay
from alerts.http_wire import Request
from alerts.message import Message
from alerts.twilio_reply import why_refused
from alerts.twilio_wire import TwilioSettings, number_fault

__all__ = ["CANNOT_READ", "TwilioWay", "day_before", "now_ms"]

CANNOT_READ: Final = "the service's answer could not be read"

# A fresh message is asked after as often as the settings say, an older one five times less often.
_FRESH_MS: Final = 60_000
_SLOWER: Final = 5

_T = TypeVar("_T")

log = structlog.get_logger("vigil.twilio")


class TwilioWay:
    """The part of a channel that knows how to ask the service.

    Attributes:
        listening: the last question was answered.
        not_listening_why: why it was not; empty while it is.
    """

    def __init__(
        self, name: str, settings: TwilioSettings, secret: str, on_news: OnNews, total_s: float
    ) -> None:
        self._name, self.settings, self.secret, self.on_news = name, settings, secret, on_news
        self._http = HttpWay(min(CONNECT_S, total_s), total_s)
        self.wake = asyncio.Event()
        self.listening = False
        self.not_listening_why = "not asked yet"

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()

    def not_now(self, message: Message) -> str | None:
        """Say why a message must not or cannot go out, or None."""
        if why := refusal(message.mode, self._name, self.settings.base_url):
            return why
        if missing := self.settings.missing(self._name):
            return f"{self._name} is not set up: {', '.join(missing)} must be set in config.toml"
        if fault := number_fault(message.address):
            return f"the address {fault}"
        return None

    async def ask(
        self, request: Request, read: Callable[[bytes], _T], *, created: bool = False
    ) -> _T | str:
        """Ask once; return what was read, or why there is nothing."""
        reply = await self._http.ask(request)
        if why := reply.why or why_refused(reply.status, reply.body, created=created):
            return why
        try:
            return read(reply.body)
        except ValueError:
            return CANNOT_READ

    def heard(self, why: str) -> None:
        """Note whether the service could be asked; said once for each change."""
        if why and why != self.not_listening_why:
            log.warning("receipts and answers cannot be asked for", channel=self._name, why=why)
        elif not why and not self.listening:
            log.info("receipts and answers are asked for", channel=self._name)
        self.listening, self.not_listening_why = not why, why

    async def rest(self, age_ms: int | None) -> None:
        """Wait until it is time to ask again: at once for a new message, for ever for none."""
        pause_s = None
        if age_ms is not None:
            slower = 1 if age_ms < _FRESH_MS else _SLOWER
            pause_s = self.settings.poll_ms * slower / 1000
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self.wake.wait()
        # Before anything is looked at, so that what comes meanwhile wakes the next rest.
        self.wake.clear()


def now_ms() -> int:
    """Return a steady time of this process."""
    return time.monotonic_ns() // 1_000_000


def day_before() -> str:
    """Return yesterday in UTC: no answer to a message of today is older."""
    return (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
