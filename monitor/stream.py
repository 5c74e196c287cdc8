"""The oximeter as a stream: which samples are valid, at what interval they come, what is missing.

The words are those of `clinical.md` 2.0 ("oximeter sample", "valid sample", "quality good"). This
module judges samples, never patients: a fall of SpO2, however steep, is never a reason to
disbelieve it (SIG-GATE).

    stream = OximeterStream(interval_ms=1000, clock=True)
    sample = stream.take(report, at_ms)      -> Sample(spo2=9700, pulse=6200, why="")
"""

from collections import deque

from devices.observation import METRICS, DeviceReport, Flag, Metric, Validity
from monitor.series import RunningMedian, Series

__all__ = ["KEEP_MS", "VALUED", "OximeterStream", "Sample"]

KEEP_MS = 16 * 60_000
_LATE_MS = 3_000
_NEAR_MS = 2_000
_LAG_WINDOW_MS = 5 * 60_000
_GAPS_WINDOW_MS = 60_000
_DEFAULT_INTERVAL_MS = 1_000
_GAP_MS = 10_000
_PI_LOW = 20
_SPO2_DOUBTFUL = 49_99
_PULSE_DOUBTFUL = 24_99
_LOW_SPO2 = 92_00
_TEN = 10
_PLAUSIBLE = {metric: (info.low_x100, info.high_x100) for metric, info in METRICS.items()}
# A member of an enumeration is looked up slowly; these are asked for in every report.
_SPO2, _PULSE, _PI, _RR = Metric.SPO2, Metric.PULSE, Metric.PI, Metric.RR
_FINGER_OUT, _VALID = Flag.FINGER_OUT, Validity.VALID
VALUED = (_SPO2, _PULSE, _PI, _RR)
"""What one sample may hold values of."""
_SPOILS = frozenset(
    {
        Flag.FINGER_OUT,
        Flag.SEARCHING,
        Flag.LOW_QUALITY,
        Flag.MOTION,
        Flag.ARTEFACT,
        Flag.LOW_PERFUSION,
    }
)


class Sample:
    """One judged sample. A value is None when it is not valid; `why` names the reason.

    `slot` numbers the slots of a device without a clock: samples of one slot replace each other.
    `doubtful_*` marks SpO2 1-49 and PR 1-24: they count for CRIT and BRADY, never for clearing or
    baseline. `gap_*` says that the valid value before is too long ago for a clear time to go on.
    `pi` is there without a valid SpO2 too: it says how good the signal is. `flags` are the device's
    own words, None when they came too late to be of now. `rejected` names implausible metrics.
    """

    # Most samples have little of this to say, and there is one a second: no value, no cost.
    spo2: int | None = None
    pulse: int | None = None
    pi: int | None = None
    rr: int | None = None
    flags: tuple[Flag, ...] | None = None
    doubtful_spo2 = doubtful_pulse = False
    gap_spo2 = gap_pulse = gap_pi = gap_rr = False
    slot = 0
    why = ""
    rejected: tuple[Metric, ...] = ()

    def __init__(self, at_ms: int) -> None:
        self.at_ms = at_ms


