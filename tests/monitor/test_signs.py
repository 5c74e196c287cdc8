"""Falls, vomiting and low sugar at a check-in: what is so, how urgent, until which word."""

import pytest

from alerts.condition import Priority
from devices.checkin import CheckIn
from monitor.observer import Observer
from monitor.patient import Health
from tests.charts import Rig

HIGH = Priority.HIGH


def said(*codes: str, health: Health | None = None) -> dict[str, Priority | None]:
    """Return what is reported after these check-ins, but for the ratings."""
    watch = Observer(Rig("SPO2-LOW").chart)
    watch.chart.health = health or Health()
    for at_s, one in enumerate(codes):
        watch.checked(CheckIn.parse(one), at_s * 1_000)
    return {
        name: report.priority
        for name, report in watch.chart.reports.items()
        if report.present and not name.startswith(("moaas", "breathing"))
    }


@pytest.mark.parametrize(
    ("codes", "health", "reports"),
    [
        (("W5 X9",), None, {"fell": None}),
        (("W3 X9",), None, {"fell": HIGH}),
        (("W5 X9",), Health(blood_thinner=True), {"fell": HIGH}),
        # It stands until none is seen, sinks with the rating, and a better one lowers nothing.
        (("W5 X9", "W5"), None, {"fell": None}),
        (("W5 X9", "W3"), None, {"fell": HIGH}),
        (("W3 X9", "W5"), None, {"fell": HIGH}),
        (("W3 X9", "W5 X0"), None, {}),
        (("W5 X12",), None, {}),
        (("W5 X12",), Health(insulin=True), {"low_sugar": None}),
        (("W3 X12",), Health(insulin=True), {"low_sugar": HIGH}),
        (("W5 X12", "W5 X0"), Health(insulin=True), {}),
        (("W5 X10",), None, {"vomited": None, "sick": None}),
        (("W5 X10", "W5 X0"), None, {}),
        (("W3 X10",), None, {"vomited": None, "sick": None, "aspiration": None}),
        (("W5 B1 X10",), None, {"vomited": None, "sick": None, "aspiration": None}),
        (("W5 X10", "W5 B1"), None, {"vomited": None, "sick": None, "aspiration": None}),
        (("W3 X10", "W4 X0"), None, {}),
        (
            ("W5 X10", "W5 X0", "W5 X10", "W5 X0", "W5 X10"),
            None,
            {"vomited": None, "sick": None, "sick_often": None},
        ),
        (("W5 X10", "W5 X10", "W5 X10", "W5 X0"), None, {}),
        (("W3",), None, {}),
    ],
)
def test_what_is_so(
    codes: tuple[str, ...], health: Health | None, reports: dict[str, Priority | None]
) -> None:
    """A sign holds from the check-in that names it to the one that says none."""
    assert said(*codes, health=health) == reports


def test_a_corrected_vomiting_was_none() -> None:
    """The count goes back with the correction."""
    watch = Observer(Rig("SPO2-LOW").chart)
    watch.checked(CheckIn.parse("W5 X10"), 0)
    watch.correct(CheckIn.parse("W5 X0"), 9)
    assert (watch.chart.vomits, watch.chart.reports["sick"].present) == (0, False)
