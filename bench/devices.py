"""What the simulated devices of one session cost: 150 minutes, one report a second.

An oximeter with all its errors beside the bare making of its reports, its radio link, and four
faults laid over one another.
"""

from collections.abc import Callable
from time import process_time

from numpy.random import default_rng

from bench.report import Figure
from devices.observation import DeviceKind, DeviceReport, Mode
from simulators.carried import Carried
from simulators.faults import kinds
from simulators.faults.line import FaultLine
from simulators.link import HOME, Link
from simulators.oximeter import Oximeter
from simulators.patient import Vitals
from simulators.traits import typical_person

__all__ = ["measure"]

_TIMES = 9
_SECONDS = 150 * 60
_TRUTHS = [
    Vitals(second * 1000, 97.0, 72.0, 120.0, 75.0, 3.0, 5, 0.0) for second in range(_SECONDS)
]


def measure() -> list[Figure]:
    """Return the milliseconds of processor time of one session's devices."""
    reports = _oximeter()
    parts: tuple[tuple[str, Callable[[], object], str], ...] = (
        ("9,000 reports, made and nothing else", lambda: _bare(reports), ""),
        ("an oximeter with all its errors", _oximeter, "aim 50 ms and the reports"),
        ("its radio link", lambda: _link(reports), ""),
        ("four faults at once, all the time", lambda: _faults(reports), ""),
    )
    return [Figure("devices", what, f"{_median_ms(work):.0f} ms", aim) for what, work, aim in parts]


def _median_ms(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_TIMES):
        begin_s = process_time()
        work()
        taken.append(process_time() - begin_s)
    return 1000 * sorted(taken)[_TIMES // 2]


def _oximeter() -> list[DeviceReport]:
    person = typical_person(75)
    device = Oximeter(
        person, default_rng(1), device="ox", boot_id="b1", mode=Mode.TEST, motion_per_h=4.0
    )
    return [device.sample(truth) for truth in _TRUTHS]


def _bare(reports: list[DeviceReport]) -> list[DeviceReport]:
    return [
        DeviceReport(
            device="ox",
            kind=DeviceKind.OXIMETER,
            mode=Mode.TEST,
            observations=one.observations,
            boot_id="b1",
            seq=one.seq,
            flags=one.flags,
        )
        for one in reports
    ]


def _link(reports: list[DeviceReport]) -> int:
    link = Link(HOME, default_rng(1), device="ox")
    arrived = 0
    for second, report in enumerate(reports):
        link.send(second * 1000, report)
        arrived += len(link.due(second * 1000))
    return arrived


def _faults(reports: list[DeviceReport]) -> int:
    line = FaultLine(default_rng(1))
    for fault in (kinds.Freeze, kinds.Battery, kinds.Duplicates, kinds.Reorder):
        line.begin(fault(for_s=_SECONDS), 0)
    arrived = 0
    for second, report in enumerate(reports):
        line.carry(Carried(second * 1000, "ox", report))
        arrived += len(line.due(second * 1000))
    return arrived
