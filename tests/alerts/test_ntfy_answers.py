"""An answer counts only when this hub has written its button; every other line has its name too."""

from alerts.channel import News
from alerts.delivery import DeliveryState, Verdict
from alerts.ntfy_answers import KEPT, Answers, Seal, Treatment

SECRET = "tk_secret"
NAME = "oxygen@5/dr-lee/0@5"


def answer(detail: str, verdict: Verdict = Verdict.ACCEPT) -> News:
    """Return the news of an answer."""
    return News(NAME, DeliveryState.ANSWERED, detail, verdict)


def test_a_sealed_body_opens_to_what_was_closed_and_shows_nothing() -> None:
    """Also by the next process of the same hub; the record's names are not to be read in it."""
    body = Seal(SECRET).close(NAME, Verdict.REJECT)
    assert (Seal(SECRET).open(body), "oxygen" in body, body.isprintable(), len(body) < 300) == (
        (NAME, Verdict.REJECT),
        False,
        True,
        True,
    )


def test_nobody_else_s_body_opens() -> None:
    """Another token, another process without a token, a changed letter, a stranger's words."""
    body = Seal(SECRET).close(NAME, Verdict.ACCEPT)
    changed = body[:-5] + ("A" if body[-5] != "A" else "B") + body[-4:]
    bodies = (Seal("tk_other").close(NAME, Verdict.ACCEPT), changed, "yes", "", "ä")
    nameless = Seal("")
    mine = nameless.close(NAME, Verdict.ACCEPT)
    assert (
        [Seal(SECRET).open(each) for each in bodies],
        Seal("").open(mine),
        nameless.open(mine),
    ) == ([None] * 5, None, (NAME, Verdict.ACCEPT))


def test_each_line_has_its_treatment_and_is_counted() -> None:
    """Taken, the same line again, a second press of another button, a stranger's word."""
    seal = Seal(SECRET)
    answers = Answers(seal)
    yes, no = seal.close(NAME, Verdict.ACCEPT), seal.close(NAME, Verdict.REJECT)
    got = [answers.take(*line) for line in (("a", yes), ("a", yes), ("b", no), ("c", "hello"))]
    assert (got, answers.counts) == (
        [
            (Treatment.TAKEN, answer("answered on the notification")),
            (Treatment.SEEN, None),
            (Treatment.DOUBLE, answer("answered on the notification once more", Verdict.REJECT)),
            (Treatment.WRONG, None),
        ],
        {
            Treatment.TAKEN: 1,
            Treatment.DOUBLE: 1,
            Treatment.LATE: 0,
            Treatment.SEEN: 1,
            Treatment.WRONG: 1,
        },
    )


def test_an_answer_to_a_withdrawn_message_is_told_as_late() -> None:
    """The alarm system decides what it still means."""
    seal = Seal(SECRET)
    answers = Answers(seal)
    answers.withdrawn(NAME)
    assert answers.take("a", seal.close(NAME, Verdict.ACCEPT)) == (
        Treatment.LATE,
        answer("answered on a notification that was withdrawn"),
    )


def test_what_is_remembered_is_bounded() -> None:
    """After many lines the first is forgotten, and would be taken for new."""
    answers = Answers(Seal(SECRET))
    for number in range(KEPT + 1):
        answers.take(f"line {number}", "x")
    assert (answers.take("line 1", "x")[0], answers.take("line 0", "x")[0]) == (
        Treatment.SEEN,
        Treatment.WRONG,
    )
