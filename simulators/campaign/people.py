"""Who answers in a run: the people of a session and their ways, and how they behave.

A person who answers does so a fixed time after the first message that reaches them, by that way and
once for each alarm; a deaf person never does. Their ways are those of the shipped documentation: a
page, notifications, texts, calls.

>>> [contact.id for contact in CONTACTS]
['sam', 'lee', 'roy']
"""

from dataclasses import dataclass

from alerts.contact import Contact, Role, Way
from alerts.delivery import Verdict
from alerts.message import Message

__all__ = ["CONTACTS", "PEOPLE", "Answering", "People"]

CONTACTS = (
    Contact("sam", Role.COMPANION, "Sam", (Way("page"), Way("voice", "+15550100001"))),
    Contact(
        "lee",
        Role.PHYSICIAN,
        "Dr Lee",
        (Way("ntfy", "lee-topic"), Way("sms", "+15550100002"), Way("voice", "+15550100002")),
    ),
    Contact(
        "roy", Role.BACKUP, "Dr Roy", (Way("sms", "+15550100003"), Way("voice", "+15550100003"))
    ),
)


@dataclass(frozen=True, slots=True)
class Answering:
    """Seconds after which each person answers what reached them; who is missing never does."""

    name: str
    after_s: dict[str, float]


PEOPLE: dict[str, Answering] = {
    one.name: one
    for one in (
        Answering("deaf", {}),
        Answering("physician", {"lee": 40.0, "roy": 40.0}),
        Answering("companion", {"sam": 20.0}),
        Answering("all", {"sam": 20.0, "lee": 40.0, "roy": 40.0}),
    )
}
"""The casts of the campaign by name."""


class People:
    """One cast at work."""

    def __init__(self, cast: Answering) -> None:
        self._cast = cast
        self._answered: set[tuple[str, str]] = set()

    def answer(self, message: Message, way: str) -> tuple[float, Verdict] | None:  # noqa: ARG002
        """Return when this person answers this message, and how; None: not at all."""
        after_s = self._cast.after_s.get(message.person)
        told = (message.person, message.alarm)
        if after_s is None or told in self._answered:
            return None
        self._answered.add(told)
        return after_s, Verdict.ACCEPT
