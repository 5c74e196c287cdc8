"""What a person is told: one message, and the first line of the card for each alarm.

A first line says in at most 12 words what to do now; it holds no number and no secret. The words
are design text of the companion's cards, which a clinician must sign before use; families without
a card have a line of their own here. An alarm is never silent for want of words: a family that is
not in the table gets a line that sends somebody to look.

This module never knows how a message travels, and what has been heard.

>>> first_line("oxygen", "SPO2-LOW", Priority.HIGH, "Alex", "112")
'Oxygen is low. Wake Alex now.'
"""

from typing import Final

from msgspec import Struct

from alerts.condition import AlarmClass, Priority
from alerts.envelope import mode_mark

__all__ = ["FAMILY_LINES", "ROW_LINES", "Message", "first_line", "mode_mark"]

_OXYGEN: Final = "Oxygen is low. Wake {name} now."
_CALL: Final = "Call {911} now. Put the phone on speaker."
_EMERGENCY: Final = "This is an emergency. Call {911} now."
_ON_THE_SIDE: Final = "Roll {name} on the side now. Face down to the floor."
_LIE_DOWN: Final = "Lay {name} down flat now. Lift the legs."
_FAST: Final = "The pulse looks fast. Sit with {name}."
_SPEAK_SOFTLY: Final = "Stay near. Speak softly. Say: you are safe."
_STAY: Final = "Please stay with {name}. Do not leave them alone."
_LOOK: Final = "We need you. Go to {name} and look now."
_FALLBACK: Final = "Please go to {name} and look now."

FAMILY_LINES: Final[dict[str, str]] = {
    "oxygen": "Oxygen is falling. Look at {name} now.",
    "no_signal": "We can't see the oxygen. Look at {name} first.",
    "pulse_slow": _LIE_DOWN,
    "pulse_fast": _FAST,
    "pulse_step": _FAST,
    "pressure_high": "Blood pressure is high. Please check it once more.",
    "pressure_low": _LIE_DOWN,
    "cuff": "A cuff reading is late. Please press start on the cuff.",
    "sedation": "{name} is too sleepy. Try to wake them now.",
    "breathing": "Breathing is not right. Wake {name} and look now.",
    "companion": _LOOK,
    "symptom": "{name} feels unwell. Sit with {name} and look now.",
    "panic": "Somebody called for help. Go to {name} now.",
    "data": "A reading looks wrong. Look at {name} first.",
    "hub": "The monitor has a fault. Watch {name} yourself now.",
    "dose": "The dose was not as planned. Stay with {name}.",
}
"""The line of each family when no row says it better."""

ROW_LINES: Final[dict[str, str]] = {
    "SIG-LOST+": _OXYGEN,
    "SED-COMBO": _OXYGEN,
    "RR-NONE": _CALL,
    "SED-4": _CALL,
    "LIPS-BLUE": _CALL,
    "SYM-EMS": _EMERGENCY,
    "BP-EMERG": _EMERGENCY,
    "FALL": _LIE_DOWN,
    "NV-1": _ON_THE_SIDE,
    "NV-2": _ON_THE_SIDE,
    "NV-ASP": _ON_THE_SIDE,
    "DOSE-RESIDUE": _ON_THE_SIDE,
    "SYM-LARYNX": _ON_THE_SIDE,
    "DIS-DISTRESS": _SPEAK_SOFTLY,
    "AGIT": _SPEAK_SOFTLY,
    "SI-1": _STAY,
    "SI-2": _STAY,
    "NET-DOWN": _LOOK,
}
"""Rows whose card is not their family's."""

_CHECK_BREATHING: Final = "Check breathing now."
_CALL_FAMILIES: Final = frozenset({"oxygen", "no_signal", "sedation", "breathing"})


class Message(Struct, frozen=True, kw_only=True):
    """One attempt to tell one person by one way.

    `delivery` names the attempt for ever; `address` is what the channel needs (a URL, a number).
    `late` marks a message that was due while the hub was down, `may_repeat` one that may already
    have gone out before a kill. `attempt` counts from 1. `recording` is False when the record has
    stopped.
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

    @property
    def text(self) -> str:
        """The first line with its marks: mode first, then late, repeat and no record."""
        marks = [mode_mark(self.mode)]
        if self.late:
            marks.append("[late]")
        if self.may_repeat:
            marks.append("[may be a repeat]")
        if not self.recording:
            marks.append("[recording has stopped]")
        return " ".join([*filter(None, marks), self.first_line])


def first_line(
    family: str,
    row: str,
    priority: Priority,
    name: str,
    emergency_number: str,
    alarm_class: AlarmClass | None = None,
) -> str:
    """Return the first line of the card for one row, with the patient's name filled in.

    Args:
        family: the alarm's family as the plan names it.
        row: the catalogue row that is present with the highest rank.
        priority: the alarm's priority now.
        name: the patient's name or pseudonym; empty reads as "the patient".
        emergency_number: the local one, from the patient's file.
        alarm_class: class E puts the emergency call first.
    """
    line = _line(family, row, priority, alarm_class)
    who = " ".join(name.split()) or "the patient"
    filled = line.replace("{911}", emergency_number).replace("{name}", who)
    return filled[:1].upper() + filled[1:]


def _line(family: str, row: str, priority: Priority, alarm_class: AlarmClass | None) -> str:
    if alarm_class is AlarmClass.E and row not in _KEEPS_CARD:
        return _CALL if family in _CALL_FAMILIES or row == "SYM-LARYNX" else _EMERGENCY
    if row == "SPO2-CRIT":
        # Until it has held for 10 s it is not yet class E: breathing is looked at first.
        return _CHECK_BREATHING
    if row in ROW_LINES:
        return ROW_LINES[row]
    if family == "oxygen" and priority is Priority.HIGH:
        return _OXYGEN
    return FAMILY_LINES.get(family, _FALLBACK)


_KEEPS_CARD: Final = frozenset({"SI-1", "SI-2"})
"""Private cards never turn into a call on a screen that the patient sees."""
