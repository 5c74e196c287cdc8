"""A session's record in one pass: everything that the report shows of it, as values.

Each part keeps its own things (`oximetry`, `pressures`, `stories`, `people`, `deliveries`,
`course`, `replayed`); here they are fed and their figures are taken over one and the same time. The
observed time is from the first dose to the end of watching; without a dose, from the opening. The
record is read as it is, and nothing outside is asked.

    collector = Collector()
    for record in records: collector.take(record)
    collector.summary()     -> Summary(session="s1", ...)
"""

from msgspec import Struct

from alerts.contact import Contact, Role
from monitor.effects import Refused
from monitor.events import OnCallChanged, SessionOpened
from monitor.journal import Record
from monitor.report.course import CourseTrack
from monitor.report.deliveries import DeliveryTrack
from monitor.report.oximetry import Oximetry, OximetryTrack, Span, figures
from monitor.report.people import Dose, PeopleTrack
from monitor.report.pressures import Cell, PressureTrack, table
from monitor.report.replayed import Replayed
from monitor.report.stories import Story, StoryTrack

__all__ = ["Collector", "Summary"]


class Summary(Struct, frozen=True, kw_only=True):
    """One session. `observed` and `before` are the figures since the dose and before it.

    `last_n` and `last_ms`: the last record; `spans`: the observed time; `cells`: the blood
    pressures at the scheduled times. `contacts`: all people of the session, those who came on call
    later included. Without `replayed` nothing was replayed, and gate and criteria are not known.
    """

    opened: SessionOpened
    last_n: int
    last_ms: int
    doses: list[Dose]
    spans: list[Span]
    observed: Oximetry
    before: Oximetry
    cells: list[Cell]
    stories: list[Story]
    contacts: dict[str, Contact]
    oximetry: OximetryTrack
    pressures: PressureTrack
    people: PeopleTrack
    deliveries: DeliveryTrack
    course: CourseTrack
    replayed: Replayed | None

    @property
    def dose_ms(self) -> int | None:
        """T0: when the first dose was taken; None: there was none."""
        return self.doses[0].at_ms if self.doses else None

    @property
    def watched_until_ms(self) -> int:
        """When watching ended; the last record while it goes on."""
        return self.course.watched_to_ms(self.last_ms)

    @property
    def lost(self) -> int:
        """How many records could not be kept, as the record itself says."""
        return sum(gap.lost for gap in self.course.gaps)


class Collector:
    """Takes the records of one session in their order.

    `replays`: also through the engine, which takes most of the time.
    """

    def __init__(self, *, replays: bool = True) -> None:
        self._opened: SessionOpened | None = None
        self._last: Record | None = None
        self._contacts: dict[str, Contact] = {}
        self._roles: dict[str, Role] = {}
        self._oximetry = OximetryTrack(None)
        self._pressures, self._people = PressureTrack(), PeopleTrack()
        self._deliveries, self._course = DeliveryTrack(), CourseTrack()
        self._stories = StoryTrack(self._roles)
        self._replayed = Replayed() if replays else None

    def take(self, record: Record) -> None:
        """Take the next record."""
        event, effects = record.event, record.effects
        self._last = record
        if isinstance(event, SessionOpened) and self._opened is None:
            self._opened = event
            self._oximetry = OximetryTrack(event.patient)
            self._roles[event.patient.id] = Role.PATIENT
            for contact in event.patient.contacts:
                self._know(contact)
        elif isinstance(event, OnCallChanged) and event.contact is not None:
            self._know(event.contact)
        name = type(event).__name__
        refused = any(isinstance(one, Refused) and one.what == name for one in effects)
        self._oximetry.take(event, effects)
        self._pressures.take(event, effects)
        self._people.take(event, refused=refused)
        self._deliveries.take(event, effects)
        self._course.take(event, effects, refused=refused)
        self._stories.take(effects)
        if self._replayed is not None:
            self._replayed.take(record)

    def summary(self) -> Summary | None:
        """Return what was taken so far; None: no session was opened."""
        opened, last = self._opened, self._last
        if opened is None or last is None:
            return None
        last_ms, doses = last.event.at_ms, self._people.doses
        until_ms = self._course.watched_to_ms(last_ms)
        self._stories.end(until_ms)
        from_ms = doses[0].at_ms if doses else opened.at_ms
        spans = self._course.watched(from_ms, last_ms)
        before = [(opened.at_ms, from_ms)] if from_ms > opened.at_ms else []
        return Summary(
            opened=opened,
            last_n=last.n,
            last_ms=last_ms,
            doses=doses,
            spans=spans,
            observed=figures(self._oximetry, spans),
            before=figures(self._oximetry, before),
            cells=table(
                self._pressures.readings,
                opened.at_ms,
                [dose.at_ms for dose in doses],
                until_ms,
                over=self._course.end is not None,
            ),
            stories=list(self._stories.stories.values()),
            contacts=self._contacts,
            oximetry=self._oximetry,
            pressures=self._pressures,
            people=self._people,
            deliveries=self._deliveries,
            course=self._course,
            replayed=self._replayed,
        )

    def _know(self, contact: Contact) -> None:
        self._contacts[contact.id] = contact
        self._roles[contact.id] = contact.role
