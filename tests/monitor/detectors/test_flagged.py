"""Shape `flagged`: the device's own word, held, in its phase."""

from alerts.condition import Absent, Off
from devices.observation import Flag
from monitor.session import Phase
from tests.charts import Rig, oximeter_report


def give(rig: Rig, at_s: float, *flags: Flag, late_s: int = 0) -> bool:
    """One sample; return whether the row is present."""
    at_ms = round(at_s * 1000)
    report = oximeter_report(97, 70, *flags, measured_ms=at_ms - late_s * 1000)
    rig.detector.on_sample(rig.chart.oximeter.take(report, at_ms))
    return rig.is_present()


def test_held_for_its_delay_and_gone_for_its_time() -> None:
    """One sample without it does not start the delay again; one with it starts the clearing."""
    rig = Rig("MOTION")
    steps = [give(rig, at_s, *((Flag.MOTION,) if at_s != 30 else ())) for at_s in range(62)]
    assert steps.index(True) == 60
    assert all(give(rig, at_s) for at_s in range(62, 70))
    assert give(rig, 70, Flag.MOTION)
    assert all(give(rig, at_s) for at_s in range(71, 81))
    assert not give(rig, 81)
    assert rig.answer() == Absent("not so for 10 s")


def test_a_gap_in_the_samples_starts_the_clearing_again() -> None:
    """Ten seconds of nothing are not ten seconds without motion."""
    rig = Rig("MOTION")
    for at_s in range(61):
        give(rig, at_s, Flag.MOTION)
    give(rig, 61)
    assert give(rig, 72)
    assert give(rig, 81)
    assert not give(rig, 82)


def test_what_comes_late_says_nothing() -> None:
    """Neither that it moves nor that it does not."""
    rig = Rig("MOTION")
    for at_s in range(100):
        give(rig, at_s, Flag.MOTION, late_s=0 if at_s == 0 else 20)
    assert not rig.is_present()


def test_another_phase_ends_it_and_what_had_begun() -> None:
    """In the peak only; the flag in another phase begins nothing."""
    rig = Rig("MOTION")
    for at_s in range(50):
        give(rig, at_s, Flag.MOTION)
    rig.detector.refresh(49_000)
    rig.chart.phase = Phase.OFFSET
    rig.detector.refresh(50_000)
    assert not any(give(rig, at_s, Flag.MOTION) for at_s in range(50, 120))
    rig.chart.phase = Phase.PEAK
    steps = [give(rig, at_s, Flag.MOTION) for at_s in range(120, 182)]
    assert steps.index(True) == 60
    rig.chart.phase = Phase.OFFSET
    rig.detector.refresh(182_000)
    assert rig.answer() == Absent("the phase is over")


def test_everywhere_when_no_phase_is_named_and_off_without_an_oximeter() -> None:
    """As a plan may write it."""
    rig = Rig("MOTION", {"phases": ()})
    rig.chart.phase = Phase.OFFSET
    for at_s in range(61):
        give(rig, at_s, Flag.MOTION)
    rig.detector.refresh(61_000)
    assert rig.is_present()
    rig = Rig("MOTION", recording=True, oximeter=False)
    assert rig.answer() == Off("the recording has no oximeter")
