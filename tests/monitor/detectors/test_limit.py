"""A limit row folds its criteria into numbers, and is off while it has nothing to compare with."""

import pytest

from alerts.condition import Absent, AlarmClass, Off, Present, Priority
from devices.checkin import CheckIn
from devices.observation import Metric
from monitor.detectors.limit import PENDING, LimitDetector
from monitor.rows import Clear, Criterion
from tests.charts import Rig


def fold(rig: Rig, baseline_x100: int) -> None:
    """The baseline is frozen."""
    rig.chart.baseline_x100[Metric.PULSE] = baseline_x100
    assert isinstance(rig.detector, LimitDetector)
    rig.detector.fold()


def give(rig: Rig, first_s: int, count: int, pulse: float) -> None:
    """Samples a second apart."""
    for second in range(first_s, first_s + count):
        rig.give(second, 97, pulse)


REL: dict[str, object] = {
    "criteria": (Criterion(over_baseline=30, delay_s=2),),
    "clear": Clear(at_most=100, for_s=2),
}


def test_a_relative_row_waits_for_its_baseline() -> None:
    """Off and pending, then at exactly 30 above it; without one it says what is missing."""
    rig = Rig("PR-HIGH", REL)
    assert rig.answer() == Off(f"no baseline of pulse: {PENDING}")
    give(rig, 0, 5, 150)
    fold(rig, 70_00)
    assert rig.answer() == Absent()
    give(rig, 10, 3, 99.99)
    give(rig, 13, 2, 100)
    assert rig.answer() == Absent()
    rig.give(15, 97, 100)
    assert rig.answer() == Present(Priority.MEDIUM, None, "pulse fast: 100 for 2 s", 100_00, 99_99)
    missing = Rig("PR-HIGH", REL)
    missing.chart.baseline_missing[Metric.PULSE] = "only 3 valid samples, 150 are needed"
    assert isinstance(missing.detector, LimitDetector)
    missing.detector.fold()
    assert missing.answer() == Off("no baseline of pulse: only 3 valid samples, 150 are needed")


def test_a_baseline_that_changes_nothing_leaves_the_answer() -> None:
    """An absolute row that is present stays so."""
    rig = Rig("PR-HIGH", {"criteria": (Criterion(above=120, delay_s=0),)})
    rig.give(0, 97, 130)
    before = rig.answer()
    fold(rig, 70_00)
    assert rig.answer() is before


def test_the_higher_of_two_criteria_raises_further() -> None:
    """The first to hold raises the row; a lower one says nothing more."""
    rig = Rig(
        "PR-HIGH",
        {
            "criteria": (
                Criterion(above=120, delay_s=1),
                Criterion(above=130, delay_s=3, priority=Priority.HIGH, alarm_class=AlarmClass.A),
            )
        },
    )
    give(rig, 0, 3, 131)
    first = rig.answer()
    rig.give(3, 97, 131)
    assert (first, rig.answer()) == (
        Present(Priority.MEDIUM, None, "pulse fast: 131 for 1 s", 131_00, 120_00),
        Present(Priority.HIGH, AlarmClass.A, "pulse fast: 131 for 3 s", 131_00, 130_00),
    )


def test_what_must_not_be_so_keeps_the_row() -> None:
    """`and_not` must be known to be false: unknown is not enough."""
    rig = Rig("SED-COMBO")
    rig.chart.check = CheckIn.parse("W3")
    for second in range(12):
        rig.give(second, 90)
    assert rig.is_present()
    for second in range(12, 80):
        rig.give(second, 97)
    assert rig.is_present()
    rig.chart.check = CheckIn.parse("W3 B0")
    rig.give(80, 97)
    assert rig.answer() == Absent("back to 97 for 60 s")


def test_facts_alone_raise_at_once_and_name_themselves() -> None:
    """And raise once."""
    rig = Rig("SED-COMBO")
    rig.chart.check = CheckIn.parse("W3 B1")
    rig.detector.refresh(5)
    before = rig.answer()
    rig.detector.refresh(6)
    assert rig.answer() is before
    assert before == Present(
        Priority.HIGH,
        AlarmClass.A,
        "sedated and short of oxygen: moaas_le_3, breathing_bad",
    )


@pytest.mark.parametrize("pulse", [20, 24.99])
def test_a_doubtful_pulse_is_not_inside(pulse: float) -> None:
    """Three of them do not reset the delay of a fast pulse."""
    rig = Rig("PR-HIGH", {"criteria": (Criterion(above=120, delay_s=8),)})
    give(rig, 0, 5, 130)
    give(rig, 5, 3, pulse)
    give(rig, 8, 1, 130)
    assert rig.is_present()


def test_off_in_a_slow_recording() -> None:
    """Each criterion by itself: the one that still works keeps the row."""
    rig = Rig("SPO2-CRIT", recording=True, interval_ms=3_000)
    for step in range(5):
        rig.give(3 * step, 70)
    assert rig.answer() == Present(
        Priority.HIGH, AlarmClass.E, "SpO2 below 80 %: 70 for 10 s", 70_00, 80_00
    )


def test_awake_ends_what_leans_on_sedation() -> None:
    """`or_not`: the fact is known to be false; unknown ends nothing."""
    rig = Rig("SED-COMBO")
    rig.chart.check = CheckIn.parse("W3 B1")
    rig.detector.refresh(5)
    rig.chart.check = None
    rig.detector.refresh(6)
    assert rig.is_present()
    rig.chart.check = CheckIn.parse("W4 B1")
    rig.detector.refresh(7)
    assert rig.answer() == Absent("no longer so by what was seen")


