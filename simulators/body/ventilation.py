"""How much of the resting ventilation is left under ketamine and other drugs.

Ketamine alone takes little until near-anaesthetic concentrations; an opioid takes more, but
ketamine gives part of the carbon dioxide drive back; benzodiazepines and alcohol take some. What is
left multiplies (`clinical.md` 6.3).

It knows nothing of gases (`gas`) nor of a closed airway (`happenings`); rising carbon dioxide does
not drive breathing back up in this model.

>>> ketamine_share(np.array([0.0, 300.0, 1000.0])).tolist()
[1.0, 0.9, 0.6]
"""

import numpy as np

from simulators.body.kinetics import FloatArray

__all__ = ["ketamine_share", "opioid_share"]

# Racemic ketamine is half esketamine, for which 127 ng/mL doubled the C50 of remifentanil (S130).
_C50_DOUBLED_NG_ML = 2 * 127.0


def ketamine_share(effect_ng_ml: FloatArray) -> FloatArray:
    """Return the share of ventilation that ketamine leaves, 0.6..1.

    Falls to 0.9 at 300 ng/mL and to 0.6 at 1000, then stays. Source: general knowledge (6.3);
    respiratory depression was seen at about twice the anaesthetic level (S1).
    """
    return np.interp(effect_ng_ml, (0.0, 300.0, 1000.0), (1.0, 0.9, 0.6))


def opioid_share(alone: FloatArray, effect_ng_ml: FloatArray) -> FloatArray:
    """Return the share of ventilation that an opioid leaves while ketamine is there, 0..1.

    `alone` is what it would leave without ketamine (above 0, at most 1; 0.4..0.8 in 6.3, where
    remifentanil left 0.6). Ketamine raises the opioid's C50. Source: Jonkman 2018 (S130).
    """
    strength = (1 - alone) / alone / (1 + effect_ng_ml / _C50_DOUBLED_NG_ML)
    return 1 / (1 + strength)
