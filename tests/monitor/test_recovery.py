"""Recovery: the state of the last record exactly, and the record wins over newer decisions."""

from collections.abc import Callable

import msgspec
import pytest

from alerts.contact import Role
from devices.observation import Flag
from monitor.effects import AlarmChanged, Effect, Send
from monitor.engine import Engine
from monitor.events import Accepted, Event, MonitorDown, ResetByPerson, Tick
from monitor.journal import Record
from monitor.recovery import Recovered, recover
from monitor.replay import Difference
from tests.sessions import opened, play

# A dose, a fall of SpO2 that two people answer, a loss of the signal, a symptom, a delivery.
SESSION = [
    ("dosed", 130),
    ("stretch", 40, 1000, 85, 75, 31, None),
    ("answer", Accepted, 0, Role.COMPANION),
    ("delivery", 0, "sent"),
    ("check", "W3 B1 C0 D0 X0", False),
    ("stretch", 20, 1000, 97, 75, 31, Flag.MOTION),
    ("stretch", 30, 1000, 97, 75, 31, None),
    ("cuff", 190, 100, None),
    ("hub", "broker", True),
    ("answer", ResetByPerson, 0, Role.PHYSICIAN),
]


def journal(events: list[Event]) -> list[Record]:
    """Return what a hub records of these events."""
    engine = Engine()
    return [Record(n, e, tuple(engine.handle(e))) for n, e in enumerate(events, start=1)]


def state(engine: Engine) -> dict[str, object]:
    """Return what recovery promises: ids and rows, deadlines, leases, messages, phase, sound."""
    alarms = engine.alarms
    return {
        "open": msgspec.to_builtins({a.id: a for a in alarms.book.open.values()}),
        "cares": msgspec.to_builtins(alarms.cares),
        "next": engine.next_deadline(),
        "timers": {key: due for key, (due, _) in engine.timers._live.items()},
        "messages": msgspec.to_builtins(alarms.post.deliveries),
        "calls": msgspec.to_builtins(alarms.callbacks.tasks),
        "on call": alarms.post.contacts,
        "lost": {**alarms.post.reach.lost},
        "residual": alarms.post.residual,
        "phase": engine.chart.phase,
        "sound": alarms.sound,
        "now": engine.now_ms,
    }


def test_every_prefix_gives_the_state_of_the_engine_that_went_on() -> None:
    """Open alarms, deadlines, leases and messages are those at that record."""
    engine, records = Engine(), []
    for n, event in enumerate(play(SESSION), start=1):
        records.append(Record(n, event, tuple(engine.handle(event))))
        if n % 7 == 0 or n > 250:
            recovered = recover(records)
            assert (recovered.last_n, recovered.differs, recovered.adopted) == (n, None, [])
            assert state(recovered.engine) == state(engine)
    assert engine.alarms.book.open


def edited(
    records: list[Record], edit: Callable[[AlarmChanged], list[Effect]]
) -> tuple[list[Record], int]:
    """Return the journal with alarm lines replaced, and the number of the first that differs."""
    changed, first = [], 0
    for record in records:
        effects: list[Effect] = []
        for effect in record.effects:
            effects += edit(effect) if isinstance(effect, AlarmChanged) else [effect]
        first = first or (0 if tuple(effects) == record.effects else record.n)
        changed.append(Record(record.n, record.event, tuple(effects)))
    return changed, first


def open_ids(recovered: Recovered) -> set[str]:
    """Return the ids of all open alarms but CH-FAIL's.

    Where ids were edited the record's reports name other messages than the engine's own.
    """
    alarms = recovered.engine.alarms.book.open.values()
    return {alarm.id for alarm in alarms if alarm.family != "reach"}


FALL = play([("dosed", 130), ("stretch", 40, 1000, 85, 75, 31, None)], told=True)


def test_an_alarm_with_another_id_keeps_the_recorded_one() -> None:
    """Newer code raised it at another second: the record's id holds, and answers find it."""
    records = journal(FALL)
    (raised,) = [
        effect
        for record in records
        for effect in record.effects
        if isinstance(effect, AlarmChanged) and effect.transition == "raised"
    ]
    new_id = f"oxygen@{raised.at_ms - 1000}"
    changed, first = edited(records, lambda line: [msgspec.structs.replace(line, id=new_id)])
    at_ms = records[-1].event.at_ms + 5
    accepted = Accepted(at_ms=at_ms, by="ann", role=Role.COMPANION, alarm=new_id)
    changed.append(Record(len(changed) + 1, accepted, ()))
    recovered = recover(changed)
    assert recovered.differs is not None
    assert recovered.differs.n == first
    assert recovered.differs.what.startswith("recorded effect=AlarmChanged ")
    assert recovered.adopted == [new_id]
    assert open_ids(recovered) == {new_id}
    assert [*recovered.engine.alarms.cares[new_id].leases] == ["ann"]


def extra(line: AlarmChanged) -> AlarmChanged:
    """Return the line of an alarm that today's rows would not raise."""
    return msgspec.structs.replace(
        line, id=f"pulse_low@{line.at_ms}", family="pulse_low", row="PR-BRADY", transition="raised"
    )


