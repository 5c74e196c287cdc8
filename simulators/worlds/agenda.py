"""What is still to come in a world, in order of time and then of entry; bounded by the scenario.

agenda.add(60_000, deliver)
agenda.run_next()      delivers
"""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

__all__ = ["Agenda", "Deed"]

Deed = Callable[[int], None]
"""What happens; it is given its time in hub ms."""


class Agenda:
    """A list of deeds, each at its time."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Deed]] = []
        self._order = count()

    def add(self, at_ms: int, deed: Deed) -> None:
        """Let this happen at that time."""
        heappush(self._heap, (at_ms, next(self._order), deed))

    @property
    def next_ms(self) -> int | None:
        """When the next deed is due; None: nothing is to come."""
        return self._heap[0][0] if self._heap else None

    def run_next(self) -> None:
        """Do the next deed. Nothing to do: nothing happens."""
        if self._heap:
            at_ms, _, deed = heappop(self._heap)
            deed(at_ms)
