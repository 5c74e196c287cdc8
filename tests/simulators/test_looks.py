"""A companion taps what is to be seen, when it is asked, and errs as lay people do."""

from dataclasses import replace

import msgspec
import pytest
from numpy.random import default_rng

from alerts.condition import Priority
from devices.checkin import Answer, Breathing, Mood, Mouth, Position, Sign
from devices.observation import Mode
from simulators.board import Board, Row, Seen
from simulators.habits import ATTENTIVE
from simulators.looks import Looks, observed
from simulators.patient import Vitals

WELL = Vitals(0, 97.0, 72.0, 120.0, 75.0, 3.0, 5, 0.0)
BOARD = Board("s1", Mode.DEMO, 0, "peak")
DOSED = msgspec.structs.replace(BOARD, dose_ms=0)
MIN = 60_000


def tapped(truth: Vitals, board: Board = BOARD) -> str:
    """The codes of one look."""
    return Looks(default_rng(1), ATTENTIVE).check_in(board, truth).codes


@pytest.mark.parametrize(
    ("truth", "codes"),
    [
        (WELL, "W5 B0 C0 D0 X0"),
        (replace(WELL, moaas=4, spo2_pct=84.0), "W4 B1 C0 D0 X0"),
        (replace(WELL, moaas=3, spo2_pct=77.0, breathing=Breathing.SLOW), "W3 B2 C2 D0 X0"),
        (replace(WELL, mood=Mood.UPSET, signs=(Sign.VOMITED,)), "W5 B0 C0 D2 X10"),
        (replace(WELL, moaas=1, spo2_pct=60.0, breathing=Breathing.NOT), "W0"),
    ],
)
def test_what_is_to_be_seen_is_tapped(truth: Vitals, codes: str) -> None:
    """Breath, lips, mood and signs; of a patient who does not answer nothing else."""
    assert tapped(truth) == codes


def test_during_a_high_alarm_two_questions_are_enough() -> None:
    """Answer and breathing; all five again when the alarm is over or less than high."""
    alarm = Seen("oxygen@5", "oxygen", Priority.HIGH, 5, rows=(Row("SPO2-LOW", Priority.HIGH),))
    over = msgspec.structs.replace(alarm, rows=(Row("SPO2-LOW", Priority.HIGH, present=False),))
    medium = msgspec.structs.replace(alarm, priority=Priority.MEDIUM)
    shown = [msgspec.structs.replace(BOARD, alarms=(one,)) for one in (alarm, over, medium)]
    assert [tapped(WELL, board) for board in shown] == [
        "W5 B0",
        "W5 B0 C0 D0 X0",
        "W5 B0 C0 D0 X0",
    ]


@pytest.mark.parametrize(
    ("row", "codes"),
    [("LIPS-BLUE", "W4 B0 C0"), ("AGIT", "W4 B0 D0"), ("SYM-EMS", "W4 B0 X0"), ("PANIC", "W4 B0")],
)
def test_the_question_that_an_alarm_waits_for_is_answered(row: str, codes: str) -> None:
    """Besides the first two, and no other."""
    alarm = Seen("x@5", "x", Priority.HIGH, 5, rows=(Row(row, Priority.HIGH),))
    board = msgspec.structs.replace(BOARD, alarms=(alarm,))
    assert tapped(replace(WELL, moaas=4), board) == codes


def after(minutes: int) -> Board:
    """What the hub shows so long after the dose, in a time of its own."""
    return msgspec.structs.replace(DOSED, dose_ms=7, at_ms=7 + minutes * MIN)


def test_position_is_asked_early_and_of_the_sleepy() -> None:
    """In the first 25 minutes of everybody, later of those with W4 or less; never before a dose."""
    looks = Looks(default_rng(1), ATTENTIVE)
    sleepy = replace(WELL, moaas=4)
    asked = [
        looks.check_in(board, truth).position
        for board, truth in (
            (after(5), WELL),
            (after(40), WELL),
            (after(40), sleepy),
            (BOARD, sleepy),
        )
    ]
    assert asked == [Position.SIDE, None, Position.SIDE, None]


def test_some_lie_on_the_back() -> None:
    """As many as the habits say."""
    lying = replace(ATTENTIVE, on_back=0.1)
    backs = sum(Looks(default_rng(seed), lying).position is Position.BACK for seed in range(2000))
    assert backs / 2000 == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(("kept", "mouth"), [(0.0, Mouth.EMPTY), (1.0, Mouth.STILL_THERE)])
def test_the_mouth_is_looked_into_once_after_ten_minutes(kept: float, mouth: Mouth) -> None:
    """Not before T+10, and not again."""
    looks = Looks(default_rng(1), replace(ATTENTIVE, keeps_lozenge=kept))
    seen = [looks.check_in(after(minutes), WELL).mouth for minutes in (5, 10, 20)]
    assert seen == [None, mouth, None]


def test_ratings_are_wrong_in_one_of_ten() -> None:
    """One step more or less, half each (`clinical.md` 6.4)."""
    rng = default_rng(1)
    rated = [observed(4, rng, 0.1) for _ in range(5000)]
    shares = [rated.count(one) / 5000 for one in (Answer.AT_ONCE, Answer.SLOW, Answer.LOUD)]
    assert shares == pytest.approx([0.05, 0.9, 0.05], abs=0.01)


@pytest.mark.parametrize(
    ("moaas", "answer"),
    [
        (5, Answer.AT_ONCE),
        (4, Answer.SLOW),
        (3, Answer.LOUD),
        (2, Answer.SHAKEN),
        (1, Answer.NONE),
        (0, Answer.NONE),
    ],
)
def test_a_rating_without_error_is_the_truth(moaas: int, answer: Answer) -> None:
    """Each MOAA/S has its button; 0 and 1 share one, since nobody gives pain."""
    assert observed(moaas, default_rng(1), 0.0) is answer


def test_a_rating_error_is_one_step() -> None:
    """An erring rater says one step more or one less, and never leaves the scale."""
    rng = default_rng(1)
    threes = {observed(3, rng, 1.0) for _ in range(50)}
    fives = {observed(5, rng, 1.0) for _ in range(50)}
    assert (threes, fives) == (
        {Answer.SLOW, Answer.SHAKEN},
        {Answer.AT_ONCE, Answer.SLOW},
    )


def test_whose_finger_the_clip_is_on_is_said_when_it_is_asked() -> None:
    """After the clip was away; in these worlds it is always the patient's own."""
    row = Row("ID-CHECK", Priority.LOW)
    asked = msgspec.structs.replace(
        BOARD, alarms=(Seen("identity@5", "identity", Priority.LOW, 5, rows=(row,)),)
    )
    assert tapped(WELL, asked) == "W5 B0 C0 D0 X0 F0"
