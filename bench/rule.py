"""The rule that all engines are given, and Vigil's own way to keep it.

For each session, of one SpO2 a second: **low** from the first sample below 90 at or after 15 s
below, if at least half of the samples since the start were below (three samples in a row at 90 or
more end the start); over when all samples were at 92 or more for 30 s. **Falling** when the
Theil-Sen slope of the last 5 minutes is at or below -1.2 points a minute: at least half of all
pairs are that steep. A verdict is `(low, falling)` for each sample; every engine must give the very
same ones.

    rules = vigil_rules()
    rules("s1", 61_000, 8_900)    -> (False, True)
"""

from collections import defaultdict
from collections.abc import Callable

from monitor.detectors.delay import ClearTime, Delay
from monitor.slope import SlopeTest

__all__ = [
    "AGAIN_X100",
    "CLEAR_MS",
    "DELAY_MS",
    "INSIDE",
    "INTERVAL_MS",
    "LOW_X100",
    "POINTS",
    "SLOPE_X100_PER_MIN",
    "WINDOW_MS",
    "Feed",
    "Rule",
    "Verdict",
    "vigil_rules",
]

LOW_X100 = 90_00
AGAIN_X100 = 92_00
DELAY_MS = 15_000
CLEAR_MS = 30_000
INSIDE = 3
INTERVAL_MS = 1_000
WINDOW_MS = 300_000
POINTS = WINDOW_MS // INTERVAL_MS + 1
SLOPE_X100_PER_MIN = -120

Verdict = tuple[bool, bool]
Feed = Callable[[str, int, int], Verdict]


class Rule:
    """One session: the project's delay, clear time and slope test."""

    __slots__ = ("_clear", "_delay", "_slope", "low")

    def __init__(self) -> None:
        self._delay = Delay()
        self._clear = ClearTime()
        self._slope = SlopeTest(WINDOW_MS, SLOPE_X100_PER_MIN)
        self.low = False

    def take(self, at_ms: int, spo2_x100: int) -> Verdict:
        """Take one sample."""
        slot = at_ms // INTERVAL_MS
        if spo2_x100 < LOW_X100:
            if self._delay.beyond(at_ms, slot, INTERVAL_MS, DELAY_MS, 1):
                self.low = True
        else:
            self._delay.within(at_ms, slot)
        if spo2_x100 < AGAIN_X100:
            self._clear.restart()
        elif self.low and self._clear.reached(at_ms, False, CLEAR_MS):
            self.low = False
            self._clear.restart()
            self._delay.stop()
        self._slope.add(at_ms, spo2_x100)
        return self.low, bool(self._slope.at_most)


def vigil_rules() -> Feed:
    """Return Vigil's rules of all sessions as one function."""
    rules: dict[str, Rule] = defaultdict(Rule)

    def feed(session: str, at_ms: int, spo2_x100: int) -> Verdict:
        return rules[session].take(at_ms, spo2_x100)

    return feed
