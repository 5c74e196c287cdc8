"""What every simulated person does: plans their deeds, answers alarms after a human delay.

A person sees what the hub shows and hears what is told to them, and draws only from the generator
that they were given. What a companion or a physician does with it stands in `people`.

    person.test_alarm("rehearsal@5000", at_ms=5_000, median_s=12.0)    plans to answer it by name
"""

from collections.abc import Callable
from enum import StrEnum
from heapq import heappop, heappush
from itertools import count

from numpy.random import Generator

from devices.checkin import CheckIn
from devices.command import Accept, Order, Reset
from devices.observation import Mode
from simulators.board import Board
from simulators.habits import Habits
from simulators.traits import lognormal

__all__ = ["AGAIN_MS", "RETRY_MS", "Act", "Deed", "Person"]

_S = 1000
RETRY_MS = 240_000
AGAIN_MS = 90 * _S


class Deed(StrEnum):
    """What a person does with their hands; the world carries it out."""

    START_CUFF = "start the cuff"
    ROUSE = "wake the patient"
    CHECK_IN = "look and check in"
    HELP = "go on helping, then look and check in"
    COUNT = "count the pulse at the wrist"
    CLIP = "put the clip back on the finger"
    TURN = "turn the patient on the side"


Act = Order | CheckIn | Deed


class Person:
    """A list of things to do, each at its time."""

    def __init__(self, rng: Generator, habits: Habits, session: str, mode: Mode) -> None:
        self._rng = rng
        self._habits = habits
        self._session = session
        self._mode = mode
        self._plans: list[tuple[int, int, Act]] = []
        self._order = count()
        self._quiet_until: dict[str, tuple[int, int]] = {}
        self._over_since: dict[str, int] = {}
        self._tests: set[str] = set()

    def _plan(self, at_ms: int, act: Act) -> None:
        heappush(self._plans, (at_ms, next(self._order), act))

    def _due(self, at_ms: int) -> list[Act]:
        due = []
        while self._plans and self._plans[0][0] <= at_ms:
            due.append(heappop(self._plans)[2])
        return due

    def _delay_ms(self, median_s: float, miss: float | None = None) -> int:
        """Draw a human delay; a miss (of a prompt, or by this chance) is noticed minutes later."""
        chance = self._habits.miss if miss is None else miss
        if float(self._rng.random()) < chance:
            return RETRY_MS
        return round(lognormal(self._rng, median_s, self._habits.log_sd) * _S)

    def away(self, at_ms: int) -> None:
        """They sleep, or are gone: what they meant to do until now is not done."""
        self._due(at_ms)

    def _take(
        self, alarm_id: str, rank: int, at_ms: int, delay_ms: Callable[[], int]
    ) -> int | None:
        """Plan to accept an alarm unless that is under way; return when."""
        until_ms, known_rank = self._quiet_until.get(alarm_id, (at_ms, 0))
        if at_ms < until_ms and rank <= known_rank:
            return None
        accept_ms = at_ms + delay_ms()
        self._quiet_until[alarm_id] = (accept_ms + AGAIN_MS, rank)
        self._plan(accept_ms, Accept(session=self._session, mode=self._mode, alarm=alarm_id))
        return accept_ms

    def _reset_what_is_over(self, board: Board, at_ms: int, after_ms: int) -> None:
        if not board.alarms and not self._over_since:
            return
        over = {alarm.id for alarm in board.alarms if alarm.is_over}
        self._over_since = {alarm: self._over_since.get(alarm, at_ms) for alarm in sorted(over)}
        for alarm, since_ms in self._over_since.items():
            if at_ms - since_ms >= after_ms:
                # Tried again only when even a board from minutes ago would show that it helped.
                self._over_since[alarm] = at_ms + RETRY_MS - after_ms
                self._plan(at_ms, Reset(session=self._session, mode=self._mode, alarm=alarm))

    def test_alarm(self, rehearsal: str, at_ms: int, median_s: float) -> None:
        """A test alarm has reached them: they answer it once, by name."""
        if rehearsal not in self._tests:
            self._tests.add(rehearsal)
            accept = Accept(session=self._session, mode=self._mode, alarm=rehearsal)
            self._plan(at_ms + self._delay_ms(median_s), accept)
