"""What both ways of Twilio share: the account, the connection, and asking again and again.

Asks one question at a time within the bounds of `HttpWay` and reads the answer, or says why there
is none; `Asking` waits between two rounds. Never logs a number or a secret.

    class Sms(TwilioWay): ...
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from alerts.asking import Asking
from alerts.channel import OnNews
from alerts.guard import refusal
from alerts.http_way import CONNECT_S, HttpWay
from alerts.http_wire import Request
from alerts.message import Message
from alerts.twilio_reply import why_refused
from alerts.twilio_wire import TwilioSettings, number_fault

__all__ = ["CANNOT_READ", "TwilioWay", "day_before"]

CANNOT_READ: Final = "the service's answer could not be read"

_T = TypeVar("_T")


class TwilioWay(Asking):
    """The part of a channel that knows how to ask the service."""

    def __init__(
        self, name: str, settings: TwilioSettings, secret: str, on_news: OnNews, total_s: float
    ) -> None:
        super().__init__(name, settings.poll_ms)
        self._name, self.settings, self.secret, self.on_news = name, settings, secret, on_news
        self._http = HttpWay(min(CONNECT_S, total_s), total_s)

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


def day_before() -> str:
    """Return yesterday in UTC: no answer to a message of today is older."""
    return (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
