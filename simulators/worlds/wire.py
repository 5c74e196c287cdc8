"""What becomes of an oximeter's reports on their way to the hub: lost, late, frozen, doubled.

Each failure takes the reports of one second and gives those that arrive; they can be laid over one
another and are applied in the order in which they began. A report is changed only where the
failure changes it, so that its number and its flags stay as the device sent them.

It draws nothing and knows no hub.

    wires.begin(Wire(name="gap", at_min=40, what="batch", for_s=60), at_ms=0)
    wires.carry(report, 30_000, squeezed=False)     -> []
"""

from collections.abc import Callable

from msgspec import structs

from devices.observation import DeviceReport, Flag, Metric, Observation, Validity
from simulators.worlds.scenario import Wire

__all__ = ["Wires"]

_TWICE_BPM_MOST = 250_00


class _Strand:
    """One failure under way, with what it keeps."""

    def __init__(self, wire: Wire, begun_ms: int) -> None:
        self.wire = wire
        self.begun_ms = begun_ms
        self.until_ms = begun_ms + round(wire.for_s * 1000)
        self.kept: list[DeviceReport] = []

    def carry(self, report: DeviceReport, at_ms: int, squeezed: bool) -> list[DeviceReport]:
        return _CARRY[self.wire.what](self, report, at_ms, squeezed)

    def rest(self) -> list[DeviceReport]:
        """What comes when it is over."""
        if self.wire.what == "batch":
            return [structs.replace(one, stored=True) for one in self.kept]
        return self.kept if self.wire.what == "swapped" else []


class Wires:
    """All failures of one link."""

    def __init__(self) -> None:
        self._strands: list[_Strand] = []

    def begin(self, wire: Wire, at_ms: int) -> None:
        """A failure begins now."""
        self._strands.append(_Strand(wire, at_ms))

    def carry(self, report: DeviceReport, at_ms: int, squeezed: bool) -> list[DeviceReport]:
        """Return what arrives in this second; `squeezed`: a cuff stops the pulse."""
        if not self._strands:
            return [report]
        out: list[DeviceReport] = []
        for strand in [one for one in self._strands if at_ms >= one.until_ms]:
            self._strands.remove(strand)
            out += strand.rest()
        now = [report]
        for strand in self._strands:
            now = [one for each in now for one in strand.carry(each, at_ms, squeezed)]
        return out + now


def _changed(report: DeviceReport, flag: Flag, spo2_pct: float | None) -> DeviceReport:
    """The report with a flag, and with another saturation or no value at all."""
    if spo2_pct is None:
        values = tuple(
            Observation(one.metric, None, Validity.UNAVAILABLE) for one in report.observations
        )
    else:
        shown = round(spo2_pct) * 100
        values = tuple(
            Observation(
                one.metric,
                shown if one.metric is Metric.SPO2 else one.value_x100,
                Validity.QUESTIONABLE,
            )
            for one in report.observations
        )
    return structs.replace(report, observations=values, flags=(flag,))


def _values(report: DeviceReport, metric: Metric, change: Callable[[int], int]) -> DeviceReport:
    values = tuple(
        one
        if one.metric is not metric or one.value_x100 is None
        else structs.replace(one, value_x100=change(one.value_x100))
        for one in report.observations
    )
    return structs.replace(report, observations=values)


def _keep(strand: _Strand, report: DeviceReport, _at: int, _squeezed: bool) -> list[DeviceReport]:
    strand.kept.append(report)
    return []


def _frozen(strand: _Strand, report: DeviceReport, _at: int, _squeezed: bool) -> list[DeviceReport]:
    if not strand.kept:
        strand.kept.append(report)
    # A stuck gateway numbers its repeats anew; only the values stand still.
    held = strand.kept[0]
    return [structs.replace(report, observations=held.observations, flags=held.flags)]


def _swapped(
    strand: _Strand, report: DeviceReport, _at: int, _squeezed: bool
) -> list[DeviceReport]:
    if not strand.kept:
        strand.kept.append(report)
        return []
    return [report, strand.kept.pop()]


def _at_cuff(
    _strand: _Strand, report: DeviceReport, _at: int, squeezed: bool
) -> list[DeviceReport]:
    if not squeezed:
        return [report]
    return [_changed(report, Flag.SEARCHING, None)]


def _doubled(
    _strand: _Strand, report: DeviceReport, _at: int, _squeezed: bool
) -> list[DeviceReport]:
    return [_values(report, Metric.PULSE, lambda bpm: min(2 * bpm, _TWICE_BPM_MOST))]


def _biased(strand: _Strand, report: DeviceReport, _at: int, _squeezed: bool) -> list[DeviceReport]:
    more = round(strand.wire.value * 100)
    return [_values(report, Metric.SPO2, lambda pct: min(pct + more, 100_00))]


_Carry = Callable[[_Strand, DeviceReport, int, bool], list[DeviceReport]]

_CARRY: dict[str, _Carry] = {
    "off": lambda _s, report, _a, _c: [_changed(report, Flag.FINGER_OUT, None)],
    "silent": lambda _s, _r, _a, _c: [],
    "batch": _keep,
    "frozen": _frozen,
    "motion": lambda strand, report, _a, _c: [_changed(report, Flag.MOTION, strand.wire.value)],
    "invalid": lambda _s, report, _a, _c: [_changed(report, Flag.SEARCHING, None)],
    "lost_at_cuff": _at_cuff,
    "twice": lambda _s, report, _a, _c: [report, report],
    "swapped": _swapped,
    "doubled": _doubled,
    "bias": _biased,
}
