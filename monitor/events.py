"""Everything that can happen to a session: the only way into the engine.

An event is a fact with the hub time at which the hub took it from its queue. It carries all that a
decision needs, so that a journal of events is enough to decide everything again. Events are frozen
and are what the journal stores; their fields are documented in `docs/events.md`.

`at_ms` is hub time in integer milliseconds (see `monitor/clock.py`), never the wall clock.

>>> Tick(at_ms=5).at_ms
5
"""

from alerts.contact import Role
from alerts.delivery import DeliveryState
from devices.observation import DeviceReport, Mode
from monitor.follow_events import NextDayAnswered, QuestionAnswered
from monitor.notice_events import Noticed, PeakEnded
from monitor.patient import DeviceBinding, Patient
from monitor.person_events import (
    Accepted,
    Acknowledged,
    Annotated,
    CheckedIn,
    CheckInCorrected,
    CuffFailed,
    CuffStarted,
    Discharged,
    DischargeTried,
    DoseConfirmed,
    DoseExtra,
    EmergencyClosed,
    Ended,
    EventBase,
    GateAnswered,
    GateOverridden,
    GateSet,
    HandedOver,
    HelpCalled,
    HelpCancelled,
    PatientTapped,
    PulseCounted,
    Rejected,
    ResetByPerson,
    Tailored,
    TypedReading,
)
from monitor.plan import Plan
from monitor.reach_events import CalledBack, DeliveryAnswered, OnCallChanged
from monitor.rehearsal_events import RehearsalAsked, SoundAsked, SoundHeard
from monitor.verdict_events import AlarmJudged

__all__ = [
    "Accepted",
    "Acknowledged",
    "AlarmJudged",
    "Annotated",
    "CalledBack",
    "CheckInCorrected",
    "CheckedIn",
    "ClockSettled",
    "CompanionPage",
    "CuffFailed",
    "CuffStarted",
    "DeliveryAnswered",
    "DeliveryReported",
    "DeviceBinding",
    "DeviceStatus",
    "DischargeTried",
    "Discharged",
    "DoseConfirmed",
    "DoseExtra",
    "EmergencyClosed",
    "Ended",
    "Event",
    "GateAnswered",
    "GateOverridden",
    "GateSet",
    "HandedOver",
    "HelpCalled",
    "HelpCancelled",
    "HubCondition",
    "MonitorDown",
    "NextDayAnswered",
    "Noticed",
    "OnCallChanged",
    "Patient",
    "PatientTapped",
    "PeakEnded",
    "PulseCounted",
    "QuestionAnswered",
    "Reading",
    "RecordGap",
    "RecordLooked",
    "RehearsalAsked",
    "Rejected",
    "ResetByPerson",
    "SessionOpened",
    "SoundAsked",
    "SoundHeard",
    "Tailored",
    "Tick",
    "TypedReading",
    "Woke",
]


class SessionOpened(EventBase, frozen=True, kw_only=True):
    """The first event: the patient, the frozen plan and the mode. Nothing changes them later."""

    session: str
    mode: Mode
    patient: Patient
    plan: Plan
    software: str = ""
    wall_ms: int | None = None


class Reading(EventBase, frozen=True, kw_only=True):
    """One device report. `wall_ms` is the hub's wall clock when it arrived (None: not set)."""

    report: DeviceReport
    wall_ms: int | None = None
    received_ms: int | None = None


class DeviceStatus(EventBase, frozen=True, kw_only=True):
    """A device's link came or went (retained status topic, last will, Bluetooth link).

    `battery_pct` is 0 to 100 when the device says it (None: not told).
    """

    device: str
    online: bool
    reason: str = ""
    battery_pct: int | None = None


class CompanionPage(EventBase, frozen=True, kw_only=True):
    """A page of the companion is open, or the last one has gone.

    `awake`: it can keep its screen on, so that a lost link means somebody (None: not told).
    """

    online: bool
    awake: bool | None = None


class DeliveryReported(EventBase, frozen=True, kw_only=True):
    """What became of one message: the channel's or the person's word."""

    delivery: str
    state: DeliveryState
    detail: str = ""


class HubCondition(EventBase, frozen=True, kw_only=True):
    """Something of the hub's own is wrong, or right again (a row of shape `report` names it)."""

    condition: str
    present: bool
    detail: str = ""


class MonitorDown(EventBase, frozen=True, kw_only=True):
    """The hub did not run for `down_ms` (None: nobody can know for how long)."""

    down_ms: int | None
    detail: str = ""


class ClockSettled(EventBase, frozen=True, kw_only=True):
    """The wall clock is set at last: hub time moves forward by `gap_ms`."""

    gap_ms: int


class RecordGap(EventBase, frozen=True, kw_only=True):
    """Recording failed from `from_ms` to `to_ms`; `lost` records could not be kept in memory."""

    from_ms: int
    to_ms: int
    lost: int = 0


class RecordLooked(EventBase, frozen=True, kw_only=True):
    """A person sees this session; `how` says by what. It decides nothing and is no sign of life."""

    by: str
    as_role: Role
    how: str


class Tick(EventBase, frozen=True, kw_only=True):
    """Time has come to `at_ms`; carries nothing and is never journaled."""


class Woke(EventBase, frozen=True, kw_only=True):
    """A tick that had effects, as the journal keeps it."""


Event = (
    SessionOpened
    | Reading
    | DeviceStatus
    | CheckedIn
    | CheckInCorrected
    | PatientTapped
    | PulseCounted
    | Noticed
    | CompanionPage
    | CuffStarted
    | CuffFailed
    | TypedReading
    | GateSet
    | GateAnswered
    | GateOverridden
    | DoseConfirmed
    | DoseExtra
    | Tailored
    | Acknowledged
    | Accepted
    | Rejected
    | ResetByPerson
    | HelpCalled
    | HelpCancelled
    | Annotated
    | HandedOver
    | EmergencyClosed
    | PeakEnded
    | DischargeTried
    | Discharged
    | Ended
    | QuestionAnswered
    | NextDayAnswered
    | DeliveryReported
    | DeliveryAnswered
    | CalledBack
    | AlarmJudged
    | OnCallChanged
    | RehearsalAsked
    | SoundAsked
    | SoundHeard
    | HubCondition
    | MonitorDown
    | ClockSettled
    | RecordGap
    | RecordLooked
    | Tick
    | Woke
)
