"""A second engine that lives the same world at another time, or hears everything twice.

"All times shifted, same decisions; a duplicated report, same decisions." It watches as a checker
does: each event goes to the twin as well, and every line of an alarm must come there too, at the
same time of its own. After a restart of the first engine it says nothing more: its twin had none.

    checkers = (Twin(shift_ms=86_400_000, doubled=True),)
"""

import re
from collections.abc import Iterable, Sequence

from msgspec import structs

from monitor.effects import AlarmChanged, Effect
from monitor.engine import Engine
from monitor.events import Event, MonitorDown, Reading
from simulators.worlds.played import Unkept

__all__ = ["Twin", "shifted"]

_ID_MS = re.compile(r"@(\d+)")
_TIMES = ("at_ms", "received_ms")


def shifted(event: Event, by_ms: int) -> Event:
    """Return the same event at another time; the ids of alarms and messages move with it."""
    changed: dict[str, object] = {}
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if name in _TIMES and value is not None:
            changed[name] = value + by_ms
        elif isinstance(value, str) and "@" in value:
            changed[name] = _ID_MS.sub(lambda found: f"@{int(found[1]) + by_ms}", value)
    return structs.replace(event, **changed)


class Twin:
    """Another engine beside the one that is watched."""

    def __init__(self, *, shift_ms: int = 0, doubled: bool = False) -> None:
        self._engine = Engine()
        self._shift_ms, self._doubled = shift_ms, doubled
        self._apart = False

    def hear(self, event: Event, effects: Sequence[Effect], _engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        if self._apart or isinstance(event, MonitorDown):
            self._apart = True
            return []
        moved = shifted(event, self._shift_ms)
        own = list(self._engine.handle(moved))
        if self._doubled and isinstance(event, Reading):
            own += self._engine.handle(moved)
        there, here = _lines(own, self._shift_ms), _lines(effects, 0)
        if there == here:
            return []
        # From now on everything would differ: the first difference is the one to look at.
        self._apart = True
        what = f"here {here or 'nothing'}, there {there or 'nothing'}"
        return [Unkept("twin", event.at_ms, what)]


def _lines(effects: Iterable[Effect], shift_ms: int) -> list[str]:
    return [
        f"{one.at_ms - shift_ms} {one.transition.value} {one.row} {one.priority.value}"
        for one in effects
        if isinstance(one, AlarmChanged)
    ]
