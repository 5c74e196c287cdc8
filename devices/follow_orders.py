"""Orders of the follow-up: the evening's question and the next day's check-in, a few taps each.

The words are those of the pages; what follows is decided by the monitor.

>>> from devices.observation import Mode
>>> NextDay(session="s1", mode=Mode.TEST, mood="good", sleep="well", bladder=False,
...         thoughts="none").mood
'good'
"""

from typing import Literal

from devices.order import OrderBase

__all__ = ["AllWell", "NextDay"]


class AllWell(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="all_well"):
    """Answer the question of the evening: all is well, or (`well` is false) something is wrong."""

    well: bool


class NextDay(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="next_day"):
    """Answer the next day's check-in: mood, sleep, bladder pain or blood, thoughts of death."""

    mood: Literal["good", "low", "very_low"]
    sleep: Literal["well", "little", "none"]
    bladder: bool
    thoughts: Literal["none", "wish", "intent"]
