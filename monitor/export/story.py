"""One pass over a session's records: what every format tells of, each kind of thing by itself.

Samples are judged by the same stream that judged them live; a reading that the engine did not judge
says why. Nothing else is decided here, and nothing that a record holds is forgotten: what has no
place of its own stays in `log`, as it came.

    story = read_story(records)
    story.alarms["oxygen@2607000"][0].row       -> "SPO2-DROP"
    story.samples[0].values                     -> {Metric.SPO2: 9700, Metric.PULSE: 6200}
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alerts.contact import Contact
from alerts.effects import AlarmChanged, Send
from devices.observation import DeviceKind
from monitor.effects import CancelSend, Effect, PhaseChanged, Refused, SignalChanged, Unjudged
from monitor.events import (
    DeliveryAnswered,
    DeliveryReported,
    DoseConfirmed,
    DoseExtra,
    Event,
    OnCallChanged,
    PulseCounted,
    Reading,
    RecordGap,
    SessionOpened,
    TypedReading,
)
from monitor.export.measured import Judge, Measured
from monitor.export.times import Dates, DatesError
from monitor.journal import Record

__all__ = ["Message", "Story", "read_story"]

Fate = DeliveryReported | DeliveryAnswered | CancelSend


@dataclass(slots=True)
class Message:
    """One message to one person, and all that became of it."""

    send: Send
    fates: list[Fate] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """A session, told. Times are hub ms; `last_ms` is the last record's.

    `alarms` has the lines of each alarm and `signals` how it was shown, by its id; `people` are the
    contacts of the opening and whoever was on call later, by id; `log` are all events but readings
    and wakes, with what was refused.
    """

    opened: SessionOpened
    dates: Dates
    last_ms: int
    samples: list[Measured] = field(default_factory=list)
    pressures: list[Measured] = field(default_factory=list)
    alarms: dict[str, list[AlarmChanged]] = field(default_factory=dict)
    signals: dict[str, list[SignalChanged]] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    phases: list[PhaseChanged] = field(default_factory=list)
    doses: list[tuple[DoseConfirmed | DoseExtra, bool]] = field(default_factory=list)
    people: dict[str, Contact] = field(default_factory=dict)
    log: list[Record] = field(default_factory=list)
    gaps: list[RecordGap] = field(default_factory=list)

    @property
    def label_of(self) -> Mapping[str, str]:
        """What the plan calls each row."""
        return {row.id: row.label for row in self.opened.plan.rows}


def read_story(records: Iterable[Record], dates: Dates | None = None) -> Story:
    """Read a session.

    Args:
        records: from the opening on, in their order.
        dates: what the wall clock showed; None: as the opening says.

    Raises:
        ValueError: there is no record, or the first one is no opening.
        DatesError: no date is given and the opening has none.
    """
    story: Story | None = None
    judge: Judge | None = None
    for record in records:
        if story is None or judge is None:
            story = _begun(record.event, dates)
            judge = Judge(story.opened.patient.devices)
        _take(story, judge, record)
    if story is None:
        raise ValueError("there is no record in it")
    return story


def _begun(event: Event, dates: Dates | None) -> Story:
    if not isinstance(event, SessionOpened):
        raise ValueError("the record does not begin with the session's opening")  # noqa: TRY004 - a fault of the file
    if dates is None:
        if event.wall_ms is None:
            raise DatesError(
                "the hub's clock was not set: say when the session was opened (--opened-at)"
            )
        dates = Dates(event.wall_ms, at_ms=event.at_ms, is_synchronised=False)
    people = {one.id: one for one in event.patient.contacts}
    return Story(event, dates, event.at_ms, people=people)


def _take(story: Story, judge: Judge, record: Record) -> None:
    event = record.event
    story.last_ms = event.at_ms
    match event:
        case Reading():
            _reading(story, judge.reading(event, _unjudged(record.effects)))
        case TypedReading():
            story.pressures.append(judge.typed(event, _unjudged(record.effects)))
        case PulseCounted():
            story.pressures.append(judge.counted(event))
        case DeliveryReported() | DeliveryAnswered():
            _fate(story, event)
        case DoseConfirmed() | DoseExtra():
            refused = any(isinstance(one, Refused) for one in record.effects)
            story.doses.append((event, not refused))
        case OnCallChanged(contact=Contact() as contact):
            story.people[contact.id] = contact
        case RecordGap():
            story.gaps.append(event)
        case _:
            pass
    if not isinstance(event, Reading):
        story.log.append(record)
    for effect in record.effects:
        _effect(story, effect)


def _unjudged(effects: tuple[Effect, ...]) -> str:
    return next((one.reason or "not judged" for one in effects if isinstance(one, Unjudged)), "")


def _reading(story: Story, measured: Measured) -> None:
    of = story.samples if measured.kind is DeviceKind.OXIMETER else story.pressures
    of.append(measured)


def _fate(story: Story, fate: Fate) -> None:
    message = story.messages.get(fate.delivery)
    # A report of a message that this session never sent stays in the log alone.
    if message is not None:
        message.fates.append(fate)


def _effect(story: Story, effect: Effect) -> None:
    match effect:
        case AlarmChanged():
            story.alarms.setdefault(effect.id, []).append(effect)
        case SignalChanged():
            story.signals.setdefault(effect.id, []).append(effect)
        case Send():
            story.messages[effect.delivery] = Message(effect)
        case CancelSend():
            _fate(story, effect)
        case PhaseChanged():
            story.phases.append(effect)
        case _:
            pass
