"""Spells: for how long a row, or an alarm, was present in one run of a session.

A spell begins with the line by which a row becomes present and ends when it is cleared or latched:
when its condition is over. How long a latched alarm then waits for a person is no part of it, since
under another plan nobody can know when they would have come. The spell of an alarm is the time in
which any row of its family is present. It judges nothing and compares nothing.

>>> from alerts.condition import Kind, Priority, Transition
>>> def line(at_ms, transition):
...     return AlarmChanged(
...         at_ms=at_ms, id="oxygen@5", family="oxygen", row="SPO2-LOW", transition=transition,
...         priority=Priority.HIGH, alarm_class=None, kind=Kind.PHYSIOLOGICAL)
>>> [(one.name, one.from_ms, one.to_ms) for one in
...     spells_of([line(5, Transition.RAISED), line(9, Transition.CLEARED)], 20).rows]
[('SPO2-LOW', 5, 9)]
"""

from collections.abc import Iterable

from msgspec import Struct

from alerts.condition import Kind, Priority, Transition
from monitor.effects import AlarmChanged

__all__ = ["Spell", "Spells", "spells_of"]

_BEGINS = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED, Transition.REPEATED)
_ENDS = (Transition.CLEARED, Transition.LATCHED, Transition.RESET)


class Spell(Struct):
    """One time of presence, from `from_ms` up to `to_ms`, in hub ms.

    `name` is a row's or a family's; `priority` the highest that the alarm had meanwhile.
    """

    name: str
    kind: Kind
    priority: Priority
    from_ms: int
    to_ms: int


class Spells(Struct, frozen=True):
    """All spells of one run, by row and by alarm, oldest first."""

    rows: tuple[Spell, ...]
    alarms: tuple[Spell, ...]


def spells_of(lines: Iterable[AlarmChanged], end_ms: int) -> Spells:
    """Return the spells in the lines of one run that ends at `end_ms`; what is open ends there."""
    rows: list[Spell] = []
    alarms: list[Spell] = []
    present: dict[str, dict[str, Spell]] = {}
    open_alarms: dict[str, Spell] = {}
    for line in lines:
        on = present.setdefault(line.family, {})
        if line.transition in _BEGINS and line.row not in on:
            on[line.row] = _spell(line, line.row, end_ms)
            rows.append(on[line.row])
            if line.family not in open_alarms:
                open_alarms[line.family] = _spell(line, line.family, end_ms)
                alarms.append(open_alarms[line.family])
        elif line.transition in _ENDS and line.row in on:
            on.pop(line.row).to_ms = line.at_ms
            if not on:
                open_alarms.pop(line.family).to_ms = line.at_ms
        for spell in (*on.values(), *_alarm_of(open_alarms, line.family)):
            spell.priority = max(spell.priority, line.priority, key=lambda one: one.rank)
    return Spells(tuple(rows), tuple(alarms))


def _spell(line: AlarmChanged, name: str, end_ms: int) -> Spell:
    return Spell(name, line.kind, line.priority, line.at_ms, max(end_ms, line.at_ms))


def _alarm_of(alarms: dict[str, Spell], family: str) -> list[Spell]:
    return [alarms[family]] if family in alarms else []
