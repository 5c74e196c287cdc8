"""The words between the loop and whatever it moves: what was taken, and the hands that act.

The loop knows no speaker, no broker and no person; it is given hands. Nothing here does anything.

>>> Taken([], recorded=False, why="no session s1 is open").why
'no session s1 is open'
"""

from collections.abc import Callable
from typing import Any, Protocol

from alerts.signal import Pattern
from monitor.effects import Effect, Send
from monitor.events import Event
from monitor.ward import Bed

__all__ = ["Done", "Hands", "Make", "Taken"]


class Taken:
    """What became of one event: its effects, and whether it was recorded.

    `why` is set when it was not taken at all.
    """

    __slots__ = ("effects", "recorded", "why")

    def __init__(self, effects: list[Effect], *, recorded: bool, why: str = "") -> None:
        self.effects = effects
        self.recorded = recorded
        self.why = why


Done = Callable[[Taken], None]
"""Called once, after the commit or when it is known that there is none."""

Make = Callable[[int], Event]
"""Makes an event from the hub time at which it is taken."""


class Hands(Protocol):
    """What the hub can do in the world."""

    def sound(self, pattern: Pattern) -> None:
        """Play this from now on."""

    def send(self, bed: Bed, send: Send, committed: Any) -> None:
        """Tell one person, after `committed` (a future) is done or after 250 ms."""

    def effects(self, bed: Bed, event: Event, effects: list[Effect]) -> None:
        """Show what was decided; called at once, before the commit."""

    def committed(self, bed: Bed, effects: list[Effect]) -> None:
        """Publish what was decided; called for every event after its commit, or when that fails."""

    def closed(self, bed: Bed) -> None:
        """A session is over."""
