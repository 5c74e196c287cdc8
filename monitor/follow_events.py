"""Events of the follow-up: the answer to the evening's question, and the next day's check-in.

Values only, as `monitor/person_events.py`; what follows is decided in `monitor/followed.py`.

>>> from alerts.contact import Role
>>> QuestionAnswered(at_ms=5, by="ann", role=Role.COMPANION, well=True).well
True
"""

from typing import Literal

from monitor.person_events import ByPerson

__all__ = ["Mood", "NextDayAnswered", "QuestionAnswered", "Sleep", "Thoughts"]

Mood = Literal["good", "low", "very_low"]
Sleep = Literal["well", "little", "none"]
Thoughts = Literal["none", "wish", "intent"]


class QuestionAnswered(ByPerson, frozen=True, kw_only=True):
    """Patient or companion answers the question of T+240 min: all is well, or it is not."""

    well: bool


class NextDayAnswered(ByPerson, frozen=True, kw_only=True):
    """The next day's check-in: mood, sleep, bladder, and thoughts of death.

    `thoughts`: a wish to be dead is `wish`, a plan or an attempt `intent`; `bladder`: pain or
    blood.
    """

    mood: Mood
    sleep: Sleep
    bladder: bool
    thoughts: Thoughts
