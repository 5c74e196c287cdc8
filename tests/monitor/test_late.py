"""A peak that did not end in time is so until the session leaves EXTENDED."""

import pytest

from monitor import late
from monitor.effects import PhaseChanged
from monitor.observer import Observer
from tests.charts import Rig


@pytest.mark.parametrize(
    ("steps", "present"),
    [
        ([("gate", "onset")], None),
        ([("peak", "offset")], None),
        ([("emergency", "extended")], None),
        ([("peak", "extended")], True),
        ([("peak", "extended"), ("extended", "recovery")], False),
        ([("peak", "extended"), ("extended", "emergency")], False),
    ],
)
def test_which_changes_say_it(steps: list[tuple[str, str]], present: bool | None) -> None:
    """Only the way from the peak says it; any way out takes it back."""
    watch = Observer(Rig("SPO2-LOW").chart)
    for before, phase in steps:
        late.follow(watch, PhaseChanged(at_ms=1, before=before, phase=phase, reason="x"))
    report = watch.chart.reports.get("peak_late")
    assert (None if report is None else report.present) == present
