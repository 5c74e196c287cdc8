"""What a screen shows of the follow-up: the two questions, when asked, and who has answered.

Never what was answered: the same snapshot goes to every page of the session, and what somebody said
of their mood or thoughts is no business of a wall. It decides nothing.

    questions(engine)   -> (QuestionView(name="question", due_ms=14_400_000, ...), ...)
"""

from msgspec import Struct

from monitor.engine import Engine
from monitor.follow_up import Asked

__all__ = ["QuestionView", "questions", "standing"]

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


def standing(engine: Engine, now_ms: int) -> tuple[str, ...]:
    """Return a line for each question, as the command line shows it; `now_ms` is hub time."""
    return tuple(_line(asked, now_ms) for asked in engine.follow.asks)


def _line(asked: Asked, now_ms: int) -> str:
    if asked.answered_ms is not None:
        return f"{asked.words}: answered by {asked.by}"
    if asked.asked_ms is not None:
        return f"{asked.words}: asked {(now_ms - asked.asked_ms) // 60_000} min ago, no answer yet"
    return f"{asked.words}: asked in {-(-(asked.due_ms - now_ms) // 60_000)} min"
