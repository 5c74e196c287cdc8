"""What power supplies say together, and which rows follow."""

import pytest

from monitor.power_state import Power, levels, power_of

MAINS = {"type": "Mains", "online": "1"}
OUT = {"type": "Mains", "online": "0"}
BATTERY = {"type": "Battery", "status": "Discharging"}


@pytest.mark.parametrize(
    ("supplies", "power"),
    [
        ([], Power(False)),
        ([MAINS], Power(False)),
        ([MAINS, BATTERY], Power(False)),
        ([OUT, {**BATTERY, "status": "Full"}], Power(False)),
        ([{**BATTERY, "scope": "Device"}], Power(False)),
        ([OUT, BATTERY], Power(True)),
        ([BATTERY | {"capacity": "50"}], Power(True, None, 50)),
        ([BATTERY | {"time_to_empty_now": "1199"}], Power(True, 19)),
        (
            [BATTERY | {"time_to_empty_now": "0", "energy_now": "10000", "power_now": "5000"}],
            Power(True, 120),
        ),
        ([BATTERY | {"energy_now": "10", "power_now": "0"}], Power(True)),
        ([BATTERY | {"charge_now": "100", "current_now": "-400"}], Power(True, 15)),
        ([BATTERY | {"capacity": "many"}], Power(True)),
        (
            [BATTERY | {"time_to_empty_now": "600"}, BATTERY | {"time_to_empty_now": "60"}],
            Power(True, 10),
        ),
    ],
)
def test_what_the_supplies_say(supplies: list[dict[str, str]], power: Power) -> None:
    """A plug that gives, or a battery that is not drained, is no battery operation."""
    assert power_of(supplies) == power


@pytest.mark.parametrize(
    ("power", "held"),
    [
        (Power(False), []),
        (Power(True), ["power"]),
        (Power(True, 20), ["power"]),
        (Power(True, 19), ["power", "power_short"]),
        (Power(True, 5), ["power", "power_short"]),
        (Power(True, 4), ["power", "power_short", "power_end"]),
        (Power(True, None, 20), ["power"]),
        (Power(True, None, 19), ["power", "power_short"]),
        (Power(True, None, 4), ["power", "power_short", "power_end"]),
    ],
)
def test_which_conditions_hold(power: Power, held: list[str]) -> None:
    """Under 20 and under 5 minutes; where none are told, per cent."""
    assert [name for name, so in levels(power).items() if so] == held
