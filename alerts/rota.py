"""Who is on call, at any instant: one shift or one gap, never both and never neither.

A rota is a list of spans (who, from when to when) laid over each other, and substitutes laid over
the result in their order. `alerts/rota_timeline.py` has the rule for overlaps: the span that starts
later wins.

Times are Unix milliseconds of the wall clock; a shift ends where the next begins. This module reads
no calendar (`alerts/rota_calendar.py` does) and has no clock.

>>> people = People(frozenset({"dr-lee"}), {"Dr Lee": "dr-lee"})
>>> rota = Rota([Span(0, 50, "Dr Lee")], people, (), 0, 80)
>>> rota.on_call(49)
Shift(contact='dr-lee', from_ms=0, to_ms=50, doubt='')
>>> rota.on_call(50)
Gap(from_ms=50, to_ms=80, why='nobody is on the rota')
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from alerts.rota_timeline import entries_of, merged, replaced, swept
from alerts.rota_words import Change, Gap, People, RotaError, Shift, Span, Substitute

__all__ = ["Rota"]


class Rota:
    """The timeline from `from_ms` to `to_ms`, as one list of shifts and gaps without holes.

    `doubts` are the spans that name nobody whom we know, with why, each title once; `unused` are
    the substitutes inside the timeline that changed nothing.

    Args:
        spans: what the calendar says, in any order.
        people: whom it can name.
        substitutes: laid over it, a later one over an earlier one.
        from_ms: beginning of the timeline.
        to_ms: its end, later than `from_ms`.
    """

    def __init__(
        self,
        spans: Iterable[Span],
        people: People,
        substitutes: Sequence[Substitute],
        from_ms: int,
        to_ms: int,
    ) -> None:
        self.from_ms, self.to_ms = from_ms, to_ms
        entries, self.doubts = entries_of(spans, people, from_ms, to_ms)
        parts = merged(swept(entries, from_ms, to_ms))
        unused: list[Substitute] = []
        for one in substitutes:
            if one.from_ms >= to_ms or one.to_ms <= from_ms:
                continue
            after = merged(replaced(parts, one, people))
            if after == parts:
                unused.append(one)
            parts = after
        self.unused = tuple(unused)
        self.parts = tuple(parts)
        self._starts = [part.from_ms for part in self.parts]

    def on_call(self, at_ms: int) -> Shift | Gap:
        """Who is on call at this instant.

        Raises:
            RotaError: the instant is outside the timeline.
        """
        if not self.from_ms <= at_ms < self.to_ms:
            where = f"it covers {self.from_ms} to {self.to_ms} ms"
            raise RotaError([f"rota: {at_ms} ms is outside the timeline; {where}: read it anew"])
        return self.parts[bisect_right(self._starts, at_ms) - 1]

    def changes(self, from_ms: int, to_ms: int) -> list[Change]:
        """Return every hand-over from `from_ms` on and before `to_ms`; a doubt alone is none."""
        found = []
        for before, after in pairwise(self.parts):
            old = before.contact if isinstance(before, Shift) else None
            new = after.contact if isinstance(after, Shift) else None
            if old != new and from_ms <= after.from_ms < to_ms:
                why = after.doubt if isinstance(after, Shift) else after.why
                found.append(Change(after.from_ms, new, why))
        return found

    def gaps(self, from_ms: int, to_ms: int) -> list[Gap]:
        """Return the gaps that touch `from_ms` to `to_ms`, cut to that time."""
        return [
            Gap(max(from_ms, part.from_ms), min(to_ms, part.to_ms), part.why)
            for part in self.parts
            if isinstance(part, Gap) and part.from_ms < to_ms and part.to_ms > from_ms
        ]
