"""What happened once is said, judged, and over, with the same words both times."""

from monitor.chart import Report
from monitor.effects import AlarmChanged
from monitor.happened import happened
from tests.timeline import Timeline


def test_it_is_so_and_then_no_longer() -> None:
    """The row is raised and latched by one call; the report keeps what it was."""
    line = Timeline().at(60)
    engine = line.engine
    happened(engine, "dose_extra", "entered by ann", line.now_ms)
    lines = [one for one in engine.alarms.out if isinstance(one, AlarmChanged)]
    assert [(one.transition.value, one.row) for one in lines] == [
        ("raised", "DOSE-EXTRA"),
        ("latched", "DOSE-EXTRA"),
    ]
    assert lines[0].reason == "a further dose was taken: entered by ann"
    assert engine.chart.reports["dose_extra"] == Report(
        present=False, reason="entered by ann", priority=None, value_x100=None
    )
