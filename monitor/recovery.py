"""Back to the state of the last committed record: same ids, same deadlines, same leases.

The journal's events go through a fresh engine. What was recorded wins over what newer code would
have decided: at each record that differs, the alarms that the record holds open are taken over with
their ids, so that the answers of people that follow still find them. A difference is said and is
never a reason not to start (design section 3). This module reads no file and does not know how long
the hub was away.

    recovered = recover(records)
    recovered.engine.handle(MonitorDown(at_ms=..., down_ms=8_000))
"""

from collections.abc import Iterable

from msgspec import Struct

from alerts.adopt import Held, adopt, follow
from monitor.engine import Engine, EventOrderError
from monitor.journal import Record
from monitor.replay import Difference, same

__all__ = ["Recovered", "recover"]


class Recovered(Struct):
    """The engine as it stood. `differs` names the first record that today decides otherwise.

    `adopted` are the ids of the alarms that were taken from the record, each once, in order.
    `engine.opened` is None when the journal does not begin with the opening of a session.
    """

    engine: Engine
    last_n: int
    differs: Difference | None
    adopted: list[str]


def recover(records: Iterable[Record]) -> Recovered:
    """Rebuild a session from its journal. An event that the engine refuses is a difference too."""
    recovered = Recovered(Engine(), 0, None, [])
    engine = recovered.engine
    held: dict[str, Held] = {}
    taken: set[str] = set()
    for record in records:
        recovered.last_n = record.n
        what = _replayed(engine, record)
        follow(record.effects, held)
        if what is None:
            continue
        if recovered.differs is None:
            recovered.differs = Difference(record.n, what)
        if engine.opened is not None:
            facts = {detector.facts.id: detector.facts for detector in engine.board.all}
            for alarm_id in adopt(engine.alarms, held, facts, taken, engine.now_ms):
                if alarm_id not in recovered.adopted:
                    recovered.adopted.append(alarm_id)
    return recovered


def _replayed(engine: Engine, record: Record) -> str | None:
    """Give the engine one recorded event; say how its answer differs, or None."""
    try:
        effects = tuple(engine.handle(record.event))
    except EventOrderError as error:
        return f"refused: {error}"
    return None if effects == record.effects else same(record.effects, effects)
