"""Shape `overruled`: what a person sees counts more than a normal number."""

import msgspec
import pytest

from alerts.condition import Absent, AlarmClass, Assessment, Kind, Present, Priority
from devices.checkin import CheckIn
from monitor.detectors.overruled import OverruledDetector
from monitor.facts import Fact
from monitor.rows import OverruledRow
from tests.charts import Rig, take

ROW = OverruledRow(
    id="CONFLICT-OBS",
    family="observer",
    kind=Kind.OBSERVER,
    priority=Priority.HIGH,
    alarm_class=AlarmClass.E,
    label="the observer is right",
    normal_at_least=92,
    seen=(Fact.LIFELESS,),
)


def beside(spo2: float, codes: str | None) -> tuple[Rig, OverruledDetector]:
    """Return a sample, the last look, and the row."""
    rig = Rig("SPO2-LOW")
    if codes is not None:
        rig.chart.check = CheckIn.parse(codes)
    detector = OverruledDetector(ROW, rig.chart)
    detector.on_sample(take(rig.chart.oximeter, 0, spo2))
    return rig, detector


@pytest.mark.parametrize(
    ("spo2", "codes", "present"),
    [
        (92, "W5 B3", True),
        (97, "W5 C2", True),
        (97, "W0", True),
        (91.99, "W0", False),
        (97, "W5 B0 C0", False),
        (97, None, False),
    ],
)
def test_a_normal_number_beside_a_lifeless_patient(
    spo2: float,
    codes: str | None,
    present: bool,
) -> None:
    """No breath, blue lips or no answer."""
    _, detector = beside(spo2, codes)
    assert isinstance(detector.answer, Present) is present


def test_only_another_look_ends_it() -> None:
    """No value does, nor that none comes."""
    rig, detector = beside(97, "W0")
    raised = detector.answer
    assert raised == Present(
        Priority.HIGH,
        AlarmClass.E,
        "the observer is right: the clip says 97 %, the companion sees otherwise",
        97_00,
    )
    detector.on_sample(take(rig.chart.oximeter, 1_000, 70))
    detector.refresh(500_000)
    assert detector.answer is raised
    rig.chart.check = CheckIn.parse("W5 B0 C0")
    detector.refresh(500_000)
    ended: Assessment = detector.answer
    assert ended == Absent("no longer seen")


def test_an_old_value_is_not_normal() -> None:
    """After 30 s nobody knows what the clip would say."""
    rig, detector = beside(97, None)
    rig.chart.check = CheckIn.parse("W0")
    detector.refresh(30_001)
    before = detector.answer
    detector.on_sample(take(rig.chart.oximeter, 30_002, 97))
    assert (before, isinstance(detector.answer, Present)) == (Absent(), True)


def test_each_thing_that_was_seen_is_looked_at_again_and_no_other() -> None:
    """No breath alone ends with breathing; with blue lips besides, the lips are looked at too."""
    row = msgspec.structs.replace(ROW, seen=(Fact.NO_BREATH, Fact.LIPS_BLUE))
    stories = (["W0 B3", "W4 B0"], ["W0 B3", "W0 B3 C2", "W4 B0", "W4 B0 C0"])
    ends = []
    for story in stories:
        rig = Rig("SPO2-LOW")
        detector = OverruledDetector(row, rig.chart)
        take(rig.chart.oximeter, 0, 97)
        there = []
        for codes in story:
            rig.chart.check = CheckIn.parse(codes)
            detector.refresh(1_000)
            there.append(isinstance(detector.answer, Present))
        ends.append(there)
    assert ends == [[True, False], [True, True, True, False]]