class OximeterStream:
    """All that is known of the oximeter's samples."""

    def __init__(self, interval_ms: int | None = None, *, clock: bool = True) -> None:
        self._fixed_interval_ms = interval_ms
        self._clock = clock
        self._gaps = RunningMedian(_GAPS_WINDOW_MS)
        self._lags: deque[tuple[int, int]] = deque()
        self._slot_ms = 0
        self._slot = self._ten_slot = self._spo2_slot = self._pulse_slot = self._rr_slot = 0
        self._ten: deque[int] = deque(maxlen=_TEN)
        self._judged_spo2_ms: int | None = None
        self._judged_pulse_ms: int | None = None
        self._judged_pi_ms: int | None = None
        self._judged_rr_ms: int | None = None
        # Every valid SpO2, doubtful ones included: how much is seen, never what.
        self.valid = Series(KEEP_MS)
        self.spo2 = Series(KEEP_MS)
        self.pulse = Series(KEEP_MS)
        self.rr = Series(KEEP_MS)
        # SpO2, pulse and perfusion index as they came last: when, since when, when they changed.
        self._came: tuple[int, int, int] | None = None
        self.same_ms: int | None = None
        self.same_since_ms: int | None = None
        self.changed_ms: int | None = None
        self._paced(interval_ms or _DEFAULT_INTERVAL_MS)
        self.first_ms: int | None = None
        self.last_arrival_ms: int | None = None
        self.newest_ms: int | None = None
        self.finger_out_ms: int | None = None
        self.valid_since_ms: int | None = None
        self.last_valid_ms: int | None = None
        self.first_valid_ms: int | None = None

    @property
    def near_ms(self) -> int:
        """How much older a value may be that stands for the one of then: one missing sample."""
        return max(_NEAR_MS, 2 * self.interval_ms)

    @property
    def low_of_ten(self) -> int | None:
        """How many of the last 10 valid SpO2 were below 92 %; None before the first."""
        return sum(value < _LOW_SPO2 for value in self._ten) if self._ten else None

    def series(self, metric: Metric) -> Series:
        """The valid values of SpO2 or of the pulse."""
        return self.spo2 if metric is _SPO2 else self.pulse

    def _lateness_ms(self, measured_ms: int, received_ms: int) -> int:
        """How much later than usual a report came: its lag minus the smallest of 5 min."""
        lags = self._lags
        lag_ms = received_ms - measured_ms
        while lags and lags[-1][1] >= lag_ms:
            lags.pop()
        lags.append((received_ms, lag_ms))
        while lags[0][0] < received_ms - _LAG_WINDOW_MS:
            lags.popleft()
        return lag_ms - lags[0][1]

    def take(self, report: DeviceReport, at_ms: int, received_ms: int | None = None) -> Sample:
        """Judge one report and remember it."""
        sample = Sample(at_ms)
        measured_ms, late_ms, flags = report.measured_ms if self._clock else None, 0, report.flags
        if measured_ms is not None:
            arrived_ms = at_ms if received_ms is None else received_ms
            late_ms = self._lateness_ms(measured_ms, arrived_ms)
        self._pace(sample, at_ms, late_ms, has_clock=measured_ms is not None)
        values, weak = _said(report, sample)
        if late_ms <= _LATE_MS:
            sample.flags = flags
            self._finger(at_ms, out=_FINGER_OUT in flags)
            self._keep_signal(sample, values)
        if weak or flags or late_ms > _LATE_MS:
            sample.why = _spoilt(flags, late_ms, weak=weak)
        if not sample.why:
            self._keep(sample, values)
        return sample

    def _paced(self, interval_ms: int) -> None:
        """Samples come at this interval now, as far as anybody knows."""
        self.interval_ms = interval_ms
        # The gap of a clear time: 10 s or three device intervals, whichever is longer.
        self.gap_ms = max(_GAP_MS, 3 * interval_ms)

    def _pace(self, sample: Sample, at_ms: int, late_ms: int, *, has_clock: bool) -> None:
        measured_ms = at_ms - late_ms
        if self.first_ms is None:
            self.first_ms = at_ms
        previous_ms = self.newest_ms
        if previous_ms is not None and measured_ms > previous_ms:
            gap_ms = measured_ms - previous_ms
            # A longer gap is a silence, not an interval: "of the last 60 s".
            if self._fixed_interval_ms is None and gap_ms <= _GAPS_WINDOW_MS:
                self._gaps.add(measured_ms, gap_ms)
                interval_ms = self._gaps.value or _DEFAULT_INTERVAL_MS
                if interval_ms != self.interval_ms:
                    self._paced(interval_ms)
            self.newest_ms = measured_ms
        elif previous_ms is None:
            self.newest_ms = measured_ms
        self.last_arrival_ms = at_ms
        # "samples closer than half of the interval share one slot ... a slot counts once"
        if has_clock or not self._slot or 2 * (at_ms - self._slot_ms) >= self.interval_ms:
            self._slot_ms = at_ms
            self._slot += 1
        sample.slot = self._slot

    def _finger(self, at_ms: int, *, out: bool) -> None:
        """A flag that comes late says nothing of now, and ends nothing."""
        if not out:
            self.finger_out_ms = None
        elif self.finger_out_ms is None:
            self.finger_out_ms = at_ms

    def _keep_signal(self, sample: Sample, values: dict[Metric, int]) -> None:
        """What tells how good the signal is, whatever the SpO2 is worth."""
        pi = values.get(_PI)
        if pi is None:
            return
        spo2, pulse = values.get(_SPO2), values.get(_PULSE)
        if spo2 is not None and pulse is not None:
            self._compare(sample.at_ms, (spo2, pulse, pi))
        # A clip in the air says nothing about a finger.
        if self.finger_out_ms is None:
            last_ms = self._judged_pi_ms
            sample.pi = pi
            sample.gap_pi = last_ms is None or sample.at_ms - last_ms >= self.gap_ms
            self._judged_pi_ms = sample.at_ms

    def _compare(self, at_ms: int, came: tuple[int, int, int]) -> None:
        """Whether all three are what they were: over a gap nobody knows, so it counts anew."""
        if came != self._came:
            self._came = came
            self.same_since_ms = self.changed_ms = at_ms
        elif self.same_ms is not None and at_ms - self.same_ms >= self.gap_ms:
            self.same_since_ms = at_ms
        self.same_ms = at_ms

    def _keep(self, sample: Sample, values: dict[Metric, int]) -> None:
        if (spo2 := values.get(_SPO2)) is not None:
            self._keep_spo2(sample, spo2)
        if (pulse := values.get(_PULSE)) is not None:
            self._keep_pulse(sample, pulse)
        if (rr := values.get(_RR)) is not None:
            last_ms = self._judged_rr_ms
            sample.rr = rr
            sample.gap_rr = last_ms is None or sample.at_ms - last_ms >= self.gap_ms
            self._judged_rr_ms = sample.at_ms
            self.rr.add(sample.at_ms, rr, same_slot=self._rr_slot == sample.slot)
            self._rr_slot = sample.slot

    def _keep_spo2(self, sample: Sample, value: int) -> None:
        at_ms, last_ms, gap_ms = sample.at_ms, self._judged_spo2_ms, self.gap_ms
        slot = sample.slot
        same_slot = self._ten_slot == slot
        sample.spo2 = value
        sample.gap_spo2 = last_ms is None or at_ms - last_ms >= gap_ms
        sample.doubtful_spo2 = value <= _SPO2_DOUBTFUL
        if self.last_valid_ms is None or at_ms - self.last_valid_ms >= gap_ms:
            self.valid_since_ms = at_ms
        if self.first_valid_ms is None:
            self.first_valid_ms = at_ms
        self.last_valid_ms = self._judged_spo2_ms = at_ms
        if same_slot:
            self._ten[-1] = value
        else:
            self._ten.append(value)
        self.valid.add(at_ms, value, same_slot=same_slot)
        self._ten_slot = slot
        if not sample.doubtful_spo2:
            self.spo2.add(at_ms, value, same_slot=self._spo2_slot == slot)
            self._spo2_slot = slot

    def _keep_pulse(self, sample: Sample, value: int) -> None:
        at_ms, last_ms = sample.at_ms, self._judged_pulse_ms
        sample.pulse = value
        sample.gap_pulse = last_ms is None or at_ms - last_ms >= self.gap_ms
        sample.doubtful_pulse = value <= _PULSE_DOUBTFUL
        self._judged_pulse_ms = at_ms
        if not sample.doubtful_pulse:
            self.pulse.add(at_ms, value, same_slot=self._pulse_slot == sample.slot)
            self._pulse_slot = sample.slot


def _said(report: DeviceReport, sample: Sample) -> tuple[dict[Metric, int], bool]:
    """The plausible values of a report, and whether its perfusion is too weak for any of them."""
    values: dict[Metric, int] = {}
    weak = False
    for observation in report.observations:
        metric, value = observation.metric, observation.value_x100
        if value is None:
            continue
        if metric is _PI and value < _PI_LOW:
            weak = True
        if observation.validity is _VALID:
            low, high = _PLAUSIBLE[metric]
            if low <= value <= high:
                values[metric] = value
            else:
                sample.rejected += (metric,)
    return values, weak


def _spoilt(flags: tuple[Flag, ...], late_ms: int, *, weak: bool) -> str:
    """Why no value of a report is valid; empty when nothing speaks against it."""
    if late_ms > _LATE_MS:
        return f"arrived {late_ms / 1000:.1f} s late"
    for flag in flags:
        if flag in _SPOILS:
            return flag.value
    return "perfusion index below 0.2 %" if weak else ""
