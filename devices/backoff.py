"""How long to wait before connecting again.

The wait doubles from 0.25 s to 5 s and is spread over its upper half, so that a room of hubs does
not return to its broker in one instant. Five seconds is the cap because a monitor that lost its
devices must be back sooner than its silence alarms can wait.

>>> import random
>>> 125 <= delay_ms(0, random.Random(1)) <= 250
True
"""

import random

__all__ = ["FIRST_MS", "LONGEST_MS", "delay_ms"]

FIRST_MS = 250
LONGEST_MS = 5_000


def delay_ms(failures: int, rng: random.Random) -> int:
    """Return the wait in ms after `failures` (0..) failed attempts in a row."""
    ceiling = min(LONGEST_MS, FIRST_MS << min(failures, 10))
    return rng.randint(ceiling // 2, ceiling)
