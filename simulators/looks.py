"""What a lay person sees of a patient in ten seconds, and which buttons they tap for it.

Wakefulness is rated, right or one step off; breath, lips, mood and signs are tapped as they are to
be seen. Position is asked in the first 25 minutes and of a patient who does not answer at once, the
mouth once after T+10, the clip after it was away; during a high alarm only the first two questions
and those that an alarm waits for are asked, and of a patient who does not answer none but the first
(`cards.md` section 2).

They see no device's value and not the inside of the hub.

>>> from numpy.random import default_rng
>>> observed(5, default_rng(1), 0.0)
<Answer.AT_ONCE: 'W5'>
"""

from numpy.random import Generator

from alerts.condition import Priority
from devices.checkin import Answer, Breathing, CheckIn, Clip, Colour, Mouth, Position, Sign
from simulators.board import Board
from simulators.habits import Habits
from simulators.patient import Vitals

__all__ = ["Looks", "observed"]

_MIN = 60_000
_ANSWERS = {5: Answer.AT_ONCE, 4: Answer.SLOW, 3: Answer.LOUD, 2: Answer.SHAKEN, 1: Answer.NONE}
_NOISY_BELOW_PCT = 85.0
_BLUE_BELOW_PCT = 78.0
_POSITION_UNTIL_MS = 25 * _MIN
_MOUTH_FROM_MS = 10 * _MIN
_AWAKE = 5
# Rows that only an answer to "anything else?" ends.
_SIGNS = frozenset({"SYM-EMS", "SYM-LARYNX", "FALL", "HYPO", "NV-ASP"})


def observed(moaas: int, rng: Generator, rating_error: float) -> Answer:
    """Return how a lay person rates MOAA/S 0..5: right, or one step off by that chance."""
    rated = moaas
    if float(rng.random()) < rating_error:
        rated += 1 if float(rng.random()) < 1 / 2 else -1
    return _ANSWERS[min(max(rated, 1), 5)]


class Looks:
    """One companion's eyes. `position` is how the patient lies, as far as anybody moved them."""

    def __init__(self, rng: Generator, habits: Habits) -> None:
        self._rng = rng
        self._habits = habits
        on_back = float(rng.random()) < habits.on_back
        self.position = Position.BACK if on_back else Position.SIDE
        self._saw_mouth = False

    def check_in(self, board: Board, truth: Vitals) -> CheckIn:
        """Return what is tapped for this patient now."""
        answer = observed(truth.moaas, self._rng, self._habits.rating_error)
        if answer is Answer.NONE:
            return CheckIn(answer)
        breathing = truth.breathing
        if breathing is Breathing.QUIET and truth.spo2_pct < _NOISY_BELOW_PCT:
            breathing = Breathing.NOISY
        colour = Colour.BLUE if truth.spo2_pct < _BLUE_BELOW_PCT else Colour.NORMAL
        signs = truth.signs or (Sign.NONE,)
        if any(one.priority is Priority.HIGH and not one.is_over for one in board.alarms):
            held = {row.row for one in board.alarms for row in one.rows if row.present}
            return CheckIn(
                answer,
                breathing,
                colour if "LIPS-BLUE" in held else None,
                truth.mood if "AGIT" in held else None,
                () if _SIGNS.isdisjoint(held) else signs,
            )
        return CheckIn(
            answer,
            breathing,
            colour,
            truth.mood,
            signs,
            self._position(board, truth),
            self._mouth(board),
            Clip.ON if _asks_for_clip(board) else None,
        )

    def _position(self, board: Board, truth: Vitals) -> Position | None:
        if board.dose_ms is None:
            return None
        # The board has the hub's time; the body's own may have begun at another number.
        early = board.at_ms - board.dose_ms < _POSITION_UNTIL_MS
        return self.position if early or truth.moaas < _AWAKE else None

    def _mouth(self, board: Board) -> Mouth | None:
        """Look into the mouth once, when the lozenge should be gone."""
        if board.dose_ms is None or board.at_ms - board.dose_ms < _MOUTH_FROM_MS or self._saw_mouth:
            return None
        self._saw_mouth = True
        kept = float(self._rng.random()) < self._habits.keeps_lozenge
        return Mouth.STILL_THERE if kept else Mouth.EMPTY


def _asks_for_clip(board: Board) -> bool:
    """Whether the hub asks whose finger the clip is on; in these worlds it is the patient's."""
    return any(row.row == "ID-CHECK" for alarm in board.alarms for row in alarm.rows)
