"""Readings in: what is refused, what is kept and not judged, what rows may look at.

"A value from storage, dated in the future or too old is kept in the record and never judged as
live, and never clears anything" (design section 3). Every "no" has a reason. This module fills the
chart and judges no row.

    intake.take(reading) -> Taken(sample=Sample(...), unjudged="")
"""

from collections import deque

from msgspec import Struct

from devices.observation import (
    METRICS,
    DeviceKind,
    DeviceReport,
    Flag,
    Metric,
    Mode,
    Observation,
    Validity,
)
from monitor.chart import BpReading, Chart
from monitor.events import Reading, TypedReading
from monitor.stream import Sample

__all__ = ["Intake", "Seen", "Taken"]

# A member of an enumeration is looked up slowly, and this one for every report.
_OXIMETER = DeviceKind.OXIMETER

_FUTURE_MS = 5_000
_OLD_MS = 5 * 60_000
_PULSE_PRESSURE_X100 = 15_00
_SEEN = 20_000
# An inflation on the oximeter's arm: from the prompt for so long, at most so long, and after it.
_PROMPT_MS, _INFLATION_MS, _AFTER_MS = 120_000, 60_000, 10_000


class Taken(Struct):
    """What became of one reading. `implausible` says what was rejected."""

    sample: Sample | None = None
    reading: BpReading | None = None
    failed: str = ""
    unjudged: str = ""
    implausible: str = ""


class Seen:
    """Which reports have been taken: by (device, boot, number), else (device, time, bytes)."""

    def __init__(self) -> None:
        # One shared pair a device and boot: a session remembers thousands of reports.
        self._groups: dict[tuple[str, str], tuple[tuple[str, str], set[int | str]]] = {}
        self._order: deque[tuple[tuple[tuple[str, str], set[int | str]], int | str]] = deque()

    def __contains__(self, report: object) -> bool:
        if not isinstance(report, DeviceReport):
            return False
        key = _key(report)
        if key is None:
            return False
        group = self._groups.get(key[0])
        return group is not None and key[1] in group[1]

    def take(self, report: DeviceReport) -> bool:
        """Remember this report; False: it is known. The oldest is forgotten beyond 20,000."""
        key = _key(report)
        if key is None:
            return True
        name, number = key
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = (name, set())
        elif number in group[1]:
            return False
        group[1].add(number)
        order = self._order
        order.append((group, number))
        if len(order) > _SEEN:
            (name, numbers), number = order.popleft()
            numbers.discard(number)
            if not numbers:
                del self._groups[name]
        return True


def _key(report: DeviceReport) -> tuple[tuple[str, str], int | str] | None:
    """None: a device without number and clock may well send the same bytes twice."""
    if report.seq is not None:
        return (report.device, report.boot_id or ""), report.seq
    if report.measured_ms is not None:
        return (report.device, "bytes"), f"{report.measured_ms}:{report.digest}"
    return None


