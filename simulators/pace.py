"""The time of a simulated world, and the story of a demonstration for its last words.

`Pace` runs the world's own time as fast as the hub's, but never further than it may: a world that
was held back is late from then on, it does not hurry. It knows for how long the hub has been
silent, and for how long the world has stood still. `Tally` remembers which alarms were raised and
who accepted them, whatever is still open at the end.

No clock in here: the caller says what its own time is.

>>> Pace(speed=60, own_ms=1_000).world_ms(own_ms=1_500)
30000
"""

from dataclasses import dataclass, field
from math import inf

from alerts.condition import Priority, Transition
from monitor.effects import AlarmChanged, Effect
from monitor.session import Phase
from simulators.board import Board
from simulators.frame import age_text, session_time

__all__ = ["Pace", "Tally", "reach_ms"]

_AHEAD_MS = 8_000


class Pace:
    """World time from our own. Times are integer milliseconds; the world begins at 0."""

    def __init__(self, speed: float, *, own_ms: int) -> None:
        """`speed` is how many of the world's seconds pass in one of ours (more than 0).

        Raises:
            ValueError: a speed that is not above 0.
        """
        if not speed > 0:
            raise ValueError(f"speed is {speed:g}: use a number above 0")
        self._speed = speed
        self._own_ms = self._moved_ms = own_ms
        self._world_ms = 0.0
        self._heard_ms: int | None = None

    def heard(self, own_ms: int) -> None:
        """The hub spoke."""
        self._heard_ms = own_ms

    def silent_ms(self, own_ms: int) -> int:
        """How long ago the hub last spoke, in our time; 0 before its first word."""
        return 0 if self._heard_ms is None else own_ms - self._heard_ms

    def world_ms(self, own_ms: int, most_ms: float = inf) -> int:
        """Return the world's time now, at most `most_ms`; never less than before."""
        wish_ms = self._world_ms + (own_ms - self._own_ms) * self._speed
        world_ms = max(min(wish_ms, most_ms), self._world_ms)
        if world_ms > self._world_ms:
            self._moved_ms = own_ms
        self._own_ms, self._world_ms = own_ms, world_ms
        return round(world_ms)

    def stood_ms(self, own_ms: int) -> int:
        """For how long the world has stood still, in our time."""
        return own_ms - self._moved_ms


def reach_ms(world_ms: int, *, sent_ms: int, recorded_ms: int) -> int:
    """Return how far a world may go whose hub has recorded its readings up to `recorded_ms`.

    8 s beyond that: less than the patience of any row, and enough to hide the way there and back.
    """
    is_all_there = recorded_ms >= sent_ms
    return (world_ms if is_all_there else recorded_ms) + _AHEAD_MS


@dataclass(slots=True)
class _Told:
    family: str
    priority: Priority
    raised_ms: int
    accepted_by: str | None = None
    accepted_ms: int = 0

    def accept(self, person: str, at_ms: int) -> None:
        """The first person to accept is the one who is named."""
        if self.accepted_by is None:
            self.accepted_by, self.accepted_ms = person, at_ms


@dataclass(slots=True)
class Tally:
    """All alarms of a session by id, in the order in which they were seen."""

    alarms: dict[str, _Told] = field(default_factory=dict)

    def take(self, board: Board) -> None:
        """Remember what this board shows."""
        for seen in board.alarms:
            told = self._raised(seen.id, seen.family, seen.priority, seen.raised_ms)
            for person in seen.takers:
                told.accept(person, board.at_ms)

    def hear(self, effect: Effect) -> None:
        """Remember one line of an alarm's life: what comes and goes between two boards."""
        if isinstance(effect, AlarmChanged):
            told = self._raised(effect.id, effect.family, effect.priority, effect.at_ms)
            if effect.transition is Transition.ACCEPTED and effect.by is not None:
                told.accept(effect.by, effect.at_ms)

    def _raised(self, name: str, family: str, priority: Priority, raised_ms: int) -> _Told:
        told = self.alarms.setdefault(name, _Told(family, priority, raised_ms))
        if priority.rank > told.priority.rank:
            told.priority = priority
        return told

    @property
    def accepted(self) -> int:
        """How many alarms a named person has taken."""
        return sum(told.accepted_by is not None for told in self.alarms.values())

    def summary(self, board: Board) -> list[str]:
        """Return the last words: the session, then one line for each alarm."""
        count = len(self.alarms)
        mark = board.mode.value.upper()
        followed = board.phase == Phase.FOLLOW_UP.value
        stand = "discharged, in follow-up" if followed else f"phase {board.phase}"
        alarms = "1 alarm" if count == 1 else f"{count} alarms"
        lines = [
            (
                f"{mark} over at {session_time(board)}, {stand}: "
                f"{alarms}, {self.accepted} accepted, {board.record} records"
            )
        ]
        still_open = {alarm.id for alarm in board.alarms}
        for name, told in self.alarms.items():
            when = session_time(board, told.raised_ms)
            answer = "accepted by nobody" if name in still_open else "over before anybody took it"
            if told.accepted_by is not None:
                after = age_text(told.accepted_ms - told.raised_ms)
                answer = f"accepted by {told.accepted_by} within {after}"
            lines.append(f"{mark} {when} {told.family} {told.priority.value}: {answer}")
        return lines
