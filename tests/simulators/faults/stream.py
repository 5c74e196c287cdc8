"""A steady stream of reports, and what a fault makes of it: for the tests of all faults."""

from collections.abc import Sequence

from numpy.random import default_rng

from devices.observation import DeviceKind, DeviceReport, Metric, Mode, Observation
from simulators.carried import Carried
from simulators.faults.kinds import ReportFault
from simulators.faults.line import FaultLine

__all__ = ["cuff", "oximeter", "played", "reports", "stream"]


def oximeter(number: int, spo2: int = 97, pulse: int = 72, pi_x100: int = 300) -> DeviceReport:
    """One report of the oximeter."""
    return DeviceReport(
        device="oximeter",
        kind=DeviceKind.OXIMETER,
        mode=Mode.TEST,
        observations=(
            Observation(Metric.SPO2, spo2 * 100),
            Observation(Metric.PULSE, pulse * 100),
            Observation(Metric.PI, pi_x100),
        ),
        boot_id="b1",
        seq=number,
    )


def cuff(number: int, sbp: int = 120, dbp: int = 75) -> DeviceReport:
    """One reading of the cuff."""
    return DeviceReport(
        device="cuff",
        kind=DeviceKind.CUFF,
        mode=Mode.TEST,
        observations=(
            Observation(Metric.SBP, sbp * 100),
            Observation(Metric.DBP, dbp * 100),
            Observation(Metric.MAP, 90_00),
            Observation(Metric.CUFF_PULSE, 71_00),
        ),
        boot_id="b1",
        seq=number,
    )


def stream(seconds: int, step_s: int = 1) -> list[Carried]:
    """One oximeter report a second; SpO2 counts up so that each is different."""
    return [
        Carried(second * 1000, "oximeter", oximeter(second, spo2=80 + second % 20))
        for second in range(0, seconds, step_s)
    ]


def played(
    faults: Sequence[tuple[ReportFault, int]], sent: Sequence[Carried], seed: int = 1
) -> list[Carried]:
    """What arrives of these reports, with faults that begin at those seconds."""
    line = FaultLine(default_rng(seed), wall_ms=1_000_000)
    for fault, begins_s in faults:
        line.begin(fault, begins_s * 1000)
    arrived: list[Carried] = []
    for one in sent:
        arrived.extend(line.due(one.at_ms - 1))
        line.carry(one)
    while (next_ms := line.next_ms()) is not None:
        arrived.extend(line.due(next_ms))
    return arrived


def reports(arrived: Sequence[Carried]) -> list[tuple[int, DeviceReport]]:
    """The reports alone, with the second in which each arrived."""
    return [(one.at_ms // 1000, one.what) for one in arrived if isinstance(one.what, DeviceReport)]
