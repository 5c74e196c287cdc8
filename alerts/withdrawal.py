"""Messages that nobody needs any more: which, why, and what can still be done about them.

A message that is not out is not sent; one that is out is taken back by the ways that can: a
telephone stops ringing, a page stops sounding. One that turns out to have gone out after that is a
residual page. This module starts nothing and decides nothing about who has accepted.

    withdrawal.cancel_stopped("oxygen@0", at_ms=9_000, reason="accepted by lee")   -> CancelSend
"""

from collections.abc import Callable

from alerts.delivery import Delivery, DeliveryState
from alerts.effects import AlertEffect, CancelSend
from alerts.postbag import Postbag
from alerts.proof import proof_of

__all__ = ["Withdrawal"]

_DONE = (DeliveryState.ANSWERED, DeliveryState.FAILED, DeliveryState.CANCELLED)


class Withdrawal:
    """What to take back, for all messages of one session."""

    def __init__(
        self,
        bag: Postbag,
        emit: Callable[[AlertEffect], None],
        why_not: Callable[[Delivery], str | None],
    ) -> None:
        self._bag = bag
        self._emit = emit
        self._why_not = why_not

    def why(self, delivery: Delivery) -> str | None:
        """Why this message is needless; None: it is wanted."""
        return delivery.unwanted or self._why_not(delivery)

    def cancel_stopped(self, alarm: str, at_ms: int, reason: str) -> None:
        """Cancel what is under way about this alarm to people who need no longer be told."""
        for delivery in self._bag.about(alarm):
            if self.why(delivery) is not None:
                self.withdraw(delivery, reason, at_ms)

    def stop(self, alarm: str, at_ms: int, reason: str, *, but: tuple[str, ...]) -> None:
        """Nobody needs to be told of this alarm any more, but by these names of messages."""
        for delivery in self._bag.about(alarm):
            if delivery.rung not in but:
                delivery.unwanted = delivery.unwanted or reason
        self.cancel_stopped(alarm, at_ms, reason)

    def stop_all(self, at_ms: int, reason: str) -> None:
        """Nobody needs to be told of anything any more."""
        for delivery in self._bag.deliveries.values():
            delivery.unwanted = delivery.unwanted or reason
            self.withdraw(delivery, reason, at_ms)

    def withdraw(self, delivery: Delivery, reason: str, at_ms: int) -> None:
        """Stop one message as far as its way can; nothing follows it any more."""
        self._bag.forget_retries(delivery)
        self._bag.unwatch(delivery)
        out = delivery.sent_ms is not None and proof_of(delivery.channel).stops
        stops = out or delivery.state is DeliveryState.INTENT
        if delivery.withdrawn or delivery.state in _DONE or not stops:
            return
        delivery.withdrawn = True
        # What is known of a message that reached its person, or that timed out, stays known.
        if delivery.state in (DeliveryState.INTENT, DeliveryState.SENT):
            delivery.state = DeliveryState.CANCELLED
        self._emit(CancelSend(at_ms=at_ms, delivery=delivery.id, reason=reason))
