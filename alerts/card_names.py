"""Which card each alarm has: by its family, and by a row that says it better.

A family that is not here has the fallback card: somebody is sent to look. The words of the cards
are in the catalogue; nothing is chosen here.

>>> ROWS["FALL"], FAMILIES["oxygen"]
('lie_down', 'oxygen_falling')
"""

from typing import Final

__all__ = ["FAMILIES", "ROWS"]

FAMILIES: Final[dict[str, str]] = {
    "oxygen": "oxygen_falling",
    "no_signal": "no_signal",
    "pulse_slow": "lie_down",
    "pulse_fast": "pulse_fast",
    "pulse_step": "pulse_fast",
    "pulse_irregular": "pulse_fast",
    "pressure_high": "pressure_high",
    "pressure_low": "lie_down",
    "pressure_standing": "lie_down",
    "pressure_data": "data",
    "cuff": "cuff_late",
    "sedation": "sleepy",
    "breathing": "breathing",
    "breathing_fast": "breathing",
    "position": "turn",
    "companion": "look",
    "patient_check": "no_tap",
    "symptom": "unwell",
    "fall": "lie_down",
    "sugar": "unwell",
    "vomiting": "on_the_side",
    "bladder": "unwell",
    "after": "unwell",
    "follow_up": "question",
    "question": "question",
    "stay": "stay",
    "left": "look",
    "moving": "look",
    "motion": "look",
    "distress": "fear",
    "panic": "panic",
    "data": "data",
    "dose": "dose",
    "gate": "gate",
    "session": "not_yet",
    "late": "not_yet",
    "hub": "monitor",
    "outage": "outage",
    "sound": "silent",
    "rota": "no_doctor",
    "reach": "look",
    "network": "look",
    "channel": "less_help",
    "room": "less_help",
    "broker": "less_help",
    "watch": "less_help",
    "link": "link",
    "bluetooth": "link",
    "identity": "whose_finger",
    "battery": "less_help",
    "power": "less_help",
    "clock": "less_help",
    "baseline": "less_help",
}
"""The card of each family when no row says it better."""

ROWS: Final[dict[str, str]] = {
    "SIG-LOST+": "oxygen_low",
    "SED-COMBO": "oxygen_low",
    "SED-COMBO-RR": "breathing",
    "RR-LOW1": "count_breaths",
    "RR-NONE": "call",
    "SED-4": "call",
    "LIPS-BLUE": "call",
    "SYM-EMS": "emergency",
    "BP-EMERG": "emergency",
    "FALL": "lie_down",
    "NV-1": "on_the_side",
    "NV-2": "on_the_side",
    "NV-ASP": "on_the_side",
    "DOSE-RESIDUE": "on_the_side",
    "SYM-LARYNX": "on_the_side",
    "DIS-DISTRESS": "fear",
    "AGIT": "fear",
    "SI-1": "stay",
    "SI-2": "stay",
    "CUFF-FAIL": "cuff_failed",
}
"""Rows whose card is not their family's."""
