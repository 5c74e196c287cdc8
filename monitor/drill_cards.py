"""The cards of a drill: the companion walks through all twelve before the session.

They are the real cards, from the same choice and the same catalogue, with the places for the name
and the emergency number left open (`{name}`, `{911}`): the page fills them in. Nothing in a drill
is an alarm, and nothing of it reaches the engine.

>>> texts = Texts({"card.no_signal.line": "Look at {name}.", "card.no_signal.steps": ("Stay.",)})
>>> drilled(texts, ("no_signal", "SIG-LOST", Priority.MEDIUM, None))["line"]
'Look at {name}.'
"""

from typing import Any, Final

import msgspec

from alerts.cards import card
from alerts.condition import AlarmClass, Priority
from alerts.speech import PRIVATE
from alerts.texts import Texts

__all__ = ["DRILL", "PATH", "drill_page", "drilled"]

PATH: Final = "/drill.json"
"""Where the pages ask for them."""

Drilled = tuple[str, str, Priority, AlarmClass | None]

_LOW, _MEDIUM, _HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH
_A, _E, _S = AlarmClass.A, AlarmClass.E, AlarmClass.S

DRILL: Final[tuple[Drilled, ...]] = (
    ("oxygen", "SPO2-LOW", _HIGH, _A),
    ("breathing", "RR-NONE", _HIGH, _E),
    ("sedation", "SED-3", _HIGH, _A),
    ("no_signal", "SIG-LOST", _MEDIUM, None),
    ("pressure_high", "BP-HIGH", _MEDIUM, None),
    ("symptom", "SYM-EMS", _HIGH, _E),
    ("pressure_low", "BP-LOW2", _HIGH, _A),
    ("pulse_fast", "PR-HIGH", _MEDIUM, None),
    ("vomiting", "NV-ASP", _HIGH, _A),
    ("distress", "DIS-DISTRESS", _MEDIUM, None),
    ("stay", "SI-2", _HIGH, _S),
    ("companion", "CI-MISS-C", _LOW, None),
)
"""Family, row, priority and class of the twelve cards, in the order of `cards.md` section 1."""


def drilled(texts: Texts, one: Drilled) -> dict[str, Any]:
    """Return one card as the page shows it: how it looks, its first line and its steps.

    Args:
        texts: the catalogue.
        one: an entry of `DRILL`.
    """
    family, row, priority, alarm_class = one
    told = card(texts, family, row, priority, "{name}", "{911}", alarm_class)
    kind = "private" if row in PRIVATE else priority.value
    return {"kind": kind, "line": told.line, "steps": list(told.steps)}


def drill_page(texts: Texts) -> bytes:
    """Return all of them as JSON."""
    return msgspec.json.encode([drilled(texts, one) for one in DRILL])
