"""The way of all reports of a home through the faults that are at work, in the order they began.

A report meets each fault that is at work at the report's own time of arrival: one that an earlier
fault has made late meets the next faults late. What arrives is given out in the order of arrival.
Without a fault everything passes as it came.

It reads no clock and draws from the generator that is handed in, one stream for each fault.

>>> from numpy.random import default_rng
>>> line = FaultLine(default_rng(1))
>>> line.begin(kinds.DropOut(for_s=10), at_ms=0)
>>> line.next_ms() is None
True
"""

from collections.abc import Mapping
from types import MappingProxyType

from numpy.random import Generator

from devices.observation import DeviceKind, DeviceReport
from simulators.carried import Carried, LinkNews, Road
from simulators.faults import kinds
from simulators.faults.reports import On, act

__all__ = ["NAMES", "FaultLine"]

NAMES: Mapping[str, str] = MappingProxyType({"oximeter": "oximeter", "cuff": "cuff"})
"""What the two devices are called when nobody says otherwise."""

_NOTICED_MS = 4_000
_GONE = LinkNews(online=False, reason="radio link lost")
_BACK = LinkNews(online=True, reason="radio link is back")
_FULL = LinkNews(online=True, reason="battery", battery_pct=100)
_KINDS = {"oximeter": DeviceKind.OXIMETER, "cuff": DeviceKind.CUFF}


class FaultLine:
    """All faults of reports in one home."""

    def __init__(
        self, rng: Generator, *, devices: Mapping[str, str] = NAMES, wall_ms: int = 0
    ) -> None:
        """`devices` names "oximeter" and "cuff"; `wall_ms` is Unix time at hub time 0."""
        self._rng = rng
        self._devices = devices
        self._wall_ms = wall_ms
        self._on: list[On] = []
        self._road = Road()

    def begin(self, fault: kinds.ReportFault, at_ms: int) -> None:
        """Let a fault be at work from `at_ms` (now or later) for its time."""
        ends_ms = at_ms + round(fault.for_s * 1000)
        rng = self._rng.spawn(1)[0]
        self._on.append(On(fault, at_ms, ends_ms, rng, self._wall_ms))
        self._on.sort(key=lambda on: on.begins_ms)
        if isinstance(fault, kinds.DropOut) and fault.told:
            self._tell(fault.device, at_ms + _NOTICED_MS, _GONE, ends_ms, _BACK)
        if isinstance(fault, kinds.Battery) and fault.pct is not None:
            low = LinkNews(online=True, reason="battery", battery_pct=fault.pct)
            self._tell(fault.device, at_ms, low, ends_ms, _FULL)

    def _tell(
        self, which: str, first_ms: int, first: LinkNews, then_ms: int, then: LinkNews
    ) -> None:
        """Let there be news of a device, and that it is over; none when it is over before."""
        if first_ms >= then_ms:
            return
        for name in self._devices if which == "any" else (which,):
            self._road.put(Carried(first_ms, self._devices[name], first))
            self._road.put(Carried(then_ms, self._devices[name], then))

    def carry(self, one: Carried) -> None:
        """Take one thing on its way; its time is when it would arrive."""
        if not self._on or isinstance(one.what, LinkNews):
            self._road.put(one)
            return
        passing = [one]
        for on in self._on:
            passing = [
                after
                for each in passing
                for after in (act(on, each) if _meets(on, each) else (each,))
            ]
        for after in passing:
            self._road.put(after)

    def due(self, until_ms: int) -> list[Carried]:
        """Take out all that has arrived until then, in order; forget faults that are over."""
        if self._on and self._on[0].ends_ms < until_ms:
            self._on = [on for on in self._on if on.ends_ms >= until_ms]
        return self._road.due(until_ms)

    def next_ms(self) -> int | None:
        """When the next thing arrives; None: nothing is on its way."""
        return self._road.next_ms()


def _meets(on: On, one: Carried) -> bool:
    """Whether this fault is at work when this report arrives, and on this kind of device."""
    if not on.begins_ms <= one.at_ms < on.ends_ms:
        return False
    which = getattr(on.fault, "device", "any")
    report = one.what
    return which == "any" or (isinstance(report, DeviceReport) and report.kind is _KINDS[which])
