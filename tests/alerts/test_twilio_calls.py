"""Only a key is an answer; every other end of a call is a failure with its name."""

import pytest

from alerts.channel import News
from alerts.delivery import DeliveryState, Verdict
from alerts.twilio_calls import Call, Step, lost_sight, step
from alerts.twilio_reply import CallSeen, Key
from alerts.twilio_words import arrived, ask_again

URL = "https://handler.example/"
SPOKEN = CallSeen("CA1", "in-progress", "human")
ENDED = CallSeen("CA1", "completed", "human")


def call() -> Call:
    """Return a call that was just placed."""
    return Call("d1", "CA1", URL, 0)


def failed(why: str) -> Step:
    """Return the step of a call that has failed."""
    return Step((News("d1", DeliveryState.FAILED, why),))


def pressed(digit: str, room: str = "CF1", of: str = "CA1") -> Key:
    """Return a key."""
    return Key(room, of, digit)


@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress", ""])
def test_a_call_under_way_proves_nothing(status: str) -> None:
    """Not that it rang, and not that a person picked up."""
    one = call()
    assert (step(one, CallSeen("CA1", status, "human"), ()), one.over) == (Step(), False)


@pytest.mark.parametrize(
    ("digit", "verdict"), [("1", Verdict.ACCEPT), ("2", Verdict.REJECT)], ids=["takes it", "cannot"]
)
def test_a_key_is_the_person_s_answer_and_the_caller_hears_that_it_arrived(
    digit: str, verdict: Verdict
) -> None:
    """Once for each press: the same conference is one press, whoever else has pressed."""
    one = call()
    keys = [pressed("2", "CF0", "CA9"), pressed(digit)]
    news = News("d1", DeliveryState.ANSWERED, f"pressed {digit}", verdict)
    assert [step(one, SPOKEN, keys), step(one, SPOKEN, keys), step(one, ENDED, keys)] == [
        Step((news,), arrived(accept=verdict is Verdict.ACCEPT)),
        Step(),
        Step(),
    ]
    assert one.over


def test_a_second_press_is_told_as_such() -> None:
    """The alarm system decides what it changes; after the end nothing is said."""
    one = call()
    step(one, SPOKEN, [pressed("1")])
    news = News("d1", DeliveryState.ANSWERED, "pressed 2 once more", Verdict.REJECT)
    assert step(one, ENDED, [pressed("1"), pressed("2", "CF2")]) == Step((news,))


def test_an_unknown_key_is_asked_for_again_twice() -> None:
    """Then the call ends by itself, and has failed by that name."""
    one = call()
    keys = [pressed("7", f"CF{n}") for n in range(3)]
    steps = [step(one, SPOKEN, keys[: n + 1]) for n in range(3)]
    ends = [step(one, ENDED, keys) for _ in range(3)]
    assert (steps, ends, one.over) == (
        [Step(say=ask_again(URL)), Step(say=ask_again(URL)), Step()],
        [Step(), Step(), failed("picked up, wrong key pressed")],
        True,
    )


def test_a_call_without_a_key_has_failed_when_no_key_can_come_any_more() -> None:
    """A key may be listed a moment after the end: it still counts."""
    silent, slow = call(), call()
    assert [step(silent, ENDED, ()) for _ in range(4)] == [
        Step(),
        Step(),
        failed("picked up, no key pressed"),
        Step(),
    ]
    step(slow, ENDED, ())
    news = News("d1", DeliveryState.ANSWERED, "pressed 1", Verdict.ACCEPT)
    assert (step(slow, ENDED, [pressed("1")]), slow.over) == (Step((news,)), True)


@pytest.mark.parametrize(
    ("by", "why"),
    [
        ("machine_start", "voicemail"),
        ("machine_end_beep", "voicemail"),
        ("fax", "a fax machine answered"),
    ],
)
def test_a_machine_has_failed_at_once_but_a_key_still_counts(by: str, why: str) -> None:
    """A person may have been taken for a machine, so that nobody hangs up."""
    one = call()
    seen = CallSeen("CA1", "in-progress", by)
    news = News("d1", DeliveryState.ANSWERED, "pressed 1", Verdict.ACCEPT)
    assert [step(one, seen, ()), step(one, seen, ()), step(one, seen, [pressed("1")])] == [
        failed(why),
        Step(),
        Step((news,), arrived(accept=True)),
    ]


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("busy", "busy"),
        ("no-answer", "nobody picked up"),
        ("failed", "the call failed"),
        ("canceled", "the call was cancelled at the service"),
    ],
)
def test_a_call_that_nobody_took_has_failed_by_name(status: str, why: str) -> None:
    """At once, and it is over."""
    one = call()
    assert (step(one, CallSeen("CA1", status), ()), one.over) == (failed(why), True)


def test_a_call_that_was_hung_up_by_the_hub_has_not_failed() -> None:
    """Nobody needed it any more; a key pressed until then is told."""
    one, other = call(), call()
    one.cancelled = other.cancelled = True
    news = News("d1", DeliveryState.ANSWERED, "pressed 1", Verdict.ACCEPT)
    assert [
        *(step(one, ENDED, ()) for _ in range(3)),
        step(other, ENDED, [pressed("1")]),
    ] == [Step(), Step(), Step(), Step((news,))]


def test_a_call_whose_end_is_never_seen_has_failed() -> None:
    """Unless it was answered, has failed or was hung up before."""
    fates = []
    for flag in ("", "answered", "failed", "cancelled"):
        one = call()
        if flag:
            setattr(one, flag, True)
        fates.append((lost_sight(one), one.over))
    assert fates == [
        (failed("the service did not say in 300 s what became of the call"), True),
        (Step(), True),
        (Step(), True),
        (Step(), True),
    ]
