"""The course of a session: when a phase begins and ends, and what speaks against it.

`monitor/session.py` says which phase follows a trigger; here it is decided whether a trigger is
given: times from the last dose, and the criteria of `clinical.md` 1.4. A criterion that is not
known is not met. This module changes the chart's phase and says so; it raises no alarm itself.

    course.dose(at_ms, ago_ms=0)    -> gate to onset
    course.due_ms()                 -> T+20 min
"""

from collections.abc import Callable

from alerts.contact import Role
from devices.observation import DeviceKind
from monitor.chart import BpReading, Chart
from monitor.effects import PhaseChanged
from monitor.session import OVER, Phase, Trigger, step

__all__ = ["AGO_MAX_MS", "Course"]

_MINUTE_MS = 60_000
_ONSET_MS = 20 * _MINUTE_MS
_PEAK_MS = 75 * _MINUTE_MS
_LATE_MS = 120 * _MINUTE_MS
_STAY_MS = 10 * _MINUTE_MS
AGO_MAX_MS = 10 * _MINUTE_MS
_BP_FRESH_MS = 20 * _MINUTE_MS
_RISE_X100 = 5_00
_AWAKE = 4
_FULLY_AWAKE = 5
_SBP_HIGH, _DBP_HIGH = 160_00, 100_00


