"""The limits beside the numbers: each row in plain words, who changed it, remade when it was."""

import msgspec

from alerts.contact import Role
from devices.observation import Metric
from monitor.events import Tailored
from monitor.limit_views import LimitView
from monitor.rows import Criterion as Limit
from tests.timeline import Timeline

DR = {"by": "dr", "role": Role.PHYSICIAN}


def test_limits_in_plain_words_by_metric() -> None:
    """Each row with its first limit; what a physician has changed says by whom."""
    line = Timeline().at(60)
    before = line.engine.limits.now()
    again = line.engine.limits.now()
    assert before is again
    assert before["spo2"][1].tailored_by is None
    line.send(Tailored(at_ms=line.now_ms, row="SPO2-LOW", limit_x100=86_00, reason="x", **DR))  # type: ignore[arg-type]
    shown = line.engine.limits.now()
    assert list(shown) == ["spo2", "pulse", "sbp", "dbp"]
    assert shown["spo2"][:3] == (
        LimitView("SPO2-WARN", "medium", "below 92 % for 20 s", 92_00, None, None),
        LimitView(
            "SPO2-LOW", "high", "below 86 % for 30 s, or below 84 % for 10 s", 8600, None, "dr"
        ),
        LimitView(
            "SPO2-CRIT", "high", "below 80 % for 3 s, or below 80 % for 10 s", 8000, None, None
        ),
    )
    assert shown["pulse"][0].words == (
        "below 50 a minute and 8 or more under the value before the dose for 20 s, "
        "or below 50 a minute and 15 or more under the value before the dose for 20 s"
    )
    assert [(one.row, one.words, one.low_x100, one.high_x100) for one in shown["sbp"]] == [
        ("BP-WARN", "160 mmHg or more", None, 160_00),
        ("BP-HIGH", "170 mmHg or more", None, 170_00),
        ("BP-SEV", "180 mmHg or more", None, 180_00),
        ("BP-CRIT", "200 mmHg or more", None, 200_00),
        ("BP-LOW2", "below 90 mmHg", 90_00, None),
        ("BP-LOW3", "below 80 mmHg", 80_00, None),
        ("BP-RISE1", "30 mmHg or more over the value before the dose", None, None),
        ("BP-RISE2", "40 mmHg or more over the value before the dose", None, None),
        (
            "BP-LATE",
            "160 mmHg or more and more than 20 mmHg over the value before the dose from 120 min on",
            None,
            160_00,
        ),
        (
            "BP-LOW1",
            "below 100 mmHg and 20 mmHg or more under the value before the dose",
            100_00,
            None,
        ),
    ]
    assert [one.row for one in shown["dbp"]] == [
        "BP-WARN",
        "BP-HIGH",
        "BP-SEV",
        "BP-CRIT",
        "BP-RISE1",
        "BP-RISE2",
        "BP-LATE",
    ]


def test_limits_that_compare_upward_and_rows_of_facts() -> None:
    """A rise over the baseline without a delay; a row that only asks facts has no limit."""
    line = Timeline(dosed=False)
    rows = line.engine.chart.rows
    rise = Limit(over_baseline=30)
    rows["PR-HIGH"] = msgspec.structs.replace(rows["PR-HIGH"], criteria=(rise,))
    shown = line.engine.limits.now()
    words = {one.row: one.words for metric in shown.values() for one in metric}
    assert words["PR-HIGH"] == "30 or more over the value before the dose"
    assert rows["SED-COMBO"].metric is Metric.SPO2  # type: ignore[union-attr]
    assert "SED-COMBO" not in words
