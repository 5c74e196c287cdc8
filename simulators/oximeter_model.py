"""What sort of oximeter sits on what sort of finger: the constants of `clinical.md` 6.4 as data.

Class A flags 99 of 100 movements and is what the gate asks for; class B flags 70 and is the stress
test. The rest says how late the device is, how it names a lost finger, how cold the hand is and how
much it reads too high on darker skin.

It draws only in `draw_model`, from the generator that is handed in, and measures nothing.

>>> CLASS_A.flagged_share, CLASS_B.flagged_share
(0.99, 0.7)
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from numpy.random import Generator

from simulators.traits import lognormal

__all__ = ["CLASS_A", "CLASS_B", "ModelError", "OffCode", "OximeterModel", "draw_model"]

_RANGES = {
    "flagged_share": (0.0, 1.0),
    "lag_s": (0, 60),
    "mean_s": (1, 30),
    "mean_beats": (0, 16),
    "skin_bias_pct": (0.0, 5.0),
    "skin_tail": (0.0, 2.0),
    "perfusion": (0.01, 1.0),
    "slips_per_h": (0.0, 60.0),
}
_LAG_S = (15.0, 20.0, 40.0)
_LAG_LOG_SD = 0.25
_BEATS = 4


class ModelError(ValueError):
    """A constant that no device has; the message says which and what is allowed."""


class OffCode(StrEnum):
    """How a device says that it has no finger.

    FLAG: no value and a flag. CODES: 127 % and 511 a minute as if they were values (devices of
    unknown make behind a careless gateway). NAN: values that are marked invalid, without a flag.
    """

    FLAG = "flag"
    CODES = "codes"
    NAN = "nan"


@dataclass(frozen=True, slots=True)
class OximeterModel:
    """One device on one finger in one session.

    `flagged_share` of movements are flagged, 0..1. The blood takes `lag_s` from lung to finger
    (20 s, 15..40: S62, S101), then the device averages `mean_s` seconds, or `mean_beats` beats when
    that is not 0. `skin_bias_pct` (+1..+3 on darker skin: S58) is added to every value, and below
    88 % `skin_tail` more for each per cent. `perfusion` multiplies the perfusion index: 1 for a
    warm hand, 0.1 for a cold one. `slips_per_h` is how often the clip slips off a dissociated hand
    (1..2 an hour in PEAK; general knowledge).

    Raises:
        ModelError: a value outside the range of its kind; the message gives the range.
    """

    flagged_share: float = 0.99
    lag_s: int = 20
    mean_s: int = 8
    mean_beats: int = 0
    skin_bias_pct: float = 0.0
    skin_tail: float = 0.0
    perfusion: float = 1.0
    slips_per_h: float = 0.0
    off_code: OffCode = OffCode.FLAG

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ModelError(f"{name} of an oximeter is {value}: use {low:g}..{high:g}")


CLASS_A = OximeterModel()
"""The device that the gate asks for."""

CLASS_B = OximeterModel(flagged_share=0.7)
"""The stress test: a device that misses 3 movements of 10."""


def draw_model(rng: Generator, model: OximeterModel = CLASS_A) -> OximeterModel:
    """Draw one pairing: its lag (median 20 s, 15..40) and a mean over 4 beats or 8 s, each half."""
    low_s, median_s, high_s = _LAG_S
    lag_s = min(max(lognormal(rng, median_s, _LAG_LOG_SD), low_s), high_s)
    beats = _BEATS if float(rng.random()) < 1 / 2 else 0
    return replace(model, lag_s=round(lag_s), mean_beats=beats)
