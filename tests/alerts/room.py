"""A room for the alarm tests: an alarm system in virtual time, and all that it says as short lines.

`Room` runs every timer up to the time of a step, does the step, and runs what is due by it, as the
engine does. Its people have the ladder of `clinical.md` 1.5 behind them. Nothing here is random.

    room = Room()
    room.present(WARN, at_s=0)
    room.take()    -> ["0 raised oxygen@0 WARN medium", ...]
"""

from alerts.alarm import RowFacts
from alerts.condition import Absent, AlarmClass, Assessment, Kind, Present, Priority, Unknown
from alerts.contact import Contact, Role, Way
from alerts.delivery import DeliveryState
from alerts.effects import (
    AlarmChanged,
    AlertEffect,
    CancelSend,
    Send,
    SignalChanged,
    Skipped,
    Sound,
    Speak,
    TaskChanged,
)
from alerts.escalation import Ladder, Rung, Speech
from alerts.system import AlarmSystem
from alerts.timers import Timers

LOW, MEDIUM, HIGH = Priority.LOW, Priority.MEDIUM, Priority.HIGH
COMPANION, PHYSICIAN, BACKUP = Role.COMPANION, Role.PHYSICIAN, Role.BACKUP
E, A, S = AlarmClass.E, AlarmClass.A, AlarmClass.S

# The ladder of `clinical.md` 1.5, written down once more for the tests.
LADDER = Ladder(
    low=(Rung(0, COMPANION), Rung(120, COMPANION, again=True), Rung(300, COMPANION)),
    medium=(
        Rung(0, COMPANION),
        Rung(30, COMPANION),
        Rung(60, COMPANION, 1, again=True),
        Rung(120, PHYSICIAN, again=True),
        Rung(180, PHYSICIAN, 1),
        Rung(300, BACKUP),
    ),
    high=(
        Rung(0, COMPANION),
        Rung(0, PHYSICIAN),
        Rung(30, COMPANION, 1),
        Rung(60, PHYSICIAN, 1, again=True),
        Rung(120, BACKUP, 0, (E, A), again=True),
        Rung(120, PHYSICIAN, 2, (S,), again=True),
        Rung(300, BACKUP, 0, (S,)),
    ),
    speak=(Speech(60), Speech(120, (E, A), call=True)),
)
# Texts have receipts and cannot be taken back: nothing but the ladder shows in what is said.
ANN = Contact("ann", COMPANION, "Ann", (Way("sms", "ann"), Way("sms", "1")))
LEE = Contact("lee", PHYSICIAN, "Dr Lee", (Way("sms", "lee"), Way("sms", "2"), Way("sms", "3")))
ITO = Contact("ito", BACKUP, "Dr Ito", (Way("sms", "ito"),))
PEOPLE = (ANN, LEE, ITO)

WARN = RowFacts("WARN", "oxygen", Kind.PHYSIOLOGICAL, None, A)
SPO2_LOW = RowFacts("LOW", "oxygen", Kind.PHYSIOLOGICAL, HIGH, A)
CRIT = RowFacts("CRIT", "oxygen", Kind.PHYSIOLOGICAL, HIGH, E)
SLOW = RowFacts("SLOW", "pressure_high", Kind.PHYSIOLOGICAL, None, S)
LOST = RowFacts("LOST", "no_signal", Kind.TECHNICAL, None, A)
DOSE = RowFacts("DOSE", "dose", Kind.WORKFLOW, None, S, p0=True)


def there(priority: Priority, alarm_class: AlarmClass | None = None, **more: object) -> Present:
    """Return a Present with its number."""
    return Present(priority, alarm_class, f"{priority.value} now", 8500, 9000, **more)  # type: ignore[arg-type]


def seconds(at_ms: int | None) -> str:
    """Return a time in seconds, whole where it is whole."""
    return "never" if at_ms is None else f"{at_ms / 1000:g}"


