"""Deadlines of one session, in the order in which they are due.

A timer is a key with one due time. Timers due at one instant come in the order that they were given
(rows first, in plan order), so that the same events always decide the same. This module has no
clock: it is asked what is due at a time.

>>> timers = Timers()
>>> timers.set("b", 20, order=1)
>>> timers.set("a", 10, order=2)
>>> timers.next_due_ms(), timers.pop_due(15), timers.pop_due(15)
(10, ('a', 10), None)
"""

import heapq
from collections.abc import Hashable

__all__ = ["Timers"]

_SPARE = 64


class Timers:
    """A heap with one live entry a key; entries that were replaced are passed over."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, int, Hashable]] = []
        self._live: dict[Hashable, tuple[int, int]] = {}
        self._given = 0

    def __contains__(self, key: Hashable) -> bool:
        return key in self._live

    def set(self, key: Hashable, due_ms: int, order: int) -> None:
        """Set or move the timer of this key."""
        live = self._live.get(key)
        if live is not None and live[0] == due_ms:
            return
        self._given += 1
        self._live[key] = (due_ms, self._given)
        heapq.heappush(self._heap, (due_ms, order, self._given, key))
        if len(self._heap) > 2 * len(self._live) + _SPARE:
            # Timers that are moved again and again must not grow the heap without bound.
            self._heap = [e for e in self._heap if self._live.get(e[3]) == (e[0], e[2])]
            heapq.heapify(self._heap)

    def at_latest(self, key: Hashable, due_ms: int, order: int) -> None:
        """Have the timer fire no later than `due_ms`; an earlier one stays and asks again."""
        live = self._live.get(key)
        if live is None or live[0] > due_ms:
            self.set(key, due_ms, order)

    def cancel(self, key: Hashable) -> None:
        """Forget the timer of this key, if there is one."""
        self._live.pop(key, None)

    def rename(self, old: Hashable, new: Hashable) -> None:
        """Give a timer, if there is one, another key; its time and order stay."""
        live = self._live.pop(old, None)
        if live is not None:
            order = next(e[1] for e in self._heap if e[3] == old and (e[0], e[2]) == live)
            self.set(new, live[0], order)

    def due_ms(self, key: Hashable) -> int | None:
        """When this key's timer is due."""
        live = self._live.get(key)
        return None if live is None else live[0]

    def next_due_ms(self) -> int | None:
        """The earliest due time of all."""
        heap = self._heap
        while heap:
            due_ms, _, given, key = heap[0]
            if self._live.get(key) == (due_ms, given):
                return due_ms
            heapq.heappop(heap)
        return None

    def pop_due(self, now_ms: int) -> tuple[Hashable, int] | None:
        """Take the earliest timer due at or before `now_ms`; None when there is none."""
        due_ms = self.next_due_ms()
        if due_ms is None or due_ms > now_ms:
            return None
        key = heapq.heappop(self._heap)[3]
        del self._live[key]
        return key, due_ms
