"""What is known of the patient now: the bedside chart that every row reads.

The chart holds the streams, the cuff readings, what people said, the baselines and the phase. It
judges nothing; `monitor/engine.py` writes it, detectors read it.

    chart.moaas(now_ms)        the last rating, or None when it is too old to count
    chart.witnesses(now_ms)    second pulse sources near now, a person's before a device's
"""

from collections import deque

from msgspec import Struct

from alerts.condition import Priority
from devices.checkin import CheckIn, Clip, Position
from devices.observation import DeviceKind, Metric
from monitor.cuff_cycle import CuffCycle
from monitor.gate_items import GateItem
from monitor.patient import DeviceBinding, Health
from monitor.patient_due import PatientDue
from monitor.plan import Plan, Stream
from monitor.rows import Row
from monitor.schedule import Due
from monitor.session import Phase
from monitor.stream import OximeterStream

__all__ = ["BpReading", "Chart", "Companion", "Report"]

_CUFF_WITNESS_MS = 60_000
_COUNT_WITNESS_MS = 120_000
_READINGS = 64
_OXYGEN_MS = 60_000


class BpReading(Struct, frozen=True):
    """One cuff reading that was accepted; values x 100 in mmHg and /min.

    `irregular` is the cuff's word about the pulse (None: a person typed the reading), `map_x100`
    its own mean pressure, when it has one.
    """

    at_ms: int
    sbp_x100: int
    dbp_x100: int
    pulse_x100: int | None = None
    irregular: bool | None = None
    map_x100: int | None = None


class Companion(Struct):
    """What the companion's own page tells of them (`monitor/presence.py`).

    `known`: the session has seen a page; `online`: one is open; `awake`: it keeps its screen on;
    `seen_ms`: the last heartbeat or tap since it went.
    """

    known: bool = False
    online: bool = False
    awake: bool = False
    seen_ms: int = 0

    @property
    def gone_ms(self) -> int | None:
        """Since when there is neither page nor tap; None: there is, or nobody can know."""
        return self.seen_ms if self.known and not self.online else None


class Report(Struct, frozen=True):
    """What somebody said is so, or is so no longer. `priority` overrides the row's."""

    present: bool
    reason: str
    priority: Priority | None = None
    value_x100: int | None = None


