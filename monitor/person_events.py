"""What people do in a session, as events: a check-in, a dose, an answer to an alarm, the way out.

Each says by whom and in which role; whether the person may do it is decided by the engine. The
other events, and all of them together, are in `monitor/events.py`.

>>> CuffStarted(at_ms=5, by="ann", role=Role.COMPANION).by
'ann'
"""

from msgspec import Struct

from alerts.contact import Role
from devices.checkin import CheckIn
from monitor.discharge import Answers

__all__ = [
    "Accepted",
    "Acknowledged",
    "Annotated",
    "ByPerson",
    "CheckInCorrected",
    "CheckedIn",
    "CuffFailed",
    "CuffStarted",
    "DischargeTried",
    "Discharged",
    "DoseConfirmed",
    "DoseExtra",
    "EmergencyClosed",
    "Ended",
    "EventBase",
    "GateAnswered",
    "GateOverridden",
    "GateSet",
    "HandedOver",
    "HelpCalled",
    "HelpCancelled",
    "PatientTapped",
    "PulseCounted",
    "Rejected",
    "ResetByPerson",
    "Tailored",
    "TypedReading",
]


class EventBase(Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="event", tag=True):
    """What every event has: the hub time at which it was taken."""

    at_ms: int


class ByPerson(EventBase, frozen=True, kw_only=True):
    """`tap` is the sender's name for one tap, so that a repeated message counts once."""

    by: str
    role: Role
    tap: str | None = None


class CheckedIn(ByPerson, frozen=True, kw_only=True):
    """The companion looked and tapped.

    `first_tap_ms` and `took_ms`: from opening the check-in to the first tap and until all was
    answered for the first time (None: not told); one that was too quick is asked for once more.
    """

    check: CheckIn
    first_tap_ms: int | None = None
    took_ms: int | None = None


class CheckInCorrected(ByPerson, frozen=True, kw_only=True):
    """The last check-in was tapped wrong; allowed for 60 s after it."""

    check: CheckIn


class PatientTapped(ByPerson, frozen=True, kw_only=True):
    """The patient tapped "I am OK". No rating: it ends no alarm but that of its absence."""


class PulseCounted(ByPerson, frozen=True, kw_only=True):
    """A person counted the pulse at the wrist: beats per minute x 100."""

    pulse_x100: int


class CuffStarted(ByPerson, frozen=True, kw_only=True):
    """The companion pressed start on the cuff."""


class CuffFailed(ByPerson, frozen=True, kw_only=True):
    """The companion saw no number: one attempt at a reading has failed."""

    reason: str = ""


class TypedReading(ByPerson, frozen=True, kw_only=True):
    """A reading typed off a cuff without Bluetooth: mmHg and beats per minute x 100."""

    sbp_x100: int
    dbp_x100: int
    pulse_x100: int | None = None


class GateSet(ByPerson, frozen=True, kw_only=True):
    """One item of the gate before the dose: `pass`, `hold` or `stop`."""

    item: str
    state: str
    note: str = ""


class GateAnswered(ByPerson, frozen=True, kw_only=True):
    """One question of a gate item was answered with yes or no."""

    item: str
    question: str
    yes: bool


class GateOverridden(ByPerson, frozen=True, kw_only=True):
    """The physician lets an item on hold pass, with a reason."""

    item: str
    reason: str


class DoseConfirmed(ByPerson, frozen=True, kw_only=True):
    """The lozenge was placed in the mouth `ago_ms` before now (at most 10 minutes)."""

    ago_ms: int = 0


class DoseExtra(ByPerson, frozen=True, kw_only=True):
    """An unplanned further dose, taken `ago_ms` before now."""

    ago_ms: int = 0


class Tailored(ByPerson, frozen=True, kw_only=True):
    """The physician sets another limit of one row, in the metric's unit x 100, with a reason.

    Only rows and limits of the envelope (`monitor/tailoring.py`); it holds for this session.
    """

    row: str
    limit_x100: int
    reason: str


class Acknowledged(ByPerson, frozen=True, kw_only=True):
    """Pause the sound of one alarm for a bounded time. Stops no rung."""

    alarm: str


class Accepted(ByPerson, frozen=True, kw_only=True):
    """A named person takes responsibility for one alarm, on a lease."""

    alarm: str


class Rejected(ByPerson, frozen=True, kw_only=True):
    """A named person says that they cannot take it: the next rung starts at once."""

    alarm: str


class ResetByPerson(ByPerson, frozen=True, kw_only=True):
    """End the latched rows of one alarm whose condition is gone."""

    alarm: str


class HelpCalled(ByPerson, frozen=True, kw_only=True):
    """The panic button."""


class HelpCancelled(ByPerson, frozen=True, kw_only=True):
    """The panic button was pressed by mistake; the alarm stays latched until it is reset."""


class Annotated(ByPerson, frozen=True, kw_only=True):
    """Free text for the record."""

    text: str


class HandedOver(ByPerson, frozen=True, kw_only=True):
    """Responsibility passed to an ambulance crew or another physician, by name."""

    to: str


class EmergencyClosed(ByPerson, frozen=True, kw_only=True):
    """The physician ends the emergency phase; the session goes on where its clock stands."""


class DischargeTried(ByPerson, frozen=True, kw_only=True):
    """A trial of discharge: the companion answers what nothing can measure.

    The second of two trials that meet all criteria, at least 10 min apart, is the discharge.
    """

    answers: Answers


class Discharged(ByPerson, frozen=True, kw_only=True):
    """The companion (and by policy the physician) confirms that the session can end.

    It stands for a second trial with the answers of the first; refused while a criterion is open.
    """


class Ended(ByPerson, frozen=True, kw_only=True):
    """Somebody closes the session; with open criteria it is END-EARLY."""

    reason: str = ""
