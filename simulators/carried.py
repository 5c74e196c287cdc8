"""What is on its way to the hub: a report, or the news that a device's link came or went.

`Road` keeps what will arrive and gives it out in the order of arrival; what arrives in one
millisecond keeps the order in which it was put in.

It decides nothing and draws nothing.

>>> road = Road()
>>> road.put(Carried(2_000, "ox", LinkNews(online=False)))
>>> road.due(1_999), len(road.due(2_000))
([], 1)
"""

from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from devices.observation import DeviceReport

__all__ = ["Carried", "LinkNews", "Road"]


@dataclass(frozen=True, slots=True)
class LinkNews:
    """The hub's radio or the broker says that a device is there, or gone, and why.

    `battery_pct` (0..100) is what the device says of its battery, if it does.
    """

    online: bool
    reason: str = ""
    battery_pct: int | None = None


class Carried(NamedTuple):
    """One thing of one device that arrives at `at_ms`, in hub time."""

    at_ms: int
    device: str
    what: DeviceReport | LinkNews


class Road:
    """All that is still on its way."""

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, Carried]] = []
        self._order = count()

    def put(self, carried: Carried) -> None:
        """Let it arrive at its time, however late that is."""
        heappush(self._waiting, (carried.at_ms, next(self._order), carried))

    def due(self, until_ms: int) -> list[Carried]:
        """Take out all that arrives until then, in order of arrival."""
        out = []
        while self._waiting and self._waiting[0][0] <= until_ms:
            out.append(heappop(self._waiting)[2])
        return out

    def next_ms(self) -> int | None:
        """When the next thing arrives; None: nothing is on its way."""
        return self._waiting[0][0] if self._waiting else None
