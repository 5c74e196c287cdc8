"""The simulated companion answers each question after the discharge once, in their own time."""

from devices.command import AllWell, NextDay
from devices.observation import Mode
from simulators.afterwards import Afterwards
from simulators.board import Board, Question

WELL = AllWell(well=True, session="s1", mode=Mode.TEST)
FINE = NextDay(
    session="s1", mode=Mode.TEST, mood="good", sleep="well", bladder=False, thoughts="none"
)
MIN = 60_000


def board(*questions: Question) -> Board:
    """What the hub shows of a session in follow-up."""
    return Board("s1", Mode.TEST, 0, "follow_up", follow_up=questions)


def test_nothing_is_said_before_it_is_asked_or_after_it_was_answered() -> None:
    """A question that waits, and no other."""
    after = Afterwards("s1", Mode.TEST)
    quiet = board(Question("question", 5, 9), Question("next_day"))
    assert after.look(quiet, 10, lambda _: 0) == []


def test_each_question_is_answered_once() -> None:
    """And once more when it still waits long after."""
    after = Afterwards("s1", Mode.TEST)
    asked = board(Question("question", 5), Question("next_day", 5))
    first = after.look(asked, 10, lambda median_s: int(median_s) * 1000)
    assert first == [(10 + 5 * MIN, WELL), (10 + 5 * MIN, FINE)]
    assert after.look(asked, 10 + 6 * MIN, lambda _: 0) == []
    late_ms = 10 + 60 * MIN
    assert after.look(asked, late_ms, lambda _: 0) == [(late_ms, WELL), (late_ms, FINE)]
