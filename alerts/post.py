"""Messages under way: who gets one, what became of it, and what starts at once when it fails.

A failed or silent way starts the person's next way in the same instant; the failed one is tried
again beside it after 1 and 3 s. A message is named by alarm, contact, way and the time it was
decided, so that the same decision always has the same name. This module sends nothing itself.

    post.send("oxygen@0", Priority.HIGH, Rung(0, Role.PHYSICIAN), "physician+0s", at_ms=0)
    post.report("oxygen@0/dr-lee/0@0", DeliveryState.FAILED, "refused", at_ms=40)  -> next way
"""

from collections.abc import Callable

from alerts.condition import Priority, rank
from alerts.contact import Contact, Role
from alerts.delivery import RETRY_AFTER_MS, TIMEOUT_MS, Delivery, DeliveryState, is_failure, step
from alerts.effects import AlertEffect, CancelSend, Send, Skipped
from alerts.escalation import Rung
from alerts.outage import sort_out
from alerts.timers import Timers

__all__ = ["KEEP", "P0", "REMINDER", "Post"]

# Names of messages that are no rungs: the physician is informed whoever has accepted; a person who
# accepted is reminded.
P0 = "P0"
REMINDER = "reminder"
_ORDER = 10_002
# Bound: so many finished messages of a session are remembered; older ones live in the journal.
KEEP = 500


