"""The patient's own tap in a simulated home: who is awake reads the page and taps "I am OK".

A patient of MOAA/S 3 or less reads nothing. One who is drowsy or far away takes longer and lets a
tap pass more often, as people who are rated 4 or score high on a dissociation scale do; all
numbers are design choices of this project, no study has counted such taps. What the patient sees is
the hub's board, and nothing of their own truth is told to it but the tap.

It draws only from the generator that it was given.

    taps.look(board, truth)    -> [Ok(session="s1", ...)] in the second of the tap
"""

from numpy.random import Generator

from devices.command import Ok, Order
from devices.observation import Mode
from simulators.board import Board
from simulators.body.vitals import Vitals
from simulators.habits import Habits
from simulators.traits import lognormal

__all__ = ["Taps"]

_S = 1000
_DROWSY = 4
_AWAKE_S, _DROWSY_S = 20.0, 45.0
_FAR = 12.0  # half of the CADSS-6 scale
_FAR_TIMES = 2.0
_DROWSY_MISS, _FAR_MISS = 0.05, 0.25


class Taps:
    """The patient at the page. `habits.miss` 0 is a patient who lets no tap pass while awake."""

    def __init__(self, rng: Generator, habits: Habits, session: str, mode: Mode) -> None:
        self._rng = rng
        self._habits = habits
        self._session = session
        self._mode = mode
        self._due_ms: int | None = None
        self._when_ms: int | None = None

    def look(self, board: Board, truth: Vitals) -> list[Order]:
        """Return the tap of this second, if there is one; `board` is the last that was shown."""
        asked = board.patient_check
        if asked.due_ms is None or asked.from_ms is None or board.at_ms < asked.from_ms:
            self._due_ms = self._when_ms = None
            return []
        if asked.due_ms != self._due_ms and truth.moaas >= _DROWSY:
            # Seen for the first time with open eyes; once per due time.
            self._due_ms, self._when_ms = asked.due_ms, self._answers_at(truth)
        if self._when_ms is None or truth.at_ms < self._when_ms or truth.moaas < _DROWSY:
            return []
        self._when_ms = None
        return [Ok(session=self._session, mode=self._mode)]

    def away(self) -> None:
        """The eyes are closed: what is asked now is seen when they open."""
        self._due_ms = self._when_ms = None

    def _answers_at(self, truth: Vitals) -> int | None:
        """When the patient taps; None: this one is let pass."""
        drowsy, far = truth.moaas == _DROWSY, truth.cadss6 >= _FAR
        chance = self._habits.miss
        if chance > 0:
            chance += _DROWSY_MISS * drowsy + _FAR_MISS * far
        median_s = (_DROWSY_S if drowsy else _AWAKE_S) * (_FAR_TIMES if far else 1.0)
        missed = float(self._rng.random()) < chance
        delay_s = lognormal(self._rng, median_s, self._habits.log_sd)
        return None if missed else truth.at_ms + round(delay_s * _S)
