"""Cut anywhere, a session goes on where it was: ids, ladders, leases, calls, and who is on call."""

import pytest

from alerts.contact import Role
from alerts.delivery import Verdict
from alerts.effects import TaskState
from monitor.effects import Send
from monitor.engine import Engine
from monitor.events import Accepted, MonitorDown, Tick
from monitor.journal import Record, decode, encode
from monitor.recovery import recover
from monitor.replay import same
from tests.monitor.test_recovery import state
from tests.sessions import Move, opened, play

# A latched panic, a pressure that asks for a call, an oxygen alarm whose ladder runs while one
# person has it on a lease, answers by message, and another physician in mid-session.
SESSION: list[Move] = [
    ("dosed", 5),
    ("person", "help", Role.COMPANION),
    ("delivery", 0, "failed"),
    ("person", "cancel help", Role.COMPANION),
    ("cuff", 190, 100, None),
    ("wait", 60_000),
    ("cuff", 190, 100, None),
    ("by_message", 0, Verdict.ACCEPT),
    ("stretch", 14, 1000, 85, 75, 31, None),
    ("delivery", 0, "sent"),
    ("answer", Accepted, 0, Role.COMPANION),
    ("on_call", Role.PHYSICIAN, "kim"),
    ("wait", 20_000),
    ("by_message", 1, Verdict.REJECT),
    ("on_call", Role.BACKUP, None),
    ("wait", 15_000),
    ("by_message", 0, Verdict.ACCEPT),
    ("wait", 40_000),
    ("delivery", 1, "delivered"),
    ("wait", 130_000),
    ("hub", "broker", True),
]
EVENTS = play(SESSION)


def journal() -> list[tuple[Record, dict[str, object]]]:
    """Return each record as it is written, read and decoded, and the state behind it."""
    engine, records = Engine(), []
    for n, event in enumerate(EVENTS, start=1):
        record = decode(encode(Record(n, event, tuple(engine.handle(event)))))
        records.append((record, state(engine)))
    return records


JOURNAL = journal()
CUTS = range(1, len(JOURNAL) + 1)


def test_the_session_has_all_that_must_outlive_a_cut() -> None:
    """Else this file would prove nothing."""
    engine = Engine()
    seen: dict[str, bool] = {}
    for event in EVENTS:
        engine.handle(event)
        alarms = engine.alarms
        cares = alarms.cares.values()
        rows = [r for alarm in alarms.book.open.values() for r in alarm.rows.values()]
        post = alarms.post
        seen |= {
            what: True
            for what, is_so in {
                "latched": any(row.latched for row in rows),
                "ladder": any(("rung", care.id) in engine.timers for care in cares),
                "lease": any(care.leases for care in cares),
                "call": any(t.state is TaskState.OPEN for t in alarms.callbacks.tasks.values()),
                "on call": any(one.id == "kim" for one in post.contacts),
                "nobody": all(one.role is not Role.BACKUP for one in post.contacts),
                "lost": bool(post.reach.lost),
                "answered": any(d.verdict is not None for d in post.deliveries.values()),
                "word": any(("speak", care.id) in engine.timers for care in cares),
            }.items()
            if is_so
        }
    assert sorted(seen) == [
        "answered",
        "call",
        "ladder",
        "latched",
        "lease",
        "lost",
        "nobody",
        "on call",
        "word",
    ]


@pytest.mark.parametrize("cut", CUTS)
def test_after_a_cut_everything_is_as_at_the_last_record(cut: int) -> None:
    """Same ids, deadlines, leases, messages, calls and people; nothing differs, nothing adopted."""
    recovered = recover(record for record, _ in JOURNAL[:cut])
    assert (recovered.last_n, recovered.differs, recovered.adopted) == (cut, None, [])
    assert state(recovered.engine) == JOURNAL[cut - 1][1]


@pytest.mark.parametrize("cut", CUTS)
def test_after_a_cut_the_rest_decides_the_same(cut: int) -> None:
    """A stop that took no time changes nothing at all that follows."""
    recovered = recover(record for record, _ in JOURNAL[:cut])
    for record, _ in JOURNAL[cut:]:
        assert same(record.effects, tuple(recovered.engine.handle(record.event))) is None


@pytest.mark.parametrize("cut", CUTS)
def test_after_an_outage_no_one_is_told_twice_by_one_way(cut: int) -> None:
    """One repeat a way and alarm, one late message a person; ids, leases and calls stay."""
    recovered = recover(record for record, _ in JOURNAL[:cut])
    engine = recovered.engine
    before = state(engine)
    at_ms = engine.now_ms + 5_000
    effects = engine.handle(MonitorDown(at_ms=at_ms, down_ms=5_000))
    sends = [e for e in effects if isinstance(e, Send)]
    known = [e for e in sends if e.late or e.may_repeat]
    told = [(e.alarm, e.contact, e.way) for e in known]
    assert len(told) == len({*told})
    late = [e.contact for e in known if e.late]
    assert len(late) == len({*late})
    after = state(engine)
    assert {*before["open"]} <= {*after["open"]}  # type: ignore[misc]
    assert after["on call"] == before["on call"]
    for alarm, care in before["cares"].items():  # type: ignore[attr-defined]
        kept = {by: one for by, one in care["leases"].items() if one["until_ms"] > at_ms}
        assert after["cares"][alarm]["leases"] == kept  # type: ignore[index]


def test_time_between_the_records_changes_nothing() -> None:
    """A hub that wakes at every deadline writes the same decisions."""
    engine = Engine()
    got = [*engine.handle(opened())]
    for event in EVENTS[1:]:
        while (due_ms := engine.next_deadline()) is not None and due_ms < event.at_ms:
            assert due_ms > engine.now_ms
            got += engine.handle(Tick(at_ms=due_ms))
        got += engine.handle(event)
    assert got == [effect for record, _ in JOURNAL for effect in record.effects]
