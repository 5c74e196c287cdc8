"""What goes out after an outage of the hub, and what is only recorded.

While the hub did not run, rungs became due that nobody was told of, and messages were under way of
which nothing is known. Each person is told once of the first, at the highest rung reached, marked
late; each of the second goes out once more by its way, marked as a possible repeat, unless its
person is told late by that way of that alarm anyway (design section 3, Recovery and Identity). What
was sent is not sent again: its time to be confirmed begins anew.

    hold(post)                      the hub did not run
    release(post, at_ms=90_000)     it runs again
"""

from msgspec import Struct

from alerts.delivery import Delivery, DeliveryState
from alerts.effects import CancelSend, Send
from alerts.post import Post

__all__ = ["AfterOutage", "hold", "release", "sort_out"]


class AfterOutage(Struct, frozen=True):
    """What to do with each message.

    `passed_by`: due during the outage, not sent, and why. `late`: the ids of those that go out
    late. `again`: every message to send now, with the reason why one is not sent after all
    (None: it is). `replaced`: the ids of those that stand for one that may have gone out.
    """

    passed_by: list[tuple[Send, str]]
    late: frozenset[str]
    again: list[tuple[Delivery, str | None]]
    replaced: frozenset[str]


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
    replaced = set()
    for delivery in under_way.values():
        last = newest[delivery.alarm, delivery.contact, delivery.way]
        if last == delivery.id:
            again.append((delivery, None))
        else:
            again.append((delivery, f"told again by {last}"))
            replaced.add(last)
    late = frozenset(send.delivery for send in chosen.values())
    return AfterOutage(passed_by, late, again, frozenset(replaced))


def hold(post: Post) -> None:
    """The hub did not run: what becomes due now is record only, until `release`.

    No channel could report meanwhile, so that a message under way has not timed out.
    """
    post.held = []
    post.unconfirmed = [d for d in post.deliveries.values() if post.bag.watched(d)]
    for delivery in post.unconfirmed:
        post.bag.unwatch(delivery)


def release(post: Post, at_ms: int) -> None:
    """The hub runs again: each person is told once, at the highest rung reached, marked late.

    A message that had been decided and of which nothing is known goes out again, marked as a
    possible repeat: loss is never allowed, one repeat a way is.
    """
    held, post.held = post.held or [], None
    unconfirmed, post.unconfirmed = post.unconfirmed, []
    for delivery in unconfirmed:
        if delivery.state is DeliveryState.SENT and post.withdrawal.why(delivery) is None:
            post.bag.watch(delivery, at_ms)
    after = sort_out(held, list(post.deliveries.values()))
    for send, why in after.passed_by:
        post.deliveries[send.delivery].state = DeliveryState.CANCELLED
        post.skip(send.alarm, send.rung, why, at_ms)
    for delivery, newer in after.again:
        why_not = post.withdrawal.why(delivery) or newer
        if why_not is not None:
            delivery.state, delivery.withdrawn = DeliveryState.CANCELLED, True
            post.emit(CancelSend(at_ms=at_ms, delivery=delivery.id, reason=why_not))
        else:
            late = delivery.id in after.late
            repeat = not late or delivery.id in after.replaced
            post.go_out(delivery, at_ms, late=late, may_repeat=repeat)
