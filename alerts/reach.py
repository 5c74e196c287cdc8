"""Who cannot be reached by any way: known from what became of their messages, nothing else.

An attempt to reach a person begins with one message and goes on by their next ways. When all of it
has failed, nothing more of it is to come, and no message has reached them since it began, the
person cannot be reached (CH-FAIL). One message that reaches them ends that. A way that can prove no
more than "sent" has done all it can with that. Nothing here chooses who is told instead.

    reach.failed(bag, delivery)
    reach.take_news()               -> [("lee", "cannot reach Dr Lee: voice: refused")]
"""

from alerts.delivery import Delivery, DeliveryState
from alerts.postbag import Postbag
from alerts.proof import proof_of

__all__ = ["Reach", "has_reached"]


def has_reached(delivery: Delivery) -> bool:
    """As far as its way can tell, the person has it."""
    if delivery.state in (DeliveryState.DELIVERED, DeliveryState.ANSWERED):
        return True
    return delivery.state is DeliveryState.SENT and not proof_of(delivery.channel).delivered


class Reach:
    """The people of one session who cannot be reached, by id, with why; `news` is not told yet."""

    def __init__(self) -> None:
        self.lost: dict[str, str] = {}
        self.news: list[tuple[str, str | None]] = []

    def failed(self, bag: Postbag, delivery: Delivery) -> None:
        """One message has failed: see whether the person cannot be reached since just now."""
        contact, since_ms = delivery.contact, delivery.begun_ms
        if delivery.alone or contact in self.lost:
            return
        about = bag.about(delivery.alarm)
        if any(bag.open(d) for d in about if (d.contact, d.begun_ms) == (contact, since_ms)):
            return
        reached = (d.reached_ms for d in bag.deliveries.values() if d.contact == contact)
        if any(at_ms is not None and at_ms >= since_ms for at_ms in reached):
            return
        why = f"cannot reach {delivery.person.name}: {delivery.channel}: {delivery.detail}"
        self.lost[contact] = why
        self.news.append((contact, why))

    def take_news(self) -> list[tuple[str, str | None]]:
        """What has changed since the last call: person and why (None: they can be reached)."""
        news, self.news = self.news, []
        return news

    def over(self, contact: str) -> None:
        """This person can be reached again, or need not be."""
        if self.lost.pop(contact, None) is not None:
            self.news.append((contact, None))