def test_three_quiet_samples_end_a_delay() -> None:
    """One or two do not."""
    rig = Rig("PR-HIGH", {"criteria": (Criterion(above=120, delay_s=4),)})
    give(rig, 0, 1, 130)
    give(rig, 1, 3, 70)
    give(rig, 4, 4, 130)
    assert not rig.is_present()
    rig.give(8, 97, 130)
    assert rig.is_present()


@pytest.mark.parametrize(
    ("before", "counted", "fires_s"),
    [
        (120, None, 30),
        (70, None, 40),
        (70, 150, 10),
        (70, 166, 70),
    ],
    ids=["no step", "no witness", "agrees", "differs"],
)
def test_a_pulse_step_has_other_delays(before: float, counted: float | None, fires_s: int) -> None:
    """PR-TACHY from 10 s on: 20 s, or 30 s, at once with a witness, 60 s against one."""
    rig = Rig("PR-TACHY")
    give(rig, 0, 10, before)
    for second in range(10, 100):
        if counted is not None:
            rig.chart.counted = (second * 1000, round(counted * 100))
        rig.give(second, 97, 141 if before == 120 else 150)
        if rig.is_present():
            break
    assert second == fires_s


def test_an_athlete_and_a_low_baseline_have_their_own_levels() -> None:
    """45 in place of 50; back at 4 under the baseline when that is lower than 54."""
    rig = Rig("PR-LOW")
    rig.chart.athlete = True
    fold(rig, 56_00)
    give(rig, 0, 30, 45)
    assert not rig.is_present()
    give(rig, 30, 21, 44)
    assert rig.is_present()
    give(rig, 51, 30, 52)
    assert rig.is_present()
    rig.give(81, 97, 52)
    assert rig.answer() == Absent("back to 52 for 30 s")


def test_a_criterion_without_its_baseline_leaves_the_others_working() -> None:
    """SED-COMBO below 92 needs none."""
    rig = Rig("SED-COMBO")
    rig.chart.check = CheckIn.parse("W3 B0")
    for second in range(11):
        rig.give(second, 91)
    assert rig.is_present()


def test_a_doubtful_value_restarts_the_clear_time() -> None:
    """20 between good ones: the time begins again after it, and the row itself stays."""
    rig = Rig("PR-HIGH", {"criteria": (Criterion(above=120, delay_s=0),)})
    give(rig, 0, 1, 130)
    give(rig, 1, 59, 100)
    give(rig, 60, 1, 20)
    give(rig, 61, 60, 100)
    assert rig.is_present()
    rig.give(121, 97, 100)
    assert rig.answer() == Absent("back to 100 for 60 s")


def test_limits_that_include_their_number_and_levels_that_lean_on_the_baseline() -> None:
    """At 90 or more; back within 5 of the baseline, whatever the side."""
    high: dict[str, object] = {
        "criteria": (Criterion(at_least=90),),
        "clear": Clear(over_baseline=5),
    }
    rig = Rig("PR-HIGH", high)
    fold(rig, 70_00)
    assert [present(rig, at_s, bpm) for at_s, bpm in enumerate((89.99, 90, 75.01, 75))] == [
        False,
        True,
        True,
        False,
    ]
    low: dict[str, object] = {
        "criteria": (Criterion(at_most=50),),
        "clear": Clear(under_baseline=5),
    }
    rig = Rig("PR-HIGH", low)
    fold(rig, 70_00)
    assert [present(rig, at_s, bpm) for at_s, bpm in enumerate((50.01, 50, 64.99, 65))] == [
        False,
        True,
        True,
        False,
    ]


def present(rig: Rig, at_s: float, pulse: float) -> bool:
    """Whether the row is present after one sample."""
    rig.give(at_s, 97, pulse)
    return rig.is_present()


def test_a_rate_that_no_device_claims_is_off() -> None:
    """Also for a criterion that would have no delay."""
    assert Rig("RR-LOW1").answer() == Off("no device of this session measures the respiratory rate")


def test_it_rests_between_its_limits() -> None:
    """Not while a delay runs nor while the row is present."""
    rig = Rig("PR-HIGH", {"criteria": (Criterion(above=120, delay_s=1), Criterion(below=40))})
    rest = [rig.detector.calm()]
    rig.give(0, 97, 130)
    rest.append(rig.detector.calm())
    rig.give(1, 97, 130)
    rest.append(rig.detector.calm())
    assert rest == [(40_00, 120_00), None, None]


@pytest.mark.parametrize(("baseline", "level"), [(92, 93), (93, 93), (95, 94), (98, 94)])
def test_a_sedated_patient_can_reach_the_level_that_clears(baseline: int, level: int) -> None:
    """Never above the limit in force + 1: of a baseline of 93 that limit is 92, not 94."""
    rig = Rig("SED-COMBO")
    rig.chart.check = CheckIn.parse("W3 B0 C0 D0 X0")
    rig.chart.baseline_x100[Metric.SPO2] = baseline * 100
    assert isinstance(rig.detector, LimitDetector)
    rig.detector.fold()
    for second in range(11):
        rig.give(second, 88)
    assert rig.is_present()
    for second in range(11, 80):
        rig.give(second, level - 1)
    assert rig.is_present()
    for second in range(80, 141):
        rig.give(second, level)
    assert rig.answer() == Absent(f"back to {level} for 60 s")
