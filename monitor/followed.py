"""Answers of the follow-up: to the evening's question, and the check-in of the next day.

Patient and companion may answer, a physician for them. One answer is enough. What is not well is an
alarm of its own; thoughts of death take the private way of SI-1 and SI-2, bladder pain is SYM-BLAD.
A check-in with such a finding ends no session: a physician does. Each function takes one event;
nobody is asked here.

    question(engine, QuestionAnswered(at_ms=9_000, by="ann", role=Role.COMPANION, well=True))
"""

from typing import TYPE_CHECKING

from monitor import follow_up
from monitor.follow_events import NextDayAnswered, QuestionAnswered
from monitor.refusal import not_taking_part, refuse
from monitor.session import Phase

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["next_day", "question"]

# Said in the room, and so never with the word itself in a reason that the room may read.
_THOUGHTS = {"wish": "ideation", "intent": "intent"}


def question(engine: "Engine", event: QuestionAnswered) -> None:
    """The evening's question: well, or not."""
    why = not_taking_part(engine, event) or _not_asked(engine, engine.follow.question)
    asked = engine.follow.question
    if refuse(engine, event, why) or asked is None:
        return
    follow_up.note(engine, asked, event.by, event.at_ms)
    reason = f"told by {event.by} at {asked.words}"
    engine.observer.say("unwell_after", present=not event.well, reason=reason)
    engine.refresh(event.at_ms)


def next_day(engine: "Engine", event: NextDayAnswered) -> None:
    """The next day's check-in; it answers the evening's question too, if that still waits."""
    follow, say = engine.follow, engine.observer.say
    asked = follow.next_day
    why = not_taking_part(engine, event) or _not_asked(engine, asked)
    if refuse(engine, event, why) or asked is None:
        return
    for one in follow.asks:
        if one.waits or one is asked:
            follow_up.note(engine, one, event.by, event.at_ms)
    reason = f"told by {event.by}"
    if event.thoughts in _THOUGHTS:
        say(_THOUGHTS[event.thoughts], present=True, reason=reason)
    if event.bladder:
        say("bladder", present=True, reason=reason)
    if event.mood == "very_low":
        # Without the word: the page of the room shows it.
        say("unwell_after", present=True, reason=f"{reason} at {asked.words}")
    engine.refresh(event.at_ms)


def _not_asked(engine: "Engine", asked: follow_up.Asked | None) -> str | None:
    phase = engine.chart.phase
    if phase is not Phase.FOLLOW_UP or asked is None:
        return f"it belongs to the follow-up, the session is in {phase.value}"
    return None if asked.asked_ms is not None else f"{asked.words} was not asked yet"
