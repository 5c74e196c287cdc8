"""A way out of the house for one message: the one protocol behind which every channel stands.

A channel takes a message and answers with what is known: `SENT` (handed over, nothing more) or
`FAILED` with a named reason. It never retries, never chooses the next way and never decides whether
a person has heard it: the ladder does (`escalation`). A channel answers within its own bound and
raises nothing for a failure of the outside world.

>>> failed("refused").reason
'refused'
"""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from alerts.delivery import DeliveryState, Verdict
from alerts.guard import refusal
from alerts.message import Message

__all__ = ["Channel", "News", "OnNews", "OneWay", "Outcome", "failed", "refused_by_mode", "sent"]


class Outcome(Struct, frozen=True):
    """What became of one attempt; `reason` names a failure and may add detail to a success."""

    state: DeliveryState
    reason: str = ""


class News(Struct, frozen=True):
    """What a channel learns later of a message that it has sent.

    `state` is DELIVERED, FAILED or ANSWERED; only the last has a `verdict`. The person is the one
    whom the message was for: a channel knows a delivery's name, never a session or an alarm.
    """

    delivery: str
    state: DeliveryState
    detail: str = ""
    verdict: Verdict | None = None


OnNews = Callable[[News], None]
"""Takes news in the loop that the channel was made in; never raises."""


def sent(detail: str = "") -> Outcome:
    """Handed over to the channel. Sent is not heard."""
    return Outcome(DeliveryState.SENT, detail)


def failed(reason: str) -> Outcome:
    """Not handed over, and why: the next way starts at once."""
    return Outcome(DeliveryState.FAILED, reason)


def refused_by_mode(message: Message, channel: str, url: str | None = None) -> Outcome | None:
    """Answer for a message that its mode keeps at home; None when it may go out.

    Every channel asks this before it does anything else, so that a caller cannot forget it.

    Args:
        message: what should go out.
        channel: the channel's name.
        url: what will be contacted; None when that is the message's own address.
    """
    why = refusal(message.mode, channel, message.address if url is None else url)
    return None if why is None else failed(why)


class Channel(Protocol):
    """One way to people. `name` is the word that contacts and records use for it."""

    @property
    def name(self) -> str:
        """Return the channel's name, as `Way.channel` spells it."""
        ...

    async def send(self, message: Message) -> Outcome:
        """Hand the message over, or say within a bounded time why that failed."""
        ...

    async def cancel(self, delivery: str) -> None:
        """Stop a message that nobody needs any more, as far as this way can (hang up, resolve).

        Bounded in time, raises nothing; a message that is unknown or past stopping is let be.
        """
        ...

    async def run(self) -> None:
        """Listen for receipts and answers until cancelled; a way without any returns at once."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...


class OneWay:
    """The part of a channel that only sends: no receipt, no answer, nothing to stop."""

    async def cancel(self, delivery: str) -> None:
        """What is out stays out."""

    async def run(self) -> None:
        """Nobody answers by this way."""

    async def close(self) -> None:
        """Nothing is held."""
