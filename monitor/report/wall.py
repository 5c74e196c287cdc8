"""From hub time to the time of day, with its zone, as far as anybody can know it.

Hub time never steps; the wall clock may. So one offset holds for a whole stretch of a record: that
of the last commit at which the wall clock was synchronised. A stretch ends where the hub was down
for an unknown time, and where that became known. Where no commit was synchronised the times are
shown and marked; where there is none at all nothing is guessed.

>>> from datetime import UTC
>>> Wall([], 1_700_000_000_000, (), UTC).clock(61_000, 0)
'22:14:21'
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from monitor.outage import ClockStamp

__all__ = ["Wall"]


class _Stretch(NamedTuple):
    """The offset of one stretch (None: unknown), and whether the clock was synchronised."""

    offset_ms: int | None
    sure: bool


class Wall:
    """Times of day of one session.

    Args:
        stamps: the clocks of the record's commits, in order; those of sessions without a store are
            missing.
        opened_wall_ms: Unix time at the opening by the hub's clock (None: not told).
        cuts: hub times at which a stretch begins, beside the first.
        zone: in which zone times are shown.
    """

    def __init__(
        self,
        stamps: Sequence[ClockStamp],
        opened_wall_ms: int | None,
        cuts: Sequence[int],
        zone: tzinfo,
        opened_ms: int = 0,
    ) -> None:
        self._zone = zone
        self._cuts = sorted(cuts)
        self._stretches = [
            self._of(number, stamps, opened_wall_ms, opened_ms)
            for number in range(len(self._cuts) + 1)
        ]

    @property
    def sure(self) -> bool:
        """Every stretch has a synchronised clock."""
        return all(stretch.sure for stretch in self._stretches)

    @property
    def known(self) -> bool:
        """The first stretch has any clock at all."""
        return self._stretches[0].offset_ms is not None

    def at(self, at_ms: int) -> datetime | None:
        """The time of day of this hub time; None: nobody can know."""
        offset_ms = self._stretches[bisect_right(self._cuts, at_ms)].offset_ms
        if offset_ms is None:
            return None
        # Added up in UTC: a sum in a zone would miss its summer time.
        when = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at_ms + offset_ms)
        return when.astimezone(self._zone)

    def clock(self, at_ms: int, opened_ms: int) -> str:
        """Hours, minutes and seconds; without a clock the time since the opening."""
        when = self.at(at_ms)
        if when is not None:
            return f"{when:%H:%M:%S}"
        seconds = (at_ms - opened_ms) // 1000
        return f"+{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    def date(self, at_ms: int) -> str:
        """The date with the zone's name and distance from UTC; empty when nobody knows it."""
        when = self.at(at_ms)
        if when is None:
            return ""
        name = when.tzname() or ""
        distance = f"UTC{when:%z}"[:6] + ":" + f"{when:%z}"[3:5]
        zone = distance if name in ("", "UTC") or name[0] in "+-" else f"{name}, {distance}"
        return f"{when.day} {when:%B %Y} ({'UTC' if distance == 'UTC+00:00' else zone})"

    def _of(
        self,
        number: int,
        stamps: Sequence[ClockStamp],
        opened_wall_ms: int | None,
        opened_ms: int,
    ) -> _Stretch:
        mine = [one for one in stamps if bisect_right(self._cuts, one.at_ms) == number]
        synced = [one for one in mine if one.wall_synced]
        if synced:
            return _Stretch(synced[-1].wall_ms - synced[-1].at_ms, sure=True)
        if mine:
            return _Stretch(mine[-1].wall_ms - mine[-1].at_ms, sure=False)
        if number == 0 and opened_wall_ms is not None:
            return _Stretch(opened_wall_ms - opened_ms, sure=not stamps)
        return _Stretch(None, sure=False)
