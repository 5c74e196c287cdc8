"""How the ways to people behave: well, and with exactly one thing wrong.

>>> WAYS["page"].remote
False
"""

from dataclasses import dataclass

__all__ = ["WAYS", "WELL", "Behaviour", "WayFacts"]


@dataclass(frozen=True, slots=True)
class WayFacts:
    """How a service behaves when it is well: seconds; `receipt_s` None: it proves no delivery."""

    takes_s: float
    receipt_s: float | None
    remote: bool = True


# `clinical.md` 6.4: push 1-3 s, SMS 5-20 s; a telephone is picked up after some rings.
WAYS: dict[str, WayFacts] = {
    "page": WayFacts(0.05, 0.1, remote=False),
    "console": WayFacts(0.001, None, remote=False),
    "ntfy": WayFacts(0.3, None),
    "sms": WayFacts(0.5, 8.0),
    "voice": WayFacts(0.8, 11.0),
    "pagerduty": WayFacts(0.4, None),
    "email": WayFacts(1.0, None),
    "webhook": WayFacts(0.2, None),
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What is wrong with a way. All defaults: nothing.

    `refuses` fails at once with this reason; `hangs` fails after the channel's own 4 s; `slow_s` is
    added before the hand-over; `voicemail` picks up and is nobody; `no_receipt` loses the proof,
    `twice` brings every piece of news twice; `answer_late_s` delays the person's answer,
    `wrong` adds an answer to a message that never was.
    """

    refuses: str = ""
    hangs: bool = False
    slow_s: float = 0.0
    voicemail: bool = False
    no_receipt: bool = False
    twice: bool = False
    answer_late_s: float = 0.0
    wrong: bool = False


WELL = Behaviour()
"""Nothing is wrong."""
