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
import socket
import ssl
from collections.abc import Iterator
from typing import Final, Self

import httpx

from alerts.channel import OneWay, Outcome, failed, refused_by_mode, sent
from alerts.envelope import envelope
from alerts.message import Message

__all__ = ["Webhook"]

_CONNECT_S: Final = 2.0
_TOTAL_S: Final = 4.0


class Webhook(OneWay):
    """A channel of one HTTP client.

    Args:
        token: sent as a bearer token when there is one.
        connect_s: time for the connection.
        total_s: time for everything, also for a name service that does not answer.
    """

    name: Final = "webhook"

    def __init__(
        self,
        token: str | None = None,
        connect_s: float = _CONNECT_S,
        total_s: float = _TOTAL_S,
    ) -> None:
        self._total_s = total_s
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=httpx.Timeout(total_s, connect=connect_s),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        """Return the channel itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the client."""
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def send(self, message: Message) -> Outcome:
        """Post the message; never raises for what the network or the server does."""
        if refusal := refused_by_mode(message, self.name):
            return refusal
        try:
            async with asyncio.timeout(self._total_s):
                status = await self._post(message)
        except (TimeoutError, httpx.TimeoutException):
            return failed("timed out")
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
            return failed(f"bad address: {error}")
        except httpx.HTTPError as error:
            return failed(_reason(error))
        if httpx.codes.is_success(status):
            return sent(f"http {status}")
        return failed(f"http {status}")

    async def _post(self, message: Message) -> int:
        body = envelope(
            message.delivery,
            message.alarm,
            message.mode,
            message.priority.value,
            late=message.late,
            may_repeat=message.may_repeat,
            attempt=message.attempt,
        )
        headers = {"Idempotency-Key": message.delivery}
        # The answer's body is never read: its size is the server's choice.
        async with self._client.stream(
            "POST", message.address, json=body, headers=headers
        ) as answer:
            return answer.status_code


def _reason(error: httpx.HTTPError) -> str:
    """Name what was wrong, from the deepest cause that is known by name."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return "dns"
        if isinstance(cause, ssl.SSLError):
            return f"tls: {cause.reason or cause}"
        if isinstance(cause, ConnectionRefusedError):
            return "refused"
    if isinstance(error, httpx.ConnectError):
        return f"no connection: {error}"
    return f"connection lost: {type(error).__name__}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from _causes(part)
        error = error.__cause__ or error.__context__
