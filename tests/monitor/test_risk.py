"""The high-risk profile: who has it, what it moves, and that it moves it once and never too far."""

import msgspec
import pytest

from alerts.contact import Role
from monitor import risk
from monitor.effects import LimitChanged
from monitor.events import Tailored
from monitor.patient import Health
from monitor.tailoring import limit_of
from tests.timeline import DEFAULT, Timeline


@pytest.mark.parametrize(
    ("health", "why"),
    [
        (Health(), ()),
        (Health(age_years=64, insulin=True, blood_thinner=True), ()),
        (Health(age_years=65), ("aged 65 or more",)),
        (Health(hypertension=True), ("treated hypertension",)),
        (Health(apnoea=True), ("sleep apnoea, or a BMI of 35 or more",)),
        (Health(sedatives=True), ("sedatives or opioids",)),
        (Health(stimulants=True), ("an MAOI or a stimulant",)),
        (Health(first_session=True), ("first session",)),
        (Health(dose_increased=True), ("a higher dose than before",)),
    ],
)
def test_who_has_it(health: Health, why: tuple[str, ...]) -> None:
    """One reason is enough."""
    assert risk.reasons(health) == why


def limits(line: Timeline) -> list[int]:
    """Return the limits of WARN, LOW and CRIT now."""
    rows = line.engine.chart.rows
    return [limit_of(rows[name]) // 100 for name in ("SPO2-WARN", "SPO2-LOW", "SPO2-CRIT")]


def test_limits_go_up_once_and_say_so() -> None:
    """One percent; a second reason adds nothing."""
    line = Timeline().at(10)
    line.effects.clear()
    before = limits(line)
    line.extra_dose().at(20).extra_dose()
    said = [
        (e.row, e.before_x100, e.limit_x100, e.by, e.reason)
        for e in line.effects
        if isinstance(e, LimitChanged)
    ]
    assert (before, limits(line)) == ([92, 90, 80], [93, 91, 80])
    assert said == [
        ("SPO2-WARN", 92_00, 93_00, "high-risk profile", "a further dose"),
        ("SPO2-LOW", 90_00, 91_00, "high-risk profile", "a further dose"),
    ]
    assert line.engine.chart.rows["SPO2-WARN"].label == "SpO2 below 93 %"


@pytest.mark.parametrize(("set_to", "after"), [(92, 92), (91, 92), (88, 89)])
def test_all_shifts_together_are_two_at_most(set_to: int, after: int) -> None:
    """What a physician has tailored before counts with it."""
    line = Timeline().at(10)
    for row, limit in (("SPO2-WARN", 94), ("SPO2-LOW", set_to)):
        line.send(
            Tailored(
                at_ms=line.now_ms,
                by="dr",
                role=Role.PHYSICIAN,
                row=row,
                limit_x100=limit * 100,
                reason="known",
            )
        )
    line.extra_dose()
    assert limits(line) == [94, after, 80]


def test_a_plan_without_the_rows_has_the_schedule_alone() -> None:
    """What is not in the plan is not moved."""
    rows = tuple(row for row in DEFAULT.rows if not row.id.startswith("SPO2"))
    line = Timeline(msgspec.structs.replace(DEFAULT, rows=rows)).at(10).extra_dose()
    assert line.engine.chart.high_risk == "a further dose"
