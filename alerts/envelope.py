"""What leaves the house by a public way: "Session needs you", marks and names of records.

Servers between the hub and a telephone belong to others, so no value, no finding and no name of a
person goes through them; whoever is called reads the rest on a page of the hub. This module imports
the standard library only, because the supervisor writes the same envelope as the hub.

>>> envelope("d1", "oxygen@5", "demo", "high")["text"]
'DEMO - not a real alarm: Session needs you'
"""

from typing import Final

from alerts.guard import REAL

__all__ = [
    "ASKS_YOU",
    "NEEDS_YOU",
    "QUESTION",
    "REHEARSAL",
    "TEST_ALARM",
    "envelope",
    "is_rehearsal",
    "mark_of",
    "mode_mark",
    "words_of",
]

NEEDS_YOU: Final = "Session needs you"

REHEARSAL: Final = "rehearsal"
"""What stands before the `@` of a rehearsal's name, where an alarm's id has its family."""

QUESTION: Final = "question"
"""What stands before the `@` of a question of the follow-up."""

ASKS_YOU: Final = "A short question waits for you"

TEST_ALARM: Final = "This is a test of the alarm chain. Please answer it now."


def is_rehearsal(alarm: str) -> bool:
    """Whether this is the name of a rehearsal, and of no alarm."""
    return alarm.partition("@")[0] == REHEARSAL


def mode_mark(mode: str) -> str:
    """Return the words that stand before everything a session of this mode says; real has none."""
    return "" if mode == REAL else f"{mode.upper()} - not a real alarm:"


def mark_of(mode: str, alarm: str) -> str:
    """As `mode_mark`; a rehearsal is marked as a test in a real session too."""
    return mode_mark("test") if mode == REAL and is_rehearsal(alarm) else mode_mark(mode)


def words_of(alarm: str) -> str:
    """Return what may be said by a public way about this alarm or rehearsal."""
    if is_rehearsal(alarm):
        return TEST_ALARM
    return ASKS_YOU if alarm.partition("@")[0] == QUESTION else NEEDS_YOU


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
    mark, words = mark_of(mode, alarm), words_of(alarm)
    return {
        "text": f"{mark} {words}" if mark else words,
        "delivery": delivery,
        "alarm": alarm,
        "mode": mode,
        "priority": priority,
        "late": late,
        "may_repeat": may_repeat,
        "attempt": attempt,
    }
