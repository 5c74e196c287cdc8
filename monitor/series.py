"""Valid values of one metric in time, and a running median: what rows look back on.

Only valid values are kept here, each with the hub time of its arrival; a value of the same slot
replaces the earlier one. Doubtful values are not kept: they count for no baseline and no clearing.

>>> series = Series(keep_ms=60_000)
>>> for at_ms, value in ((0, 9700), (1000, 9600), (2000, 9500)):
...     series.add(at_ms, value, same_slot=False)
>>> series.median2(0, 2000)
19200
"""

from bisect import bisect_left, bisect_right, insort

__all__ = ["RunningMedian", "Series"]

_SLACK = 256


class Series:
    """Values of the last `keep_ms`, oldest first."""

    __slots__ = ("_dropped", "_first", "_keep_ms", "_times", "_values")

    def __init__(self, keep_ms: int) -> None:
        self._keep_ms = keep_ms
        self._dropped = 0
        self._times: list[int] = []
        self._values: list[int] = []
        self._first = 0

    def add(self, at_ms: int, value_x100: int, *, same_slot: bool) -> None:
        """Keep a valid value; one of the same slot takes the place of the last."""
        times = self._times
        if same_slot and times:
            times[-1] = at_ms
            self._values[-1] = value_x100
            return
        times.append(at_ms)
        self._values.append(value_x100)
        oldest_ms = at_ms - self._keep_ms
        first = self._first
        while times[first] < oldest_ms:
            first += 1
        if first > _SLACK:
            del times[:first], self._values[:first]
            self._dropped += first
            first = 0
        self._first = first

    @property
    def added(self) -> int:
        """How many values have come since the beginning; one that took another's place is none."""
        return self._dropped + len(self._times)

    @property
    def last(self) -> tuple[int, int] | None:
        """When the last valid value came, and the value."""
        return (self._times[-1], self._values[-1]) if self._times else None

    def latest(self, now_ms: int, within_ms: int) -> int | None:
        """The last valid value, unless it is older than `within_ms`."""
        last = self.last
        return last[1] if last is not None and now_ms - last[0] <= within_ms else None

    def count(self, from_ms: int, to_ms: int) -> int:
        """How many valid values lie in `from_ms..to_ms`, both ends included."""
        low, high = self._between(from_ms, to_ms)
        return high - low

    def median2(self, from_ms: int, to_ms: int) -> int | None:
        """Twice the median of the values in `from_ms..to_ms` (twice: it stays an integer)."""
        low, high = self._between(from_ms, to_ms)
        if low == high:
            return None
        ordered = sorted(self._values[low:high])
        middle = len(ordered) // 2
        return ordered[middle] + ordered[-middle - 1]

    def values(self, from_ms: int, to_ms: int) -> list[int]:
        """The values of `from_ms..to_ms`, both ends included, oldest first."""
        low, high = self._between(from_ms, to_ms)
        return self._values[low:high]

    def since(self, number: int) -> tuple[int, list[tuple[int, int]]]:
        """Times and values from the `number`-th that ever came on (0: the first).

        What is not kept any more cannot be given: the number of the first one given says so.
        """
        index = max(number - self._dropped, self._first)
        pairs = zip(self._times[index:], self._values[index:], strict=True)
        return self._dropped + index, list(pairs)

    def at_or_before(self, at_ms: int, not_before_ms: int) -> int | None:
        """The newest value at or before `at_ms` that is not older than `not_before_ms`."""
        index = bisect_right(self._times, at_ms, self._first) - 1
        if index < self._first or self._times[index] < not_before_ms:
            return None
        return self._values[index]

    def nth_newest_ms(self, number: int) -> int | None:
        """When the `number`-th newest value came (1: the last)."""
        index = len(self._times) - number
        return self._times[index] if index >= self._first else None

    def _between(self, from_ms: int, to_ms: int) -> tuple[int, int]:
        times = self._times
        low = bisect_left(times, from_ms, self._first)
        return low, max(low, bisect_right(times, to_ms, self._first))


class RunningMedian:
    """The lower median of the numbers of the last `window_ms`, kept sorted as they come and go."""

    __slots__ = ("_queue", "_sorted", "_start", "_window_ms")

    def __init__(self, window_ms: int) -> None:
        self._window_ms = window_ms
        self._queue: list[tuple[int, int]] = []
        self._start = 0
        self._sorted: list[int] = []

    def add(self, at_ms: int, number: int) -> None:
        """Take one number and drop those that are older than the window."""
        queue, ordered = self._queue, self._sorted
        queue.append((at_ms, number))
        oldest_ms = at_ms - self._window_ms
        start = self._start
        leaves_ms, leaves = queue[start]
        if leaves == number and leaves_ms < oldest_ms:
            # At a steady pace the one that comes takes the place of the one that goes.
            start += 1
        else:
            insort(ordered, number)
        while queue[start][0] < oldest_ms:
            del ordered[bisect_left(ordered, queue[start][1])]
            start += 1
        if start > _SLACK:
            del queue[:start]
            start = 0
        self._start = start

    @property
    def value(self) -> int | None:
        """The lower median, or None before the first number."""
        ordered = self._sorted
        return ordered[(len(ordered) - 1) // 2] if ordered else None