def short(effect: AlertEffect) -> str:
    """Return one effect as one short line that leaves out no decision."""
    at = seconds(effect.at_ms)
    match effect:
        case AlarmChanged():
            level = effect.priority.value + (f" {effect.alarm_class}" if effect.alarm_class else "")
            by = f" by {effect.by}" if effect.by else ""
            return f"{at} {effect.transition.value} {effect.id} {effect.row} {level}{by}"
        case SignalChanged():
            until = "" if effect.until_ms is None else f" until {seconds(effect.until_ms)}"
            return f"{at} signal {effect.id} {effect.state.value}{until}"
        case Sound():
            return f"{at} sound {effect.pattern.value} {effect.alarm or ''}".rstrip()
        case Send():
            marks = " late" * effect.late + " may repeat" * effect.may_repeat
            again = f" try {effect.attempt}" if effect.attempt > 1 else ""
            because = f" ({effect.reason})" if effect.reason else ""
            return f"{at} send {effect.delivery} {effect.rung}{again}{marks}{because}"
        case CancelSend():
            return f"{at} cancel {effect.delivery}: {effect.reason}"
        case Skipped():
            return f"{at} skip {effect.alarm} {effect.rung}: {effect.reason}"
        case Speak():
            return f"{at} speak {effect.alarm} {effect.row}" + " and call" * effect.call
        case TaskChanged():
            until = "" if effect.due_ms is None else f" until {seconds(effect.due_ms)}"
            by = f" by {effect.by}" if effect.by else ""
            whom = effect.to or "nobody"
            return f"{at} call {effect.alarm} {effect.state.value} {whom}{until}{by}"


class Room:
    """One alarm system in virtual time. `answers`: each message is delivered at once."""

    def __init__(self, people: tuple[Contact, ...] = PEOPLE, *, answers: bool = True) -> None:
        self.timers = Timers()
        self.system = AlarmSystem(LADDER, people, self.timers)
        self.answers = answers
        self.now_ms = 0
        self.said: list[AlertEffect] = []

    def run(self, at_s: float) -> None:
        """Let time pass, everything due included."""
        to_ms = round(at_s * 1000)
        assert to_ms >= self.now_ms
        while (popped := self.timers.pop_due(to_ms)) is not None:
            key, due_ms = popped
            self.now_ms = max(due_ms, self.now_ms)
            self.system.fire(key, self.now_ms)  # type: ignore[arg-type]
            self._settle()
        self.now_ms = to_ms
        self._settle()

    def _settle(self) -> None:
        self.system.update_sound(self.now_ms)
        new, self.system.out = self.system.out, []
        self.said += new
        if self.answers:
            for effect in new:
                if isinstance(effect, Send):
                    delivered = DeliveryState.DELIVERED
                    why = self.system.post.report(effect.delivery, delivered, "", self.now_ms)
                    assert why is None

    def settle(self, row: RowFacts, answer: Assessment, at_s: float) -> None:
        """Give the system one row's assessment."""
        self.run(at_s)
        self.system.settle(row, answer, self.now_ms)
        self.run(at_s)

    def present(
        self,
        row: RowFacts,
        at_s: float,
        priority: Priority = MEDIUM,
        alarm_class: AlarmClass | None = None,
        **more: object,
    ) -> None:
        """A row is present; a high one has its row's class unless another is named."""
        if priority is HIGH and alarm_class is None:
            alarm_class = row.boost_class
        self.settle(row, there(priority, alarm_class, **more), at_s)

    def absent(self, row: RowFacts, at_s: float) -> None:
        """A row is absent."""
        self.settle(row, Absent(), at_s)

    def unknown(self, row: RowFacts, at_s: float) -> None:
        """Nobody can look."""
        self.settle(row, Unknown("no signal"), at_s)

    def person(self, what: str, alarm: str, who: Contact, at_s: float) -> str | None:
        """Acknowledge, accept, reject or reset; returns why not."""
        self.run(at_s)
        do = getattr(self.system, what)
        why: str | None = do(alarm, who.id, who.role, self.now_ms)
        self.run(at_s)
        return why

    def well(self, at_s: float) -> None:
        """A check-in says: awake, breathing quiet."""
        self.run(at_s)
        self.system.saw_well(self.now_ms)
        self.run(at_s)

    def report(
        self, delivery: str, state: DeliveryState, at_s: float, detail: str = ""
    ) -> str | None:
        """A channel says what became of a message; returns why that is refused."""
        self.run(at_s)
        why = self.system.post.report(delivery, state, detail, self.now_ms)
        self.run(at_s)
        return why

    def take(self) -> list[str]:
        """Return all that was said since the last call, one line each."""
        said, self.said = self.said, []
        return [short(effect) for effect in said]
