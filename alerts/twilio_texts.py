"""Text messages under way: which code names which message, and what each answer means.

An answer counts when it comes from the very number that was written to, names that message by its
code and is not older than the message. Every answer has a treatment with a name, and each is
counted; one that was not understood is answered, so that nobody believes to have taken what they
have not. Double and late answers are told like the first, because the alarm system knows what they
still change. This module sends nothing; a restart forgets its codes, and then an answer to an older
message is that of a stranger: the messages that the hub sends after a restart have new codes.

    code = texts.open("oxygen@5/lee/0@5", "+15550111", at_ms=0, now_s=1_790_000_000)
    texts.took(inbound)     -> Took(Treatment.TAKEN, News(..., ANSWERED, ACCEPT))
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from alerts.channel import News
from alerts.delivery import DeliveryState, Verdict
from alerts.twilio_reply import Inbound, MessageSeen
from alerts.twilio_words import not_open, read_answer

__all__ = ["KEPT", "Texts", "Took", "Treatment"]

KEPT: Final = 500
"""So many messages and answers are remembered, the oldest forgotten first."""

_CODES: Final = range(10, 100)
_MOST_REPLIES: Final = 3
# After this long nobody waits for a receipt or an answer any more: the ladder has gone far beyond.
_FOLLOWED_MS: Final = 3_600_000
# How far the service's clock may be behind the hub's, before its own time of a message is known.
_CLOCKS_APART_S: Final = 120

_DELIVERED: Final = frozenset({"delivered", "read"})
_LOST: Final = frozenset({"undelivered", "failed", "canceled"})


class Treatment(StrEnum):
    """What became of one text message that came in."""

    TAKEN = "taken"
    DOUBLE = "double"
    LATE = "late"
    SEEN = "seen before"
    OLD = "older than every open message"
    LATER = "a message to this number is just being sent"
    WRONG = "no open message has this code"
    STRANGER = "from another number"


@dataclass(frozen=True, slots=True)
class Took:
    """What an inbound message was; `news` to tell, and the text to reply with (empty: none)."""

    treatment: Treatment
    news: News | None = None
    reply: str = ""


@dataclass(slots=True)
class _Text:
    delivery: str
    number: str
    code: str
    at_ms: int
    since_s: int
    sending: bool = True
    sid: str = ""
    settled: bool = False
    answered: bool = False
    unwanted: bool = False


@dataclass(slots=True)
class Texts:
    """All text messages of one channel.

    Args:
        first_code: where the codes begin; a random one keeps answers to the messages of an earlier
            run of the hub from meaning a new message.
    """

    first_code: int
    counts: dict[Treatment, int] = field(default_factory=lambda: dict.fromkeys(Treatment, 0))
    _texts: OrderedDict[str, _Text] = field(default_factory=OrderedDict)
    _seen: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _replies: dict[str, int] = field(default_factory=dict)

    def open(self, delivery: str, number: str, at_ms: int, now_s: int) -> str:
        """Choose the code of a message that is about to be sent, and wait for its answer.

        Args:
            delivery: the message's name for ever.
            number: where it goes.
            at_ms: the channel's own steady time.
            now_s: wall time in seconds since 1970; replaced by the service's when that is known.
        """
        used = {text.code for text in self._texts.values() if text.number == number}
        codes = [str(_CODES[(self.first_code + step) % len(_CODES)]) for step in range(len(_CODES))]
        # With 90 messages to one number the oldest code is used anew: its message is long over.
        code = next((code for code in codes if code not in used), codes[0])
        self.first_code = int(code) + 1 - _CODES.start
        for other in [t for t in self._texts.values() if (t.number, t.code) == (number, code)]:
            del self._texts[other.delivery]
        self._texts[delivery] = _Text(delivery, number, code, at_ms, now_s - _CLOCKS_APART_S)
        self._replies.pop(number, None)
        while len(self._texts) > KEPT:
            self._texts.popitem(last=False)
        return code

    def forget(self, delivery: str) -> None:
        """The message was certainly not sent."""
        self._texts.pop(delivery, None)

    def sent(self, delivery: str, seen: MessageSeen) -> None:
        """The service has taken the message."""
        text = self._texts.get(delivery)
        if text is not None:
            text.sid, text.since_s, text.sending = seen.sid, seen.created_s, False

    def perhaps_sent(self, delivery: str) -> None:
        """The request was given up; the person may have the message all the same."""
        text = self._texts.get(delivery)
        if text is not None:
            text.sending = False

    def unwanted(self, delivery: str) -> None:
        """Nobody needs to answer any more; what is out stays out."""
        if delivery in self._texts:
            self._texts[delivery].unwanted = True

    def unsettled(self, at_ms: int) -> list[tuple[str, str]]:
        """Return (delivery, sid) of the messages whose receipt is still asked for."""
        return [
            (text.delivery, text.sid)
            for text in self._texts.values()
            if text.sid and not text.settled and at_ms - text.at_ms < _FOLLOWED_MS
        ]

    def age_ms(self, at_ms: int) -> int | None:
        """Return the age of the newest message that may still be answered, or None."""
        ages = [at_ms - text.at_ms for text in self._texts.values()]
        return min((age for age in ages if age < _FOLLOWED_MS), default=None)

    def fate(self, delivery: str, seen: MessageSeen) -> News | None:
        """Return what the service has come to know of a message, once."""
        text = self._texts.get(delivery)
        if text is None or text.settled:
            return None
        if seen.status in _DELIVERED:
            text.settled = True
            return News(
                delivery, DeliveryState.DELIVERED, "the carrier says it is on the telephone"
            )
        if seen.status in _LOST:
            text.settled = True
            code = "" if seen.error_code is None else f": twilio error {seen.error_code}"
            return News(delivery, DeliveryState.FAILED, f"{seen.status}{code}")
        return None

    def took(self, inbound: Inbound) -> Took:
        """Treat one message that came in to our number.

        Whether it is older than a message can be said only when the service's time of that message
        is known: until then it is treated as `LATER`, and is to be shown again.
        """
        if any(text.sending and text.number == inbound.number for text in self._texts.values()):
            return Took(Treatment.LATER)
        took = self._judge(inbound)
        self.counts[took.treatment] += 1
        return took

    def _judge(self, inbound: Inbound) -> Took:
        if inbound.sid in self._seen:
            return Took(Treatment.SEEN)
        self._seen[inbound.sid] = None
        while len(self._seen) > KEPT:
            self._seen.popitem(last=False)
        if all(inbound.sent_s < text.since_s for text in self._texts.values()):
            return Took(Treatment.OLD)
        texts = [text for text in self._texts.values() if text.number == inbound.number]
        if not texts:
            return Took(Treatment.STRANGER)
        texts = [text for text in texts if inbound.sent_s >= text.since_s]
        if not texts:
            return Took(Treatment.OLD)
        answer = read_answer(inbound.body)
        text = next((text for text in texts if answer and text.code == answer.code), None)
        if answer is None or text is None:
            return Took(Treatment.WRONG, reply=self._not_understood(inbound.number, texts))
        treatment, detail = Treatment.TAKEN, "answered by text message"
        if text.answered:
            treatment, detail = Treatment.DOUBLE, "answered by text message once more"
        elif text.unwanted:
            treatment, detail = Treatment.LATE, "answered by text message when it was over"
        text.answered = text.settled = True
        verdict = Verdict.ACCEPT if answer.accept else Verdict.REJECT
        return Took(treatment, News(text.delivery, DeliveryState.ANSWERED, detail, verdict))

    def _not_understood(self, number: str, texts: list[_Text]) -> str:
        """Return what is replied; no machine can make the hub write for ever."""
        self._replies[number] = self._replies.get(number, 0) + 1
        if self._replies[number] > _MOST_REPLIES:
            return ""
        return not_open(
            [t.code for t in texts if not t.answered and not t.unwanted][-_MOST_REPLIES:]
        )
