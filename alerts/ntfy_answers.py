"""What the buttons of a notification post: an answer that only this hub can have written.

A button's body is sealed with a key of the hub's own (Fernet: AES and HMAC from `cryptography`), so
that whoever knows the answer topic can neither forge an answer nor read the record names in it. The
key is derived from the server's access token, which outlives a restart of the hub; without a token
it is made anew by each process, and then a restart makes older buttons worthless: their answers are
`WRONG`. Every answer has a treatment with a name, and each is counted.

    seal = Seal("tk_secret")
    seal.open(seal.close("oxygen@5/dr-lee/0@5", Verdict.ACCEPT))    # (delivery, verdict)
"""

import base64
import hashlib
import json
from collections import OrderedDict
from enum import StrEnum
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from alerts.channel import News
from alerts.delivery import DeliveryState, Verdict

__all__ = ["KEPT", "Answers", "Seal", "Treatment"]

KEPT: Final = 500
"""So many withdrawn, answered and seen messages are remembered, the oldest forgotten first."""

_FOR: Final = b"vigil: the answers to ntfy messages\0"


class Treatment(StrEnum):
    """What became of one line of the answer topic.

    Taken, double and late answers are told, because the alarm system decides what they change.
    """

    TAKEN = "taken"
    DOUBLE = "double"
    LATE = "late"
    SEEN = "seen before"
    WRONG = "wrong"


class Seal:
    """Closes and opens the bodies of buttons.

    Args:
        secret: the access token from which the key is derived; empty makes a key for this process.
    """

    def __init__(self, secret: str) -> None:
        if secret:
            digest = hashlib.sha256(_FOR + secret.encode()).digest()
            self._fernet = Fernet(base64.urlsafe_b64encode(digest))
        else:
            self._fernet = Fernet(Fernet.generate_key())

    def close(self, delivery: str, verdict: Verdict) -> str:
        """Return the body that stands for this answer: text without spaces or line ends."""
        return self._fernet.encrypt(json.dumps([delivery, verdict.value]).encode()).decode("ascii")

    def open(self, body: str) -> tuple[str, Verdict] | None:
        """Return delivery and verdict, or None for what this hub has not written.

        The time inside is not judged: the hub's clock may have stepped meanwhile, and the alarm
        system knows better which messages still count.
        """
        if not body.isascii():
            return None
        try:
            delivery, verdict = json.loads(self._fernet.decrypt(body))
        except InvalidToken:
            return None
        return delivery, Verdict(verdict)


class Answers:
    """Every answer that comes in: what it is, and what is told of it."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal
        self._lines: OrderedDict[str, None] = OrderedDict()
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._withdrawn: OrderedDict[str, None] = OrderedDict()
        self.counts: dict[Treatment, int] = dict.fromkeys(Treatment, 0)

    def withdrawn(self, delivery: str) -> None:
        """Nobody needs to answer this message any more."""
        _remember(self._withdrawn, delivery)

    def take(self, line_id: str, body: str) -> tuple[Treatment, News | None]:
        """Treat one message of the answer topic.

        Args:
            line_id: the server's id of it; a line that comes again after a reconnection is no
                second answer.
            body: what was posted.
        """
        treatment, news = self._judge(line_id, body)
        self.counts[treatment] += 1
        return treatment, news

    def _judge(self, line_id: str, body: str) -> tuple[Treatment, News | None]:
        if line_id in self._lines:
            return Treatment.SEEN, None
        _remember(self._lines, line_id)
        opened = self._seal.open(body)
        if opened is None:
            return Treatment.WRONG, None
        delivery, verdict = opened
        treatment, detail = Treatment.TAKEN, "answered on the notification"
        if delivery in self._answered:
            treatment, detail = Treatment.DOUBLE, "answered on the notification once more"
        elif delivery in self._withdrawn:
            treatment, detail = Treatment.LATE, "answered on a notification that was withdrawn"
        _remember(self._answered, delivery)
        return treatment, News(delivery, DeliveryState.ANSWERED, detail, verdict)


def _remember(kept: OrderedDict[str, None], name: str) -> None:
    kept[name] = None
    kept.move_to_end(name)
    while len(kept) > KEPT:
        kept.popitem(last=False)
