"""What a kill may not change, asked of the record of a hub that was killed again and again.

The record is the witness: what was on the disk stays, an outage stands where each kill was, and the
engine behind it has the same alarms, the same leases and the same deadlines as before it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from monitor.effects import AlarmChanged, Send
from monitor.engine import Engine
from monitor.events import Accepted, HelpCalled, HelpCancelled, MonitorDown
from monitor.journal import Record
from monitor.recovery import recover

DEADLINES = ("rung", "lease", "reminder", "pause", "speak")
ORDERS = {Accepted: "accept", HelpCalled: "help", HelpCancelled: "cancel_help"}


@dataclass
class Carried:
    """What outlived the kills: so many leases, deadlines and marked repeats."""

    leases: int = 0
    due: int = 0
    repeats: int = 0


def promised(engine: Engine) -> dict[str, set[Any]]:
    """Return what a restart may not change: alarms, who has them until when, what is due when."""
    alarms = engine.alarms
    return {
        "alarms": {(a.id, a.top.facts.id) for a in alarms.book.open.values()},
        "leases": {
            (care.id, lease.by, lease.until_ms)
            for care in alarms.cares.values()
            for lease in care.leases.values()
        },
        "due": {
            (key, due)
            for key, (due, _) in engine.timers._live.items()
            if key[0] in DEADLINES  # type: ignore[index]
        },
    }


def ahead(promise: dict[str, set[Any]], at_ms: int, moved: set[str]) -> dict[str, set[Any]]:
    """Return what of it lies in the future.

    Alarms of `moved` families were upgraded in the outage, or gave their ladder to the next one.
    """
    return {
        "alarms": promise["alarms"],
        "leases": {
            (alarm, by, until)
            for alarm, by, until in promise["leases"]
            if until > at_ms and _family(alarm) not in moved
        },
        "due": {
            (key, due)
            for key, due in promise["due"]
            if due > at_ms and _family(key[1]) not in moved
        },
    }


def held(
    records: Sequence[Record], ends: Sequence[Sequence[Record]], recorded: Counter[str]
) -> Carried:
    """Hold a record against the promises; return what was carried over the kills.

    Args:
        records: all of it.
        ends: what was on the disk at each kill.
        recorded: how many orders of each kind the hub had called recorded.
    """
    for end in ends:
        assert records[: len(end)] == end, "what was on the disk stays"
    cuts = sorted({len(end) for end in ends})
    downs = [record.n for record in records if isinstance(record.event, MonitorDown)]
    assert downs == [cut + 1 for cut in cuts]
    carried = Carried()
    for cut in cuts:
        down = records[cut]
        moved = {effect.family for effect in down.effects if isinstance(effect, AlarmChanged)}
        promise = ahead(promised(recover(records[:cut]).engine), down.event.at_ms, moved)
        kept = promised(recover(records[: cut + 1]).engine)
        for what, items in promise.items():
            assert items <= kept[what], (what, cut)
        carried.leases += len(promise["leases"])
        carried.due += len(promise["due"])
        carried.repeats += _repeats(down)
    assert [r.n for r in records if r.n not in downs and _repeats(r)] == []
    # What the hubs went on to decide is what one hub would have decided of the same events.
    assert recover(records).differs is None
    orders = Counter(ORDERS.get(type(record.event), "") for record in records)
    assert recorded <= orders
    return carried


def _family(alarm: str) -> str:
    return alarm.partition("@")[0]


def _repeats(record: Record) -> int:
    """How many messages go out once more after one kill: one a way at most."""
    ways = Counter(
        (effect.alarm, effect.contact, effect.way)
        for effect in record.effects
        if isinstance(effect, Send) and effect.may_repeat
    )
    assert ways.total() == len(ways), (record.n, ways)
    return ways.total()
