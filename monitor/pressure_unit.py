"""Blood pressures for people, in mmHg or kPa. The record and every decision are in mmHg x 100.

1 kPa is 7.50062 mmHg: a conventional mmHg is 133.3224 Pa (NIST SP 811, appendix B.8). Shown in
whole mmHg, or in 0.1 kPa as cuffs do that have this unit.

**No value is shown across a limit that it did not cross.** A reading is cut to whole mmHg, a limit
raised to the next, so that the numbers on a screen stand to each other as reading and limit do; one
mmHg is 0.133 kPa, more than the step of 0.1, so that two mmHg never look alike in kPa. The pages do
the same sums (`monitor/web/pressure.js`); this module reads nothing and knows no language.

>>> shown(16_000, "kPa"), limit_shown(16_000, "kPa"), shown(15_999, "mmHg")
('21.3', '21.3', '159')
>>> typed_mmhg("16.0", "kPa")
120
"""

from typing import Final

__all__ = ["PA_PER_MMHG", "limit_shown", "pair_shown", "shown", "typed_mmhg"]

PA_PER_MMHG: Final = 133.3224
"""Pascal in one conventional millimetre of mercury."""

_X: Final = 1_333_224  # ten-thousandths of a pascal: sums stay whole


def shown(value_x100: int, unit: str) -> str:
    """Return one reading for the screen; `unit` is "mmHg" or "kPa"."""
    return _in(value_x100 // 100, unit)


def pair_shown(sbp_x100: int, dbp_x100: int, unit: str) -> str:
    """Return systolic over diastolic.

    >>> pair_shown(12_000, 8_000, "kPa")
    '16.0/10.7'
    """
    return f"{shown(sbp_x100, unit)}/{shown(dbp_x100, unit)}"


def limit_shown(limit_x100: int, unit: str) -> str:
    """Return one limit: a whole reading is below it exactly when its number is.

    >>> limit_shown(15_250, "mmHg")
    '153'
    """
    return _in(-(-limit_x100 // 100), unit)


def typed_mmhg(words: str, unit: str) -> int | None:
    """Return what a person typed, in whole mmHg; None when it is no number of 0 to 400 mmHg.

    What is shown in kPa and typed off again is the same mmHg: 0.05 kPa is less than half a mmHg.
    """
    try:
        number = float(words.replace(",", "."))
    except ValueError:
        return None
    mmhg = number * 1000 / PA_PER_MMHG if unit == "kPa" else number
    return round(mmhg) if 0 <= mmhg <= 400 else None  # noqa: PLR2004 - the bound of the order


def _in(mmhg: int, unit: str) -> str:
    if unit != "kPa":
        return str(mmhg)
    tenths = (mmhg * _X + 500_000) // 1_000_000
    return f"{tenths // 10}.{tenths % 10}"
