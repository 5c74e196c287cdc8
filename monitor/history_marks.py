"""What a trend is drawn with: when which alarm stood, and the moments that explain a curve.

An alarm is drawn while a row of it is present, by its priority at that time, so that one alarm can
be several spans; what only waits for a reset is drawn no more. The screens go on by the same rules
with the lines of each delta (`monitor/web/spans.js`).

    drawn = Drawn()
    drawn.take(event, effects)
    drawn.spans()     -> [Span(alarm="oxygen@61000", priority=<Priority.HIGH: 'high'>, ...)]
"""

from collections import deque
from collections.abc import Iterable

from msgspec import Struct

from alerts.condition import Priority, Transition
from monitor.effects import AlarmChanged, Effect, Refused
from monitor.events import (
    CheckedIn,
    CuffFailed,
    DoseConfirmed,
    DoseExtra,
    Event,
    HelpCalled,
    MonitorDown,
)

__all__ = ["Drawn", "Mark", "Span"]

_MOST = 256

_ON = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED)
_OFF = (Transition.CLEARED, Transition.LATCHED, Transition.RESET)


class Span(Struct, frozen=True):
    """An alarm that was present at one priority from then till then; no end: it still is."""

    alarm: str
    family: str
    priority: Priority
    from_ms: int
    to_ms: int | None = None


class Mark(Struct, frozen=True):
    """A moment: `dose`, `extra_dose`, `check_in` (its codes), `cuff_failed`, `help`, `down`."""

    at_ms: int
    kind: str
    words: str = ""


class Drawn:
    """The spans and marks of one session; the last 256 of each are kept."""

    def __init__(self) -> None:
        self._ended: deque[Span] = deque(maxlen=_MOST)
        self._open: dict[str, Span] = {}
        self._rows: dict[str, set[str]] = {}
        self._marks: deque[Mark] = deque(maxlen=_MOST)

    def take(self, event: Event, effects: Iterable[Effect]) -> None:
        """Draw one record."""
        is_refused = False
        for effect in effects:
            is_refused |= isinstance(effect, Refused)
            if isinstance(effect, AlarmChanged):
                self._line(effect)
        mark = None if is_refused else _mark(event)
        if mark is not None:
            self._marks.append(mark)

    def spans(self) -> list[Span]:
        """Return the spans that are over, and then those that are not, each by its beginning."""
        return [*self._ended, *self._open.values()]

    def marks(self) -> list[Mark]:
        """Return the marks by their record."""
        return list(self._marks)

    def _line(self, line: AlarmChanged) -> None:
        rows = self._rows.setdefault(line.id, set())
        if line.transition in _ON:
            rows.add(line.row)
        elif line.transition in _OFF:
            rows.discard(line.row)
        span = self._open.get(line.id)
        if span is not None and (not rows or span.priority is not line.priority):
            self._ended.append(
                Span(span.alarm, span.family, span.priority, span.from_ms, line.at_ms)
            )
            del self._open[line.id]
            span = None
        if not rows:
            del self._rows[line.id]
        elif span is None:
            self._open[line.id] = Span(line.id, line.family, line.priority, line.at_ms)


def _mark(event: Event) -> Mark | None:
    if isinstance(event, DoseConfirmed):
        return Mark(event.at_ms - event.ago_ms, "dose")
    if isinstance(event, DoseExtra):
        return Mark(event.at_ms - event.ago_ms, "extra_dose")
    if isinstance(event, CheckedIn):
        return Mark(event.at_ms, "check_in", event.check.codes)
    if isinstance(event, CuffFailed):
        return Mark(event.at_ms, "cuff_failed")
    if isinstance(event, HelpCalled):
        return Mark(event.at_ms, "help")
    if isinstance(event, MonitorDown):
        return Mark(event.at_ms, "down")
    return None
