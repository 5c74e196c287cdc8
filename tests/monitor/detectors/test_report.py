"""A report's row says what was said, with the priority of the report."""

from alerts.condition import Absent, AlarmClass, Off, Present, Priority
from monitor.chart import Report
from tests.charts import Rig


def test_what_is_reported_is_so_until_it_is_not() -> None:
    """Nothing before; then present and absent with reason and value; asked again, the same."""
    rig = Rig("SED-3")
    rig.detector.refresh(1)
    nothing = rig.answer()
    rig.chart.reports["moaas_2"] = Report(True, "rated 2", None, 2_00)
    rig.detector.refresh(2)
    so = rig.answer()
    rig.detector.refresh(3)
    same = rig.answer() is so
    rig.chart.reports["moaas_2"] = Report(False, "awake")
    rig.detector.refresh(4)
    assert (nothing, so, same, rig.answer()) == (
        Absent(),
        Present(Priority.HIGH, AlarmClass.A, "wakes only when shaken: rated 2", 2_00),
        True,
        Absent("awake"),
    )


def test_a_report_may_raise_its_row() -> None:
    """Noisy breathing of a sedated patient is high."""
    rig = Rig("BREATH-NOISY")
    rig.chart.reports["breathing_noisy"] = Report(True, "seen", Priority.HIGH)
    rig.detector.refresh(1)
    assert rig.answer() == Present(Priority.HIGH, AlarmClass.A, "breathing noisy: seen")


def test_a_row_whose_report_was_never_promised_is_off_until_it_is() -> None:
    """Off with the reason; what is reported meanwhile counts as soon as it is promised."""
    rig = Rig("WATCH-DOWN")
    rig.chart.reports["no_watch"] = Report(True, "no [watch]")
    rig.detector.refresh(1)
    off = rig.answer()
    rig.chart.reports["no_watch"] = Report(False, "set")
    rig.detector.refresh(2)
    promised = rig.answer()
    rig.chart.reports["watch"] = Report(True, "refused")
    rig.detector.refresh(3)
    so = rig.answer()
    rig.chart.reports["no_watch"] = Report(True, "no [watch]")
    rig.detector.refresh(4)
    again = rig.answer()
    rig.chart.reports["no_watch"] = Report(False, "set")
    rig.detector.refresh(5)
    present = Present(Priority.LOW, None, "nobody outside sees this hub: refused")
    assert (off, promised, so, again, rig.answer()) == (
        Off("no [watch]"),
        Absent(),
        present,
        Off("no [watch]"),
        present,
    )
