"""Whatever a record holds, recovery starts: other ids, other levels, lines too many or too few."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from alerts.adopt import Held, follow
from alerts.condition import AlarmClass, Priority, rank
from alerts.contact import Role
from monitor.effects import AlarmChanged, Effect, RowOff
from monitor.engine import Engine
from monitor.events import Accepted, MonitorDown, ResetByPerson, Tick
from monitor.journal import Record
from monitor.recovery import recover
from monitor.replay import same
from tests.effort import tries
from tests.moves import MOVES
from tests.sessions import Move, play

# What an older version may have decided otherwise about one line.
EDITS = st.sampled_from(["keep", "keep", "drop", "id", "level", "row", "late"])


def edited(line: AlarmChanged, how: str) -> list[Effect]:
    """Return what stands in the record in place of one line."""
    other: dict[str, Any] = {}
    if how == "drop":
        return []
    if how == "id":
        other = {"id": f"{line.family}@{int(line.id.partition('@')[2]) - 1}"}
    elif how == "level":
        other = {"priority": Priority.HIGH, "alarm_class": AlarmClass.E}
    elif how == "row":
        other = {"row": "OLD-ROW"}
    elif how == "late":
        other = {"at_ms": line.at_ms + 1}
    return [msgspec.structs.replace(line, **other)]


@tries(20)
@given(MOVES, st.lists(EDITS, min_size=1, max_size=40), st.integers(1, 200))
def test_a_record_of_other_decisions_is_taken_up(
    moves: list[Move], edits: list[str], kept: int
) -> None:
    """The first difference is named; open alarms are at least those of the record; all goes on."""
    engine, records, count = Engine(), [], 0
    for n, event in enumerate(play(moves)[:kept], start=1):
        now = tuple(engine.handle(event))
        effects: list[Effect] = []
        for effect in now:
            if isinstance(effect, AlarmChanged):
                effects += edited(effect, edits[count % len(edits)])
                count += 1
            else:
                effects.append(effect)
        records.append(Record(n, event, tuple(effects)))
    recovered = recover(records)
    fresh = Engine()
    decided = [tuple(fresh.handle(record.event)) for record in records]
    differing = [r.n for r, now in zip(records, decided, strict=True) if same(r.effects, now)]
    assert (recovered.differs.n if recovered.differs else 0) == (differing[0] if differing else 0)
    if not differing:
        assert recovered.adopted == []
    # A last difference, after which everything that the record holds open must be here.
    at_ms = records[-1].event.at_ms
    odd = RowOff(at_ms=at_ms, row="R", why="decided otherwise")
    records.append(Record(len(records) + 1, Tick(at_ms=at_ms), (odd,)))
    recovered = recover(records)
    assert_held(recovered.engine, records)
    go_on(recovered.engine)


def assert_held(engine: Engine, records: list[Record]) -> None:
    """What the record holds open is open here with its id, its rows, and at least as high."""
    alarms = engine.alarms
    if alarms.carer.over is not None:
        return
    held: dict[str, Held] = {}
    for record in records:
        follow(record.effects, held)
    for name, want in held.items():
        alarm = alarms.book.open[want.family]
        assert (alarm.id, name in alarms.cares) == (name, True)
        assert {*want.rows} <= {*alarm.rows}
        assert alarm.rank >= rank(want.priority, want.alarm_class)
    assert {alarm.id for alarm in alarms.book.open.values()} <= {*alarms.cares}


def go_on(engine: Engine) -> None:
    """An outage, an answer to everything, an hour: nothing raises, deadlines lie ahead."""
    at_ms = engine.now_ms + 50_000
    engine.handle(MonitorDown(at_ms=at_ms, down_ms=50_000))
    names = [alarm.id for alarm in engine.alarms.book.open.values()]
    for name in names:
        for kind in (Accepted, ResetByPerson):
            engine.handle(kind(at_ms=at_ms, by="dr", role=Role.PHYSICIAN, alarm=name))
    for _ in range(200):
        due_ms = engine.next_deadline()
        if due_ms is None or due_ms > at_ms + 3_600_000:
            return
        assert due_ms > engine.now_ms
        engine.handle(Tick(at_ms=due_ms))
