"""When nobody has answered after a session, calculated slowly from the words of `clinical.md` 2.6.

"T+4 h message to patient and companion unanswered 30 min: low; 60 min medium, P0"; the check-in of
the next day (T+20..28 h) "missed -> low, then physician". Nothing here is shared with the engine.
Times are minutes after the last dose.

>>> missed(270, discharged=131, answers={})
'low'
>>> missed(270, discharged=131, answers={"evening": 269}) is None
True
"""

from collections.abc import Mapping

__all__ = ["asked", "missed"]

_HOUR = 60
# When a question is asked, and after which time without an answer it is low, then medium.
_QUESTIONS = {
    "evening": (4 * _HOUR, 30, 60),
    "next day": (20 * _HOUR, 8 * _HOUR, 10 * _HOUR),
}


def asked(question: str, discharged: int) -> int:
    """Return when it is asked: at its time, or half an hour after a discharge that was later."""
    planned = _QUESTIONS[question][0]
    return planned if planned > discharged else discharged + 30


def missed(now: int, *, discharged: int, answers: Mapping[str, int]) -> str | None:
    """Return how urgent it is that nobody has answered; None: nobody is late.

    `answers` says when each question was answered; the next day's answer ends both.
    """
    worst = 0
    for question, (_, low, medium) in _QUESTIONS.items():
        begun = asked(question, discharged)
        done = [at for name, at in answers.items() if name in (question, "next day")]
        if any(at <= now for at in done):
            continue
        late = now - begun
        worst = max(worst, (late >= low) + (late >= medium))
    return (None, "low", "medium")[worst]
