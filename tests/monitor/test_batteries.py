"""Batteries: what devices say of them, by the word and by the flag."""

import pytest

from monitor.batteries import Batteries
from monitor.observer import Observer
from tests.charts import Rig


@pytest.mark.parametrize(
    ("steps", "reports"),
    [
        ([("ox", 20)], {}),
        ([("ox", None)], {}),
        ([("ox", 19)], {"battery": "ox: 19 %"}),
        ([("ox", 9)], {"battery": "ox: 9 %", "battery_short": "ox: 9 %"}),
        ([("ox", 9), ("ox", 15)], {"battery": "ox: 9 %"}),
        ([("ox", 9), ("ox", None)], {"battery": "ox: 9 %", "battery_short": "ox: 9 %"}),
        ([("ox", True)], {"battery": "ox: says it is low"}),
        ([("ox", True), ("ox", False)], {}),
        ([("ox", 50), ("ox", True)], {"battery": "ox: 50 %"}),
        ([("ox", 9), ("cuff", 80)], {"battery": "ox: 9 %", "battery_short": "ox: 9 %"}),
    ],
)
def test_what_is_reported(
    steps: list[tuple[str, int | bool | None]], reports: dict[str, str]
) -> None:
    """Below 20 and below 10; a flag counts beside the number; each device for itself."""
    observer = Observer(Rig("SPO2-LOW").chart)
    batteries = Batteries(observer)
    for device, said in steps:
        if isinstance(said, bool):
            batteries.flagged(device, low=said)
        else:
            batteries.told(device, said)
    got = {name: one.reason for name, one in observer.chart.reports.items() if one.present}
    assert got == reports


def test_only_a_change_is_told() -> None:
    """The same word again changes nothing."""
    batteries = Batteries(Observer(Rig("SPO2-LOW").chart))
    told = [batteries.told("ox", percent) for percent in (50, 19, 18, 9, 9, 50)]
    flagged = [batteries.flagged("ox", low=low) for low in (False, True, True, False)]
    assert (told, flagged) == (
        [False, True, False, True, False, True],
        [False, True, False, True],
    )
