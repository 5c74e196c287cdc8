"""Whose answer a text message is, and what each other text message means: by name and counted."""

from alerts.channel import News
from alerts.delivery import DeliveryState, Verdict
from alerts.twilio_reply import Inbound, MessageSeen
from alerts.twilio_texts import KEPT, Texts, Took, Treatment

LEE, ANN, OTHER = "+15550111", "+15550112", "+15550199"
NOW_S = 1_000_000


def opened(texts: Texts, delivery: str = "d1", number: str = LEE, at_ms: int = 0) -> str:
    """Open a message that the service took at NOW_S; return its code."""
    code = texts.open(delivery, number, at_ms, NOW_S)
    texts.sent(delivery, MessageSeen(f"SM-{delivery}", "queued", NOW_S))
    return code


def inbound(sid: str, body: str, number: str = LEE, sent_s: int = NOW_S + 5) -> Inbound:
    """Return a text message that came in."""
    return Inbound(sid, number, body, sent_s)


def answered(delivery: str, detail: str, verdict: Verdict = Verdict.ACCEPT) -> News:
    """Return the news of an answer."""
    return News(delivery, DeliveryState.ANSWERED, detail, verdict)


def test_codes_of_one_number_differ_and_go_round() -> None:
    """Two digits from the first code on; another number may have the same."""
    texts = Texts(88)
    assert [
        texts.open("a", LEE, 0, NOW_S),
        texts.open("b", LEE, 0, NOW_S),
        texts.open("c", LEE, 0, NOW_S),
    ] == ["98", "99", "10"]


def test_the_ninety_first_message_to_a_number_takes_the_oldest_code() -> None:
    """And the oldest message is no longer answered."""
    texts = Texts(0)
    codes = [opened(texts, f"d{n}") for n in range(91)]
    took = texts.took(inbound("SM1", f"YES {codes[0]}"))
    assert (len(set(codes)), codes[90], took.news) == (
        90,
        codes[0],
        answered("d90", "answered by text message"),
    )


def test_an_answer_from_the_number_with_the_code_is_the_person_s() -> None:
    """Yes takes it, no gives it up."""
    texts = Texts(37)
    opened(texts, "d1")
    opened(texts, "d2")
    assert [texts.took(inbound("SM1", "YES 47")), texts.took(inbound("SM2", "no 48"))] == [
        Took(Treatment.TAKEN, answered("d1", "answered by text message")),
        Took(Treatment.TAKEN, answered("d2", "answered by text message", Verdict.REJECT)),
    ]


def test_double_and_late_answers_are_told_as_such() -> None:
    """The alarm system decides what they still change; the same message twice is one."""
    texts = Texts(37)
    opened(texts, "d1")
    opened(texts, "d2")
    texts.unwanted("d2")
    texts.unwanted("unknown")
    took = [
        texts.took(inbound("SM1", "YES 47")),
        texts.took(inbound("SM1", "YES 47")),
        texts.took(inbound("SM2", "NO 47")),
        texts.took(inbound("SM3", "YES 48")),
    ]
    assert took == [
        Took(Treatment.TAKEN, answered("d1", "answered by text message")),
        Took(Treatment.SEEN),
        Took(
            Treatment.DOUBLE,
            answered("d1", "answered by text message once more", Verdict.REJECT),
        ),
        Took(Treatment.LATE, answered("d2", "answered by text message when it was over")),
    ]
    assert texts.counts == dict.fromkeys(Treatment, 0) | {
        Treatment.TAKEN: 1,
        Treatment.SEEN: 1,
        Treatment.DOUBLE: 1,
        Treatment.LATE: 1,
    }


def test_what_is_not_understood_takes_nothing_and_says_so_three_times() -> None:
    """With the open codes; a machine that writes back cannot make the hub write for ever."""
    texts = Texts(37)
    opened(texts, "d1")
    texts.took(inbound("SM0", "YES 47"))
    opened(texts, "d2")
    opened(texts, "d3")
    took = [texts.took(inbound(f"SM{n}", body)) for n, body in enumerate(["ok", "YES 99"] * 2, 1)]
    hint = "That was not understood and nothing was taken. Answer YES 48 or YES 49 (or NO)."
    assert took == [Took(Treatment.WRONG, reply=hint)] * 3 + [Took(Treatment.WRONG)]