class Intake:
    """Takes the readings of one session."""

    def __init__(self, chart: Chart, mode: Mode) -> None:
        self.chart = chart
        self.mode = mode

    def take(self, event: Reading) -> Taken:
        """Judge what the reading is worth, and fill the chart."""
        report = event.report
        why = self._unjudged(report)
        if why:
            return Taken(unjudged=why)
        wrong_time = self._wrong_time(event)
        if wrong_time:
            return Taken(unjudged=wrong_time, implausible=wrong_time)
        if report.kind is _OXIMETER:
            return self._oximeter(report, event)
        return self._cuff(report, event.at_ms)

    def typed(self, event: TypedReading) -> Taken:
        """A reading that a person typed: held to what holds for a cuff's own."""
        pairs = (
            Observation(Metric.SBP, event.sbp_x100),
            Observation(Metric.DBP, event.dbp_x100),
            Observation(Metric.CUFF_PULSE, event.pulse_x100),
        )
        self.inflation_over(event.at_ms)
        values = tuple(one for one in pairs if one.value_x100 is not None)
        return self._pressure(values, event.at_ms, irregular=None)

    def inflation_over(self, at_ms: int) -> None:
        """The cuff is done: "until 10 s after the reading" (`clinical.md` 2.0 "same arm").

        Nobody may have tapped "started": then it began with the prompt, if that was at most 120 s
        ago. That is known only now, so just the time after the reading is held.
        """
        chart, asked_ms = self.chart, self.chart.cuff_asked_ms
        if chart.held_until_ms is not None:
            chart.held_until_ms = min(chart.held_until_ms, at_ms + _AFTER_MS)
        cuff = chart.bound(DeviceKind.CUFF)
        if cuff is None or not cuff.same_arm or asked_ms is None:
            return
        began_ms = chart.inflated_since_ms
        untapped = began_ms is None or began_ms < asked_ms
        if untapped and asked_ms <= at_ms <= asked_ms + _PROMPT_MS:
            chart.inflated_since_ms = max(asked_ms, at_ms - _INFLATION_MS + _AFTER_MS)
            chart.held_until_ms = at_ms + _AFTER_MS

    def _unjudged(self, report: DeviceReport) -> str:
        binding = self.chart.devices.get(report.device)
        if binding is None:
            return f"device {report.device} is not bound to this session"
        if binding.kind is not report.kind:
            return f"device {report.device} is bound as {binding.kind.value}"
        if report.mode is not self.mode:
            return f"mode {report.mode.value} is not the session's {self.mode.value}"
        if report.stored:
            return "from the device's memory"
        return ""

    def _wrong_time(self, event: Reading) -> str:
        """Row IMPLAUSIBLE: "timestamp in future or >5 min old".

        A wall clock that has stepped makes no live reading old: it may be of now by the clock of
        before as well, until the device has followed.
        """
        report, wall_ms, chart = event.report, event.wall_ms, self.chart
        binding = chart.devices[report.device]
        if report.measured_ms is None or wall_ms is None or not binding.clock:
            return ""
        why = _age_fault(report.measured_ms - wall_ms)
        if why and chart.wall_before_ms is not None:
            hub_ms = event.at_ms if event.received_ms is None else event.received_ms
            return why if _age_fault(report.measured_ms - hub_ms - chart.wall_before_ms) else ""
        return why

    def _oximeter(self, report: DeviceReport, event: Reading) -> Taken:
        sample = self.chart.oximeter.take(report, event.at_ms, event.received_ms)
        taken = Taken(sample=sample)
        if sample.rejected:
            taken.implausible = _out_of_range(report.observations, sample.rejected)
        return taken

    def _cuff(self, report: DeviceReport, at_ms: int) -> Taken:
        self.inflation_over(at_ms)
        # What the device itself does not vouch for is no reading, as for the oximeter.
        said = tuple(o for o in report.observations if o.validity is Validity.VALID)
        known = {o.metric for o in said if o.value_x100 is not None}
        if report.failure is not None or not {Metric.SBP, Metric.DBP} <= known:
            return Taken(failed=report.failure or "the reading has no value")
        return self._pressure(said, at_ms, irregular=Flag.IRREGULAR_PULSE in report.flags)

    def _pressure(
        self, said: tuple[Observation, ...], at_ms: int, *, irregular: bool | None
    ) -> Taken:
        """One pair of pressures: kept, or what is wrong with it."""
        values = {o.metric: o.value_x100 for o in said}
        sbp, dbp = values[Metric.SBP] or 0, values[Metric.DBP] or 0
        bad = tuple(o.metric for o in said if _outside(o))
        if bad:
            what = _out_of_range(said, bad)
        elif sbp - dbp < _PULSE_PRESSURE_X100:
            what = f"blood pressure {sbp / 100:g}/{dbp / 100:g}: less than 15 mmHg apart"
        else:
            pulse = values.get(Metric.CUFF_PULSE) or values.get(Metric.PULSE)
            reading = BpReading(at_ms, sbp, dbp, pulse, irregular, values.get(Metric.MAP))
            self.chart.readings.append(reading)
            return Taken(reading=reading)
        return Taken(failed=what, implausible=what, unjudged=what)


def _age_fault(ahead_ms: int) -> str:
    """Why a reading dated so far ahead of the clock is not of now; empty when it may be."""
    if ahead_ms > _FUTURE_MS:
        return f"dated {ahead_ms // 1000} s in the future"
    return f"{-ahead_ms // 1000} s old" if -ahead_ms > _OLD_MS else ""


def _outside(observation: Observation) -> bool:
    info, value = METRICS[observation.metric], observation.value_x100
    return value is not None and not info.low_x100 <= value <= info.high_x100


def _out_of_range(said: tuple[Observation, ...], metrics: tuple[Metric, ...]) -> str:
    values = {o.metric: o.value_x100 for o in said}
    return "implausible " + ", ".join(f"{m.value} {(values[m] or 0) / 100:g}" for m in metrics)
