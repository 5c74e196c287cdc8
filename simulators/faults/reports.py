"""What each fault makes of one report: nothing, the same, another, several, or one later.

One function for each kind of fault. They work on what is under way (`On`), which keeps what the
fault needs to remember, and return what goes on; a report that is late simply has a later time.

They know no other fault and no hub: `line` calls them one after another.

    on = On(Freeze(for_s=30), begins_ms=0, ends_ms=30_000, rng=rng, wall_ms=0)
    act(on, carried)     -> [Carried(...)]
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from msgspec.structs import replace
from numpy.random import Generator

from devices.observation import DeviceKind, DeviceReport, Flag, Metric, Observation, Validity
from simulators.carried import Carried
from simulators.faults import kinds
from simulators.faults.values import (
    PRESSURES,
    flagged,
    in_units,
    questionable,
    scaled,
    value_of,
    without,
)
from simulators.movement import Burst
from simulators.oximeter_model import OffCode

__all__ = ["On", "act"]

_BATCH_STEP_MS = 20
_MMHG_PER_KPA = 7.50062
_PER_CENT = 100


@dataclass(slots=True)
class On:
    """One fault under way, and what it remembers. `wall_ms` is the wall clock at hub time 0."""

    fault: kinds.ReportFault
    begins_ms: int
    ends_ms: int
    rng: Generator
    wall_ms: int = 0
    count: int = 0
    held: DeviceReport | None = None
    burst: Burst | None = field(default=None)


def act(on: On, one: Carried) -> list[Carried]:
    """Return what goes on in the place of this report, each with its time of arrival."""
    report = cast("DeviceReport", one.what)
    return _ACTS[type(on.fault)](on, on.fault, one, report)


def _same(one: Carried, report: DeviceReport, later_ms: int = 0) -> list[Carried]:
    return [Carried(one.at_ms + later_ms, one.device, report)]


def _drop_out(on: On, fault: kinds.DropOut, one: Carried, _report: DeviceReport) -> list[Carried]:
    return [] if float(on.rng.random()) < fault.share else [one]


def _batch(on: On, fault: kinds.Batch, one: Carried, report: DeviceReport) -> list[Carried]:
    kept = replace(report, stored=True) if fault.stored else report
    return _at_the_end(on, one, kept)


def _broker(on: On, _fault: kinds.BrokerDown, one: Carried, report: DeviceReport) -> list[Carried]:
    return _at_the_end(on, one, report)


def _at_the_end(on: On, one: Carried, report: DeviceReport) -> list[Carried]:
    on.count += 1
    return [Carried(on.ends_ms + on.count * _BATCH_STEP_MS, one.device, report)]


def _freeze(on: On, _fault: kinds.Freeze, one: Carried, report: DeviceReport) -> list[Carried]:
    on.held = on.held or report
    return _same(one, replace(report, observations=on.held.observations, flags=on.held.flags))


def _stuck(on: On, _fault: kinds.StuckCuff, one: Carried, report: DeviceReport) -> list[Carried]:
    if report.failure is not None:
        return [one]
    on.held = on.held or report
    return _same(one, replace(report, observations=on.held.observations, flags=on.held.flags))


def _duplicates(
    _on: On, fault: kinds.Duplicates, one: Carried, report: DeviceReport
) -> list[Carried]:
    again = [
        Carried(one.at_ms + number * fault.after_ms, one.device, report)
        for number in range(1, fault.copies + 1)
    ]
    return [one, *again]


def _reorder(on: On, fault: kinds.Reorder, one: Carried, report: DeviceReport) -> list[Carried]:
    on.count += 1
    return _same(one, report, later_ms=fault.by_ms if on.count % 2 else 0)


def _slow(on: On, fault: kinds.SlowSender, one: Carried, report: DeviceReport) -> list[Carried]:
    past_s = (one.at_ms - on.begins_ms) / 1000
    return _same(one, report, later_ms=round(1000 * (fault.delay_s + fault.growth * past_s)))


def _clock(on: On, fault: kinds.DeviceClock, one: Carried, report: DeviceReport) -> list[Carried]:
    measured_ms = report.measured_ms
    if measured_ms is None:
        measured_ms = on.wall_ms + one.at_ms
    wrong_ms = max(measured_ms + round(fault.step_s * 1000), 0)
    return _same(one, replace(report, measured_ms=wrong_ms))


def _battery(on: On, fault: kinds.Battery, one: Carried, report: DeviceReport) -> list[Carried]:
    if one.at_ms - on.begins_ms >= fault.empty_after_s * 1000:
        return []
    return _same(one, flagged(report, Flag.LOW_BATTERY))


def _misread(on: On, fault: kinds.Misread, one: Carried, report: DeviceReport) -> list[Carried]:
    if value_of(report, fault.metric) is None or on.count >= fault.most:
        return [one]
    on.count += 1
    by_x100 = round(fault.by * 100)
    return _same(one, scaled(report, fault.metric, times=fault.times, by_x100=by_x100))


def _units(_on: On, fault: kinds.WrongUnits, one: Carried, report: DeviceReport) -> list[Carried]:
    if report.kind is DeviceKind.OXIMETER:
        return _same(one, in_units(report, (Metric.SPO2,), _PER_CENT))
    in_kpa = in_units(report, PRESSURES, _MMHG_PER_KPA, tenths=10)
    if not fault.marked:
        return _same(one, in_kpa)
    back = in_units(in_kpa, PRESSURES, 1 / _MMHG_PER_KPA)
    return _same(one, flagged(back, Flag.FROM_KPA))


def _motion(on: On, fault: kinds.Motion, one: Carried, report: DeviceReport) -> list[Carried]:
    spo2, pulse = value_of(report, Metric.SPO2), value_of(report, Metric.PULSE)
    if spo2 is None or pulse is None:
        return [one]
    if on.burst is None:
        on.burst = Burst(
            flagged=False,  # it strays here, whether the device notices or not
            length_s=0,
            drift_to_pct=fault.to_pct,
            pulse_times=fault.pulse_times,
        )
    shown, beats = on.burst.shown(spo2 / 100, pulse / 100)
    moved = replace(
        report,
        observations=tuple(
            _put(seen, {Metric.SPO2: shown, Metric.PULSE: beats}) for seen in report.observations
        ),
    )
    on.count += 1
    if not fault.flagged or on.count <= _FLAG_AFTER:
        return _same(one, moved)
    return _same(one, flagged(questionable(moved), Flag.MOTION))


_FLAG_AFTER = 2


def _put(seen: Observation, values: dict[Metric, float]) -> Observation:
    value = values.get(seen.metric)
    return seen if value is None else replace(seen, value_x100=round(value) * 100)


def _weak(on: On, fault: kinds.WeakPulse, one: Carried, report: DeviceReport) -> list[Carried]:
    on.held = on.held or report
    if one.at_ms < on.begins_ms + fault.hold_s * 1000:
        held = replace(report, observations=on.held.observations, flags=on.held.flags)
        return _same(one, held)
    return _same(one, without(report, Flag.LOW_PERFUSION))


def _clip(_on: On, fault: kinds.ClipOff, one: Carried, report: DeviceReport) -> list[Carried]:
    if fault.code is OffCode.FLAG:
        return _same(one, without(report, Flag.FINGER_OUT))
    if fault.code is OffCode.NAN:
        return _same(one, without(report, validity=Validity.INVALID))
    codes = (
        Observation(Metric.SPO2, 127_00),
        Observation(Metric.PULSE, 511_00),
        Observation(Metric.PI, 0),
    )
    return _same(one, replace(report, observations=codes, flags=()))


def _fails(on: On, fault: kinds.CuffFails, one: Carried, report: DeviceReport) -> list[Carried]:
    if on.count >= fault.most:
        return [one]
    on.count += 1
    return _same(one, replace(report, observations=(), flags=(), failure=fault.reason))


_ACTS: dict[type, Callable[[On, Any, Carried, DeviceReport], list[Carried]]] = {
    kinds.DropOut: _drop_out,
    kinds.Batch: _batch,
    kinds.BrokerDown: _broker,
    kinds.Freeze: _freeze,
    kinds.Duplicates: _duplicates,
    kinds.Reorder: _reorder,
    kinds.SlowSender: _slow,
    kinds.DeviceClock: _clock,
    kinds.Battery: _battery,
    kinds.Misread: _misread,
    kinds.WrongUnits: _units,
    kinds.Motion: _motion,
    kinds.WeakPulse: _weak,
    kinds.ClipOff: _clip,
    kinds.StuckCuff: _stuck,
    kinds.CuffFails: _fails,
}