class Post:
    """All messages of one session.

    `emit` takes each decision. `why_not(delivery, role)` says why a message is no longer wanted
    because somebody has accepted (None: it is wanted).
    """

    def __init__(
        self,
        contacts: tuple[Contact, ...],
        timers: Timers,
        emit: Callable[[AlertEffect], None],
        why_not: Callable[[Delivery, Role], str | None],
        rank_of: Callable[[str, Priority], int] = lambda _, priority: rank(priority, None),
    ) -> None:
        self.contacts = contacts
        self.timers = timers
        self.emit = emit
        self.why_not = why_not
        self.rank_of = rank_of
        self.deliveries: dict[str, Delivery] = {}
        self._held: list[Send] | None = None

    def send(self, alarm: str, priority: Priority, rung: Rung, name: str, at_ms: int) -> None:
        """Tell the person of this rung, or say why nobody is told."""
        contact = next((c for c in self.contacts if c.role is rung.to), None)
        if contact is None:
            why = f"no {rung.to.value} is set for this session"
        elif not contact.ways:
            why = f"{contact.id} has no way to be reached"
        else:
            # A person with fewer ways than the ladder has rungs is told again by the last one.
            way = min(rung.way, len(contact.ways) - 1)
            self._go(alarm, priority, contact, way, name, 1, at_ms)
            return
        self._skip(alarm, name, why, at_ms)

    def remind(self, alarm: str, priority: Priority, by: str, at_ms: int) -> None:
        """Tell the person who accepted that the condition is still there."""
        contact = next((c for c in self.contacts if c.id == by and c.ways), None)
        if contact is None:
            self._skip(alarm, REMINDER, f"{by} has no way to be reminded by", at_ms)
        else:
            self._go(alarm, priority, contact, 0, REMINDER, 1, at_ms)

    def report(self, delivery_id: str, state: DeliveryState, detail: str, at_ms: int) -> str | None:
        """A channel says what became of a message. Returns why that is refused, or None."""
        delivery = self.deliveries.get(delivery_id)
        if delivery is None:
            return f"no message {delivery_id} is known"
        if step(delivery.state, state) is None:
            return f"message {delivery_id} cannot go from {delivery.state.value} to {state.value}"
        was = delivery.state
        delivery.state, delivery.detail = state, detail
        self.timers.cancel(("timeout", delivery_id))
        if not is_failure(state):
            self._forget_retries(delivery)
        elif was in (DeliveryState.INTENT, DeliveryState.SENT) and delivery.attempt == 1:
            self._failed(delivery, at_ms)
        return None

    def fire(self, kind: str, delivery_id: str, at_ms: int) -> None:
        """A time-out or a retry of this message is due; a forgotten message has neither."""
        delivery = self.deliveries.get(delivery_id.partition("#")[0])
        if delivery is None:
            return
        if kind == "timeout":
            why = f"not confirmed within {TIMEOUT_MS // 1000} s"
            self.report(delivery.id, DeliveryState.TIMED_OUT, why, at_ms)
            return
        self._again(delivery, delivery.way, int(delivery_id.partition("#")[2]), at_ms)

    def cancel_stopped(self, alarm: str, at_ms: int, reason: str) -> None:
        """Cancel what is under way about this alarm to people who need no longer be told."""
        for delivery in self.deliveries.values():
            if delivery.alarm == alarm and self._unwanted(delivery) is not None:
                self._forget_retries(delivery)
                if delivery.state is DeliveryState.INTENT:
                    self._cancel(delivery, reason, at_ms)

    def stop(self, alarm: str, at_ms: int, reason: str) -> None:
        """Nobody needs to be told of this alarm any more, but by P0: it informs whoever accepts."""
        for delivery in self.deliveries.values():
            if delivery.alarm == alarm and delivery.rung != P0:
                delivery.unwanted = delivery.unwanted or reason
        self.cancel_stopped(alarm, at_ms, reason)

    def stop_all(self, at_ms: int, reason: str) -> None:
        """Nobody needs to be told of anything any more."""
        for delivery in self.deliveries.values():
            delivery.unwanted = delivery.unwanted or reason
        for alarm in dict.fromkeys(delivery.alarm for delivery in self.deliveries.values()):
            self.cancel_stopped(alarm, at_ms, reason)

    def note(self, delivery: Delivery, what: str, reason: str, at_ms: int) -> None:
        """Say something about a message that changes nothing."""
        self._skip(delivery.alarm, what, reason, at_ms)

    # --- an outage ----------------------------------------------------------------------------

    def hold(self) -> None:
        """The hub did not run: what becomes due now is record only, until `release`.

        No channel could report meanwhile, so that a message under way has not timed out.
        """
        self._held = []
        for delivery in self.deliveries.values():
            self.timers.cancel(("timeout", delivery.id))

    def release(self, at_ms: int) -> None:
        """The hub runs again: each person is told once, at the highest rung reached, marked late.

        A message that had been decided and of which nothing is known goes out again, marked as a
        possible repeat: loss is never allowed, one repeat a way is (design section 3, Identity).
        """
        held, self._held = self._held or [], None
        after = sort_out(held, list(self.deliveries.values()))
        for send, why in after.passed_by:
            self.deliveries[send.delivery].state = DeliveryState.CANCELLED
            self._skip(send.alarm, send.rung, why, at_ms)
        for delivery, newer in after.again:
            why_not = self._unwanted(delivery) or newer
            if why_not is not None:
                self._cancel(delivery, why_not, at_ms)
            else:
                late = delivery.id in after.late
                self._emit(delivery, at_ms, late=late, may_repeat=not late)

    # --- inside -------------------------------------------------------------------------------

    def _go(
        self,
        alarm: str,
        priority: Priority,
        contact: Contact,
        way: int,
        rung: str,
        attempt: int,
        at_ms: int,
    ) -> None:
        delivery_id = f"{alarm}/{contact.id}/{way}@{at_ms}"
        if delivery_id in self.deliveries:
            self._skip(alarm, rung, f"{contact.id} is told so at this instant already", at_ms)
            return
        delivery = Delivery(
            id=delivery_id,
            alarm=alarm,
            contact=contact.id,
            way=way,
            rung=rung,
            attempt=attempt,
            state=DeliveryState.INTENT,
            at_ms=at_ms,
            priority=priority,
            person=contact,
            rank=self.rank_of(alarm, priority),
        )
        self.deliveries[delivery_id] = delivery
        self._bound()
        self._emit(delivery, at_ms)

    def _again(self, old: Delivery, way: int, attempt: int, at_ms: int) -> None:
        person = self._contact(old.contact)
        self._go(old.alarm, old.priority, person, way, old.rung, attempt, at_ms)

    def _emit(
        self, delivery: Delivery, at_ms: int, *, late: bool = False, may_repeat: bool = False
    ) -> None:
        way = self._contact(delivery.contact).ways[delivery.way]
        send = Send(
            at_ms=at_ms,
            delivery=delivery.id,
            alarm=delivery.alarm,
            contact=delivery.contact,
            way=delivery.way,
            channel=way.channel,
            address=way.address,
            priority=delivery.priority,
            rung=delivery.rung,
            attempt=delivery.attempt,
            late=late,
            may_repeat=may_repeat,
        )
        if self._held is not None:
            self._held.append(send)
            return
        self.timers.set(("timeout", delivery.id), at_ms + TIMEOUT_MS, _ORDER)
        self.emit(send)

    def _failed(self, delivery: Delivery, at_ms: int) -> None:
        why_not = self._unwanted(delivery)
        if why_not is not None:
            self._skip(delivery.alarm, "next way", why_not, at_ms)
            return
        if delivery.state is DeliveryState.FAILED:
            for attempt, after_ms in enumerate(RETRY_AFTER_MS, start=2):
                self.timers.set(("retry", f"{delivery.id}#{attempt}"), at_ms + after_ms, _ORDER)
        if delivery.way + 1 < len(self._contact(delivery.contact).ways):
            self._again(delivery, delivery.way + 1, 1, at_ms)
        else:
            why = f"no further way to {delivery.contact}: {delivery.detail}"
            self._skip(delivery.alarm, "next way", why, at_ms)

    def _cancel(self, delivery: Delivery, reason: str, at_ms: int) -> None:
        delivery.state = DeliveryState.CANCELLED
        self.timers.cancel(("timeout", delivery.id))
        self.emit(CancelSend(at_ms=at_ms, delivery=delivery.id, reason=reason))

    def _skip(self, alarm: str, rung: str, reason: str, at_ms: int) -> None:
        self.emit(Skipped(at_ms=at_ms, alarm=alarm, rung=rung, reason=reason))

    def _unwanted(self, delivery: Delivery) -> str | None:
        return delivery.unwanted or self.why_not(delivery, self._contact(delivery.contact).role)

    def _forget_retries(self, delivery: Delivery) -> None:
        told = (delivery.alarm, delivery.contact, delivery.way)
        for other in self.deliveries.values():
            if (other.alarm, other.contact, other.way) == told:
                self._cancel_retries(other)

    def _cancel_retries(self, delivery: Delivery) -> None:
        for attempt in range(2, len(RETRY_AFTER_MS) + 2):
            self.timers.cancel(("retry", f"{delivery.id}#{attempt}"))

    def _contact(self, contact_id: str) -> Contact:
        return next(c for c in self.contacts if c.id == contact_id)

    def _bound(self) -> None:
        """Forget the oldest message, one of which something is known if there is one."""
        while len(self.deliveries) > KEEP:
            known = (d for d in self.deliveries.values() if d.state is not DeliveryState.INTENT)
            oldest = next(known, None) or next(iter(self.deliveries.values()))
            self.timers.cancel(("timeout", oldest.id))
            self._cancel_retries(oldest)
            del self.deliveries[oldest.id]
