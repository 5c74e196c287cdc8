"""A recorded session's events once more, under another plan.

What the body, the devices and the people did stays as it was. What people answered is theirs still:
an answer to an alarm goes to the open alarm of its family in this run, whatever its id is here. One
for which there is no such alarm no longer applies; it is counted and left out. A message that was
never sent then has no word about its fate: it counts as delivered and unanswered, because a message
that fails would raise alarms of its own. So a what-if says what the rows would have done, and never
what people would have. It reads no file and no clock.

    run = rerun(events, plan)
    run.lines                       -> [AlarmChanged(...), ...]
    run.no_longer                   -> {"Accepted": 1}
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from alerts.delivery import DeliveryState
from alerts.envelope import is_rehearsal
from monitor.effects import AlarmChanged, Effect, Refused, RowOff, Send
from monitor.engine import Engine
from monitor.events import DeliveryAnswered, DeliveryReported, Event, SessionOpened, Woke
from monitor.plan import Plan

__all__ = ["Rerun", "rerun"]


class Rerun(Struct):
    """What one run decided. `end_ms` is its last event's time, in hub ms.

    `refused` counts what was refused by its kind, `off` names the rows that could not work and why,
    `no_longer` counts the answers and reports that have nothing left to be about.
    """

    lines: list[AlarmChanged] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    off: dict[str, str] = field(default_factory=dict)
    no_longer: dict[str, int] = field(default_factory=dict)
    end_ms: int = 0

    def take(self, effects: Iterable[Effect]) -> None:
        """Keep what is compared later; everything else is forgotten."""
        for effect in effects:
            if isinstance(effect, AlarmChanged):
                self.lines.append(effect)
            elif isinstance(effect, Refused):
                self.refused[effect.what] = self.refused.get(effect.what, 0) + 1
            elif isinstance(effect, RowOff):
                self.off[effect.row] = effect.why


def rerun(events: Sequence[Event], plan: Plan, vain: AbstractSet[int] = frozenset()) -> Rerun:
    """Run a session's events, opening first, by `plan` in place of the one it was opened with.

    Args:
        events: what happened.
        plan: the other plan.
        vain: the places of events that were refused when they happened; nobody seeks a meaning in
            them.

    Raises:
        EventOrderError: the events do not begin with an opening, or go back in time.
    """
    runner = _Runner(events)
    for at, event in enumerate(events):
        meant = replace(event, plan=plan) if isinstance(event, SessionOpened) else event
        runner.give(meant, is_vain=at in vain)
    return runner.run


class _Runner:
    def __init__(self, events: Sequence[Event]) -> None:
        self.run = Rerun()
        self._engine = Engine()
        # Whoever has a word in the record about a message speaks for it; nobody else does.
        self._reported = {one.delivery for one in events if isinstance(one, DeliveryReported)}
        self._sent: dict[tuple[str, str], str] = {}

    def give(self, event: Event, *, is_vain: bool) -> None:
        """Let time pass up to an event, then take it; one that was refused stays as it was."""
        self.run.end_ms = event.at_ms
        engine = self._engine
        if engine.opened is not None:
            while (due_ms := engine.next_deadline()) is not None and due_ms < event.at_ms:
                self._handle(Woke(at_ms=due_ms))
        meant = event if is_vain else self._meant(event)
        if meant is None:
            name = type(event).__name__
            self.run.no_longer[name] = self.run.no_longer.get(name, 0) + 1
        else:
            self._handle(meant)

    def _handle(self, event: Event) -> None:
        waiting = [event]
        while waiting:
            effects = self._engine.handle(waiting.pop(0))
            if not effects:
                continue
            self.run.take(effects)
            for effect in effects:
                if isinstance(effect, Send):
                    waiting += self._arrives(effect)

    def _arrives(self, send: Send) -> list[Event]:
        """A message of which the record knows nothing is delivered, and nobody answers it."""
        self._sent[_family(send.alarm), send.contact] = send.delivery
        if send.delivery in self._reported:
            return []
        at_ms = self._engine.now_ms
        state = DeliveryState.DELIVERED
        return [DeliveryReported(at_ms=at_ms, delivery=send.delivery, state=state)]

    def _meant(self, event: Event) -> Event | None:
        """The same event in this run's names; None when it has nothing left to be about."""
        if isinstance(event, DeliveryReported):
            return event if event.delivery in self._engine.alarms.post.deliveries else None
        if isinstance(event, DeliveryAnswered):
            return self._answer_meant(event)
        alarm: Any = getattr(event, "alarm", None)
        # An answer to a test alarm is no answer to an alarm.
        if not isinstance(alarm, str) or is_rehearsal(alarm):
            return event
        here = self._engine.alarms.book.open.get(_family(alarm))
        return None if here is None else replace(event, alarm=here.id)

    def _answer_meant(self, event: DeliveryAnswered) -> Event | None:
        if event.delivery in self._engine.alarms.post.deliveries:
            return event
        alarm, _, rest = event.delivery.partition("/")
        here = self._sent.get((_family(alarm), rest.partition("/")[0]))
        return None if here is None else replace(event, delivery=here)


def _family(alarm_id: str) -> str:
    """An alarm's family, from its id `<family>@<at_ms>`."""
    return alarm_id.rpartition("@")[0]
