"""The codes of a check-in: what was tapped, what it means, and what is none."""

import pytest

from devices.checkin import (
    Answer,
    Breathing,
    CheckIn,
    CheckInError,
    Colour,
    Mood,
    Mouth,
    Position,
    Sign,
)


def test_a_whole_check_in_is_read_in_any_order() -> None:
    """Five questions, five codes; the codes come back in the order of the questions."""
    check = CheckIn.parse("D1 W4 X2 B0 C0 X10")
    assert check == CheckIn(
        Answer.SLOW,
        Breathing.QUIET,
        Colour.NORMAL,
        Mood.UNEASY,
        (Sign.BREATHLESS, Sign.VOMITED),
    )
    assert check.codes == "W4 B0 C0 D1 X2 X10"


@pytest.mark.parametrize(("code", "moaas"), [("W5", 5), ("W4", 4), ("W3", 3), ("W2", 2), ("W0", 0)])
def test_an_answer_is_a_moaas_rating(code: str, moaas: int) -> None:
    """No lay person gives a pain stimulus, so there is no 1: no answer is 0."""
    assert CheckIn.parse(code).moaas == moaas


def test_a_question_that_was_not_asked_is_none() -> None:
    """During a high alarm only two questions are asked; the others are never taken for fine."""
    assert CheckIn.parse("W5 B1") == CheckIn(Answer.AT_ONCE, Breathing.NOISY, None, None, ())


def test_position_and_mouth_are_extra_questions() -> None:
    """One tap each, last in the codes; without them nothing is known of either."""
    check = CheckIn.parse("M1 L2 W4 X0")
    assert check == CheckIn(
        Answer.SLOW, signs=(Sign.NONE,), position=Position.FACE_DOWN, mouth=Mouth.STILL_THERE
    )
    assert check.codes == "W4 X0 L2 M1"
    assert (CheckIn.parse("W4").position, CheckIn.parse("W4").mouth) == (None, None)


@pytest.mark.parametrize(
    ("codes", "quiet"),
    [("W5 B0", True), ("W4 B0", True), ("W3 B0", False), ("W5 B1", False), ("W5", False)],
)
def test_well_is_easily_woken_and_breathing_quietly(codes: str, quiet: bool) -> None:
    """Breathing that was not looked at is not quiet."""
    assert CheckIn.parse(codes).answers_quiet is quiet


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ("", "check-in has no answer code (W5 W4 W3 W2 W0): ''"),
        ("B0 C0", "check-in has no answer code (W5 W4 W3 W2 W0): 'B0 C0'"),
        ("W5 Q1", "check-in code 'Q1' is unknown: use W B C D X L M F codes"),
        ("W1", "check-in code 'W1' is unknown: use W B C D X L M F codes"),
        ("W5 L3", "check-in code 'L3' is unknown: use W B C D X L M F codes"),
        ("W5 L0 L2", "check-in answers question L twice: 'W5 L0 L2'"),
        ("W5 W4", "check-in answers question W twice: 'W5 W4'"),
        ("W5 X0 X1", "check-in says X0 (none) beside another sign: 'W5 X0 X1'"),
    ],
)
def test_what_is_no_check_in_is_named(codes: str, words: str) -> None:
    """The message says which code, and what would do."""
    with pytest.raises(CheckInError) as caught:
        CheckIn.parse(codes)
    assert str(caught.value) == words
