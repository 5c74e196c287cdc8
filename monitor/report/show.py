"""How one report shows times, people and pressures: its reader, its zone, its unit.

One value that every page of a report shares, so that no page says it differently. It keeps nothing
of the patient and decides nothing.

    show = Show(summary, Options(zone=UTC))
    show.when(2_500_000)     -> "T+41, 22:55:00"
"""

from datetime import UTC, tzinfo

from msgspec import Struct

from alerts.contact import Role
from monitor.pressure_unit import PA_PER_MMHG
from monitor.report.summary import Summary
from monitor.report.wall import Wall
from monitor.report.words import after, number

__all__ = ["Options", "Show"]


class Options(Struct, frozen=True, kw_only=True):
    """What is asked of a report. `made`: a date to print, empty for none."""

    zone: tzinfo = UTC
    reader: Role = Role.PHYSICIAN
    kpa: bool = False
    made: str = ""


class Show:
    """Words for the values of one session."""

    def __init__(self, summary: Summary, wall: Wall, options: Options) -> None:
        self._summary = summary
        self.wall = wall
        self.reader, self._kpa = options.reader, options.kpa
        self.made = options.made

    @property
    def unit(self) -> str:
        """The unit of pressures."""
        return "kPa" if self._kpa else "mmHg"

    def one(self, value_x100: int) -> str:
        """One pressure in the reader's unit."""
        return f"{value_x100 * PA_PER_MMHG / 100_000:.1f}" if self._kpa else number(value_x100)

    def pressure(self, sbp_x100: int, dbp_x100: int) -> str:
        """Systolic over diastolic in the reader's unit."""
        return f"{self.one(sbp_x100)}/{self.one(dbp_x100)}"

    def clock(self, at_ms: int) -> str:
        """The time of day."""
        return self.wall.clock(at_ms, self._summary.opened.at_ms)

    def after(self, at_ms: int) -> str:
        """Minutes from the first dose; without one, of the time since the opening."""
        dose_ms = self._summary.dose_ms
        if dose_ms is None:
            return f"+{(at_ms - self._summary.opened.at_ms) // 60_000} min"
        return after(at_ms - dose_ms)

    def when(self, at_ms: int) -> str:
        """Both."""
        return f"{self.after(at_ms)}, {self.clock(at_ms)}"

    def who(self, person: str) -> str:
        """A person's name."""
        return _who(self._summary, person)

    def whole(self, person: str) -> str:
        """A person's name and role."""
        contact = self._summary.contacts.get(person)
        return self.who(person) if contact is None else f"{contact.name} ({contact.role.value})"


def _who(summary: Summary, person: str) -> str:
    """A person's name, or the name that the record has when nobody knows more."""
    contact = summary.contacts.get(person)
    if contact is not None:
        return contact.name
    patient = summary.opened.patient
    return patient.name if person == patient.id else person
