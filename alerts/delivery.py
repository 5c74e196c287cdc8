"""What is known of one message to one person by one way: a table of states.

"Sent" says that a service took the message, never that anybody heard it: it stops no time-out. A
state that the table does not allow is refused and changes nothing; a late "sent" after a time-out
is allowed, because it is true, but the next way has long been started by then.

>>> step(DeliveryState.INTENT, DeliveryState.SENT)
<DeliveryState.SENT: 'sent'>
"""

from enum import StrEnum

from msgspec import Struct

from alerts.condition import Priority
from alerts.contact import Contact

__all__ = [
    "RETRY_AFTER_MS",
    "TABLE",
    "TIMEOUT_MS",
    "Delivery",
    "DeliveryState",
    "Verdict",
    "is_failure",
    "step",
]

# `clinical.md` 2.5 CH-FAIL: "notification not confirmed delivered in 15 s -> next channel".
TIMEOUT_MS = 15_000
# The failed way is tried again beside the next one, this long after its first failure.
RETRY_AFTER_MS = (1_000, 3_000)


class DeliveryState(StrEnum):
    """What is known of one message."""

    INTENT = "intent"
    SENT = "sent"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What a named person answered through a channel: takes it, or cannot."""

    ACCEPT = "accept"
    REJECT = "reject"


_D = DeliveryState

TABLE: dict[DeliveryState, frozenset[DeliveryState]] = {
    _D.INTENT: frozenset(
        {_D.SENT, _D.DELIVERED, _D.ANSWERED, _D.FAILED, _D.TIMED_OUT, _D.CANCELLED}
    ),
    _D.SENT: frozenset({_D.DELIVERED, _D.ANSWERED, _D.FAILED, _D.TIMED_OUT, _D.CANCELLED}),
    _D.DELIVERED: frozenset({_D.ANSWERED, _D.CANCELLED}),
    _D.TIMED_OUT: frozenset({_D.SENT, _D.DELIVERED, _D.ANSWERED, _D.FAILED}),
    _D.ANSWERED: frozenset(),
    # A person's answer and a receipt stay true when the channel had given the message up.
    _D.FAILED: frozenset({_D.DELIVERED, _D.ANSWERED}),
    _D.CANCELLED: frozenset({_D.SENT, _D.DELIVERED, _D.ANSWERED, _D.FAILED}),
}


def step(state: DeliveryState, new: DeliveryState) -> DeliveryState | None:
    """Return the new state, or None when the table does not allow it."""
    return new if new in TABLE[state] else None


def is_failure(state: DeliveryState) -> bool:
    """The next way must start at once."""
    return state in (DeliveryState.FAILED, DeliveryState.TIMED_OUT)


class Delivery(Struct):
    """One message to one person by one way. `person` is as they were when it was decided.

    `attempt` is 1, or 2 and 3 for the retries of a way that failed. `rank` is the alarm's when it
    was decided, `begun_ms` when the attempt to reach the person began whose next way this is;
    `alone`: nothing follows its failure. `sent_ms` and `reached_ms`: since when it is known to be
    out, and with its person as far as the way can tell. `unwanted` says why nobody needs to be told
    any more (empty: somebody does); `withdrawn`: the channel was asked to stop it; `residual`: it
    went out all the same. `verdict` is the person's last answer to it.
    """

    id: str
    alarm: str
    contact: str
    way: int
    rung: str
    attempt: int
    state: DeliveryState
    at_ms: int
    priority: Priority
    person: Contact
    rank: int
    begun_ms: int
    alone: bool = False
    detail: str = ""
    sent_ms: int | None = None
    reached_ms: int | None = None
    unwanted: str = ""
    withdrawn: bool = False
    residual: bool = False
    verdict: Verdict | None = None

    @property
    def channel(self) -> str:
        """The channel of its way."""
        return self.person.ways[self.way].channel
