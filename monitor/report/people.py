"""What people saw, rated and wrote: check-ins, MOAA/S, distress, dissociation, notes, doses.

Only what the session took counts; a correction stands in place of the check-in that it corrects.
Text that a person wrote is kept with its writer's role, because not every reader may see it
(`monitor/report/readers.py`).

    track.take(event, refused=False)
    lowest(track.checks, [(dose_ms, end_ms)])   -> the check-in with the lowest MOAA/S
"""

from collections.abc import Sequence

from msgspec import Struct

from alerts.contact import Role
from devices.checkin import CheckIn
from devices.notice import Thing
from monitor.events import (
    Annotated,
    CheckedIn,
    CheckInCorrected,
    DoseConfirmed,
    DoseExtra,
    Event,
    GateAnswered,
    GateOverridden,
    Noticed,
    PulseCounted,
)
from monitor.report.oximetry import Span

__all__ = ["Check", "Dose", "Note", "Overridden", "PeopleTrack", "Scored", "lowest", "most"]

_NUMBERED = (Thing.DISTRESS, Thing.CADSS6, Thing.NAUSEA, Thing.GLUCOSE)
# Events of the care afterwards, by name: `PhqScored` and `Reflected`.
_PHQ, _REFLECTED = "PhqScored", "Reflected"


class Check(Struct, frozen=True):
    """One check-in as it stands after its corrections."""

    at_ms: int
    by: str
    check: CheckIn


class Scored(Struct, frozen=True):
    """One number that somebody said: distress, nausea (0 to 10), CADSS-6 (0 to 24), glucose."""

    at_ms: int
    by: str
    what: Thing
    value: int


class Dose(Struct, frozen=True):
    """One dose: when it was taken, when that was told, by whom."""

    at_ms: int
    told_ms: int
    by: str
    extra: bool


class Note(Struct, frozen=True):
    """Free text of a person. `reflection`: the patient's own, after the session."""

    at_ms: int
    by: str
    role: Role
    text: str
    reflection: bool = False


class Overridden(Struct, frozen=True):
    """A gate item that a physician let pass."""

    at_ms: int
    item: str
    by: str
    reason: str


class Phq(Struct, frozen=True):
    """A PHQ-9 at follow-up: total 0 to 27, and its item 9 (thoughts of death) 0 to 3."""

    at_ms: int
    total: int
    item9: int


class PeopleTrack:
    """Everything that people said in one session."""

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.scores: list[Scored] = []
        self.noticed: list[Noticed] = []
        self.notes: list[Note] = []
        self.doses: list[Dose] = []
        self.answers: dict[str, dict[str, bool]] = {}
        self.overridden: list[Overridden] = []
        self.counted: list[PulseCounted] = []
        self.phq: list[Phq] = []

    def take(self, event: Event, *, refused: bool) -> None:
        """Take one event; a refused one changes nothing."""
        if refused:
            return
        if isinstance(event, CheckedIn):
            self.checks.append(Check(event.at_ms, event.by, event.check))
        elif isinstance(event, CheckInCorrected) and self.checks:
            self.checks[-1] = Check(self.checks[-1].at_ms, event.by, event.check)
        elif isinstance(event, Noticed):
            self.noticed.append(event)
            if event.what in _NUMBERED and event.number is not None and not event.over:
                self.scores.append(Scored(event.at_ms, event.by, event.what, event.number))
        elif isinstance(event, DoseConfirmed | DoseExtra):
            extra = isinstance(event, DoseExtra)
            taken_ms = event.at_ms - event.ago_ms
            self.doses.append(Dose(taken_ms, event.at_ms, event.by, extra))
        elif isinstance(event, GateAnswered):
            self.answers.setdefault(event.item, {})[event.question] = event.yes
        elif isinstance(event, GateOverridden):
            self.overridden.append(Overridden(event.at_ms, event.item, event.by, event.reason))
        elif isinstance(event, PulseCounted):
            self.counted.append(event)
        else:
            self._written(event)

    def of(self, what: Thing) -> list[Scored]:
        """All numbers of one thing."""
        return [one for one in self.scores if one.what is what]

    def _written(self, event: Event) -> None:
        name = type(event).__name__
        if isinstance(event, Annotated):
            self.notes.append(Note(event.at_ms, event.by, event.role, event.text))
        elif name == _REFLECTED:
            text = str(getattr(event, "text", ""))
            by, role = str(getattr(event, "by", "")), getattr(event, "role", Role.PATIENT)
            self.notes.append(Note(event.at_ms, by, role, text, reflection=True))
        elif name == _PHQ:
            total, item9 = int(getattr(event, "total", 0)), int(getattr(event, "item9", 0))
            self.phq.append(Phq(event.at_ms, total, item9))


def lowest(checks: Sequence[Check], spans: Sequence[Span]) -> Check | None:
    """The check-in with the lowest MOAA/S of these spans, of equals the earliest."""
    mine = [one for one in checks if _inside(one.at_ms, spans)]
    return min(mine, key=lambda one: (one.check.moaas, one.at_ms), default=None)


def most(scores: Sequence[Scored], spans: Sequence[Span]) -> Scored | None:
    """The highest number of these spans, of equals the earliest."""
    mine = [one for one in scores if _inside(one.at_ms, spans)]
    return max(mine, key=lambda one: (one.value, -one.at_ms), default=None)


def _inside(at_ms: int, spans: Sequence[Span]) -> bool:
    return any(from_ms <= at_ms <= to_ms for from_ms, to_ms in spans)