class Chart:
    """Everything that rows may ask."""

    health: Health = Health()
    # Whose rules EXTENDED has (`monitor/extended.py`).
    extended_as: Phase = Phase.PEAK
    opened_ms: int = 0
    held_until_ms: int | None = None
    inflated_since_ms: int | None = None
    gate_lapsed: bool = False
    # Why the session has the high-risk profile; empty: it has not.
    high_risk: str = ""
    # How many check-ins were too quick to be looks (`monitor/quick_looks.py`).
    quick_looks: int = 0
    # How often the patient has vomited, the CADSS-6 before the dose, and the last since.
    vomits: int = 0
    cadss6_before: int | None = None
    cadss6: int | None = None
    # When somebody saw that the mouth is empty.
    mouth_empty_ms: int | None = None
    # The last glucose in mg/dL.
    glucose: int | None = None
    # The last breaths a minute that the oximeter measured at the gate, and when.
    gate_rr: tuple[int, int] | None = None
    # When an outage of unknown length ended: times from before it are "at least".
    clock_lost_ms: int | None = None

    def __init__(
        self,
        plan: Plan,
        devices: tuple[DeviceBinding, ...],
        *,
        athlete: bool,
        fibrillation: bool = False,
    ) -> None:
        self.plan = plan
        self.devices = {device.id: device for device in devices}
        self.athlete, self.fibrillation = athlete, fibrillation
        self.phase = Phase.SETUP
        self.dose_ms: int | None = None
        self.first_dose_ms: int | None = None
        oximeter = self.bound(DeviceKind.OXIMETER)
        self.oximeter = OximeterStream(
            oximeter.interval_ms if oximeter else None, clock=oximeter.clock if oximeter else True
        )
        self.interval_known = oximeter is not None and oximeter.interval_ms is not None
        self.measures_breathing = oximeter is not None and oximeter.breathing
        self.required_since_ms: int | None = None
        self.baseline_x100: dict[Metric, int] = {}
        self.baseline_missing: dict[Metric, str] = {}
        self.baseline_bp: tuple[int, int] | None = None
        self.companion = Companion()
        self.readings: deque[BpReading] = deque(maxlen=_READINGS)
        self.check: CheckIn | None = None
        self.check_ms: int | None = None
        # The last answers to the questions that only some check-ins ask.
        self.position: Position | None = None
        self.position_ms: int | None = None
        self.mouth_ms: int | None = None
        self.clip: Clip | None = None
        self.clip_ms: int | None = None
        self.quiet_ms: int | None = None
        self.symptom_ms: int | None = None
        # Of the symptoms: signs of harm by a high pressure, and faint or dizzy on standing.
        self.sign_ms: int | None = None
        self.faint_ms: int | None = None
        self.counted: tuple[int, int] | None = None
        self.cuff = Due(plan.cuff_schedule)
        self.check_in = Due(plan.check_in_schedule)
        self.patient_check = PatientDue(plan.patient_check_schedule, plan.patient_check.required_in)
        self.patient_tap_ms: int | None = None
        self.cuff_asked_ms: int | None = None
        self.oxygen_alarm_ms: int | None = None
        self.oxygen_on: set[str] = set()
        self.reports: dict[str, Report] = {}
        self.gate: dict[str, str] = {}
        self.gate_notes: dict[str, str] = {}
        # Answers to questions of gate items: item, then question, then yes or no.
        self.gate_answers: dict[str, dict[str, bool]] = {}
        self.battery_pct: dict[str, int] = {}
        self.residue_said: set[str] = set()
        # Added to hub time it is the wall clock as it was before its last step.
        self.wall_before_ms: int | None = None
        self.cuff_cycle = CuffCycle()
        # The rows as they are now: the plan's, with the limits that a physician has changed.
        self.rows: dict[str, Row] = {row.id: row for row in plan.rows}
        self.tailored: dict[str, str] = {}

    def bound(self, kind: DeviceKind) -> DeviceBinding | None:
        """The session's device of this kind."""
        return next((device for device in self.devices.values() if device.kind is kind), None)

    def requires(self, stream: Stream, kind: DeviceKind | None) -> bool:
        """Whether this phase requires the stream (a recording: only what it has)."""
        if self.phase not in stream.required_in:
            return False
        return not stream.if_bound or kind is None or self.bound(kind) is not None

    @property
    def gate_items(self) -> tuple[GateItem, ...]:
        """The items of the plan's gate that this patient has."""
        return tuple(
            item for item in self.plan.gate if item.only is None or getattr(self.health, item.only)
        )

    @property
    def pace(self) -> Phase:
        """The phase whose intervals hold: EXTENDED has its own, or those of RECOVERY."""
        well = self.phase is Phase.EXTENDED and self.extended_as is Phase.RECOVERY
        return Phase.RECOVERY if well else self.phase

    def is_in(self, phases: tuple[Phase, ...]) -> bool:
        """Whether a row that names these phases is in force.

        EXTENDED has the rules of one of two phases besides; in EMERGENCY "all detectors go on".
        """
        if self.phase in phases:
            return True
        besides = {Phase.EXTENDED: self.extended_as, Phase.EMERGENCY: Phase.PEAK}.get(self.phase)
        return besides in phases

    def promised(self, kind: DeviceKind) -> bool:
        """Whether the session will ever have this stream."""
        stream = self.plan.oximeter if kind is DeviceKind.OXIMETER else self.plan.cuff
        return not stream.if_bound or self.bound(kind) is not None

    def moaas(self, now_ms: int) -> int | None:
        """The last MOAA/S rating; None when there is none or it is too old.

        "older than its next due time +3 min it is unknown" (`clinical.md` 2.0).
        """
        if self.check is None:
            return None
        due_ms = self.check_in.due_ms
        if due_ms is not None and now_ms > due_ms + self.plan.check_in_schedule.stale_s * 1000:
            return None
        return self.check.moaas

    def moaas_until_ms(self, now_ms: int) -> int | None:
        """The first instant at which the rating becomes unknown by time alone."""
        due_ms = self.check_in.due_ms
        if self.moaas(now_ms) is None or due_ms is None:
            return None
        return due_ms + self.plan.check_in_schedule.stale_s * 1000 + 1

    def witnesses(self, now_ms: int) -> tuple[int, ...]:
        """Pulses from other sources: a count within 2 min, a cuff reading within 60 s.

        Neither hides the other: a count that differs is no reason to forget a cuff that agrees.
        """
        found = []
        if self.counted is not None and now_ms - self.counted[0] <= _COUNT_WITNESS_MS:
            found.append(self.counted[1])
        if self.readings:
            reading = self.readings[-1]
            if now_ms - reading.at_ms <= _CUFF_WITNESS_MS and reading.pulse_x100 is not None:
                found.append(reading.pulse_x100)
        return tuple(found)

    def held_by_cuff(self, now_ms: int) -> int | None:
        """Until when the no-signal rows are held by an inflation on the same arm, or None.

        "never if any oxygen row of medium or more was on in the last 60 s, never with MOAA/S <=3"
        (`clinical.md` 2.7.3).
        """
        if self.held_until_ms is None or now_ms >= self.held_until_ms:
            return None
        return self.held_until_ms if self._calm_at_arm() else None

    def held_span(self, now_ms: int) -> tuple[int, int] | None:
        """From when to when the last inflation held those rows; None: it held, or holds, nothing.

        What was not seen then is the cuff's doing and no sign of a bad signal.
        """
        began_ms, until_ms = self.inflated_since_ms, self.held_until_ms
        if began_ms is None or until_ms is None or not self._calm_at_arm():
            return None
        return began_ms, min(until_ms, now_ms)

    def _calm_at_arm(self) -> bool:
        """Whether nothing forbids that the last inflation holds anything."""
        # The last rating, however old: a sedated patient whose check-in is late is not awake.
        if self.oxygen_on or (self.check is not None and self.check.moaas <= 3):  # noqa: PLR2004
            return False
        before_ms = (self.inflated_since_ms or 0) - _OXYGEN_MS
        return self.oxygen_alarm_ms is None or self.oxygen_alarm_ms < before_ms
