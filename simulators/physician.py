"""The physician of a simulated session, far away: a telephone and what it brings.

A physician takes an alarm that they were told of after a human delay (median 45 s; 5 % take more
than five minutes: `clinical.md` 6.4), resets what the companion left over, calls the room when
asked to, and ends an emergency that is over. Asked about a gate that is on hold they call too: what
a call settles may pass, a pressure that was twice too high may not.

They never see the patient, and draw only from the generator that they were given.

    physician.look(board, at_ms)     -> [Accept(...)]
"""

from numpy.random import Generator

from alerts.condition import Priority
from alerts.envelope import is_rehearsal
from devices.command import CalledBack, CloseEmergency, Gate, Override
from devices.observation import Mode
from simulators.board import Board
from simulators.gatework import PRESSURE
from simulators.habits import Habits
from simulators.person import Act, Person

__all__ = ["Physician"]

_MIN = 60_000
_RESET_AFTER_MS = 3 * _MIN
_LATE_MS = (5 * _MIN, 15 * _MIN)
_OVER_MS = 5 * _MIN


class Physician(Person):
    """A physician: takes an alarm that they were told of, resets what was left over.

    The backup, who is called when the first does not answer, leaves the resetting to them.
    """

    def __init__(
        self,
        rng: Generator,
        habits: Habits,
        *,
        contact: str,
        session: str,
        mode: Mode,
        is_backup: bool = False,
    ) -> None:
        super().__init__(rng, habits, session, mode)
        self.contact = contact
        self._is_backup = is_backup
        self._heard: set[str] = set()
        self._board: Board | None = None
        self._calm_since_ms: int | None = None

    def look(self, board: Board, at_ms: int) -> list[Act]:
        """Return what the physician does in this second, far away."""
        if board is not self._board:
            # The board of a second ago has told them all that it has to say.
            self._board = board
            self._read(board, at_ms)
        if not self._is_backup:
            self._reset_what_is_over(board, at_ms, _RESET_AFTER_MS)
            self._end_emergency(board, at_ms)
        return self._due(at_ms)

    def _read(self, board: Board, at_ms: int) -> None:
        # An alarm that is over by itself is still paged until somebody takes it: no board shows it.
        ranks = {alarm.id: alarm.rank for alarm in board.alarms}
        for told in board.told:
            is_new = told.contact == self.contact and told.delivery not in self._heard
            if is_new and not is_rehearsal(told.alarm):
                self._heard.add(told.delivery)
                rank = ranks.get(told.alarm, 0)
                taken_ms = self._take(told.alarm, rank, at_ms, self._answer_ms)
                if taken_ms is not None and told.alarm.startswith("gate@"):
                    self._decide(board, taken_ms)

    def call_back(self, alarm: str, at_ms: int) -> None:
        """They are asked to call the room about an alarm: they do, and say so."""
        called = CalledBack(session=self._session, mode=self._mode, alarm=alarm)
        self._plan(at_ms + self._delay_ms(self._habits.call_s, 0.0), called)

    def _decide(self, board: Board, taken_ms: int) -> None:
        """Call the people at the gate, and say of each item on hold what becomes of it."""
        at_ms = taken_ms + self._delay_ms(self._habits.call_s, 0.0)
        for name, item in board.gate_items.items():
            if item.state != "hold":
                continue
            if name == PRESSURE:
                act: Act = Gate(
                    session=self._session,
                    mode=self._mode,
                    item=name,
                    state="stop",
                    note="not today",
                )
            else:
                reason = "spoke with both by phone"
                act = Override(session=self._session, mode=self._mode, item=name, reason=reason)
            self._plan(at_ms, act)

    def _answer_ms(self) -> int:
        """Draw the delay of an answer; some are busy, and answer after more than five minutes."""
        if float(self._rng.random()) < self._habits.physician_late:
            return int(self._rng.integers(*_LATE_MS))
        return self._delay_ms(self._habits.physician_s, 0.0)

    def _end_emergency(self, board: Board, at_ms: int) -> None:
        """An emergency without any high alarm for five minutes is over."""
        if board.phase != "emergency" or any(
            one.priority is Priority.HIGH and not one.is_over for one in board.alarms
        ):
            self._calm_since_ms = None
        elif self._calm_since_ms is None:
            self._calm_since_ms = at_ms
        elif at_ms - self._calm_since_ms >= _OVER_MS:
            self._calm_since_ms = at_ms
            self._plan(at_ms, CloseEmergency(session=self._session, mode=self._mode))
