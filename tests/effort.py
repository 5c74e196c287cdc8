"""How many examples a property is tried with: few in the daily run, many at night.

The number that a test asks for is that of `make test`. VIGIL_EFFORT multiplies it, and in
conftest.py Hypothesis' own default too; `make nightly` sets 10, `make check` a quarter. What is
asserted is the same at any effort.

>>> tries(20).max_examples == round(20 * EFFORT)
True
"""

import os
from typing import Final

from hypothesis import settings

__all__ = ["EFFORT", "tries"]

EFFORT: Final = float(os.environ.get("VIGIL_EFFORT", "1"))


def tries(daily: int) -> settings:
    """Return the settings of a property that costs more, or less, than most."""
    return settings(max_examples=max(1, round(daily * EFFORT)))
