"""The delay of a value row, word for word (`clinical.md` 2.0 "delay" and "clear time").

"starts at the first valid sample beyond the limit; runs on through invalid seconds; is reset by 3
successive valid samples back inside, not by one; the row fires on the first valid sample beyond the
limit at or after the delay, provided at least half of the samples expected since the start were
valid and beyond it, or, if fewer were valid, every valid sample of the last 60 s (at least 5, the
delay past) is beyond it."

This module counts samples; what "beyond" means is the row's business.

>>> delay = Delay()
>>> [delay.beyond(t, False, 1000, 2000, 1) for t in (0, 1000, 2000)]
[False, False, True]
"""

from collections import deque

__all__ = ["ClearTime", "Delay"]

_INSIDE = 3
_STEADY_MS = 60_000
_STEADY = 5


class Delay:
    """One running delay. Idle when `start_ms` is None."""

    __slots__ = ("_before", "_recent", "count", "inside", "last_inside_ms", "start_ms")

    def __init__(self) -> None:
        self.start_ms: int | None = None
        self.count = 0
        self.inside = 0
        self.last_inside_ms: int | None = None
        # What the counts were before the current slot: a later sample of a slot replaces the
        # earlier one.
        self._before = (0, 0)
        self._recent: deque[int] = deque(maxlen=_STEADY)

    def beyond(
        self,
        at_ms: int,
        same_slot: bool,
        interval_ms: int,
        delay_ms: int,
        min_samples: int,
    ) -> bool:
        """Take a valid sample beyond the limit; True: the row fires."""
        if self.start_ms is None:
            self.start_ms = at_ms
            self.count = 0
            self._before = (0, 0)
            self._recent.clear()
        elif same_slot:
            self.count = self._before[0]
        else:
            self._before = (self.count, self.inside)
        if same_slot and self._recent:
            self._recent.pop()
        self._recent.append(at_ms)
        self.count += 1
        self.inside = 0
        past_ms = at_ms - self.start_ms
        if past_ms < delay_ms or self.count < min_samples:
            return False
        expected = past_ms // interval_ms + 1
        if 2 * self.count >= expected:
            return True
        last = self.last_inside_ms
        steady = last is None or last <= at_ms - _STEADY_MS
        return steady and len(self._recent) == _STEADY and self._recent[0] > at_ms - _STEADY_MS

    def within(self, at_ms: int, same_slot: bool) -> None:
        """Take a valid sample inside the limit; the third in a row ends the delay."""
        self.last_inside_ms = at_ms
        if self.start_ms is None:
            return
        if same_slot:
            self.count, self.inside = self._before
        else:
            self._before = (self.count, self.inside)
        self.inside += 1
        if self.inside >= _INSIDE:
            self.stop()

    def stop(self) -> None:
        """Forget the running delay."""
        self.start_ms = None
        self.count = self.inside = 0
        self._before = (0, 0)


class ClearTime:
    """How long a value has been back.

    "valid samples only, at or beyond the clearing level; a gap of 10 s or of three device
    intervals, whichever is longer, restarts it"
    """

    __slots__ = ("start_ms",)

    def __init__(self) -> None:
        self.start_ms: int | None = None

    def reached(self, at_ms: int, after_gap: bool, for_ms: int) -> bool:
        """Take a valid sample at or beyond the level; True: the row clears."""
        if self.start_ms is None or after_gap:
            self.start_ms = at_ms
        return at_ms - self.start_ms >= for_ms

    def restart(self) -> None:
        """A valid sample was not at the level."""
        self.start_ms = None
