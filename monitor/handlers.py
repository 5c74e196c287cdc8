"""What each event does: the table from the kind of event to the function that takes it.

A handler changes the chart, asks the rows, and says why it refuses what it refuses; a refused
command changes nothing else. It keeps no state of its own and starts nothing. The handlers stand in
modules by idea: `sightings`, `patient_taps`, `notices`, `protocol`, `proofs`, `leaving`, `replies`
and `housekeeping`.

    HANDLERS[Reading](engine, Reading(at_ms=1, report=report))
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from monitor import (
    followed,
    gate_asked,
    housekeeping,
    leaving,
    notices,
    patient_taps,
    presence,
    proofs,
    protocol,
    replies,
    sightings,
)
from monitor.events import (
    Accepted,
    Acknowledged,
    Annotated,
    CalledBack,
    CheckedIn,
    CheckInCorrected,
    ClockSettled,
    CompanionPage,
    CuffFailed,
    CuffStarted,
    DeliveryAnswered,
    DeliveryReported,
    DeviceStatus,
    Discharged,
    DischargeTried,
    DoseConfirmed,
    DoseExtra,
    EmergencyClosed,
    Ended,
    GateAnswered,
    GateOverridden,
    GateSet,
    HandedOver,
    HelpCalled,
    HelpCancelled,
    HubCondition,
    MonitorDown,
    NextDayAnswered,
    Noticed,
    OnCallChanged,
    PatientTapped,
    PeakEnded,
    PulseCounted,
    QuestionAnswered,
    Reading,
    RecordGap,
    RehearsalAsked,
    Rejected,
    ResetByPerson,
    SessionOpened,
    SoundAsked,
    SoundHeard,
    Tailored,
    Tick,
    TypedReading,
    Woke,
)

if TYPE_CHECKING:
    from monitor.engine import Engine

__all__ = ["HANDLERS"]

HANDLERS: dict[type, Callable[["Engine", Any], None]] = {
    SessionOpened: protocol.opened,
    Reading: sightings.reading,
    DeviceStatus: sightings.device_status,
    CheckedIn: sightings.checked_in,
    CheckInCorrected: sightings.check_in_corrected,
    PatientTapped: patient_taps.tapped,
    PulseCounted: sightings.pulse_counted,
    Noticed: notices.noticed,
    CompanionPage: presence.page,
    CuffStarted: sightings.cuff_started,
    CuffFailed: sightings.cuff_failed,
    TypedReading: sightings.typed_reading,
    GateSet: protocol.gate_set,
    GateAnswered: gate_asked.answered,
    GateOverridden: protocol.gate_overridden,
    DoseConfirmed: protocol.dose,
    DoseExtra: protocol.extra_dose,
    Tailored: protocol.limit_tailored,
    Acknowledged: replies.acknowledged,
    Accepted: replies.accepted,
    Rejected: replies.rejected,
    ResetByPerson: replies.reset,
    HelpCalled: replies.help_called,
    HelpCancelled: replies.help_cancelled,
    Annotated: replies.annotated,
    HandedOver: leaving.handed_over,
    EmergencyClosed: leaving.emergency_closed,
    PeakEnded: leaving.peak_ended,
    DischargeTried: leaving.discharge_tried,
    Discharged: leaving.discharged,
    Ended: leaving.ended,
    QuestionAnswered: followed.question,
    NextDayAnswered: followed.next_day,
    DeliveryReported: housekeeping.delivery_reported,
    DeliveryAnswered: replies.delivery_answered,
    CalledBack: replies.called_back,
    RehearsalAsked: proofs.rehearsal_asked,
    SoundAsked: proofs.sound_asked,
    SoundHeard: proofs.sound_heard,
    OnCallChanged: housekeeping.on_call_changed,
    HubCondition: housekeeping.hub_condition,
    MonitorDown: housekeeping.monitor_down,
    ClockSettled: housekeeping.clock_settled,
    RecordGap: housekeeping.record_gap,
    Tick: housekeeping.passed,
    Woke: housekeeping.passed,
}
