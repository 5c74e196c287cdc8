"""Shape `conflict`: a witness beside the oximeter's median, when its time is over."""

import pytest

from alerts.condition import Absent, Kind, Off, Present, Priority
from monitor.chart import BpReading
from monitor.detectors.conflict import ConflictDetector
from monitor.rows import ConflictRow
from tests.charts import Rig, take

ROW = ConflictRow(
    id="CONFLICT-PR",
    family="pulse_witness",
    kind=Kind.TECHNICAL,
    priority=Priority.LOW,
    label="two pulses",
    points=15,
    percent=20,
    around_s=15,
)


def beside(pulse: float, *, oximeter: bool = True) -> tuple[Rig, ConflictDetector]:
    """Return a minute of this pulse by the clip, and the row."""
    rig = Rig("PR-HIGH", recording=not oximeter, oximeter=oximeter)
    for at_s in range(60):
        take(rig.chart.oximeter, at_s * 1000, 97, pulse)
    return rig, ConflictDetector(ROW, rig.chart)


def read(detector: ConflictDetector, at_s: int, pulse: float | None) -> None:
    """A cuff reading."""
    bpm = None if pulse is None else round(pulse * 100)
    detector.on_reading(BpReading(at_s * 1000, 120_00, 80_00, bpm))


@pytest.mark.parametrize(
    ("clip", "cuff", "apart"),
    [
        (70, 85, False),
        (70, 85.01, True),
        (85, 70, True),
        (70, 55, True),
        (72, 60, False),
        (72.01, 60, True),
        (48, 60, False),
        (140, 124.99, True),
    ],
)
def test_more_than_15_or_a_fifth(clip: float, cuff: float, apart: bool) -> None:
    """Of what the witness counted; known 15 s after it."""
    _, detector = beside(clip)
    read(detector, 30, cuff)
    waits = detector.answer
    detector.refresh(44_999)
    assert detector.answer is waits
    detector.refresh(45_000)
    assert (waits, isinstance(detector.answer, Present)) == (Absent("", 45_000), apart)


def test_a_count_is_a_witness_and_one_that_agrees_ends_it() -> None:
    """The next witness waits while the row is present, and is named as its deadline."""
    rig, detector = beside(70)
    rig.chart.counted = (20_000, 140_00)
    detector.refresh(20_000)
    detector.refresh(35_000)
    raised = detector.answer
    read(detector, 40, 72)
    waiting = detector.answer
    detector.refresh(55_000)
    reason = "two pulses: 70 by the clip, 140 counted"
    assert raised == Present(Priority.LOW, None, reason, 70_00, 140_00)
    assert waiting == Present(Priority.LOW, None, reason, 70_00, 140_00, until_ms=55_000)
    assert detector.answer == Absent("both agree")


def test_without_a_pulse_on_either_side_nothing_is_compared() -> None:
    """A reading without a pulse, and a time without the clip."""
    _, detector = beside(70)
    read(detector, 30, None)
    assert detector.answer == Absent()
    read(detector, 200, 140)
    detector.refresh(215_000)
    assert detector.answer == Absent()


def test_a_recording_without_an_oximeter() -> None:
    """Is off, and stays so."""
    _, detector = beside(70, oximeter=False)
    read(detector, 30, 140)
    assert detector.answer == Off("the recording has no oximeter")
