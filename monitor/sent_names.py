"""By which name a message is known outside, and whose it is when its news comes back.

A delivery's name is one of a session's own: two sessions may have the same when one thing is wrong
with the hub and the same physician is told of it in both. The second is then called
`<delivery>~<session>` outside, so that no service takes it for the first. Names live in memory,
bounded; after a restart they are found again in the sessions' own posts. Sends nothing.

>>> names = SentNames({})
>>> names.give("s1", "hub@5/lee/0@5", "sms"), names.give("s2", "hub@5/lee/0@5", "sms")
('hub@5/lee/0@5', 'hub@5/lee/0@5~s2')
>>> names.find("hub@5/lee/0@5~s2").session
's2'
"""

from collections.abc import Mapping
from typing import NamedTuple

from monitor.ward import Bed

__all__ = ["KEEP", "SentName", "SentNames"]

KEEP = 4_000
"""Bound: so many names are remembered; older ones are looked for in the posts."""


class SentName(NamedTuple):
    """A message: whose, by which name in the record, and by which channel."""

    session: str
    delivery: str
    channel: str


class SentNames:
    """Names outside and what they stand for. `beds` are the open sessions."""

    def __init__(self, beds: Mapping[str, Bed]) -> None:
        self._beds = beds
        self._known: dict[str, SentName] = {}

    def give(self, session: str, delivery: str, channel: str) -> str:
        """Name a message that goes out now."""
        taken = self._known.get(delivery)
        name = delivery if taken is None or taken.session == session else f"{delivery}~{session}"
        self._known.pop(name, None)
        self._known[name] = SentName(session, delivery, channel)
        while len(self._known) > KEEP:
            del self._known[next(iter(self._known))]
        return name

    def of(self, session: str, delivery: str) -> str:
        """Return the name outside of a session's message.

        Args:
            session: whose; empty when only one session can have it.
            delivery: its name in the record.
        """
        other = f"{delivery}~{session}"
        return other if other in self._known else delivery

    def find(self, name: str) -> SentName | None:
        """Return what a name stands for; None when no open session has sent it."""
        known = self._known.get(name)
        if known is not None:
            return known
        plain, _, session = name.rpartition("~")
        return self._in_post(session, plain) or next(
            (found for one in self._beds if (found := self._in_post(one, name))), None
        )

    def _in_post(self, session: str, delivery: str) -> SentName | None:
        bed = self._beds.get(session)
        if bed is None:
            return None
        kept = bed.engine.alarms.post.deliveries.get(delivery)
        return None if kept is None else SentName(session, delivery, kept.channel)
