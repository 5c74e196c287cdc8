"""Messages under way: who gets one, what became of it, and what starts at once when it fails.

A message must be confirmed delivered within 15 s; "sent" does not count. A failed or silent way
starts the person's next way in the same instant, and so does, after 15 s, a way that can prove no
more than "sent" (`alerts/proof.py`); a failed one is tried again beside it after 1 and 3 s. A
message is named by alarm, contact, way and the time it was decided, so that the same decision
always has the same name. This module sends nothing itself.

    post.send("oxygen@0", Priority.HIGH, Rung(0, Role.PHYSICIAN), "physician+0s", at_ms=0)
    post.report("oxygen@0/dr-lee/0@0", DeliveryState.FAILED, "refused", at_ms=40)  -> next way
"""

from collections.abc import Callable

from alerts.condition import Priority, rank
from alerts.contact import Contact, Role
from alerts.delivery import TIMEOUT_MS, Delivery, DeliveryState, is_failure, step
from alerts.effects import AlertEffect, Send, Skipped
from alerts.escalation import Rung
from alerts.postbag import Postbag
from alerts.reach import Reach, has_reached
from alerts.sending import CALLBACK, P0, REMINDER, name_of, next_try, send_of
from alerts.timers import Timers
from alerts.withdrawal import Withdrawal

__all__ = ["Post"]