class Course:
    """Moves one chart through its phases. `changed` is called after every change."""

    def __init__(self, chart: Chart, changed: Callable[[PhaseChanged], None]) -> None:
        self.chart = chart
        self._changed = changed

    def trigger(self, trigger: Trigger, at_ms: int, reason: str) -> bool:
        """Give a trigger; False when the table has no such step (nothing then changes)."""
        before = self.chart.phase
        phase = step(before, trigger)
        if phase is None:
            return False
        self.chart.phase = phase
        self._enter(at_ms)
        self._changed(
            PhaseChanged(at_ms=at_ms, before=before.value, phase=phase.value, reason=reason)
        )
        return True

    def dose(self, at_ms: int, ago_ms: int) -> str | None:
        """The dose was taken. Returns why this is refused, or None."""
        if self.chart.first_dose_ms is not None:
            return "a dose is on record; a further one is entered as an extra dose"
        if self.chart.phase is not Phase.GATE:
            return f"a first dose belongs to the gate, the session is in {self.chart.phase.value}"
        if not 0 <= ago_ms <= AGO_MAX_MS:
            return f"the dose was taken {ago_ms // 1000} s ago; up to 600 s back can be entered"
        self.chart.dose_ms = self.chart.first_dose_ms = at_ms - ago_ms
        self.trigger(Trigger.DOSE, at_ms, "dose confirmed")
        return None

    def extra_dose(self, at_ms: int, ago_ms: int) -> str | None:
        """A further dose: all clocks run from it, the phase never goes back to ONSET."""
        if self.chart.dose_ms is None or self.chart.phase in OVER:
            return "no first dose is on record" if self.chart.dose_ms is None else "session is over"
        if not 0 <= ago_ms <= AGO_MAX_MS:
            return f"the dose was taken {ago_ms // 1000} s ago; up to 600 s back can be entered"
        self.chart.dose_ms = max(self.chart.dose_ms, at_ms - ago_ms)
        if not self.trigger(Trigger.EXTRA_DOSE, at_ms, "extra dose: the clocks run from it"):
            self._enter(at_ms)
        return None

    def due_ms(self, now_ms: int) -> int | None:
        """The next instant at which the phase may change by time alone."""
        dose_ms, phase = self.chart.dose_ms, self.chart.phase
        if dose_ms is None:
            lapse_ms = self.gate_until_ms
            return lapse_ms if phase is Phase.GATE and lapse_ms > now_ms else None
        marks = {
            Phase.ONSET: (_ONSET_MS,),
            Phase.PEAK: (_PEAK_MS, _LATE_MS),
            Phase.OFFSET: (_LATE_MS,),
            Phase.EXTENDED: (_LATE_MS,),
        }.get(phase, ())
        return next((dose_ms + mark for mark in marks if dose_ms + mark > now_ms), None)

    @property
    def gate_until_ms(self) -> int:
        """When the gate lapses ("60 min -> cancel"): nothing that was checked is known any more."""
        return self.chart.opened_ms + self.chart.plan.gate_min * _MINUTE_MS

    def consider(self, at_ms: int) -> None:
        """Time or news has come: take every step whose condition is met."""
        if self.chart.phase is Phase.GATE and at_ms >= self.gate_until_ms:
            self.chart.gate_lapsed = True
        while self._one_step(at_ms):
            pass

    def _one_step(self, at_ms: int) -> bool:
        chart = self.chart
        if chart.dose_ms is None:
            return False
        past_ms = at_ms - chart.dose_ms
        match chart.phase:
            case Phase.ONSET if past_ms >= _ONSET_MS:
                return self.trigger(Trigger.ONSET_OVER, at_ms, "T+20 min")
            case Phase.PEAK if past_ms >= _PEAK_MS and not self.peak_open(at_ms):
                return self.trigger(Trigger.PEAK_OVER, at_ms, "T+75 min and the criteria are met")
            case Phase.PEAK if past_ms >= _LATE_MS:
                return self.trigger(Trigger.PEAK_LATE, at_ms, f"T+120 min: {self.peak_open(at_ms)}")
            case Phase.OFFSET | Phase.RECOVERY if past_ms >= _LATE_MS and self._sleepy(at_ms):
                return self.trigger(Trigger.NOT_AWAKE, at_ms, "T+120 min: not fully awake")
            case Phase.OFFSET if past_ms >= _LATE_MS:
                return self.trigger(Trigger.OFFSET_OVER, at_ms, "T+120 min")
            case Phase.EXTENDED if past_ms >= _LATE_MS and not (
                self._sleepy(at_ms) or self.peak_open(at_ms)
            ):
                return self.trigger(Trigger.CRITERIA_MET, at_ms, "the criteria are met")
        return False

    def _sleepy(self, at_ms: int) -> bool:
        """Whether the last rating that counts says that the patient is not fully awake."""
        rating = self.chart.moaas(at_ms)
        return rating is not None and rating < _FULLY_AWAKE

    def end_peak(self, at_ms: int, reason: str) -> str | None:
        """A physician ends the peak although the cuff has failed. Returns why not, or None.

        "who may end PEAK without a BP when the cuff has failed" (`clinical.md` 1.4, phase 3)
        """
        chart = self.chart
        rating = chart.moaas(at_ms)
        least_ms = _LATE_MS if chart.phase is Phase.EXTENDED else _PEAK_MS
        if chart.dose_ms is None or chart.phase not in (Phase.PEAK, Phase.EXTENDED):
            return f"there is no peak to end, the session is in {chart.phase.value}"
        if at_ms < chart.dose_ms + least_ms:
            return f"not before T+{least_ms // _MINUTE_MS} min"
        if chart.readings and at_ms - chart.readings[-1].at_ms <= _BP_FRESH_MS:
            return "a blood pressure of the last 20 min is there: it decides"
        least = _FULLY_AWAKE if chart.phase is Phase.EXTENDED else _AWAKE
        if rating is None or rating < least:
            return f"no fresh check-in of MOAA/S {least} or more"
        self.trigger(Trigger.PEAK_BY_WORD, at_ms, reason)
        return None

    def peak_open(self, at_ms: int) -> str:
        """Which criterion keeps the peak open; empty when all are known to be met."""
        chart = self.chart
        readings = [r for r in chart.readings if r.at_ms >= (chart.first_dose_ms or 0)]
        if not readings or at_ms - readings[-1].at_ms > _BP_FRESH_MS:
            return "no blood pressure of the last 20 min"
        last, earlier = readings[-1], readings[:-1]
        if not earlier:
            return "only one blood pressure since the dose"
        if not _low_enough(last, earlier):
            return "blood pressure is still high or rising"
        rating = chart.moaas(at_ms)
        if rating is None:
            return "no fresh check-in"
        return "" if rating >= _AWAKE else f"MOAA/S {rating}"

    def next_reading_ms(self, at_ms: int) -> int | None:
        """When a peak that stays open wants the reading after the one at `at_ms`.

        "else stay, cuff every 10 min" (`clinical.md` 1.4, phase 3)
        """
        dose_ms, phase = self.chart.dose_ms, self.chart.phase
        late = dose_ms is not None and at_ms >= dose_ms + _PEAK_MS
        return at_ms + _STAY_MS if late and phase is Phase.PEAK else None

    def may_end(self, role: Role) -> bool:
        """Only a physician ends a session whose criteria are open (END-EARLY otherwise)."""
        return role in (Role.PHYSICIAN, Role.BACKUP, Role.ADMIN)

    def _enter(self, at_ms: int) -> None:
        chart = self.chart
        if chart.phase in OVER or chart.phase is Phase.FOLLOW_UP:
            chart.cuff.stop()
            chart.check_in.stop()
            chart.patient_check.stop()
            chart.required_since_ms = None
            return
        chart.cuff.enter(chart.pace, at_ms, chart.dose_ms)
        chart.check_in.enter(chart.pace, at_ms, chart.dose_ms)
        chart.patient_check.enter(chart.phase, at_ms, chart.dose_ms)
        if not chart.requires(chart.plan.oximeter, DeviceKind.OXIMETER):
            chart.required_since_ms = None
        elif chart.required_since_ms is None:
            chart.required_since_ms = at_ms


def _low_enough(last: BpReading, earlier: list[BpReading]) -> bool:
    sbp = max(reading.sbp_x100 for reading in earlier)
    dbp = max(reading.dbp_x100 for reading in earlier)
    return (
        last.sbp_x100 <= sbp + _RISE_X100
        and last.dbp_x100 <= dbp + _RISE_X100
        and last.sbp_x100 < _SBP_HIGH
        and last.dbp_x100 < _DBP_HIGH
    )
