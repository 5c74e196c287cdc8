"""What became of each message: to whom, by which way, and all that was ever known of it.

Sent is not heard, so every state is shown with its time and none stands for another. Addresses are
not kept: a report is read by more people than a telephone number is meant for.

    track.take(event, effects)
    track.messages["oxygen@5/sam/0@5"].states   -> [(5, "decided"), (900, "sent")]
"""

from collections.abc import Iterable

from msgspec import Struct, field

from alerts.condition import Priority
from alerts.effects import CancelSend, Send, Skipped
from monitor.effects import Effect
from monitor.events import DeliveryAnswered, DeliveryReported, Event

__all__ = ["DeliveryTrack", "Message"]

_DECIDED = "decided"


class Message(Struct):
    """One message to one person by one way; `states` in order, each with its hub time."""

    id: str
    at_ms: int
    alarm: str
    contact: str
    channel: str
    priority: Priority
    rung: str
    attempt: int
    late: bool
    may_repeat: bool
    purpose: str
    states: list[tuple[int, str]] = field(default_factory=list)

    @property
    def last(self) -> str:
        """The last state that is known."""
        return self.states[-1][1] if self.states else _DECIDED


class DeliveryTrack:
    """All messages of a session, and the rungs that told nobody."""

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}
        self.skipped: list[Skipped] = []

    def take(self, event: Event, effects: Iterable[Effect]) -> None:
        """Take one record."""
        if isinstance(event, DeliveryReported):
            self._state(event.delivery, event.at_ms, event.state.value)
        elif isinstance(event, DeliveryAnswered):
            self._state(event.delivery, event.at_ms, f"answered: {event.verdict.value}")
        for effect in effects:
            if isinstance(effect, Send):
                self._sent(effect)
            elif isinstance(effect, CancelSend):
                self._state(effect.delivery, effect.at_ms, "taken back")
            elif isinstance(effect, Skipped):
                self.skipped.append(effect)

    def _sent(self, send: Send) -> None:
        if send.delivery in self.messages:
            self._state(send.delivery, send.at_ms, "sent again")
            return
        self.messages[send.delivery] = Message(
            id=send.delivery,
            at_ms=send.at_ms,
            alarm=send.alarm,
            contact=send.contact,
            channel=send.channel,
            priority=send.priority,
            rung=send.rung,
            attempt=send.attempt,
            late=send.late,
            may_repeat=send.may_repeat,
            purpose=send.purpose,
        )

    def _state(self, delivery: str, at_ms: int, state: str) -> None:
        message = self.messages.get(delivery)
        if message is not None:
            message.states.append((at_ms, state))