class Post:
    """All messages of one session.

    `emit` takes each decision. `why_not(delivery)` says why a message is no longer wanted
    because somebody has accepted (None: it is wanted). `rank_of(alarm, priority)` is what a person
    is told of now. `on_lost(delivery)` hears of a person whose last way has failed. `louder`
    gives a message that is decided and not yet on its way a higher priority (False: it is gone).
    `residual` counts the messages that went out although an acceptance had made them needless.
    """

    def __init__(
        self,
        contacts: tuple[Contact, ...],
        timers: Timers,
        emit: Callable[[AlertEffect], None],
        why_not: Callable[[Delivery], str | None],
    ) -> None:
        self.contacts = contacts
        self.bag = Postbag(timers)
        self.deliveries = self.bag.deliveries
        self.emit = emit
        self.reach = Reach()
        self.withdrawal = Withdrawal(self.bag, emit, why_not)
        self.rank_of: Callable[[str, Priority], int] = lambda _, priority: rank(priority, None)
        self.on_lost: Callable[[Delivery, int], None] = lambda _delivery, _at_ms: None
        self.louder: Callable[[str, Priority], bool] = lambda _delivery, _priority: False
        self.residual = 0
        # While the hub is down (`alerts/outage.py`): what would have gone out, and what was out.
        self.held: list[Send] | None = None
        self.unconfirmed: list[Delivery] = []

    def contact_of(self, role: Role) -> Contact | None:
        """The person who has this role now."""
        return next((contact for contact in self.contacts if contact.role is role), None)

    def send(self, alarm: str, priority: Priority, rung: Rung, name: str, at_ms: int) -> bool:
        """Tell the person of this rung, or say why nobody is told. Returns whether somebody is."""
        contact = self.contact_of(rung.to)
        if contact is None:
            self.skip(alarm, name, f"no {rung.to.value} is set for this session", at_ms)
            return False
        return self.tell(contact, alarm, priority, name, at_ms, way=rung.way)

    def tell(
        self,
        contact: Contact,
        alarm: str,
        priority: Priority,
        name: str,
        at_ms: int,
        *,
        way: int = 0,
        alone: bool = False,
    ) -> bool:
        """Tell one person, beginning with this way. Returns whether that is possible.

        `alone`: this way only; nothing follows its failure.
        """
        if not contact.ways:
            self.skip(alarm, name, f"{contact.id} has no way to be reached", at_ms)
            return False
        # A person with fewer ways than the ladder has rungs is told again by the last one.
        way = min(way, len(contact.ways) - 1)
        delivery = Delivery(
            id=name_of(alarm, contact.id, way, at_ms),
            alarm=alarm,
            contact=contact.id,
            way=way,
            rung=name,
            attempt=1,
            state=DeliveryState.INTENT,
            at_ms=at_ms,
            priority=priority,
            person=contact,
            rank=self.rank_of(alarm, priority),
            begun_ms=at_ms,
            alone=alone,
        )
        self._go(delivery, "")
        return True

    def remind(self, alarm: str, priority: Priority, by: str, at_ms: int) -> None:
        """Tell the person who accepted that the condition is still there."""
        contact = next((c for c in self.contacts if c.id == by and c.ways), None)
        if contact is None:
            self.skip(alarm, REMINDER, f"{by} has no way to be reminded by", at_ms)
        else:
            self.tell(contact, alarm, priority, REMINDER, at_ms)

    # --- what became of it --------------------------------------------------------------------

    def report(self, delivery_id: str, state: DeliveryState, detail: str, at_ms: int) -> str | None:
        """A channel says what became of a message. Returns why that is refused, or None."""
        delivery = self.deliveries.get(delivery_id)
        if delivery is None:
            return f"no message {delivery_id} is known"
        if step(delivery.state, state) is None:
            return f"message {delivery_id} cannot go from {delivery.state.value} to {state.value}"
        was = delivery.state
        delivery.state, delivery.detail = state, detail
        if is_failure(state):
            self.bag.unwatch(delivery)
            self._failed(delivery, was, at_ms)
        elif state is DeliveryState.CANCELLED:
            self.bag.unwatch(delivery)
            self.bag.forget_retries(delivery)
        else:
            self._out(delivery, at_ms)
        return None

    def fire(self, kind: str, delivery_id: str, at_ms: int) -> None:
        """A time-out or a retry of this message is due; a forgotten message has neither."""
        delivery = self.deliveries[delivery_id.partition("#")[0]]
        if kind == "retry":
            self._again(delivery, delivery.way, int(delivery_id.partition("#")[2]), at_ms)
        elif has_reached(delivery):
            # "Sent" is all that this way can say: no failure, and no proof either.
            self._next_way(delivery, "cannot prove delivery", at_ms)
        else:
            why = f"not confirmed delivered within {TIMEOUT_MS // 1000} s"
            self.report(delivery.id, DeliveryState.TIMED_OUT, why, at_ms)

    def skip(self, alarm: str, what: str, reason: str, at_ms: int) -> None:
        """Say why somebody is not told, or something of a message that changes nothing."""
        self.emit(Skipped(at_ms=at_ms, alarm=alarm, rung=what, reason=reason))

    def stop(self, alarm: str, at_ms: int, reason: str) -> None:
        """Nobody needs to be told of this alarm any more, but by P0: it informs whoever accepts."""
        self.withdrawal.stop(alarm, at_ms, reason, but=(P0, CALLBACK))

    # --- inside -------------------------------------------------------------------------------

    def _out(self, delivery: Delivery, at_ms: int) -> None:
        """The message is out, and perhaps more."""
        if delivery.sent_ms is None:
            delivery.sent_ms = at_ms
            if delivery.withdrawn:
                delivery.residual = True
                self.residual += 1
        self.bag.forget_retries(delivery)
        if not has_reached(delivery):
            return
        if delivery.reached_ms is None:
            delivery.reached_ms = at_ms
        self.reach.over(delivery.contact)
        follows = delivery.attempt == 1 and not delivery.alone
        last = self.bag.untried(delivery) is None
        if last or not follows or delivery.state is not DeliveryState.SENT:
            self.bag.unwatch(delivery)

    def _failed(self, delivery: Delivery, was: DeliveryState, at_ms: int) -> None:
        if was not in (DeliveryState.INTENT, DeliveryState.SENT):
            return
        if delivery.attempt == 1 and not delivery.alone:
            if delivery.state is DeliveryState.FAILED and self.withdrawal.why(delivery) is None:
                self.bag.retry(delivery, at_ms)
            self._next_way(delivery, delivery.detail, at_ms)
        if self.withdrawal.why(delivery) is None:
            self.reach.failed(self.bag, delivery)

    def _next_way(self, delivery: Delivery, why: str, at_ms: int) -> None:
        why_not, way = self.withdrawal.why(delivery), self.bag.untried(delivery)
        if why_not is not None:
            self.skip(delivery.alarm, "next way", why_not, at_ms)
        elif way is not None:
            self._again(delivery, way, 1, at_ms, f"{delivery.channel}: {why}")
        else:
            self.skip(
                delivery.alarm, "next way", f"no further way to {delivery.contact}: {why}", at_ms
            )
            self.on_lost(delivery, at_ms)

    def _again(self, old: Delivery, way: int, attempt: int, at_ms: int, reason: str = "") -> None:
        self._go(next_try(old, way, attempt, at_ms), reason)

    def _go(self, delivery: Delivery, reason: str) -> None:
        known = self.deliveries.get(delivery.id)
        if known is not None:
            # Two attempts to reach one person meet in one message: they are one from here on.
            known.begun_ms = min(known.begun_ms, delivery.begun_ms)
            if delivery.rank > known.rank and self.louder(known.id, delivery.priority):
                # An alarm that rose as it was raised is told as what it is, not as what it was.
                known.priority, known.rank = delivery.priority, delivery.rank
            why = f"{delivery.contact} is told so at this instant already"
            self.skip(delivery.alarm, delivery.rung, why, delivery.at_ms)
            return
        self.bag.keep(delivery)
        self.go_out(delivery, delivery.at_ms, reason=reason)

    def go_out(
        self,
        delivery: Delivery,
        at_ms: int,
        *,
        reason: str = "",
        late: bool = False,
        may_repeat: bool = False,
    ) -> None:
        """Say that this message is to be sent, or hold it while the hub is down."""
        send = send_of(delivery, at_ms, reason, late=late, may_repeat=may_repeat)
        if self.held is not None:
            self.held.append(send)
            return
        self.bag.watch(delivery, at_ms)
        self.emit(send)
