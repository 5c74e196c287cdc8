"""The cuff between two readings: asked for, started, done or failed, and how often it failed.

A cuff at home is started by hand and says nothing until it has finished, so its state is what
people tapped and what came of it. One table holds the steps; a step that is not in it changes
nothing. This module keeps no timer, asks nobody and raises nothing: rows of shape `attempts` read
the count (`clinical.md` 2.5 CUFF-FAIL).

>>> cycle = CuffCycle()
>>> cycle.take(CuffStep.PROMPTED, 0), cycle.take(CuffStep.STARTED, 5_000)
(True, True)
>>> cycle.fail(50_000), cycle.state(50_000), cycle.failures
(True, <CuffState.FAILED: 'failed'>, 1)
"""

from collections import deque
from enum import StrEnum

__all__ = ["CuffCycle", "CuffState", "CuffStep"]

# A measurement takes less than this; after it a "started" tap says nothing any more.
_LAPSE_MS = 3 * 60_000
# "At least 60 s between the end of one inflation and the next start" (`clinical.md` 1.4): two words
# within this time, the device's and the person's, are about one attempt.
_SAME_ATTEMPT_MS = 30_000
# "1 fail: retry prompt after 60 s"; "at most 3 inflations in 10 min".
_RETRY_MS, _REST_MS = 60_000, 10 * 60_000
_IN_A_ROW = 3
# "At least 60 s between the end of one inflation and the next start; at most 3 inflations in 10 min
# and 6 in 30 min except with a class E alert" (`clinical.md` 1.4).
_PAUSE_MS = 60_000
_BOUNDS = ((3, 10 * 60_000), (6, 30 * 60_000))


class CuffState(StrEnum):
    """What the cuff is doing, as far as anybody knows."""

    IDLE = "idle"
    DUE = "due"
    STARTED = "started"
    FAILED = "failed"


class CuffStep(StrEnum):
    """What moves the cuff's state."""

    PROMPTED = "prompted"
    STARTED = "started"
    READ = "read"
    FAILED = "failed"


_C, _T = CuffState, CuffStep

TABLE: dict[tuple[CuffState, CuffStep], CuffState] = {
    (_C.IDLE, _T.PROMPTED): _C.DUE,
    (_C.DUE, _T.STARTED): _C.STARTED,
    (_C.FAILED, _T.STARTED): _C.STARTED,
    # Nobody must wait for a prompt; a second tap is a second start.
    (_C.IDLE, _T.STARTED): _C.STARTED,
    (_C.STARTED, _T.STARTED): _C.STARTED,
}
for _state in CuffState:
    # A reading or a failure may come without any tap before it.
    TABLE[_state, _T.READ] = _C.IDLE
    TABLE[_state, _T.FAILED] = _C.FAILED


class CuffCycle:
    """One session's cuff. `failures`: attempts in a row that failed, since `failing_since_ms`."""

    def __init__(self) -> None:
        self._state = CuffState.IDLE
        self._started_ms = 0
        self._failed_ms: int | None = None
        # When each of the last inflations ended, with or without a reading.
        self._ended: deque[int] = deque(maxlen=max(count for count, _ in _BOUNDS))
        self.failures = 0
        self.failing_since_ms: int | None = None

    def state(self, now_ms: int) -> CuffState:
        """What the cuff is doing now; a start from which nothing came is asked for again."""
        if self._state is CuffState.STARTED and now_ms - self._started_ms >= _LAPSE_MS:
            return CuffState.FAILED if self.failures else CuffState.DUE
        return self._state

    def take(self, step: CuffStep, at_ms: int) -> bool:
        """Take a step of the table; False when it has no such step."""
        after = TABLE.get((self._state, step))
        if after is None:
            return False
        self._state = after
        if step is CuffStep.STARTED:
            self._started_ms = at_ms
        elif step is CuffStep.READ:
            self.failures = 0
            self.failing_since_ms = self._failed_ms = None
            self._ended.append(at_ms)
        return True

    def fail(self, at_ms: int) -> bool:
        """An attempt failed; False when it is the one that was told a moment ago."""
        if self._failed_ms is not None and at_ms - self._failed_ms < _SAME_ATTEMPT_MS:
            return False
        self._failed_ms = at_ms
        self.take(CuffStep.FAILED, at_ms)
        self._ended.append(at_ms)
        self.failures += 1
        if self.failing_since_ms is None:
            self.failing_since_ms = at_ms
        return True

    def may_start_ms(self, at_ms: int, *, bounded: bool) -> int:
        """When an inflation that is wanted at `at_ms` may start; `bounded` keeps the arm's rests.

        Only what has ended is known of: a start that nobody taps cannot be counted.
        """
        ended = self._ended
        may_ms = max(at_ms, ended[-1] + _PAUSE_MS) if ended else at_ms
        for count, within_ms in _BOUNDS if bounded else ():
            if len(ended) >= count:
                may_ms = max(may_ms, ended[-count] + within_ms)
        return may_ms

    @property
    def retry_ms(self) -> int:
        """How long after the last failure the next attempt is asked for."""
        return _REST_MS if self.failures >= _IN_A_ROW else _RETRY_MS