def test_an_answer_from_another_number_takes_nothing() -> None:
    """Even with the right code; it is not replied to."""
    texts = Texts(37)
    opened(texts)
    opened(texts, "d2", ANN)
    assert [
        texts.took(inbound("SM1", "YES 47", OTHER)),
        texts.took(inbound("SM2", "YES 48", LEE)).treatment,
    ] == [Took(Treatment.STRANGER), Treatment.WRONG]


def test_what_is_older_than_the_messages_means_none_of_them() -> None:
    """A list reaches back a day: yesterday's YES 47 takes nothing of today, and is not replied to.

    By the service's own time; before that is known, by the hub's with two minutes of room.
    """
    texts = Texts(37)
    assert texts.took(inbound("SM0", "YES 47")) == Took(Treatment.OLD)
    opened(texts, "d1")
    texts.open("d2", ANN, 0, NOW_S + 500)
    texts.perhaps_sent("d2")
    texts.perhaps_sent("unknown")
    assert [
        texts.took(inbound("SM1", "YES 47", sent_s=NOW_S - 1)),
        texts.took(inbound("SM2", "YES 48", ANN, NOW_S + 379)),
        texts.took(inbound("SM3", "YES 48", ANN, NOW_S + 380)).news,
    ] == [Took(Treatment.OLD), Took(Treatment.OLD), answered("d2", "answered by text message")]


def test_an_answer_waits_while_a_message_to_its_number_is_being_sent() -> None:
    """Only the service's time of that message tells whether the answer is older than it."""
    texts = Texts(37)
    texts.open("d1", LEE, 0, NOW_S)
    waits = texts.took(inbound("SM1", "YES 47", sent_s=NOW_S - 5))
    texts.sent("d1", MessageSeen("SM-d1", "queued", NOW_S))
    again = texts.took(inbound("SM1", "YES 47", sent_s=NOW_S - 5))
    assert (waits, again, texts.counts[Treatment.LATER]) == (
        Took(Treatment.LATER),
        Took(Treatment.OLD),
        0,
    )


def test_the_fate_of_a_message_is_told_once() -> None:
    """Delivered, or lost with the service's code; nothing in between."""
    texts = Texts(0)
    opened(texts, "d1")
    opened(texts, "d2")
    opened(texts, "d3")
    fates = [
        texts.fate("d1", MessageSeen("SM-d1", "sent", NOW_S)),
        texts.fate("d1", MessageSeen("SM-d1", "delivered", NOW_S)),
        texts.fate("d1", MessageSeen("SM-d1", "delivered", NOW_S)),
        texts.fate("d2", MessageSeen("SM-d2", "undelivered", NOW_S, 30003)),
        texts.fate("d3", MessageSeen("SM-d3", "failed", NOW_S)),
        texts.fate("unknown", MessageSeen("SM-x", "failed", NOW_S)),
    ]
    assert (fates, texts.unsettled(1)) == (
        [
            None,
            News("d1", DeliveryState.DELIVERED, "the carrier says it is on the telephone"),
            None,
            News("d2", DeliveryState.FAILED, "undelivered: twilio error 30003"),
            News("d3", DeliveryState.FAILED, "failed"),
            None,
        ],
        [],
    )


def test_a_message_is_followed_for_an_hour() -> None:
    """Then nobody asks for its receipt; one without a SID is not asked for at all."""
    texts = Texts(0)
    opened(texts, "d1", at_ms=1_000)
    texts.open("d2", ANN, 2_000, NOW_S)
    assert (
        texts.unsettled(3_000),
        texts.age_ms(3_000),
        texts.unsettled(3_601_000),
        texts.age_ms(3_601_999),
        texts.age_ms(3_602_000),
        Texts(0).age_ms(0),
    ) == ([("d1", "SM-d1")], 1_000, [], 3_599_999, None, None)


def test_a_message_that_was_not_sent_is_forgotten() -> None:
    """Its code means nothing, and news of it are none."""
    texts = Texts(37)
    texts.open("d1", LEE, 0, NOW_S)
    texts.forget("d1")
    texts.sent("d1", MessageSeen("SM1", "queued", NOW_S))
    assert texts.took(inbound("SM1", "YES 47")) == Took(Treatment.OLD)


def test_what_is_remembered_is_bounded() -> None:
    """The oldest goes first, messages and answers alike."""
    texts = Texts(0)
    for n in range(KEPT + 1):
        texts.open(f"d{n}", f"+1555{n:04}", 0, NOW_S)
        texts.took(inbound(f"SM{n}", "?", "+49301"))
    assert (len(texts._texts), "d0" in texts._texts, len(texts._seen)) == (KEPT, False, KEPT)
