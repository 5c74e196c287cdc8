"""The companion's cards: what to do now, in one line and at most four steps, for every alarm.

The words are in the catalogue (`[card]`) and are handed in: design text that a clinician must sign
before use. A first line has at most 12 words, every step is read at a glance, and no card holds a
value, a diagnosis or a secret: the card of SI-1 and SI-2 may lie open on a screen that the patient
sees. An alarm is never silent for want of words: a family without a card sends somebody to look.

This module chooses cards; it never knows which screen shows them and what has been heard.

>>> look = {"card.no_signal.line": "See {name}.", "card.no_signal.steps": ("Call {emergency}.",)}
>>> card(Texts(look), "no_signal", "SIG-LOST", Priority.HIGH, "Alex", "112")
Card(line='See Alex.', steps=('Call 112.',))
"""

from typing import Final

from msgspec import Struct

from alerts.card_names import FAMILIES, ROWS
from alerts.condition import AlarmClass, Priority
from alerts.texts import Texts

__all__ = ["FAMILIES", "ROWS", "Card", "card"]


class Card(Struct, frozen=True):
    """The first line, and what to do after it, in order."""

    line: str
    steps: tuple[str, ...]


_CALL_FAMILIES: Final = frozenset({"oxygen", "no_signal", "sedation", "breathing"})
# Private cards never turn into a call on a screen that the patient sees.
_KEEPS_CARD: Final = frozenset({"SI-1", "SI-2"})


def card(
    texts: Texts,
    family: str,
    row: str,
    priority: Priority,
    name: str,
    emergency_number: str,
    alarm_class: AlarmClass | None = None,
) -> Card:
    """Return the card of one alarm, with the patient's name and the number filled in.

    Args:
        texts: the catalogue.
        family: the alarm's family as the plan names it.
        row: the catalogue row that is present with the highest rank.
        priority: the alarm's priority now.
        name: the patient's name or pseudonym; empty reads as "the patient".
        emergency_number: the local one, from the patient's file.
        alarm_class: class E puts the emergency call first.
    """
    chosen = f"card.{_chosen(family, row, priority, alarm_class)}"
    who = " ".join(name.split()) or texts.say("card.the_patient")

    def begun(line: str) -> str:
        return line[:1].upper() + line[1:]

    line = texts.say(f"{chosen}.line", name=who, emergency=emergency_number)
    steps = texts.steps(f"{chosen}.steps", name=who, emergency=emergency_number)
    return Card(begun(line), tuple(begun(step) for step in steps))


def _chosen(family: str, row: str, priority: Priority, alarm_class: AlarmClass | None) -> str:
    if alarm_class is AlarmClass.E and row not in _KEEPS_CARD:
        return "call" if family in _CALL_FAMILIES or row == "SYM-LARYNX" else "emergency"
    if row == "SPO2-CRIT":
        # Until it has held for 10 s it is not yet class E: breathing is looked at first.
        return "check_breathing"
    if row in ROWS:
        return ROWS[row]
    if family == "oxygen" and priority is Priority.HIGH:
        return "oxygen_low"
    return FAMILIES.get(family, "fallback")
