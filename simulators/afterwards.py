"""What a companion answers after the discharge: the question of the evening, and the next day's.

Nobody hurries then: the answer comes some minutes after the question has been seen, and once more
when it still waits long after. This model knows nobody who is not well; what a finding leads to is
told by scenarios that give the order themselves. It sees the board only.

    after.look(board, at_ms, lambda median_s: 240_000)   -> [(at_ms + 240_000, AllWell(...))]
"""

from collections.abc import Callable

from devices.command import AllWell, NextDay, Order
from devices.observation import Mode
from simulators.board import Board
from simulators.person import RETRY_MS

__all__ = ["Afterwards"]

_MEDIAN_S = 300.0


class Afterwards:
    """One companion's answers in one session."""

    def __init__(self, session: str, mode: Mode) -> None:
        self._session, self._mode = session, mode
        self._until_ms: dict[str, int] = {}

    def look(
        self, board: Board, at_ms: int, delay_ms: Callable[[float], int]
    ) -> list[tuple[int, Order]]:
        """Return what is answered, each with its time; `delay_ms` draws from a median in s."""
        plans: list[tuple[int, Order]] = []
        for question in board.follow_up:
            if not question.waits or at_ms < self._until_ms.get(question.name, at_ms):
                continue
            when_ms = at_ms + delay_ms(_MEDIAN_S)
            self._until_ms[question.name] = when_ms + RETRY_MS
            plans.append((when_ms, self._answer(question.name)))
        return plans

    def _answer(self, name: str) -> Order:
        if name == "question":
            return AllWell(session=self._session, mode=self._mode, well=True)
        return NextDay(
            session=self._session,
            mode=self._mode,
            mood="good",
            sleep="well",
            bladder=False,
            thoughts="none",
        )
