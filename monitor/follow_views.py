"""What a screen shows of the follow-up: the two questions, when asked, and who has answered.

Never what was answered: the same snapshot goes to every page of the session, and what somebody said
of their mood or thoughts is no business of a wall. It decides nothing.

    questions(engine)   -> (QuestionView(name="question", due_ms=14_400_000, ...), ...)
"""

from msgspec import Struct

from monitor.engine import Engine

__all__ = ["QuestionView", "questions"]

_NAMES = ("question", "next_day")


class QuestionView(Struct, frozen=True):
    """One question: `question` (of the evening) or `next_day`; None: not asked, or not answered."""

    name: str
    due_ms: int
    asked_ms: int | None
    answered_ms: int | None
    by: str | None


def questions(engine: Engine) -> tuple[QuestionView, ...]:
    """Return both questions; none before the discharge."""
    return tuple(
        QuestionView(name, asked.due_ms, asked.asked_ms, asked.answered_ms, asked.by)
        for name, asked in zip(_NAMES, engine.follow.asks, strict=False)
    )
