"""Oxygen and carbon dioxide follow ventilation, in the steady state and without breath."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from simulators.body.gas import GasExchange, air_at, rest_pct, saturation_pct

LEAN = {"lung_ml_mmhg": 7.3, "blood_ml": 450.0, "vo2_ml_min": 250.0}


def lean(altitude_m: float = 0.0) -> GasExchange:
    """The typical body at rest."""
    return GasExchange(**LEAN, altitude_m=altitude_m)


@pytest.mark.parametrize(("share", "paco2", "spo2"), [(1.0, 40.0, 97.1), (0.6, 66.7, 90.0)])
def test_the_alveolar_gas_equation_holds_in_the_end(
    share: float, paco2: float, spo2: float
) -> None:
    """After two hours of 60 %: PaCO2 40 / 0.6 and a saturation of 90 %; at 100 % nothing moves."""
    saturation, carbon = lean().look_ahead(np.full(7200, share))
    assert [round(float(last[-1]), 1) for last in (saturation, carbon)] == [spo2, paco2]


@pytest.mark.parametrize("seconds", [120, 600, 601])
def test_the_stepper_is_what_an_ode_solver_finds(seconds: int) -> None:
    """Half ventilation, in steps of five seconds or of one, is within 0.1 % of scipy's LSODA."""
    air = air_at(0.0)

    def slope(_t: float, state: np.ndarray) -> list[float]:
        pressure = state[0] - air.gradient_mmhg
        step = 1e-4
        ends = saturation_pct(np.array([pressure - step, pressure + step])) / 100
        capacity = 7.3 + 450.0 * (ends[1] - ends[0]) / (2 * step)
        flow = 250 / 60 * (0.5 * (150 - state[0]) / 50 - 1)
        return [float(flow / capacity), (40 - 0.5 * state[1]) / 240]

    solved = solve_ivp(slope, (0, seconds), [100.0, 40.0], method="LSODA", rtol=1e-8, atol=1e-8).y
    saturation, carbon = lean().look_ahead(np.full(seconds, 0.5))
    expected = [float(saturation_pct(solved[0, -1:] - air.gradient_mmhg)[0]), solved[1, -1]]
    assert [saturation[-1], carbon[-1]] == pytest.approx(expected, rel=1e-3)


def test_what_is_settled_is_where_the_next_look_begins() -> None:
    """Two looks of a minute are one of two minutes; a second that was not lived leaves no trace."""
    breath = np.concatenate((np.full(60, 0.5), np.full(60, 0.8)))
    whole = lean().look_ahead(breath)[0]
    body = lean()
    body.look_ahead(np.concatenate((breath[:60], np.full(60, 2.0))))
    body.settle(60)
    body.settle(0)
    assert body.look_ahead(breath[60:])[0].tolist() == pytest.approx(whole[60:].tolist(), abs=0.01)


def test_no_breath_for_ever_ends_at_nothing_not_below() -> None:
    """Ten minutes without breath leave 0 % and no absurd number."""
    saturation, _ = lean().look_ahead(np.zeros(600))
    assert [float(np.diff(saturation).max() <= 0), round(float(saturation[-1]), 1)] == [1.0, 0.6]


def test_altitude_takes_oxygen() -> None:
    """At 1600 m a resting saturation is 3 % lower, at sea level 97.1 %."""
    low, high = rest_pct(air_at(0.0)), rest_pct(air_at(1600.0))
    assert (round(low, 1), round(low - high, 1)) == (97.1, 3.1)


@pytest.mark.parametrize("altitude_m", [-1, 4501, float("nan")])
def test_an_altitude_where_nobody_lives_is_refused(altitude_m: float) -> None:
    """The refusal names the range."""
    with pytest.raises(ValueError, match=r"altitude_m is .*: use 0..4500"):
        lean(altitude_m)


@pytest.mark.parametrize("name", LEAN)
def test_a_store_of_nothing_is_refused(name: str) -> None:
    """Stores and use are above 0."""
    with pytest.raises(ValueError, match="use numbers above 0"):
        GasExchange(**{**LEAN, name: 0.0}, altitude_m=0.0)
