"""What ketamine does to wakefulness, and for how long.

Acute tolerance takes the effect back faster than the drug leaves: sedation is gone after 60 to 90
minutes although half of the peak concentration is still there (`clinical.md` 6.3). The felt
concentration (effect site times tolerance) moves MOAA/S through fixed steps and CADSS-6 along an
Emax curve.

It rates nobody: what a companion makes of it is in `people`.

>>> moaas(np.array([0.0, 212.0, 500.0, 700.0, 1000.0])).tolist()
[5, 4, 3, 2, 1]
>>> cadss6(np.array([0.0, 200.0]), ec50_ng_ml=200.0).tolist()
[0.0, 12.0]
"""

import numpy as np
from numpy.typing import NDArray

from simulators.body.kinetics import FloatArray

__all__ = ["cadss6", "moaas", "tolerance"]

_TOLERANCE_FROM_S = 45 * 60
_TOLERANCE_HALF_S = 60 * 60
_MOAAS_STEPS = np.array([150.0, 400.0, 650.0, 900.0])
_CADSS_MAX = 24.0


def tolerance(since_dose_s: FloatArray) -> FloatArray:
    """Return what is left of the effect, 0..1, so many seconds after the first dose (0 or more).

    All of it until 45 min, then half every hour. Sources: sedation over in 1 to 1.5 h (S20), at
    most 3.5 % not ready to leave at 2 h (S137).
    """
    return np.exp2(-np.maximum(since_dose_s - _TOLERANCE_FROM_S, 0.0) / _TOLERANCE_HALF_S)


def moaas(felt_ng_ml: FloatArray) -> NDArray[np.int64]:
    """Return MOAA/S 1..5 of a felt concentration (ng/mL, personal factor and co-sedatives in it).

    5 below 150, 4 to 400, 3 to 650, 2 to 900, 1 above. Sources: sedation is mostly MOAA/S 4 (S20);
    anaesthesia begins near 1000 ng/mL (S46).
    """
    return 5 - np.searchsorted(_MOAAS_STEPS, felt_ng_ml, side="right")


def cadss6(felt_ng_ml: FloatArray, ec50_ng_ml: float) -> FloatArray:
    """Return the CADSS-6 score, 0..24: Emax 24, exponent 2, EC50 200 ng/mL in the middle person.

    Source of the scale: S115; of the frequency it is judged by, 61-84 % of patients: S13. The
    curve itself is a design choice.
    """
    squared = felt_ng_ml * felt_ng_ml
    return _CADSS_MAX * squared / (squared + ec50_ng_ml * ec50_ng_ml)
