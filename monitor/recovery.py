"""Back to the state of the last committed record: same ids, same deadlines, same leases.

The journal's events go through a fresh engine. What was recorded wins over what newer code would
have decided: an alarm that the record holds open and the engine does not is taken over, latched, so
that only a person ends it; the difference is said and is never a reason not to start (design
section 3). This module reads no file and does not know how long the hub was away.

    recovered = recover(records)
    recovered.engine.handle(MonitorDown(at_ms=..., down_ms=8_000))
"""

from collections.abc import Iterable

from msgspec import Struct

from alerts.adopt import adopt
from alerts.condition import Transition
from monitor.effects import AlarmChanged, Effect
from monitor.engine import Engine
from monitor.journal import Record
from monitor.replay import Difference, same

__all__ = ["Recovered", "open_alarms", "recover"]

_ENDS = (Transition.CLEARED, Transition.RESET)
_STATES = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED, Transition.LATCHED)


class Recovered(Struct):
    """The engine as it stood. `differs` names the first record that today decides otherwise."""

    engine: Engine
    last_n: int
    differs: Difference | None
    adopted: list[str]


def recover(records: Iterable[Record]) -> Recovered:
    """Rebuild a session from its journal.

    Raises:
        EventOrderError: the journal does not begin with `SessionOpened`, or its times go back.
    """
    engine = Engine()
    last_n, differs = 0, None
    recorded: dict[str, dict[str, AlarmChanged]] = {}
    for record in records:
        effects = tuple(engine.handle(record.event))
        if differs is None and effects != record.effects:
            what = same(record.effects, effects)
            differs = None if what is None else Difference(record.n, what)
        open_alarms(record.effects, recorded)
        last_n = record.n
    adopted: list[str] = []
    if differs is not None:
        for lines in recorded.values():
            adopted += adopt(engine.alarms, list(lines.values()), engine.now_ms)
    return Recovered(engine, last_n, differs, adopted)


def open_alarms(
    effects: Iterable[Effect], into: dict[str, dict[str, AlarmChanged]]
) -> dict[str, dict[str, AlarmChanged]]:
    """Follow the recorded lines: alarm id to its open rows and the last line of each."""
    for effect in effects:
        if not isinstance(effect, AlarmChanged):
            continue
        if effect.transition in _STATES:
            into.setdefault(effect.id, {})[effect.row] = effect
        elif effect.transition in _ENDS:
            rows = into.get(effect.id, {})
            rows.pop(effect.row, None)
            if not rows:
                into.pop(effect.id, None)
    return into
