"""A way out of the house for one message: the one protocol behind which every channel stands.

A channel takes a message and answers with what is known: `SENT` (handed over, nothing more) or
`FAILED` with a named reason. It never retries, never chooses the next way and never decides whether
a person has heard it: the ladder does (`escalation`). A channel answers within its own bound and
raises nothing for a failure of the outside world.

>>> failed("refused").reason
'refused'
"""

from typing import Protocol

from msgspec import Struct

from alerts.delivery import DeliveryState
from alerts.guard import refusal
from alerts.message import Message

__all__ = ["Channel", "Outcome", "failed", "refused_by_mode", "sent"]


class Outcome(Struct, frozen=True):
    """What became of one attempt; `reason` names a failure and may add detail to a success."""

    state: DeliveryState
    reason: str = ""


def sent(detail: str = "") -> Outcome:
    """Handed over to the channel. Sent is not heard."""
    return Outcome(DeliveryState.SENT, detail)


def failed(reason: str) -> Outcome:
    """Not handed over, and why: the next way starts at once."""
    return Outcome(DeliveryState.FAILED, reason)


def refused_by_mode(message: Message, channel: str) -> Outcome | None:
    """Answer for a message that its mode keeps at home; None when it may go out.

    Every channel asks this before it does anything else, so that a caller cannot forget it.
    """
    why = refusal(message.mode, channel, message.address)
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
