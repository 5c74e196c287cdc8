"""A webhook: one HTTP POST to the address of one person, bounded to 4 s in all.

A 2xx answer means that somebody's server took the message, never that a person has heard it. The
body says "Session needs you", marks and record names and nothing about the patient; the delivery's
name is the idempotency key, so that a service which honours it never rings twice. Redirects and
the environment's proxies are not followed: only the address that was configured is asked. This
module never retries; the ladder does.

    async with Webhook(token) as webhook:
        outcome = await webhook.send(message)      # SENT, or FAILED "refused", "dns", "http 500"
"""

import asyncio
import json
from typing import Final, Self

import httpx

from alerts.channel import OneWay, Outcome, failed, refused_by_mode, sent
from alerts.envelope import envelope
from alerts.http_way import CONNECT_S, TOTAL_S, HttpWay, why_lost
from alerts.http_wire import Request
from alerts.message import Message

__all__ = ["Webhook"]


class Webhook(OneWay):
    """A channel of one HTTP client.

    Args:
        token: sent as a bearer token when there is one.
        connect_s: time for the connection.
        total_s: time for everything, also for a name service that does not answer.
    """

    name: Final = "webhook"

    def __init__(
        self, token: str | None = None, connect_s: float = CONNECT_S, total_s: float = TOTAL_S
    ) -> None:
        self._total_s = total_s
        self._authorization = (("Authorization", f"Bearer {token}"),) if token else ()
        self._http = HttpWay(connect_s, total_s)

    async def __aenter__(self) -> Self:
        """Return the channel itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the client."""
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._http.close()

    async def send(self, message: Message) -> Outcome:
        """Post the message; never raises for what the network or the server does."""
        if refusal := refused_by_mode(message, self.name):
            return refusal
        try:
            # The answer's body is never read: its size and its pace are the server's choice.
            async with (
                asyncio.timeout(self._total_s),
                self._http.stream(self._request(message)) as answer,
            ):
                status = answer.status_code
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            return failed(why_lost(error))
        said = f"http {status}"
        return sent(said) if httpx.codes.is_success(status) else failed(said)

    def _request(self, message: Message) -> Request:
        body = envelope(
            message.delivery,
            message.alarm,
            message.mode,
            message.priority.value,
            late=message.late,
            may_repeat=message.may_repeat,
            attempt=message.attempt,
        )
        headers = (
            ("Content-Type", "application/json"),
            ("Idempotency-Key", message.delivery),
            *self._authorization,
        )
        return Request("POST", message.address, headers, json.dumps(body).encode())
