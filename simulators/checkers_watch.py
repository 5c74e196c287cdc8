"""What must hold of the streams and of the record in every world, watched event by event.

Silence is told within its bound, nobody is unwatched without an alarm, and nothing is decided
without a cause. Each says once what is newly broken; none shares code with what it checks.

    found = Watched().hear(event, effects, engine)
"""

from collections.abc import Sequence

from devices.observation import DeviceKind
from monitor.effects import Effect
from monitor.engine import Engine
from monitor.events import Event, MonitorDown
from monitor.session import Phase
from simulators.worlds.played import Unkept

__all__ = ["Caused", "SilenceTold", "Watched"]

_WINDOW = (Phase.ONSET, Phase.PEAK, Phase.OFFSET)
_OLD_MS, _BLIND_MS = 15_000, 30_000
_SILENT_MS, _HELD_MS = 17_000, 61_000


class Caused:
    """No effect without a journaled cause: it lies between the event before and this one."""

    def __init__(self) -> None:
        self._before_ms: int | None = None

    def hear(self, event: Event, effects: Sequence[Effect], _engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        before_ms = event.at_ms if self._before_ms is None else self._before_ms
        self._before_ms = event.at_ms
        if not effects:
            return []
        return [
            Unkept("caused", event.at_ms, f"{type(one).__name__} is dated {one.at_ms}")
            for one in effects
            if not before_ms <= one.at_ms <= event.at_ms
        ]


class SilenceTold:
    """A required oximeter that says nothing is an alarm within its bound, at 10 s by STALE."""

    def __init__(self) -> None:
        self._said = False

    def hear(self, event: Event, _effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        newest_ms = engine.chart.oximeter.newest_ms
        if newest_ms is None or event.at_ms - newest_ms <= _SILENT_MS:
            self._said = False
            return []
        bound_ms = _HELD_MS if engine.chart.held_by_cuff(event.at_ms) else _SILENT_MS
        silent = (
            _required_ms(engine, event.at_ms) > bound_ms
            and event.at_ms - newest_ms > bound_ms
            and "no_signal" not in engine.alarms.book.open
            and not isinstance(event, MonitorDown)
        )
        if silent and not self._said:
            self._said = True
            return [Unkept("silence told", event.at_ms, "the oximeter is silent, and no alarm")]
        self._said = silent
        return []


class Watched:
    """In ONSET, PEAK and OFFSET nobody is unwatched for more than 30 s without an alarm.

    Unwatched: no valid sample of the last 15 s, and no alarm about that (a low one counts).
    """

    def __init__(self) -> None:
        self._since_ms: int | None = None
        self._said = False

    def hear(self, event: Event, _effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        chart = engine.chart
        last_ms = chart.oximeter.last_valid_ms
        blind = (
            chart.phase in _WINDOW
            and (last_ms is None or event.at_ms - last_ms > _OLD_MS)
            and "no_signal" not in engine.alarms.book.open
        )
        if not blind:
            self._since_ms, self._said = None, False
            return []
        if self._since_ms is None or isinstance(event, MonitorDown):
            self._since_ms = event.at_ms
        if event.at_ms - self._since_ms <= _BLIND_MS or self._said:
            return []
        self._said = True
        return [Unkept("watched", event.at_ms, "no valid sample, and no alarm about it")]


def _required_ms(engine: Engine, at_ms: int) -> int:
    """For how long the oximeter has been required."""
    chart = engine.chart
    since_ms = chart.required_since_ms
    if since_ms is None or not chart.requires(chart.plan.oximeter, DeviceKind.OXIMETER):
        return 0
    return at_ms - since_ms