def test_an_alarm_that_only_the_record_has_is_latched_and_told() -> None:
    """It has the recorded id, its ladder runs, only a person ends it."""
    records = journal(FALL)
    changed, first = edited(
        records, lambda line: [line, extra(line)] if line.transition == "raised" else [line]
    )
    recovered = recover(changed)
    assert recovered.differs is not None
    assert recovered.differs.n == first
    (alarm_id,) = recovered.adopted
    assert alarm_id in open_ids(recovered)
    alarm = recovered.engine.alarms.book.by_id(alarm_id)
    assert alarm is not None
    assert {row: (s.latched, s.facts.id) for row, s in alarm.rows.items()} == {
        "PR-BRADY": (True, "PR-BRADY")
    }
    assert ("rung", alarm_id) in recovered.engine.timers
    at_ms = recovered.engine.now_ms + 1
    why = recovered.engine.alarms.reset(alarm_id, "dr", Role.PHYSICIAN, at_ms)
    assert why is None
    assert alarm_id not in open_ids(recovered)


def test_an_alarm_that_differs_twice_is_named_once() -> None:
    """A second row that only the record has joins the first."""
    records = journal(FALL)
    first = next(e for r in records for e in r.effects if isinstance(e, AlarmChanged))

    def edit(line: AlarmChanged) -> list[Effect]:
        more = msgspec.structs.replace(extra(line), id=f"pulse_low@{first.at_ms}")
        if line is not first:
            more = msgspec.structs.replace(more, row="PR-LOW", transition="joined")
        return [line, more]

    recovered = recover(edited(records, edit)[0])
    assert recovered.adopted == [f"pulse_low@{first.at_ms}"]
    assert {*recovered.engine.alarms.book.open["pulse_low"].rows} == {"PR-BRADY", "PR-LOW"}


def test_what_the_record_ended_is_ended_here_too() -> None:
    """An adopted alarm that the record cleared later is not kept for ever."""
    records = journal(FALL)
    count = 0

    def edit(line: AlarmChanged) -> list[Effect]:
        nonlocal count
        count += 1
        if count == 1:
            return [line, extra(line)]
        if count == 2:
            cleared = msgspec.structs.replace(
                line, id=ids[0], family="pulse_low", row="PR-BRADY", transition="cleared"
            )
            return [line, cleared]
        return [line]

    first = next(e for r in records for e in r.effects if isinstance(e, AlarmChanged))
    ids = [f"pulse_low@{first.at_ms}"]
    recovered = recover(edited(records, edit)[0])
    assert recovered.adopted == ids
    assert open_ids(recovered) == {first.id}


def test_an_alarm_that_only_today_raises_stays_open() -> None:
    """The record may add to what is wrong, never take from it."""
    records = journal(FALL)
    changed, first = edited(records, lambda _: [])
    recovered = recover(changed)
    assert recovered.differs is not None
    assert recovered.differs.n == first
    assert recovered.adopted == []
    assert open_ids(recovered) == open_ids(recover(records))


def test_a_higher_recorded_priority_holds() -> None:
    """The record had it at class E: so it is here, and its ladder starts again."""
    records = journal(FALL)
    changed, _ = edited(
        records,
        lambda line: [msgspec.structs.replace(line, priority="high", alarm_class="E")],
    )
    changed = [msgspec.convert(msgspec.to_builtins(record), Record) for record in changed]
    recovered = recover(changed)
    alarm = recovered.engine.alarms.book.open["oxygen"]
    assert [part.value for part in alarm.level if part] == ["high", "E"]
    assert recovered.adopted == [alarm.id]


def test_after_a_difference_the_hub_goes_on() -> None:
    """The outage, and everything after it, is handled; no deadline lies in the past."""
    records = journal(FALL)
    changed, _ = edited(
        records, lambda line: [line, extra(line)] if line.transition == "raised" else [line]
    )
    recovered = recover(changed)
    engine = recovered.engine
    effects = engine.handle(MonitorDown(at_ms=engine.now_ms + 20_000, down_ms=20_000))
    assert {e.alarm for e in effects if isinstance(e, Send)} <= {*engine.alarms.cares}
    assert recovered.adopted[0] in open_ids(recovered)
    due_ms = engine.next_deadline()
    assert due_ms is not None
    assert due_ms > engine.now_ms


def test_an_event_that_is_refused_is_a_difference_and_is_passed_over() -> None:
    """A time that goes back stops nothing."""
    records = [Record(1, opened(5_000), tuple(Engine().handle(opened(5_000))))]
    records += [Record(2, Tick(at_ms=4_000), ()), Record(3, Tick(at_ms=6_000), ())]
    recovered = recover(records)
    assert recovered.differs == Difference(
        2, "refused: event at 4000 ms is earlier than the last at 5000"
    )
    assert (recovered.last_n, recovered.engine.now_ms) == (3, 6_000)


@pytest.mark.parametrize("records", [[], [Record(1, Tick(at_ms=1), ())]])
def test_without_an_opening_there_is_no_session(records: list[Record]) -> None:
    """An empty journal, or one without its beginning, leaves `opened` None."""
    recovered = recover(records)
    assert recovered.engine.opened is None
    assert recovered.last_n == len(records)
    assert [recovered.differs] == [
        Difference(1, "refused: Tick comes before SessionOpened") if records else None
    ]


def test_words_alone_are_no_difference() -> None:
    """A reason may be put better by newer code."""
    records = journal(FALL)
    changed, first = edited(records, lambda line: [msgspec.structs.replace(line, reason="other")])
    assert first > 0
    recovered = recover(changed)
    assert (recovered.differs, recovered.adopted) == (None, [])
