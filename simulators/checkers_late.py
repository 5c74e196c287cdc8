"""What was due and has not come is told within its bound, in every world, watched event by event.

The streams that a person must feed, looks of the companion and readings of the cuff, fall silent
by being late. What is due is what every screen shows; the bounds are those of the catalogue (2.5,
2.6), and no code is shared with what is checked.

    found = LatenessTold().hear(event, effects, engine)
"""

from collections.abc import Iterator, Sequence

from devices.observation import DeviceKind
from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Event, MonitorDown
from monitor.session import Phase
from simulators.worlds.played import Unkept

__all__ = ["LatenessTold"]

# "low 2 min (PEAK, EXTENDED, EMERGENCY: 1)"; EXTENDED may go by the times of recovery.
_LOOK_MS, _LOOK_SOON_MS, _CUFF_MS = 120_000, 60_000, 180_000
_SOON = frozenset({Phase.PEAK, Phase.EMERGENCY})
# "overdue rows move to restart + 60 s" (design section 3).
_AFTER_DOWN_MS, _GRACE_MS = 60_000, 1_000


class LatenessTold:
    """A look or a reading that is late is an alarm within its bound."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self._free_ms = 0

    def hear(self, event: Event, _effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        at_ms = event.at_ms
        if isinstance(event, MonitorDown):
            self._free_ms = at_ms + _AFTER_DOWN_MS
        late = [] if at_ms <= self._free_ms + _GRACE_MS else list(_late(engine, at_ms))
        found = [
            Unkept("lateness told", at_ms, f"{row} should be there")
            for row in late
            if row not in self._said
        ]
        self._said = set(late)
        return found


def _late(engine: Engine, at_ms: int) -> Iterator[str]:
    """Name each row that should be there by now and is not."""
    chart = engine.chart
    plan = chart.plan
    look_ms = _LOOK_SOON_MS if chart.phase in _SOON else _LOOK_MS
    streams = (
        ("CI-MISS-C", "companion", chart.check_in, plan.check_in, None, look_ms),
        ("CUFF-OVERDUE", "cuff", chart.cuff, plan.cuff, DeviceKind.CUFF, _CUFF_MS),
    )
    for row, family, due, stream, kind, bound_ms in streams:
        due_ms = due.due_ms
        if due_ms is None or at_ms <= due_ms + bound_ms + _GRACE_MS:
            continue
        alarm = engine.alarms.book.open.get(family)
        told = alarm is not None and row in alarm.rows and alarm.rows[row].present
        if chart.requires(stream, kind) and not told:
            yield row
