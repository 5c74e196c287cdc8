"""What screens and the command line show of the follow-up: when, and by whom, never what."""

from monitor.follow_views import QuestionView, questions, standing
from tests.acceptance.test_follow_up import discharged, on, well
from tests.timeline import OPENED_S, Timeline

MIN_MS = 60_000
OPENED_MS = OPENED_S * 1000


def test_before_the_discharge_there_is_nothing() -> None:
    """No question, no line."""
    engine = Timeline().engine
    assert (questions(engine), standing(engine, engine.now_ms)) == ((), ())


def test_the_questions_as_they_stand() -> None:
    """Asked, answered, still to come: with times, and with nothing of the answer."""
    line = on(discharged(), 250 * 60)
    dues = (OPENED_MS + 240 * MIN_MS, OPENED_MS + 1_200 * MIN_MS)
    later = QuestionView("next_day", dues[1], None, None, None)
    assert questions(line.engine) == (
        QuestionView("question", dues[0], dues[0], None, None),
        later,
    )
    assert standing(line.engine, line.now_ms) == (
        "the evening's question: asked 10 min ago, no answer yet",
        "the next day's check-in: asked in 950 min",
    )
    well(line)
    answered = QuestionView("question", dues[0], dues[0], line.now_ms, "ann")
    assert questions(line.engine) == (answered, later)
    assert standing(line.engine, line.now_ms)[0] == "the evening's question: answered by ann"
