"""What must hold in every world, whatever happens: watched event by event, from outside.

Each checker takes an event with its effects and says what is newly broken, once for each case. It
keeps what it needs and no more, asks the engine only what a screen could show, and shares no code
with the rules that it checks. These watch the alarms; `checkers_watch` and
`checkers_late` the streams and the record.

    found = [line for checker in checkers(plan) for line in checker.hear(event, effects, engine)]
"""

from collections.abc import Sequence

from alerts.condition import Absent, AlarmClass, Off, Priority, Transition
from alerts.contact import Role
from alerts.signal import Pattern, SignalState
from monitor.effects import AlarmChanged, Effect, Send, SignalChanged, Skipped, Sound
from monitor.engine import Engine
from monitor.events import Event, MonitorDown
from monitor.plan import Plan
from monitor.session import OVER
from simulators.checkers_late import LatenessTold
from simulators.checkers_watch import Caused, SilenceTold, Watched
from simulators.worlds.ear import Checker
from simulators.worlds.played import Unkept

__all__ = [
    "ClearsByKnowledge",
    "HighIsHeard",
    "HighReaches",
    "MessagesBounded",
    "PausesEnd",
    "checkers",
]

# "private: no sound, no words" (`clinical.md` 2.6): told to people, never to the room.
_PRIVATE = frozenset({"SI-1", "SI-2"})
_PAUSE_MS, _GRACE_MS = 120_000, 2_000
_TRIES = 3
_AT_ONCE_MS = 1_000


def checkers(plan: Plan) -> tuple[Checker, ...]:
    """Return one of each."""
    return (
        HighIsHeard(),
        HighReaches(plan),
        ClearsByKnowledge(),
        Caused(),
        MessagesBounded(),
        PausesEnd(plan.ladder.lease_s * 1000),
        SilenceTold(),
        LatenessTold(),
        Watched(),
    )


class HighIsHeard:
    """A present high condition always has a sounding, paused or accepted signal.

    Private rows are told to people and never to the room.
    """

    def __init__(self) -> None:
        self._signals: dict[str, SignalState] = {}
        self._sound = Pattern.SILENT
        self._said: set[str] = set()

    def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        for effect in effects:
            if isinstance(effect, SignalChanged):
                self._signals[effect.id] = effect.state
            elif isinstance(effect, Sound):
                self._sound = effect.pattern
        found = []
        for alarm in engine.alarms.book.open.values():
            high = any(
                state.present and alarm.priority_of(state)[0] is Priority.HIGH
                for row, state in alarm.rows.items()
                if row not in _PRIVATE
            )
            why = self._why_silent(alarm.id) if high else ""
            if not why:
                self._said.discard(alarm.id)
            elif alarm.id not in self._said:
                self._said.add(alarm.id)
                found.append(Unkept("high is heard", event.at_ms, f"{alarm.id} {why}"))
        return found

    def _why_silent(self, alarm: str) -> str:
        state = self._signals.get(alarm, SignalState.ON)
        if state in (SignalState.LATCHED, SignalState.OFF):
            return f"is present and high, and its signal is {state.value}"
        if state is SignalState.ON and self._sound is not Pattern.HIGH:
            return f"is present and high, and the sound is {self._sound.value}"
        return ""


