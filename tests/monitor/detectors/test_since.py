"""Since a report or the last dose, by stages; what is not known raises and ends nothing."""

import pytest

from alerts.condition import Absent, AlarmClass, Present, Priority, Unknown
from devices.checkin import CheckIn
from monitor.chart import Report
from monitor.session import Phase
from tests.charts import Rig

LATE = "not fully awake late after the dose"
GONE = "the companion is gone"


def rated(rig: Rig, codes: str, due_ms: int) -> None:
    """A check-in was made; the next is due then."""
    rig.chart.check = CheckIn.parse(codes)
    rig.chart.check_in.due_ms = due_ms


def test_no_dose_no_row() -> None:
    """Nothing is late before there was a dose; looking twice changes nothing."""
    rig = Rig("SED-LATE")
    rig.detector.refresh(0)
    first = rig.answer()
    rig.detector.refresh(9_000)
    assert (first, rig.answer() is first) == (Absent(), True)


def test_stages_with_a_fact() -> None:
    """Two hours low, three medium, while the rating is known and below 5; awake ends it."""
    rig = Rig("SED-LATE")
    rig.chart.dose_ms, rig.chart.phase = 0, Phase.RECOVERY
    rated(rig, "W4", 20_000_000)
    said = []
    for at_ms in (0, 7_200_000, 7_200_001, 10_800_000):
        rig.detector.refresh(at_ms)
        said.append(rig.answer())
    rated(rig, "W5", 20_000_000)
    rig.detector.refresh(10_900_000)
    assert [*said, rig.answer()] == [
        Absent("it is not so", 7_200_000),
        Present(Priority.LOW, None, LATE, until_ms=10_800_000),
        Present(Priority.LOW, None, LATE, until_ms=10_800_000),
        Present(Priority.MEDIUM, None, LATE, until_ms=20_180_001),
        Absent("it is not so", 20_180_001),
    ]


def test_what_is_not_known_ends_nothing() -> None:
    """A rating that has become old is unknown, and so is the row, which then has no deadline."""
    rig = Rig("SED-LATE")
    rig.chart.dose_ms, rig.chart.phase = 0, Phase.RECOVERY
    rated(rig, "W4", 10_800_000)
    rig.detector.refresh(10_800_000)
    known = rig.answer()
    rig.detector.refresh(10_980_001)
    assert (known, rig.answer()) == (
        Present(Priority.MEDIUM, None, LATE, until_ms=10_980_001),
        Unknown("no fresh answer"),
    )


def test_only_in_its_phases() -> None:
    """A stage counts in its phases; a further dose starts the time again."""
    rig = Rig("SED-LATE")
    rig.chart.dose_ms, rig.chart.phase = 0, Phase.PEAK
    rated(rig, "W4", 20_000_000)
    rig.detector.refresh(7_300_000)
    in_peak = rig.answer()
    rig.chart.phase = Phase.EXTENDED
    rig.detector.refresh(7_300_000)
    extended = rig.is_present()
    rig.chart.dose_ms = 7_300_000
    rig.detector.refresh(7_300_000)
    assert (in_peak, extended, rig.answer()) == (
        Absent("it is not so", 20_180_001),
        True,
        Absent("it is not so", 14_500_000),
    )


@pytest.mark.parametrize(
    ("codes", "high"), [(None, AlarmClass.A), ("W4", AlarmClass.A), ("W5", AlarmClass.S)]
)
def test_a_report_that_lasts(codes: str | None, high: AlarmClass) -> None:
    """Medium at once, high after 5 min: class A unless the patient is known to be awake."""
    rig = Rig("COMP-ABSENT")
    if codes is not None:
        rated(rig, codes, 900_000)
    rig.detector.refresh(500)
    absent = rig.answer()
    rig.chart.reports["must_go"] = Report(True, "ann")
    for at_ms in (1_000, 300_999):
        rig.detector.refresh(at_ms)
        assert rig.answer() == Present(Priority.MEDIUM, None, f"{GONE}: ann", until_ms=301_000)
    rig.detector.refresh(301_000)
    until_ms = None if codes is None else 1_080_001
    late = rig.answer()
    rig.chart.reports["must_go"] = Report(False, "is back")
    rig.detector.refresh(302_000)
    assert (absent, late, rig.answer()) == (
        Absent(),
        Present(Priority.HIGH, high, f"{GONE}: ann", until_ms=until_ms),
        Absent("is back"),
    )
