"""Shape `frozen`: all three values the same, seen often enough."""

from alerts.condition import Absent, Off, Present, Priority, Unknown
from monitor.session import Phase
from tests.charts import Rig, oximeter_report


def give(
    rig: Rig, at_s: float, spo2: float | None = 97, pi: float | None = 3.05
) -> Priority | None:
    """One sample; return the row's priority."""
    report = oximeter_report(spo2, 70, pi=pi)
    sample = rig.chart.oximeter.take(report, round(at_s * 1000))
    rig.detector.on_sample(sample)
    answer = rig.answer()
    return answer.priority if isinstance(answer, Present) else None


def test_by_stages_until_a_change() -> None:
    """Samples without all three neither go on nor end it."""
    rig = Rig("FROZEN")
    first = rig.answer()
    steps = [give(rig, at_s) for at_s in range(125)]
    assert [steps.index(Priority.LOW), steps.index(Priority.MEDIUM)] == [60, 120]
    give(rig, 125, None)
    give(rig, 126, 97, None)
    assert rig.is_present()
    give(rig, 127, 96)
    assert rig.answer() == Absent("the values change again")
    assert first == Unknown("no sample with SpO2, pulse and perfusion index yet")


def test_a_gap_begins_the_time_again_and_ends_nothing() -> None:
    """Nobody knows what was between."""
    rig = Rig("FROZEN")
    for at_s in range(50):
        give(rig, at_s)
    assert [give(rig, at_s) for at_s in range(60, 120)] == [None] * 60
    assert give(rig, 120) is Priority.LOW
    assert [give(rig, at_s) for at_s in range(140, 260)] == [Priority.LOW] * 120
    assert give(rig, 260) is Priority.MEDIUM


def test_only_where_the_phase_needs_the_oximeter() -> None:
    """It does not rise elsewhere, and ends with the phase."""
    rig = Rig("FROZEN")
    rig.chart.phase = Phase.SETUP
    for at_s in range(70):
        give(rig, at_s)
    rig.detector.refresh(70_000)
    before = rig.answer()
    rig.chart.phase = Phase.PEAK
    give(rig, 70)
    rig.detector.refresh(70_000)
    present = rig.is_present()
    rig.chart.phase = Phase.SETUP
    rig.detector.refresh(71_000)
    assert (before, present) == (Absent(), True)
    assert rig.answer() == Absent("the phase does not need the oximeter")


def test_a_recording_without_an_oximeter_has_nothing_to_freeze() -> None:
    """Said once."""
    rig = Rig("FROZEN", recording=True, oximeter=False)
    assert rig.answer() == Off("the recording has no oximeter")
