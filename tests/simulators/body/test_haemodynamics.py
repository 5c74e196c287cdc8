"""Pressure and pulse follow the drug as their slopes say."""

import numpy as np

from simulators.body.haemodynamics import pressure_rise_mmhg, pulse_rise_bpm


def test_pressure_rises_along_its_slope_and_stops_at_70() -> None:
    """0.05 mmHg for each ng/mL; no concentration gives more than 70 mmHg."""
    rise = pressure_rise_mmhg(np.array([0.0, 100.0, 1400.0, 5000.0]), 0.05)
    assert rise.tolist() == [0.0, 5.0, 70.0, 70.0]


def test_the_pulse_may_rise_or_fall() -> None:
    """The sign of the slope is the person's."""
    effect = np.array([0.0, 200.0])
    both = pulse_rise_bpm(effect, 0.025).tolist(), pulse_rise_bpm(effect, -0.005).tolist()
    assert both == ([0.0, 5.0], [0.0, -1.0])
