"""What comes back from people outside the room, as events: answers, call-backs, hand-overs.

An answer is known by the message that it answers; whose it is, and of which alarm, the engine
finds in its own post. Another person on call is a fact with all of their ways, so that a journal
decides the same again without any rota. Nothing here decides what follows.

>>> DeliveryAnswered(at_ms=5, delivery="oxygen@0/lee/1@0", verdict=Verdict.ACCEPT).verdict
<Verdict.ACCEPT: 'accept'>
"""

from alerts.contact import Contact, Role
from alerts.delivery import Verdict
from monitor.person_events import ByPerson, EventBase

__all__ = ["CalledBack", "DeliveryAnswered", "OnCallChanged"]


class DeliveryAnswered(EventBase, frozen=True, kw_only=True):
    """The person of one message answered it by its own way: takes the alarm, or cannot.

    `detail` is the channel's word for how ("key 1", "YES 47"); never a number or an address.
    """

    delivery: str
    verdict: Verdict
    detail: str = ""


class CalledBack(ByPerson, frozen=True, kw_only=True):
    """A physician has spoken with the people in the room, as one call-back task asked.

    `alarm` is the alarm that asked for it.
    """

    alarm: str


class OnCallChanged(EventBase, frozen=True, kw_only=True):
    """Another person is on call from now on for `role`: physician or backup.

    `contact` has that role and all of its ways (None: nobody is, which is an alarm).
    """

    role: Role
    contact: Contact | None
    detail: str = ""
