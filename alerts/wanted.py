"""Whether a message is still wanted, given who has taken its alarm.

A rung is needless once an acceptance stops the calls to its person. Some messages are no rungs:
P0 and a hand-over inform a person whoever has accepted; a reminder is for the person who has; a
call is asked for until somebody has called. Nothing here cancels anything.

    why_needless(care, delivery, waits=False)   -> "accepted by lee"
"""

from alerts.care import Care
from alerts.delivery import Delivery
from alerts.sending import CALLBACK, HAND_OVER, P0, REMINDER

__all__ = ["why_needless"]


def why_needless(care: Care | None, delivery: Delivery, *, waits: bool) -> str | None:
    """Why an acceptance makes this message needless; None: it is still wanted.

    `care` is its alarm (None: no alarm in hand), `waits`: a call about it is still to come.
    """
    if delivery.rung == CALLBACK:
        return None if waits else "nobody waits for a call any more"
    if care is None:
        return None
    has_it = delivery.contact in care.leases
    if delivery.rung in (P0, HAND_OVER):
        return f"accepted by {delivery.contact}" if has_it else None
    if delivery.rung == REMINDER:
        return None if has_it else f"{delivery.contact} has it no more"
    stopped_by = care.stopped_for(delivery.person.role)
    return None if stopped_by is None else f"accepted by {stopped_by}"