class HighReaches:
    """Every high alarm tells companion and physician at once, and the backup within the bound."""

    def __init__(self, plan: Plan) -> None:
        self._bounds = {
            AlarmClass.E: _bound_ms(plan, AlarmClass.E),
            AlarmClass.A: _bound_ms(plan, AlarmClass.A),
            AlarmClass.S: _bound_ms(plan, AlarmClass.S),
        }
        self._since: dict[str, tuple[int, AlarmClass]] = {}
        self._asked: dict[str, set[Role]] = {}

    def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        if isinstance(event, MonitorDown):
            # What became due while the hub was away goes out now: the time starts anew.
            self._since = {alarm: (event.at_ms, cls) for alarm, (_, cls) in self._since.items()}
        if not effects and not self._since:
            return []
        roles = {one.id: one.role for one in engine.alarms.post.contacts}
        for effect in effects:
            if isinstance(effect, AlarmChanged):
                self._changed(effect, roles)
            elif isinstance(effect, Send) and effect.alarm in self._since:
                self._asked[effect.alarm].add(roles.get(effect.contact, Role.VIEWER))
            elif isinstance(effect, Skipped) and effect.alarm in self._since:
                self._asked[effect.alarm].update(Role)
        found = []
        for alarm, (since_ms, alarm_class) in list(self._since.items()):
            missing = self._missing(alarm, event.at_ms - since_ms, self._bounds[alarm_class])
            if missing:
                found.append(Unkept("high reaches", event.at_ms, f"{alarm} did not tell {missing}"))
            if missing or Role.BACKUP in self._asked[alarm]:
                del self._since[alarm]
        return found

    def _changed(self, line: AlarmChanged, roles: dict[str, Role]) -> None:
        high = line.priority is Priority.HIGH
        opened = line.transition in (Transition.RAISED, Transition.UPGRADED)
        if opened and high and line.alarm_class is not None:
            self._since.setdefault(line.id, (line.at_ms, line.alarm_class))
            self._asked.setdefault(line.id, set())
        taken = line.transition is Transition.ACCEPTED and roles.get(line.by or "") in (
            Role.PHYSICIAN,
            Role.BACKUP,
        )
        ended = line.transition in (Transition.RESET, Transition.CLEARED, Transition.LATCHED)
        if taken or ended or line.transition is Transition.DOWNGRADED:
            self._since.pop(line.id, None)

    def _missing(self, alarm: str, past_ms: int, bound_ms: int) -> str:
        asked = self._asked[alarm]
        if past_ms > _AT_ONCE_MS and not {Role.COMPANION, Role.PHYSICIAN} <= asked:
            return "companion and physician at once"
        if past_ms > bound_ms + _GRACE_MS and Role.BACKUP not in asked:
            return f"the backup within {bound_ms // 1000} s"
        return ""


def _bound_ms(plan: Plan, alarm_class: AlarmClass) -> int:
    """When the ladder of a high alarm of this class comes to the backup."""
    return min(
        rung.at_s * 1000
        for rung in plan.ladder.high
        if rung.to is Role.BACKUP and (not rung.classes or alarm_class in rung.classes)
    )


class ClearsByKnowledge:
    """A row is over only because somebody looked: never on Unknown, never while it is present."""

    def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        if not effects:
            return []
        rows = {
            effect.row
            for effect in effects
            if isinstance(effect, AlarmChanged)
            and effect.transition in (Transition.CLEARED, Transition.LATCHED)
            and effect.at_ms == event.at_ms
        }
        if not rows or engine.chart.phase in OVER:
            return []
        return [
            Unkept("clears by knowledge", event.at_ms, f"{one.id} ended on {one.answer}")
            for one in engine.board.all
            if one.id in rows and not isinstance(one.answer, Absent | Off)
        ]


class MessagesBounded:
    """No message goes out twice but after a kill, and no way is tried more than three times."""

    def __init__(self) -> None:
        self._sent: set[str] = set()

    def hear(self, event: Event, effects: Sequence[Effect], _engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        found = []
        for effect in effects:
            if not isinstance(effect, Send):
                continue
            if effect.delivery in self._sent and not effect.may_repeat:
                found.append(f"{effect.delivery} goes out again")
            if effect.attempt > _TRIES:
                found.append(f"{effect.delivery} is attempt {effect.attempt}")
            self._sent.add(effect.delivery)
        return [Unkept("messages bounded", event.at_ms, what) for what in found]


class PausesEnd:
    """Every pause is bounded and every lease ends at its time."""

    def __init__(self, lease_ms: int) -> None:
        self._most = {SignalState.ACKNOWLEDGED: _PAUSE_MS, SignalState.ACCEPTED: lease_ms}
        self._until: dict[str, int] = {}

    def hear(self, event: Event, effects: Sequence[Effect], engine: Engine) -> list[Unkept]:
        """Take one event with its effects."""
        found = []
        for effect in effects:
            if not isinstance(effect, SignalChanged):
                continue
            self._until.pop(effect.id, None)
            most_ms = self._most.get(effect.state)
            if most_ms is None:
                continue
            if effect.until_ms is None or effect.until_ms - effect.at_ms > most_ms:
                what = f"{effect.id} is {effect.state.value} until {effect.until_ms}"
                found.append(Unkept("pauses end", event.at_ms, what))
            else:
                self._until[effect.id] = effect.until_ms
        if isinstance(event, MonitorDown) or engine.chart.phase in OVER:
            self._until.clear()
        if not self._until:
            return found
        for alarm, until_ms in list(self._until.items()):
            if event.at_ms > until_ms + _GRACE_MS:
                del self._until[alarm]
                found.append(Unkept("pauses end", event.at_ms, f"{alarm} is still quiet"))
        return found
