"""Everything that can happen to a session: the only way into the engine.

An event is a fact with the hub time at which the hub took it from its queue. It carries all that a
decision needs, so that a journal of events is enough to decide everything again. Events are frozen
and are what the journal stores; their fields are documented in `docs/events.md`.

`at_ms` is hub time in integer milliseconds (see `monitor/clock.py`), never the wall clock.

>>> Tick(at_ms=5).at_ms
5
"""

from msgspec import Struct

from alerts.contact import Role
from alerts.delivery import DeliveryState
from devices.checkin import CheckIn
from devices.observation import DeviceReport, Mode
from monitor.patient import DeviceBinding, Patient
from monitor.plan import Plan

__all__ = [
    "Accepted",
    "Acknowledged",
    "Annotated",
    "CheckInCorrected",
    "CheckedIn",
    "ClockSettled",
    "CuffStarted",
    "DeliveryReported",
    "DeviceBinding",
    "DeviceStatus",
    "Discharged",
    "DoseConfirmed",
    "DoseExtra",
    "EmergencyClosed",
    "Ended",
    "Event",
    "GateOverridden",
    "GateSet",
    "HandedOver",
    "HelpCalled",
    "HelpCancelled",
    "HubCondition",
    "MonitorDown",
    "Patient",
    "PulseCounted",
    "Reading",
    "RecordGap",
    "Rejected",
    "ResetByPerson",
    "SessionOpened",
    "Tick",
    "Woke",
]


class _Base(Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="event", tag=True):
    at_ms: int


class SessionOpened(_Base, frozen=True, kw_only=True):
    """The first event: the patient, the frozen plan and the mode. Nothing changes them later."""

    session: str
    mode: Mode
    patient: Patient
    plan: Plan
    software: str = ""
    wall_ms: int | None = None


class Reading(_Base, frozen=True, kw_only=True):
    """One device report. `wall_ms` is the hub's wall clock when it arrived (None: not set)."""

    report: DeviceReport
    wall_ms: int | None = None
    received_ms: int | None = None


class DeviceStatus(_Base, frozen=True, kw_only=True):
    """A device's link came or went (retained status topic, last will, Bluetooth link)."""

    device: str
    online: bool
    reason: str = ""


class _ByPerson(_Base, frozen=True, kw_only=True):
    """`tap` is the sender's name for one tap, so that a repeated message counts once."""

    by: str
    role: Role
    tap: str | None = None


class CheckedIn(_ByPerson, frozen=True, kw_only=True):
    """The companion looked and tapped."""

    check: CheckIn


class CheckInCorrected(_ByPerson, frozen=True, kw_only=True):
    """The last check-in was tapped wrong; allowed for 60 s after it."""

    check: CheckIn


class PulseCounted(_ByPerson, frozen=True, kw_only=True):
    """A person counted the pulse at the wrist: beats per minute x 100."""

    pulse_x100: int


class CuffStarted(_ByPerson, frozen=True, kw_only=True):
    """The companion pressed start on the cuff."""


class GateSet(_ByPerson, frozen=True, kw_only=True):
    """One item of the gate before the dose: `pass`, `hold` or `stop`."""

    item: str
    state: str
    note: str = ""


class GateOverridden(_ByPerson, frozen=True, kw_only=True):
    """The physician lets an item on hold pass, with a reason."""

    item: str
    reason: str


class DoseConfirmed(_ByPerson, frozen=True, kw_only=True):
    """The lozenge was placed in the mouth `ago_ms` before now (at most 10 minutes)."""

    ago_ms: int = 0


class DoseExtra(_ByPerson, frozen=True, kw_only=True):
    """An unplanned further dose, taken `ago_ms` before now."""

    ago_ms: int = 0


class Acknowledged(_ByPerson, frozen=True, kw_only=True):
    """Pause the sound of one alarm for a bounded time. Stops no rung."""

    alarm: str


class Accepted(_ByPerson, frozen=True, kw_only=True):
    """A named person takes responsibility for one alarm, on a lease."""

    alarm: str


class Rejected(_ByPerson, frozen=True, kw_only=True):
    """A named person says that they cannot take it: the next rung starts at once."""

    alarm: str


class ResetByPerson(_ByPerson, frozen=True, kw_only=True):
    """End the latched rows of one alarm whose condition is gone."""

    alarm: str


class HelpCalled(_ByPerson, frozen=True, kw_only=True):
    """The panic button."""


class HelpCancelled(_ByPerson, frozen=True, kw_only=True):
    """The panic button was pressed by mistake; the alarm stays latched until it is reset."""


class Annotated(_ByPerson, frozen=True, kw_only=True):
    """Free text for the record."""

    text: str


class HandedOver(_ByPerson, frozen=True, kw_only=True):
    """Responsibility passed to an ambulance crew or another physician, by name."""

    to: str


class EmergencyClosed(_ByPerson, frozen=True, kw_only=True):
    """The physician ends the emergency phase; the session goes on where its clock stands."""


class Discharged(_ByPerson, frozen=True, kw_only=True):
    """The companion (and by policy the physician) confirms that the session can end."""


class Ended(_ByPerson, frozen=True, kw_only=True):
    """Somebody closes the session; with open criteria it is END-EARLY."""

    reason: str = ""


class DeliveryReported(_Base, frozen=True, kw_only=True):
    """What became of one message: the channel's or the person's word."""

    delivery: str
    state: DeliveryState
    detail: str = ""


class HubCondition(_Base, frozen=True, kw_only=True):
    """Something of the hub's own is wrong, or right again (a row of shape `report` names it)."""

    condition: str
    present: bool
    detail: str = ""


class MonitorDown(_Base, frozen=True, kw_only=True):
    """The hub did not run for `down_ms` (None: nobody can know for how long)."""

    down_ms: int | None
    detail: str = ""


class ClockSettled(_Base, frozen=True, kw_only=True):
    """The wall clock is set at last: hub time moves forward by `gap_ms`."""

    gap_ms: int


class RecordGap(_Base, frozen=True, kw_only=True):
    """Recording failed from `from_ms` to `to_ms`; `lost` records could not be kept in memory."""

    from_ms: int
    to_ms: int
    lost: int = 0


class Tick(_Base, frozen=True, kw_only=True):
    """Time has come to `at_ms`; carries nothing and is never journaled."""


class Woke(_Base, frozen=True, kw_only=True):
    """A tick that had effects, as the journal keeps it."""


Event = (
    SessionOpened
    | Reading
    | DeviceStatus
    | CheckedIn
    | CheckInCorrected
    | PulseCounted
    | CuffStarted
    | GateSet
    | GateOverridden
    | DoseConfirmed
    | DoseExtra
    | Acknowledged
    | Accepted
    | Rejected
    | ResetByPerson
    | HelpCalled
    | HelpCancelled
    | Annotated
    | HandedOver
    | EmergencyClosed
    | Discharged
    | Ended
    | DeliveryReported
    | HubCondition
    | MonitorDown
    | ClockSettled
    | RecordGap
    | Tick
    | Woke
)
