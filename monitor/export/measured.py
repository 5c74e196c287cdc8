"""What devices and people measured, as an export tells it: values with a verdict, or the reason.

An oximeter's samples go through the same stream as live (`monitor/stream.py`), so that a sample
which a detector could not use is not exported as a value either; what was sent is kept beside it.

>>> from monitor.events import TypedReading
>>> from alerts.contact import Role
>>> typed = TypedReading(at_ms=5, by="ann", role=Role.COMPANION, sbp_x100=12000, dbp_x100=8000)
>>> Judge(()).typed(typed, "").values
{<Metric.SBP: 'sbp'>: 12000, <Metric.DBP: 'dbp'>: 8000}
"""

from collections.abc import Iterable
from dataclasses import dataclass

from devices.observation import DeviceKind, DeviceReport, Flag, Metric, Observation, Validity
from monitor.events import PulseCounted, Reading, TypedReading
from monitor.patient import DeviceBinding
from monitor.stream import VALUED, OximeterStream

__all__ = ["COUNTED", "TYPED", "Judge", "Measured"]

TYPED, COUNTED = "typed", "counted"
"""Who measured, when it was no device: a person typed what a cuff shows, or counted a pulse."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One report. `values` (x 100) are those that count; `why` says why others do not (empty: all).

    `device` is the id of a device, or `typed` or `counted`; then `by` is the person. `sent` is
    everything as it came.
    """

    at_ms: int
    device: str
    kind: DeviceKind
    values: dict[Metric, int]
    why: str = ""
    flags: tuple[Flag, ...] = ()
    sent: tuple[Observation, ...] = ()
    by: str = ""


class Judge:
    """Judges the reports of one session, in their order."""

    def __init__(self, devices: Iterable[DeviceBinding]) -> None:
        self._streams = {
            one.id: OximeterStream(one.interval_ms, clock=one.clock)
            for one in devices
            if one.kind is DeviceKind.OXIMETER
        }

    def reading(self, event: Reading, unjudged: str) -> Measured:
        """Take one report; `unjudged` is why the engine did not judge it (empty: it did)."""
        report = event.report
        values: dict[Metric, int] = {}
        stream = self._streams.get(report.device)
        if unjudged:
            why = unjudged
        elif report.kind is DeviceKind.CUFF or stream is None:
            values, why = _pressure(report)
        else:
            sample = stream.take(report, event.at_ms, event.received_ms)
            found = ((metric, getattr(sample, metric.value)) for metric in VALUED)
            values = {metric: value for metric, value in found if value is not None}
            rejected = ", ".join(metric.value for metric in sample.rejected)
            why = sample.why or (f"implausible {rejected}" if rejected else "")
        return Measured(
            event.at_ms,
            report.device,
            report.kind,
            values,
            why,
            report.flags,
            report.observations,
        )

    def typed(self, event: TypedReading, unjudged: str) -> Measured:
        """Take a pressure that a person typed."""
        pairs = (
            (Metric.SBP, event.sbp_x100),
            (Metric.DBP, event.dbp_x100),
            (Metric.CUFF_PULSE, event.pulse_x100),
        )
        values = {metric: value for metric, value in pairs if value is not None}
        sent = tuple(Observation(metric, value) for metric, value in values.items())
        judged = {} if unjudged else values
        at_ms, kind = event.at_ms, DeviceKind.CUFF
        return Measured(at_ms, TYPED, kind, judged, unjudged, sent=sent, by=event.by)

    def counted(self, event: PulseCounted) -> Measured:
        """Take a pulse that a person counted."""
        values = {Metric.CUFF_PULSE: event.pulse_x100}
        sent = (Observation(Metric.CUFF_PULSE, event.pulse_x100),)
        kind = DeviceKind.CUFF
        return Measured(event.at_ms, COUNTED, kind, values, sent=sent, by=event.by)


def _pressure(report: DeviceReport) -> tuple[dict[Metric, int], str]:
    """A cuff's values, when the device vouches for both pressures."""
    values = {
        one.metric: one.value_x100
        for one in report.observations
        if one.validity is Validity.VALID and one.value_x100 is not None
    }
    if report.failure is not None:
        return {}, report.failure or "no reading"
    if not {Metric.SBP, Metric.DBP} <= values.keys():
        return {}, "the reading has no value"
    return values, ""
