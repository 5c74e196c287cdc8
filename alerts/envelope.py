"""What leaves the house by a public way: "Session needs you", marks and names of records.

Servers between the hub and a telephone belong to others, so no value, no finding and no name of a
person goes through them; whoever is called reads the rest on a page of the hub. This module imports
the standard library only, because the supervisor writes the same envelope as the hub.

>>> envelope("d1", "oxygen@5", "demo", "high")["text"]
'DEMO - not a real alarm: Session needs you'
"""

from typing import Final

from alerts.guard import REAL

__all__ = ["NEEDS_YOU", "envelope", "mode_mark"]

NEEDS_YOU: Final = "Session needs you"


def mode_mark(mode: str) -> str:
    """Return the words that stand before everything a session of this mode says; real has none."""
    return "" if mode == REAL else f"{mode.upper()} - not a real alarm:"


def envelope(
    delivery: str,
    alarm: str,
    mode: str,
    priority: str,
    *,
    late: bool = False,
    may_repeat: bool = False,
    attempt: int = 1,
) -> dict[str, str | int | bool]:
    """Return the JSON object of one message; `delivery` is what an answer refers to."""
    mark = mode_mark(mode)
    return {
        "text": f"{mark} {NEEDS_YOU}" if mark else NEEDS_YOU,
        "delivery": delivery,
        "alarm": alarm,
        "mode": mode,
        "priority": priority,
        "late": late,
        "may_repeat": may_repeat,
        "attempt": attempt,
    }
