"""What is the same in two runs of one session, and what is not.

Spells of one name belong together when they overlap or lie within a minute of each other; all that
hang together are one happening. One that only the second run has is gained, one that only the first
has is lost; one that both have may be earlier or later (its first moment) and of a higher or lower
priority. The rule looks at both runs alike: what A to B gains, B to A loses. It judges nothing.

>>> def spell(from_ms, to_ms):
...     return Spell("oxygen", Kind.PHYSIOLOGICAL, Priority.HIGH, from_ms, to_ms)
>>> [(one.shift_ms, one.is_gained) for one in compared([spell(0, 90)], [spell(40, 80)])]
[(40, False)]
>>> [(one.shift_ms, one.is_gained) for one in compared([], [spell(40, 80)])]
[(None, True)]
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from alerts.condition import Kind, Priority
from monitor.what_if.spells import Spell

__all__ = ["APART_MS", "Change", "Half", "compared"]

APART_MS = 60_000
"""Spells of one name that lie no further apart are one happening."""


class Half(Struct, frozen=True):
    """One run's part of a happening: from when until when, and its highest priority."""

    from_ms: int
    to_ms: int
    priority: Priority


class Change(Struct, frozen=True):
    """One happening in both runs; None where a run does not have it. Never None twice."""

    name: str
    kind: Kind
    before: Half | None
    after: Half | None

    @property
    def is_gained(self) -> bool:
        """Only the second run has it."""
        return self.before is None

    @property
    def is_lost(self) -> bool:
        """Only the first run has it."""
        return self.after is None

    @property
    def shift_ms(self) -> int | None:
        """How much later the second run has it; below 0 earlier, None when one has it not."""
        if self.before is None or self.after is None:
            return None
        return self.after.from_ms - self.before.from_ms

    @property
    def step(self) -> int:
        """By how many priorities the second run is higher (above 0) or lower; 0 without both."""
        if self.before is None or self.after is None:
            return 0
        return self.after.priority.rank - self.before.priority.rank

    @property
    def at_ms(self) -> int:
        """When it began, in whichever run was first."""
        return min(half.from_ms for half in (self.before, self.after) if half is not None)


def compared(before: Iterable[Spell], after: Iterable[Spell]) -> list[Change]:
    """Return every happening of two runs in the order of its beginning, then by name."""
    by_name: dict[str, list[tuple[Spell, bool]]] = {}
    for spells, is_after in ((before, False), (after, True)):
        for spell in spells:
            by_name.setdefault(spell.name, []).append((spell, is_after))
    found = [change for spells in by_name.values() for change in _happenings(spells)]
    return sorted(found, key=lambda one: (one.at_ms, one.name))


def _happenings(spells: list[tuple[Spell, bool]]) -> list[Change]:
    spells.sort(key=lambda one: one[0].from_ms)
    groups: list[list[tuple[Spell, bool]]] = []
    last_ms = 0
    for spell, is_after in spells:
        if not groups or spell.from_ms > last_ms + APART_MS:
            groups.append([])
            last_ms = spell.to_ms
        groups[-1].append((spell, is_after))
        last_ms = max(last_ms, spell.to_ms)
    return [_change(group) for group in groups]


def _change(group: Sequence[tuple[Spell, bool]]) -> Change:
    first = group[0][0]
    halves = [
        _half([spell for spell, is_after in group if is_after is wanted])
        for wanted in (False, True)
    ]
    return Change(first.name, first.kind, halves[0], halves[1])


def _half(spells: Sequence[Spell]) -> Half | None:
    if not spells:
        return None
    highest = max((spell.priority for spell in spells), key=lambda one: one.rank)
    return Half(spells[0].from_ms, max(spell.to_ms for spell in spells), highest)
