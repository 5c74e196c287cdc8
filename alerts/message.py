"""What a person is told: one message, whose words are the first line of the alarm's card.

The words are those of the companion's cards (`[card]` in the catalogue); a message is their first
line with its marks. This module never knows how a message travels, and what has been heard.

>>> texts = Texts({"card.no_signal.line": "Look at {name}.", "card.no_signal.steps": ("Stay.",)})
>>> first_line(texts, "no_signal", "SIG-LOST", Priority.HIGH, "Alex", "112")
'Look at Alex.'
"""

from msgspec import Struct

from alerts.cards import card
from alerts.condition import AlarmClass, Priority
from alerts.envelope import REHEARSAL, TEST_ALARM, mark_of, mode_mark, words_of
from alerts.texts import Texts

__all__ = ["Message", "first_line", "mode_mark"]


class Message(Struct, frozen=True, kw_only=True):
    """One attempt to tell one person by one way.

    `delivery` names the attempt for ever; `address` is what the channel needs (a URL, a number).
    `late` marks a message that was due while the hub was down, `may_repeat` one that may already
    have gone out before a kill. `attempt` counts from 1. `recording` is False when the record has
    stopped. `link` is the session's page, without any token (empty: the hub has no address).
    `person` and `session` are names of the record, for a way that ends on the hub itself; `purpose`
    says what it is about when it is no alarm. `private`: a card that makes no sound in the room.
    """

    delivery: str
    alarm: str
    contact: str
    address: str
    priority: Priority
    first_line: str
    mode: str
    late: bool = False
    may_repeat: bool = False
    attempt: int = 1
    recording: bool = True
    link: str = ""
    person: str = ""
    session: str = ""
    purpose: str = "alarm"
    private: bool = False

    @property
    def preview(self) -> str:
        """What may pass through other people's servers: marks, and that the session needs them."""
        marks = [mark_of(self.mode, self.alarm)]
        if self.late:
            marks.append("[late]")
        if self.may_repeat:
            marks.append("[may be a repeat]")
        return " ".join([*filter(None, marks), words_of(self.alarm)])

    @property
    def text(self) -> str:
        """The first line with its marks: mode first, then late, repeat and no record."""
        marks = [mark_of(self.mode, self.alarm)]
        if self.late:
            marks.append("[late]")
        if self.may_repeat:
            marks.append("[may be a repeat]")
        if not self.recording:
            marks.append("[recording has stopped]")
        return " ".join([*filter(None, marks), self.first_line])


def first_line(
    texts: Texts,
    family: str,
    row: str,
    priority: Priority,
    name: str,
    emergency_number: str,
    alarm_class: AlarmClass | None = None,
) -> str:
    """Return the first line of the card for one row, with the patient's name filled in.

    Args:
        texts: the catalogue.
        family: the alarm's family as the plan names it.
        row: the catalogue row that is present with the highest rank.
        priority: the alarm's priority now.
        name: the patient's name or pseudonym; empty reads as "the patient".
        emergency_number: the local one, from the patient's file.
        alarm_class: class E puts the emergency call first.

    A rehearsal stands in the place of a family and says that it is a test.
    """
    if family == REHEARSAL:
        return TEST_ALARM
    return card(texts, family, row, priority, name, emergency_number, alarm_class).line
