"""What ketamine does to pressure and pulse.

The rise of systolic pressure is a slope times the felt concentration (effect site times acute
tolerance, see `sedation`), capped; the diastolic rise is a share of it. The pulse follows the
effect site without tolerance. Slopes differ between people and from day to day; `traits` draws
them (`clinical.md` 6.2).

No noise and no events in here: `noise` and `happenings` add them.

>>> pressure_rise_mmhg(np.array([212.0, 2000.0]), slope_mmhg=0.05).tolist()
[10.600000000000001, 70.0]
"""

import numpy as np

from simulators.body.kinetics import FloatArray

__all__ = ["RISE_CAP_MMHG", "pressure_rise_mmhg", "pulse_rise_bpm"]

RISE_CAP_MMHG = 70.0
"""No dose raises systolic pressure by more in this model (6.2, a design choice)."""


def pressure_rise_mmhg(felt_ng_ml: FloatArray, slope_mmhg: float) -> FloatArray:
    """Return the systolic rise, 0..70 mmHg.

    `slope_mmhg` is mmHg for each ng/mL: median 0.05, geometric SD 1.7 over sessions, half of the
    variance between people. Source: esketamine label (S5, S18): a rise of 40 mmHg or more in 8 %
    of patients over four weeks.
    """
    return np.minimum(slope_mmhg * felt_ng_ml, RISE_CAP_MMHG)


def pulse_rise_bpm(effect_ng_ml: FloatArray, slope_bpm: float) -> FloatArray:
    """Return the change of pulse, beats a minute; it may be a fall in some people.

    `slope_bpm` is beats a minute for each ng/mL: +5 +-6 at the peak of 200 mg. Sources: S28, S29
    (some studies saw none).
    """
    return slope_bpm * effect_ng_ml
