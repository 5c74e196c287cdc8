"""What goes out after an outage of the hub, and what is only recorded.

While the hub did not run, rungs became due that nobody was told of, and messages were under way of
which nothing is known. Each person is told once of the first, at the highest rung reached; each of
the second goes out once more by its way, as a possible repeat (design section 3, Recovery and
Identity). This module sends nothing and changes nothing.

    sort_out(held, deliveries).late   -> {"oxygen@0/dr-lee/1@60000"}
"""

from msgspec import Struct

from alerts.delivery import Delivery, DeliveryState
from alerts.effects import Send

__all__ = ["AfterOutage", "sort_out"]


class AfterOutage(Struct, frozen=True):
    """What to do with each message.

    `passed_by`: due during the outage, not sent, and why. `late`: the ids of those that go out
    late. `again`: every message to send now, with the reason why one is not sent after all
    (None: it is).
    """

    passed_by: list[tuple[Send, str]]
    late: frozenset[str]
    again: list[tuple[Delivery, str | None]]


def sort_out(held: list[Send], deliveries: list[Delivery]) -> AfterOutage:
    """Sort what was held back and what was under way, oldest first.

    Of the held ones each person gets that of the highest priority, the latest of equals: the
    highest rung of the worst alarm.
    """
    under_way = {d.id: d for d in deliveries if d.state is DeliveryState.INTENT}
    chosen: dict[str, Send] = {}
    waiting = [send for send in held if send.delivery in under_way]
    for send in waiting:
        best = chosen.get(send.contact)
        if best is None or send.priority.rank >= best.priority.rank:
            chosen[send.contact] = send
    passed_by = []
    for send in waiting:
        told = chosen[send.contact].delivery
        if told != send.delivery:
            why = f"due while the hub did not run; {send.contact} is told by {told}"
            passed_by.append((send, why))
            del under_way[send.delivery]
    newest = {(d.alarm, d.contact, d.way): d.id for d in under_way.values()}
    again: list[tuple[Delivery, str | None]] = []
    for delivery in under_way.values():
        last = newest[delivery.alarm, delivery.contact, delivery.way]
        again.append((delivery, None if last == delivery.id else f"told again by {last}"))
    return AfterOutage(passed_by, frozenset(s.delivery for s in chosen.values()), again)
