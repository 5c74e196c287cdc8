"""Take over an alarm that a record holds open although today's rows would not have raised it.

After an update of the software the record wins: the alarm keeps its id and priority, is latched, is
told again from the foot of its ladder, and only a person ends it. Nothing here decides whether the
old or the new rows were right.

    adopt(system, [line of oxygen@5000], at_ms=9_000)   -> ["oxygen@5000"]
"""

from alerts.book import Alarm, RowFacts, RowState
from alerts.care import Care
from alerts.condition import Present
from alerts.effects import AlarmChanged
from alerts.system import AlarmSystem

__all__ = ["adopt"]


def adopt(system: AlarmSystem, lines: list[AlarmChanged], at_ms: int) -> list[str]:
    """Open the alarm of these recorded lines if it is not open; return the ids taken over.

    An open alarm of the same family that today's rows raised keeps its rows and takes the id.
    """
    first = lines[0]
    alarm = system.book.open.get(first.family)
    if alarm is not None and alarm.id == first.id:
        return []
    if alarm is not None:
        system.rename(alarm, first.id)
        return [first.id]
    rows = {}
    for line in lines:
        answer = Present(
            line.priority, line.alarm_class, line.reason, line.value_x100, line.limit_x100
        )
        facts = RowFacts(line.row, line.family, line.kind, line.priority, line.alarm_class)
        rows[line.row] = RowState(facts, answer, line.at_ms, present=False, kept=answer)
    alarm = Alarm(id=first.id, family=first.family, raised_ms=first.at_ms, rows=rows)
    system.book.open[first.family] = alarm
    priority, alarm_class = alarm.level
    care = Care.raised(alarm.id, alarm.family, at_ms, priority, alarm_class)
    system.take_over(care)
    return [alarm.id]
