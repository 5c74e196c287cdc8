"""Any faults together keep time, repeat by seed, and touch nothing outside their own time."""

from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from devices.observation import Metric
from simulators.carried import Carried
from simulators.faults import kinds
from simulators.faults.kinds import ReportFault
from simulators.faults.line import FaultLine
from tests.simulators.faults.stream import cuff, played, reports, stream

_LOSSLESS: tuple[ReportFault, ...] = (
    kinds.Batch(for_s=20),
    kinds.BrokerDown(for_s=15),
    kinds.Duplicates(for_s=20, copies=2, after_ms=1_300),
    kinds.Reorder(for_s=20),
    kinds.SlowSender(for_s=20, delay_s=3, growth=0.5),
    kinds.DeviceClock(for_s=20, step_s=-7),
    kinds.Freeze(for_s=20),
    kinds.Battery(for_s=20),
    kinds.Motion(for_s=20, to_pct=85),
    kinds.Misread(for_s=20, metric=Metric.PULSE, times=2),
    kinds.WeakPulse(for_s=20),
    kinds.ClipOff(for_s=20),
    kinds.WrongUnits(for_s=20, device="any"),
    kinds.StuckCuff(for_s=20),
    kinds.CuffFails(for_s=20),
)
_LOSING: tuple[ReportFault, ...] = (
    kinds.DropOut(for_s=20, share=0.5, told=True, device="any"),
    kinds.Battery(for_s=20, empty_after_s=5),
)
_SENT = [*stream(60)[:30], Carried(29_500, "cuff", cuff(1)), *stream(60)[30:]]


def some(of: tuple[ReportFault, ...]) -> st.SearchStrategy[list[tuple[ReportFault, int]]]:
    """Up to six faults at any seconds, the same one twice as well."""
    return st.lists(st.tuples(st.sampled_from(of), st.integers(0, 50)), max_size=6)


@given(some(_LOSSLESS + _LOSING), st.integers(0, 5))
def test_any_composition_keeps_time(faults: list[tuple[ReportFault, int]], seed: int) -> None:
    """Arrivals never go back, nothing arrives before it was sent, and a seed repeats itself."""
    arrived = played(faults, _SENT, seed)
    times = [one.at_ms for one in arrived]
    sent_ms = {("oximeter", one.at_ms // 1000): one.at_ms for one in stream(60)}
    early = [
        one
        for at_s, one in reports(arrived)
        if one.device == "oximeter" and at_s * 1000 < sent_ms["oximeter", one.seq or 0]
    ]
    assert (times, early, arrived) == (sorted(times), [], played(faults, _SENT, seed))


@given(some(_LOSSLESS))
def test_without_a_losing_fault_every_report_arrives(
    faults: list[tuple[ReportFault, int]],
) -> None:
    """However they are combined."""
    got = {(one.device, one.seq) for _, one in reports(played(faults, _SENT))}
    assert got == {(one.device, one.seq) for _, one in reports(_SENT)}


@given(some(_LOSSLESS + _LOSING))
def test_before_the_first_fault_nothing_is_changed(
    faults: list[tuple[ReportFault, int]],
) -> None:
    """Reports of before pass as they came, at their time."""
    first_ms = 1000 * min((begins_s for _, begins_s in faults), default=60)
    before = [one for one in _SENT if one.at_ms < first_ms]
    assert played(faults, _SENT)[: len(before)] == before


def test_faults_that_are_over_are_forgotten() -> None:
    """A line does not grow with what has long ended."""
    line = FaultLine(default_rng(1))
    line.begin(kinds.Freeze(for_s=5), 0)
    line.begin(kinds.Freeze(for_s=50), 0)
    line.due(20_000)
    assert [on.ends_ms for on in line._on] == [50_000]
