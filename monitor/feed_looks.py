"""Who looked at a session through the pages or the feed, for its record: once an hour a person.

A screen that loses its link and comes back is the same look. What was looked at is the session as a
whole: the feed shows all of it at once. Decides nothing; the events that it makes change nothing in
the engine.

>>> looks = Looks()
>>> looks.event("s1", "dr", Role.PHYSICIAN, 0)
RecordLooked(at_ms=0, by='dr', as_role=<Role.PHYSICIAN: 'physician'>, how='feed')
>>> looks.event("s1", "dr", Role.PHYSICIAN, 60_000) is None
True
"""

from collections.abc import Callable
from typing import Final

from msgspec import structs

from alerts.contact import Role
from monitor.events import RecordLooked
from monitor.tokens import Invitation

__all__ = ["AGAIN_MS", "Looks"]

AGAIN_MS: Final = 3_600_000
"""Hub time after which the same person's look is written down again."""

_MOST: Final = 4_096

Tell = Callable[[str, Callable[[int], RecordLooked]], object]
"""Takes the session and what makes the event at the instant at which it is taken."""


class Looks:
    """The looks of the last hour, by session and person."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], int] = {}

    def tell(self, who: Invitation, session: str, now_ms: int, tell: Tell) -> None:
        """Let it be recorded that this person sees a session, unless that stands there already."""
        look = self.event(session, who.person, who.role, now_ms)
        if look is not None:
            tell(session, lambda at_ms: structs.replace(look, at_ms=at_ms))

    def event(self, session: str, by: str, role: Role, at_ms: int) -> RecordLooked | None:
        """Return what is to be recorded; None for a look that stands there already."""
        key = (session, by)
        last_ms = self._last.get(key)
        if last_ms is not None and at_ms - last_ms < AGAIN_MS:
            return None
        self._last.pop(key, None)
        self._last[key] = at_ms
        for oldest in list(self._last)[:-_MOST]:
            # One line too many is better than a memory without an end.
            del self._last[oldest]
        return RecordLooked(at_ms=at_ms, by=by, as_role=role, how="feed")
