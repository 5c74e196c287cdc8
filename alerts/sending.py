"""One message as it is handed out: its name, its purpose, and all that a channel needs.

A message is named by alarm, contact, way and the time it was decided, so that the same decision
always has the same name. Messages that are no rung of a ladder have names here. Nothing here knows
what became of a message.

>>> name_of("oxygen@0", "lee", 1, 60_000)
'oxygen@0/lee/1@60000'
"""

from alerts.delivery import Delivery, DeliveryState
from alerts.effects import Send

__all__ = [
    "CALLBACK",
    "HAND_OVER",
    "P0",
    "QUESTION",
    "REHEARSAL",
    "REMINDER",
    "name_of",
    "next_try",
    "send_of",
]

# The physician is informed whoever has accepted; a person who accepted is reminded; one who takes
# over is told what is open; a call to the room is asked for; the chain is tried; a question of the
# follow-up is put.
P0 = "P0"
REMINDER = "reminder"
HAND_OVER = "hand-over"
CALLBACK = "callback"
REHEARSAL = "rehearsal"
QUESTION = "question"
_PURPOSES = (REMINDER, CALLBACK, REHEARSAL, QUESTION)


def name_of(alarm: str, contact: str, way: int, at_ms: int) -> str:
    """The name of a message, for ever."""
    return f"{alarm}/{contact}/{way}@{at_ms}"


def next_try(old: Delivery, way: int, attempt: int, at_ms: int) -> Delivery:
    """The same message to the same person by this way."""
    return Delivery(
        id=name_of(old.alarm, old.contact, way, at_ms),
        alarm=old.alarm,
        contact=old.contact,
        way=way,
        rung=old.rung,
        attempt=attempt,
        state=DeliveryState.INTENT,
        at_ms=at_ms,
        priority=old.priority,
        person=old.person,
        rank=old.rank,
        begun_ms=old.begun_ms,
    )


def send_of(delivery: Delivery, at_ms: int, reason: str, *, late: bool, may_repeat: bool) -> Send:
    """The effect that hands it out."""
    way = delivery.person.ways[delivery.way]
    return Send(
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
        reason=reason,
        purpose=delivery.rung if delivery.rung in _PURPOSES else "alarm",
    )
