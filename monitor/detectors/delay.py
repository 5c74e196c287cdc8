"""The delay of a value row, word for word (`clinical.md` 2.0 "delay" and "clear time").

"starts at the first valid sample beyond the limit; runs on through invalid seconds; is reset by 3
successive valid samples back inside, not by one; the row fires on the first valid sample beyond the
limit at or after the delay, provided at least half of the samples expected since the start were
valid and beyond it, or, if fewer were valid, every valid sample of the last 60 s (at least 5, the
delay past) is beyond it."

A sample arrives some milliseconds earlier or later than the device took it, so one that is early by
less than a tenth of the device's interval is at its time: else a delay of whole intervals would
depend on chance, and a value that stays beyond the limit just as long might never fire.

This module counts samples; what "beyond" means is the row's business.

>>> delay = Delay()
>>> [delay.beyond(t, t // 1000, 1000, 2000, 1) for t in (0, 1000, 2000)]
[False, False, True]
"""

from collections import deque

__all__ = ["ClearTime", "Delay"]

_INSIDE = 3
_EARLY = 10
_STEADY_MS = 60_000
_STEADY = 5


class Delay:
    """One running delay. Idle when `start_ms` is None."""

    __slots__ = ("_before", "_recent", "_slot", "count", "inside", "last_inside_ms", "start_ms")

    def __init__(self) -> None:
        self.start_ms: int | None = None
        self.count = 0
        self.inside = 0
        self.last_inside_ms: int | None = None
        # The slot counted last, and what the counts were before it: a later sample of a slot
        # replaces the earlier one. Slots that this row did not count undo nothing.
        self._slot = -1
        self._before: tuple[int, int, int | None] = (0, 0, None)
        self._recent: deque[tuple[int, int]] = deque(maxlen=_STEADY)

    def beyond(
        self,
        at_ms: int,
        slot: int,
        interval_ms: int,
        delay_ms: int,
        min_samples: int,
    ) -> bool:
        """Take a valid sample beyond the limit; True: the row fires."""
        self._turn_to(slot)
        if self.start_ms is None:
            self.start_ms = at_ms
            self._recent.clear()
        self._recent.append((slot, at_ms))
        self.count += 1
        self.inside = 0
        past_ms = at_ms - self.start_ms
        if past_ms < delay_ms - interval_ms // _EARLY or self.count < min_samples:
            return False
        expected = past_ms // interval_ms + 1
        if 2 * self.count >= expected:
            return True
        last = self.last_inside_ms
        steady = last is None or last <= at_ms - _STEADY_MS
        recent = self._recent
        return steady and len(recent) == _STEADY and recent[0][1] > at_ms - _STEADY_MS

    def within(self, at_ms: int, slot: int) -> None:
        """Take a valid sample inside the limit; the third in a row ends the delay."""
        if self.start_ms is None:
            self.last_inside_ms = at_ms
            return
        self._turn_to(slot)
        self.last_inside_ms = at_ms
        self.inside += 1
        if self.inside >= _INSIDE:
            self.stop()

    def stop(self) -> None:
        """Forget the running delay."""
        self.start_ms = None
        self.count = self.inside = 0
        self._slot = -1

    def _turn_to(self, slot: int) -> None:
        if slot != self._slot:
            self._slot = slot
            self._before = (self.count, self.inside, self.last_inside_ms)
            return
        self.count, self.inside, self.last_inside_ms = self._before
        if self._recent and self._recent[-1][0] == slot:
            self._recent.pop()


class ClearTime:
    """How long a value has been back.

    "valid samples only, at or beyond the clearing level; a gap of 10 s or of three device
    intervals, whichever is longer, restarts it"
    """

    __slots__ = ("start_ms",)

    def __init__(self) -> None:
        self.start_ms: int | None = None

    def reached(self, at_ms: int, after_gap: bool, for_ms: int, interval_ms: int = 0) -> bool:
        """Take a valid sample at or beyond the level; True: the row clears."""
        if self.start_ms is None or after_gap:
            self.start_ms = at_ms
        return at_ms - self.start_ms >= for_ms - interval_ms // _EARLY

    def restart(self) -> None:
        """A valid sample was not at the level."""
        self.start_ms = None
