"""An answer that comes back by the very way of a message: whose it is, and what it still means.

A named person's answer is worth more than any other news of a message, however late. It is held
against what the person was told: somebody who takes a medium alarm has not taken the high one that
it has become, and who takes a call-back has not called yet. The same answer once more is said and
changes nothing; another answer by the same message is the person's later word. Nothing here decides
what an acceptance stops.

    answered(system, "oxygen@0/lee/1@60000", Verdict.ACCEPT, "key 1", at_ms=72_000)   -> None: taken
"""

from typing import TYPE_CHECKING

from alerts.delivery import Delivery, DeliveryState, Verdict
from alerts.sending import CALLBACK

if TYPE_CHECKING:
    from alerts.system import AlarmSystem

__all__ = ["answered"]


def answered(
    system: "AlarmSystem", delivery_id: str, verdict: Verdict, detail: str, at_ms: int
) -> str | None:
    """Take one answer. Returns why it takes or gives up nothing, or None."""
    delivery = system.post.deliveries.get(delivery_id)
    if delivery is None:
        return f"no message {delivery_id} is known: it is too old, or was never sent"
    person = delivery.person
    if delivery.verdict is verdict:
        why = f"{person.id} says {verdict.value} once more"
        system.post.skip(delivery.alarm, "answer", why, at_ms)
        return None
    if delivery.state is not DeliveryState.ANSWERED:
        # Every other state may become this one: a person's answer is never too late to be true.
        system.post.report(delivery_id, DeliveryState.ANSWERED, detail, at_ms)
    delivery.verdict = verdict
    if delivery.rung == CALLBACK:
        calls = system.callbacks
        take = calls.promised if verdict is Verdict.ACCEPT else calls.declined
        return take(delivery.alarm, person.id, at_ms)
    if verdict is Verdict.REJECT:
        return system.reject(delivery.alarm, person.id, person.role, at_ms)
    return _no_more(system, delivery) or system.accept(
        delivery.alarm, person.id, person.role, at_ms
    )


def _no_more(system: "AlarmSystem", delivery: Delivery) -> str | None:
    """Why an acceptance of this message is none of its alarm, or None."""
    person, care = delivery.person, system.cares.get(delivery.alarm)
    if person not in system.post.contacts:
        return f"{person.id} is no longer on call, somebody else is being told"
    if care is not None and delivery.rank < care.rank:
        return (
            f"{delivery.alarm} was upgraded since message {delivery.id}: {person.id} has not"
            f" taken it as it is now, {care.priority.value}"
        )
    return None
