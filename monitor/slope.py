"""Does a value fall by so much a minute? The Theil-Sen test, kept incrementally, in integers.

The Theil-Sen slope is the median slope of all pairs of points, so a third of them may be wrong
without moving it far. Whether it is at or below a limit needs no slope and no median: it is when at
least half of the pairs are that steep. Turn the picture by the limit (u = value - limit x time) and
a pair is steep exactly when its later u is not above its earlier one. Such pairs are counted when a
point comes and uncounted when it leaves, by one search in a sorted list each; nothing is divided or
rounded. Of an even number of pairs the lower middle slope decides.

This module knows no row and no sample quality: give it valid values only.

>>> test = SlopeTest(window_ms=300_000, limit_x100_per_min=-120)
>>> for at_s, spo2_x100 in ((0, 9700), (60, 9600), (120, 9400)):
...     test.add(at_s * 1000, spo2_x100)
>>> test.pairs, test.steep, test.at_most
(3, 2, True)
"""

from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable

__all__ = ["SlopeTest", "falls_faster"]

_MS_PER_MIN = 60_000


class SlopeTest:
    """The points of the last `window_ms` (both ends included) held against one slope.

    Args:
        window_ms: how far back points count, at least 1.
        limit_x100_per_min: the slope to compare with, in 0.01 of the value's unit a minute; a
            negative one asks for a fall.

    Raises:
        ValueError: the window has no length.

    Sources: Theil 1950; Sen, J Am Stat Assoc 1968, 63(324), 1379-1389.
    """

    __slots__ = ("_limit", "_ordered", "_points", "_window_ms", "steep")

    def __init__(self, window_ms: int, limit_x100_per_min: int) -> None:
        if window_ms < 1:
            raise ValueError(f"window of {window_ms} ms has no length: give at least 1 ms")
        self._window_ms = window_ms
        self._limit = limit_x100_per_min
        self._points: deque[tuple[int, int]] = deque()
        self._ordered: list[int] = []
        self.steep = 0

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(self._ordered)

    @property
    def pairs(self) -> int:
        """How many pairs of points there are."""
        count = len(self._ordered)
        return count * (count - 1) // 2

    @property
    def at_most(self) -> bool | None:
        """Whether the median slope is at or below the limit; None with fewer than two points."""
        pairs = self.pairs
        return 2 * self.steep >= pairs if pairs else None

    @property
    def span_ms(self) -> int:
        """The time from the first point to the last."""
        return self._points[-1][0] - self._points[0][0] if self._points else 0

    @property
    def points(self) -> list[tuple[int, int]]:
        """Times and values (x 100) of the points, oldest first."""
        limit = self._limit
        return [(t, (turned + limit * t) // _MS_PER_MIN) for t, turned in self._points]

    def add(self, at_ms: int, value_x100: int, *, same_slot: bool = False) -> None:
        """Take one valid value; one of the same slot takes the place of the last.

        Raises:
            ValueError: the time is not later than the last point's (pairs at one time have no
                slope), nor of its slot. Nothing has changed then.
        """
        points, ordered = self._points, self._ordered
        if points and same_slot:
            self._withdraw_last(at_ms)
        elif points and at_ms <= points[-1][0]:
            raise ValueError(
                f"point at {at_ms} ms is not later than the last at {points[-1][0]} ms:"
                " give it as one of the same slot"
            )
        turned = value_x100 * _MS_PER_MIN - self._limit * at_ms
        self._drop_before(at_ms - self._window_ms)
        self.steep += len(ordered) - bisect_left(ordered, turned)
        insort(ordered, turned)
        points.append((at_ms, turned))

    def _drop_before(self, oldest_ms: int) -> None:
        """Let the oldest points go, with the pairs in which each was the earlier one."""
        points, ordered = self._points, self._ordered
        while points and points[0][0] < oldest_ms:
            turned = points.popleft()[1]
            index = bisect_right(ordered, turned) - 1
            del ordered[index]
            self.steep -= index

    def _withdraw_last(self, at_ms: int) -> None:
        """Let the newest point go, with the pairs in which it was the later one."""
        last_ms, turned = self._points[-1]
        if at_ms < last_ms:
            raise ValueError(f"point at {at_ms} ms is earlier than its slot's last at {last_ms} ms")
        self._points.pop()
        index = bisect_left(self._ordered, turned)
        del self._ordered[index]
        self.steep -= len(self._ordered) - index


def falls_faster(points: Iterable[tuple[int, int]], change_x100: int, over_ms: int) -> bool:
    """Whether the median slope is below `change_x100` (negative: a fall) in `over_ms`, strictly.

    All pairs are counted anew, for a question whose limit is another one each time. With fewer than
    two points there is no slope, and the answer is no.

    >>> falls_faster([(0, 9700), (60_000, 9600)], -99, 60_000)
    True
    >>> falls_faster([(0, 9700), (60_000, 9600)], -100, 60_000)
    False
    """
    ordered: list[int] = []
    steeper = 0
    for at_ms, value_x100 in points:
        turned = value_x100 * over_ms - change_x100 * at_ms
        steeper += len(ordered) - bisect_right(ordered, turned)
        insort(ordered, turned)
    pairs = len(ordered) * (len(ordered) - 1) // 2
    return pairs > 0 and 2 * steeper >= pairs
