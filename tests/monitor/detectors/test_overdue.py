"""Overdue by stages after the due time; done when the due time moves."""

from alerts.condition import Absent, AlarmClass, Present, Priority
from devices.observation import DeviceKind
from monitor.detectors.overdue import OverdueDetector
from monitor.session import Phase
from tests.charts import Rig

LABEL = "check-in is overdue"


def test_stages_and_what_is_done() -> None:
    """In the peak 1, 3 and 5 min; a new due time in the future ends it."""
    rig = Rig("CI-MISS-C")
    due = rig.chart.check_in
    due.due_ms = 100_000
    said = []
    for at_ms in (0, 160_000, 160_001, 280_000, 400_000):
        rig.detector.refresh(at_ms)
        said.append(rig.answer())
    rig.detector.refresh(400_000)
    due.due_ms = 700_000
    rig.detector.refresh(401_000)
    assert [*said, rig.answer()] == [
        Absent(until_ms=160_000),
        Present(Priority.LOW, None, f"{LABEL}: 1 min 0 s late", until_ms=220_000),
        Present(Priority.LOW, None, f"{LABEL}: 1 min 0 s late", until_ms=220_000),
        Present(Priority.MEDIUM, None, f"{LABEL}: 3 min 0 s late", until_ms=340_000),
        Present(Priority.HIGH, AlarmClass.A, f"{LABEL}: 5 min 0 s late", until_ms=520_000),
        Absent(until_ms=760_000),
    ]


def test_a_later_due_time_that_is_past_ends_nothing() -> None:
    """Moved, and still overdue: the row stays."""
    rig = Rig("CI-MISS-C")
    rig.chart.check_in.due_ms = 0
    rig.detector.refresh(60_000)
    rig.chart.check_in.due_ms = 30_000
    rig.detector.refresh(60_000)
    assert rig.answer() == Present(Priority.LOW, None, f"{LABEL}: 1 min 0 s late", until_ms=90_000)


def test_another_deadline_says_so() -> None:
    """The deadline of a low row moves with the phase; its words stay."""
    rig = Rig("CI-MISS-C")
    rig.chart.phase = Phase.OFFSET
    rig.chart.check_in.due_ms = 0
    rig.detector.refresh(125_000)
    rig.chart.phase = Phase.PEAK
    rig.detector.refresh(126_000)
    assert rig.answer() == Present(Priority.LOW, None, f"{LABEL}: 2 min 5 s late", until_ms=180_000)


def test_a_hold_after_an_outage() -> None:
    """A row that is not present waits for the hold's end; one that is present stays."""
    rig = Rig("CI-MISS-C")
    assert isinstance(rig.detector, OverdueDetector)
    rig.chart.check_in.due_ms = 0
    rig.detector.hold(90_000)
    rig.detector.refresh(89_999)
    held = rig.answer()
    rig.detector.refresh(90_000)
    rig.detector.hold(500_000)
    rig.detector.refresh(180_000)
    assert (held, rig.answer()) == (
        Absent(until_ms=90_000),
        Present(Priority.MEDIUM, None, f"{LABEL}: 3 min 0 s late", until_ms=240_000),
    )


def test_nothing_due_is_nothing_overdue() -> None:
    """A phase that asks for nothing ends what was overdue."""
    rig = Rig("CI-MISS-C")
    rig.detector.refresh(0)
    nothing = rig.answer()
    rig.chart.check_in.due_ms = 0
    rig.detector.refresh(60_000)
    rig.chart.phase = Phase.ENDED
    rig.detector.refresh(61_000)
    assert (nothing, rig.answer()) == (Absent(), Absent("not asked for in this phase"))


def test_each_row_watches_its_schedule() -> None:
    """The cuff's row the cuff's, required with or without a device of its own."""
    rig = Rig("CUFF-OVERDUE")
    assert isinstance(rig.detector, OverdueDetector)
    assert rig.detector.due is rig.chart.cuff
    assert rig.chart.bound(DeviceKind.CUFF) is None
    rig.chart.cuff.due_ms = 0
    rig.detector.refresh(180_000)
    assert rig.is_present()


def test_asked_again_nothing_is_new() -> None:
    """The same answer, the very same object."""
    rig = Rig("CI-MISS-C")
    rig.chart.check_in.due_ms = 0
    rig.detector.refresh(1)
    before = rig.answer()
    rig.detector.refresh(2)
    assert rig.answer() is before
