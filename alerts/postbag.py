"""The messages of one session by name, with their timers: what is still known of each.

A message under way has a time-out, a way that failed has two retries. The bag is bounded, except
for what is urgent and open: top priority is exempt from every limit. It decides nothing about
people and sends nothing.

    bag.keep(delivery)
    bag.watch(delivery, at_ms=0)        -> timer ("timeout", id) at 15 000
"""

from alerts.condition import Priority
from alerts.delivery import RETRY_AFTER_MS, TIMEOUT_MS, Delivery, DeliveryState
from alerts.timers import Timers

__all__ = ["KEEP", "ORDER", "Postbag"]

# Message timers come after the alarms' own at one instant.
ORDER = 10_002
# Bound: so many messages of a session are remembered; older ones live in the journal.
KEEP = 500


class Postbag:
    """All messages that are remembered, oldest first."""

    def __init__(self, timers: Timers) -> None:
        self.timers = timers
        self.deliveries: dict[str, Delivery] = {}

    def keep(self, delivery: Delivery) -> None:
        """Remember one more; forget the oldest of those that may be forgotten."""
        self.deliveries[delivery.id] = delivery
        while len(self.deliveries) > KEEP:
            oldest = self._to_forget()
            if oldest is None:
                return
            self.unwatch(oldest)
            self._cancel_retries(oldest)
            del self.deliveries[oldest.id]

    def watch(self, delivery: Delivery, at_ms: int) -> None:
        """It must be confirmed in time from now on."""
        self.timers.set(("timeout", delivery.id), at_ms + TIMEOUT_MS, ORDER)

    def unwatch(self, delivery: Delivery) -> None:
        """Nothing more is expected of it."""
        self.timers.cancel(("timeout", delivery.id))

    def watched(self, delivery: Delivery) -> bool:
        """Whether it must still be confirmed."""
        return ("timeout", delivery.id) in self.timers

    def retry(self, delivery: Delivery, at_ms: int) -> None:
        """Its way has failed and is tried again beside the next."""
        for attempt, after_ms in enumerate(RETRY_AFTER_MS, start=2):
            self.timers.set(("retry", f"{delivery.id}#{attempt}"), at_ms + after_ms, ORDER)

    def forget_retries(self, delivery: Delivery) -> None:
        """This way to this person needs no second try about this alarm."""
        told = (delivery.alarm, delivery.contact, delivery.way)
        for other in self.deliveries.values():
            if (other.alarm, other.contact, other.way) == told:
                self._cancel_retries(other)

    def open(self, delivery: Delivery) -> bool:
        """Something more may come of it: a confirmation, or another try."""
        return self.watched(delivery) or any(key in self.timers for key in _retries(delivery))

    def about(self, alarm: str) -> list[Delivery]:
        """The messages about one alarm, oldest first."""
        return [d for d in self.deliveries.values() if d.alarm == alarm]

    def untried(self, delivery: Delivery) -> int | None:
        """The next way of this attempt to reach a person; None: all of them have been tried.

        After the last way comes the first: a rung that begins with the second way has not tried
        the first, and a person counts as out of reach only when nothing is left.
        """
        count, begun_ms = len(delivery.person.ways), delivery.begun_ms
        tried = {
            d.way
            for d in self.about(delivery.alarm)
            if (d.contact, d.begun_ms) == (delivery.contact, begun_ms)
        }
        turn = [(delivery.way + step) % count for step in range(1, count)]
        return next((way for way in turn if way not in tried), None)

    def _cancel_retries(self, delivery: Delivery) -> None:
        for key in _retries(delivery):
            self.timers.cancel(key)

    def _to_forget(self) -> Delivery | None:
        """The oldest with an outcome, else the oldest that is not urgent."""
        values = self.deliveries.values()
        done = (d for d in values if d.state is not DeliveryState.INTENT and not self.open(d))
        calm = (d for d in values if d.priority is not Priority.HIGH)
        return next(done, None) or next(calm, None)


def _retries(delivery: Delivery) -> list[tuple[str, str]]:
    return [("retry", f"{delivery.id}#{n}") for n in range(2, len(RETRY_AFTER_MS) + 2)]
