"""Shape `repeated`: two of three readings, raised by a sign of danger."""

from alerts.condition import Absent, Off, Present, Priority
from devices.checkin import CheckIn
from monitor.chart import BpReading
from tests.charts import Rig


def read(rig: Rig, *uneven: bool | None) -> Priority | None:
    """Cuff readings one after the other; return the row's priority after the last."""
    for number, flag in enumerate(uneven):
        reading = BpReading(number * 60_000, 120_00, 80_00, 72_00, flag)
        rig.detector.on_reading(reading)
    answer = rig.answer()
    return answer.priority if isinstance(answer, Present) else None


def test_two_of_three_and_two_without() -> None:
    """A reading that a person typed is none of them."""
    assert read(Rig("PR-IRREG"), True, False, False, True) is None
    assert read(Rig("PR-IRREG"), True, False, True) is Priority.LOW
    assert read(Rig("PR-IRREG"), True, None, None, None, True) is Priority.LOW
    assert read(Rig("PR-IRREG"), True, True, False, None) is Priority.LOW
    rig = Rig("PR-IRREG")
    assert read(rig, True, True, False, False) is None
    assert rig.answer() == Absent("2 readings without it")


def test_it_says_in_how_many() -> None:
    """With the pulse that the cuff counted."""
    rig = Rig("PR-IRREG")
    read(rig, True, True)
    assert rig.answer() == Present(
        Priority.LOW, None, "the cuff finds the pulse irregular: in 2 of 2 readings", 72_00
    )


def test_danger_raises_it_and_does_not_let_it_fall() -> None:
    """A fast pulse, seen at the next look; what is medium is asked no more."""
    rig = Rig("PR-IRREG")
    rig.detector.refresh(0)
    read(rig, True, True)
    rig.detector.refresh(61_000)
    before = rig.answer()
    rig.chart.counted = (61_000, 125_00)
    rig.detector.refresh(62_000)
    raised = rig.answer()
    rig.chart.counted = (63_000, 70_00)
    rig.detector.refresh(64_000)
    assert isinstance(before, Present)
    assert before.priority is Priority.LOW
    assert isinstance(raised, Present)
    assert (raised.priority, raised.reason) == (
        Priority.MEDIUM,
        "the cuff finds the pulse irregular: in 2 of 2 readings, pulse_gt_120",
    )
    assert rig.answer() is raised


def test_a_symptom_that_is_known_before_makes_it_medium_at_once() -> None:
    """At the reading itself."""
    rig = Rig("PR-IRREG")
    rig.chart.check = CheckIn.parse("W5 B0 C0 D0 X1")
    rig.chart.symptom_ms = 0
    assert read(rig, True, True) is Priority.MEDIUM


def test_off_with_known_fibrillation() -> None:
    """Whatever the cuff says."""
    rig = Rig("PR-IRREG", fibrillation=True)
    assert read(rig, True, True, True) is None
    assert rig.answer() == Off("the patient's plan knows of atrial fibrillation")
