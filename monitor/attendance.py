"""Which companions have a page open, told to the sessions of their patients as it changes.

The first page that comes and the last one that goes are news, and whether a page can keep its
screen on. A session that opens while the page is there hears of it at once, and one that is taken
up after a stop hears that no page is there yet. What follows is decided in `monitor/presence.py`.

    attendance = Attendance(hub)
    attendance.joined(client)
    attendance.here(client, awake=True)     the page's own word
    attendance.left(client)
"""

from collections.abc import Sequence

from alerts.contact import Role
from monitor.effects import Effect
from monitor.events import CompanionPage, Event, SessionOpened
from monitor.feed_client import Client
from monitor.hub import Hub
from monitor.ward import Bed

__all__ = ["Attendance"]


class Attendance:
    """Pages of companions, by patient. Belongs to the hub's loop."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._pages: dict[str, dict[Client, bool | None]] = {}

    def joined(self, client: Client) -> None:
        """A page has come."""
        patient = _patient(client)
        if patient is None:
            return
        pages = self._pages.setdefault(patient, {})
        pages[client] = None
        if len(pages) == 1:
            self._tell(patient)

    def here(self, client: Client, *, awake: bool) -> None:
        """A page says whether it can keep its screen on."""
        patient = _patient(client)
        if patient is None or client not in self._pages.get(patient, {}):
            return
        before = _awake(self._pages[patient])
        self._pages[patient][client] = awake
        if _awake(self._pages[patient]) != before:
            self._tell(patient)

    def left(self, client: Client) -> None:
        """A page has gone."""
        patient = _patient(client)
        pages = self._pages.get(patient or "", {})
        if patient is None or pages.pop(client, ...) is ...:
            return
        if not pages:
            del self._pages[patient]
            self._tell(patient)

    def decided(self, bed: Bed, event: Event, _effects: Sequence[Effect]) -> None:
        """A session opens: it is told of a page that is there already."""
        if isinstance(event, SessionOpened) and bed.opened.patient.id in self._pages:
            self._tell_bed(bed)

    def taken_up(self) -> None:
        """The hub has started: a page that was there before its stop is not there yet."""
        for bed in list(self._hub.ward.beds.values()):
            if bed.engine.chart.companion.online and bed.opened.patient.id not in self._pages:
                self._tell_bed(bed)

    def _tell(self, patient: str) -> None:
        for bed in list(self._hub.ward.beds.values()):
            if bed.opened.patient.id == patient:
                self._tell_bed(bed)

    def _tell_bed(self, bed: Bed) -> None:
        pages = self._pages.get(bed.opened.patient.id, {})
        online, awake = bool(pages), _awake(pages)

        def make(at_ms: int) -> CompanionPage:
            return CompanionPage(at_ms=at_ms, online=online, awake=awake)

        if not self._hub.tell(bed.session, make):
            self._hub.count("attendance: inbox full")


def _patient(client: Client) -> str | None:
    return client.who.patient if client.who.role is Role.COMPANION else None


def _awake(pages: dict[Client, bool | None]) -> bool | None:
    """Whether one of the pages keeps its screen on; None: none has said."""
    said = [awake for awake in pages.values() if awake is not None]
    return any(said) if said else None
