"""Which sessions hear of a companion's page: the first that comes, the last that goes."""

from types import SimpleNamespace
from typing import Any, cast

from alerts.contact import Role
from monitor.attendance import Attendance
from monitor.events import CompanionPage, Tick
from tests.timeline import Timeline


class Told:
    """A hub with one bed, that keeps what it is told."""

    def __init__(self, *, full: bool = False) -> None:
        line = Timeline(dosed=False)
        self.engine = line.engine
        self.opened = line.engine.opened
        self.bed: Any = SimpleNamespace(session="s1", engine=self.engine, opened=self.opened)
        self.ward = SimpleNamespace(beds={"s1": self.bed})
        self.events: list[Any] = []
        self.counted: list[str] = []
        self._full = full
        self.attendance = Attendance(cast("Any", self))

    def tell(self, session: str, make: Any) -> bool:
        """Take an event, unless the inbox is full."""
        self.events.append((session, make(5)))
        return not self._full

    def count(self, what: str) -> None:
        """Count something."""
        self.counted.append(what)

    def news(self) -> list[tuple[bool, bool | None]]:
        """What was told since the last time."""
        news = [(event.online, event.awake) for _, event in self.events]
        self.events.clear()
        return news


class Page:
    """A page of somebody."""

    def __init__(self, role: Role, patient: str | None) -> None:
        self.who = SimpleNamespace(role=role, patient=patient)


def client(role: Role = Role.COMPANION, patient: str | None = "pat") -> Any:
    """Return a page of somebody."""
    return Page(role, patient)


def test_the_first_page_the_lock_and_the_last_page_are_news() -> None:
    """A second page is none, nor is a word that is known."""
    told = Told()
    one, two = client(), client()
    assert told.opened is not None
    one.who.patient = two.who.patient = told.opened.patient.id
    told.attendance.joined(one)
    told.attendance.joined(two)
    assert told.news() == [(True, None)]
    told.attendance.here(two, awake=False)
    told.attendance.here(one, awake=True)
    told.attendance.here(one, awake=True)
    assert told.news() == [(True, False), (True, True)]
    told.attendance.left(one)
    told.attendance.left(one)
    assert told.news() == []
    told.attendance.left(two)
    assert told.news() == [(False, None)]


def test_only_companions_of_the_patient_count() -> None:
    """A physician's page, a word of a page that never joined, another patient's companion."""
    told = Told()
    for page in (client(Role.PHYSICIAN), client(patient="somebody")):
        told.attendance.joined(page)
        told.attendance.here(page, awake=True)
        told.attendance.left(page)
    told.attendance.here(client(), awake=True)
    told.attendance.left(client(Role.VIEWER, None))
    assert told.news() == []


def test_a_session_that_opens_hears_of_a_page_that_is_there() -> None:
    """Only at its opening, and only when there is one."""
    told = Told()
    opened = told.opened
    assert opened is not None
    told.attendance.decided(told.bed, opened, [])
    page = client(patient=opened.patient.id)
    told.attendance.joined(page)
    told.events.clear()
    told.attendance.decided(told.bed, Tick(at_ms=9), [])
    assert told.news() == []
    told.attendance.decided(told.bed, opened, [])
    assert told.news() == [(True, None)]


def test_after_a_stop_a_page_is_not_there_before_it_comes() -> None:
    """A session that had one is told that it is gone; one that had none hears nothing."""
    told = Told(full=True)
    told.attendance.taken_up()
    assert told.news() == []
    told.engine.handle(CompanionPage(at_ms=told.engine.now_ms, online=True))
    told.attendance.taken_up()
    assert (told.news(), told.counted) == ([(False, None)], ["attendance: inbox full"])
