"""What a record holds open wins over what today's rows would have raised.

After an update of the software an alarm that the record knows keeps its id and at least its
priority. A row that today's rows do not see is taken over latched, so that only a person ends it,
or the record itself. An alarm that only today's rows see stays open: the record may add to what is
wrong, never take from it. Nothing here decides which rows were right.

    held = follow(effects, {})                     -> {"oxygen@5000": Held(...)}
    adopt(system, held, {}, taken, at_ms=9_000)    -> ["oxygen@5000"]
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from alerts.alarm import Alarm, RowFacts, RowState
from alerts.care import Care
from alerts.condition import AlarmClass, Present, Priority, Transition, rank
from alerts.contact import Role
from alerts.effects import AlarmChanged
from alerts.system import AlarmSystem

__all__ = ["Held", "adopt", "follow"]

_ENDS = (Transition.CLEARED, Transition.RESET)
_STATES = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED, Transition.LATCHED)
_BY_RECORD = "the record"


class Held(Struct):
    """One alarm as the record has it: its level after the last line, and each open row's line."""

    family: str
    raised_ms: int
    priority: Priority
    alarm_class: AlarmClass | None
    rows: dict[str, AlarmChanged]


def follow(effects: Iterable[object], held: dict[str, Held]) -> dict[str, Held]:
    """Follow the recorded lines: alarm id to what is open of it. Returns `held`."""
    for line in effects:
        if not isinstance(line, AlarmChanged):
            continue
        alarm = held.get(line.id)
        if line.transition in _STATES:
            if alarm is None:
                # One family is one alarm: where records were lost the end of another is too.
                for other in [i for i, known in held.items() if known.family == line.family]:
                    del held[other]
                alarm = Held(line.family, line.at_ms, line.priority, line.alarm_class, {})
                held[line.id] = alarm
            alarm.rows[line.row] = line
        elif alarm is not None and line.transition in _ENDS:
            alarm.rows.pop(line.row, None)
            if not alarm.rows:
                del held[line.id]
        if alarm is not None:
            alarm.priority, alarm.alarm_class = line.priority, line.alarm_class
    return held


def adopt(
    system: AlarmSystem,
    held: Mapping[str, Held],
    facts: Mapping[str, RowFacts],
    taken: set[str],
    at_ms: int,
) -> list[str]:
    """Make the alarms of `system` those of the record; return the ids that were taken over now.

    `facts` are the plan's rows by id. `taken` remembers the ids taken over: what the record ends of
    them is ended here too, unless today's rows see it.
    """
    if system.carer.over is not None:
        # The session was closed: nobody is told any more, and nothing can be answered.
        return []
    for alarm_id in sorted(taken - held.keys()):
        taken.discard(alarm_id)
        # A row that is present keeps the alarm open.
        system.reset(alarm_id, _BY_RECORD, Role.ADMIN, at_ms)
    changed = [alarm_id for alarm_id in held if _take(system, alarm_id, held, facts, at_ms)]
    taken.update(changed)
    return changed


def _take(
    system: AlarmSystem,
    alarm_id: str,
    held: Mapping[str, Held],
    facts: Mapping[str, RowFacts],
    at_ms: int,
) -> bool:
    """Take over one alarm; False when it stands as the record has it, or higher."""
    want = held[alarm_id]
    alarm = system.book.open.get(want.family)
    if alarm is None:
        alarm = Alarm(alarm_id, want.family, want.raised_ms, _latched(want, want.rows, facts))
        system.book.open[want.family] = alarm
        system.take_over(Care.raised(alarm_id, want.family, at_ms, *alarm.level))
        return True
    renamed = alarm.id != alarm_id
    if renamed:
        system.rename(alarm, alarm_id)
    low = alarm.rank < rank(want.priority, want.alarm_class)
    missing = [row for row in want.rows if low or row not in alarm.rows]
    before = alarm.rank
    for row, state in _latched(want, missing, facts).items():
        known = alarm.rows.setdefault(row, state)
        known.kept = state.kept
    if alarm.rank > before:
        system.raise_level(alarm, "higher in the record", at_ms)
    return renamed or bool(missing)


def _latched(want: Held, rows: Iterable[str], facts: Mapping[str, RowFacts]) -> dict[str, RowState]:
    """These rows of a recorded alarm, at its level, until a person resets them."""
    states = {}
    for row in rows:
        line = want.rows[row]
        answer = Present(
            want.priority, want.alarm_class, line.reason, line.value_x100, line.limit_x100
        )
        fact = facts.get(row)
        if fact is None:
            fact = RowFacts(row, want.family, line.kind, want.priority, want.alarm_class)
        states[row] = RowState(fact, answer, line.at_ms, present=False, kept=answer)
    return states
