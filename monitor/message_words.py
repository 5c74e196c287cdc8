"""What the feed says of one message to one person, and what that person's page says back.

An alarm that is on the screen of a page may have been seen by nobody. A message is for one person:
their page shows it, sounds it and says at once that it did, or that the browser gave it no sound.
Seen is not answered; the answer is a tap, by name.

>>> Seen("oxygen@5/sam/0@5", "on").sound
'on'
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from alerts.condition import Priority
from alerts.delivery import Verdict
from devices.topic import Name

__all__ = ["AnswerOrder", "Here", "MessageOver", "MessageSent", "Seen"]

DeliveryName = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[\x21-\x7e]+\Z")]


class MessageSent(Struct, frozen=True, kw_only=True, tag_field="type", tag="message"):
    """One message to the person of this connection, to be shown and sounded at once.

    It is told again to a page that comes while nobody has answered it. `late` marks one that was
    due while the hub was down, `may_repeat` one that may have been told before. `purpose` is
    `alarm`, or what else the person is asked for. A `private` one makes no sound on a page beside
    the patient.
    """

    session: str
    delivery: str
    alarm: str
    priority: Priority
    text: str
    late: bool
    may_repeat: bool
    purpose: str
    private: bool = False


class MessageOver(Struct, frozen=True, kw_only=True, tag_field="type", tag="message_over"):
    """A message needs no answer of this person any more, and why."""

    delivery: str
    reason: str


class Seen(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="seen"):
    """The page has shown a message; `blocked`: the browser gave it no sound, or it is turned off.

    Whether a telephone is muted or lies in another room no page can know. `private`: a page beside
    the patient shows a private message without a sound, by rule.
    """

    delivery: DeliveryName
    sound: Literal["on", "blocked", "private"]


class Here(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type", tag="here"):
    """A companion's page says whether it can keep its screen on (a lock that the browser gave).

    Only then a lost link is a companion who may be gone (row COMP-ABSENT).
    """

    awake: bool


class AnswerOrder(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="do", tag="answer"
):
    """Answer a message by its own name: `accept` takes what it asks for, `reject` says "I cannot".

    Only the person whom it was for can answer it.
    """

    delivery: DeliveryName
    verdict: Verdict
    id: Name | None = None
