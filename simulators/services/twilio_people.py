"""The people behind a fake telephone network: how each picks up, presses and writes back, in turn.

A person is a script: the first call meets the first behaviour, the second the second, and the last
one stays. Faults of the carrier or of people come before the script. Nothing here keeps time; it
says what happens how long after a message or a call began.

>>> Person(voice=("busy", "1")).on_call(1, Faults())
'1'
"""

import re
from dataclasses import dataclass
from typing import Final

from simulators.services.faults import Faults

__all__ = ["VOICE", "Person", "texts_back"]

VOICE: Final = frozenset(
    {"none", "voicemail", "fax", "busy", "no-answer", "failed", *"0123456789*#"}
)
"""What a call can meet: a key that is pressed, or one of the words."""

_CODE: Final = re.compile(r"YES ([0-9]{2})")
_DELIVERED_MS: Final = 100


@dataclass(frozen=True, slots=True)
class Person:
    """How one number answers. In `sms`, `{code}` stands for the code of the message; "" is silence.

    Raises:
        ValueError: a script is empty, or has a word that no call can meet.
    """

    voice: tuple[str, ...] = ("1",)
    sms: tuple[str, ...] = ("YES {code}",)

    def __post_init__(self) -> None:
        """Refuse what would silently do nothing."""
        unknown = sorted(set(self.voice) - VOICE)
        if unknown or not self.voice or not self.sms:
            raise ValueError(f"unknown or no behaviour: {unknown}; voice is one of {sorted(VOICE)}")

    def on_call(self, before: int, faults: Faults) -> str:
        """Return what the call after so many meets."""
        for wrong, what in (
            (faults.voicemail, "voicemail"),
            (faults.busy, "busy"),
            (faults.no_answer, "no-answer"),
            (faults.no_key, "none"),
            (faults.wrong_key, "7"),
        ):
            if wrong:
                return what
        return self.voice[min(before, len(self.voice) - 1)]


def texts_back(
    person: Person, before: int, body: str, faults: Faults, think_ms: int
) -> list[tuple[int, dict[str, str | int]]]:
    """Return what a text message brings about, each with its delay: receipts and answers.

    Args:
        person: who gets it.
        before: how many messages the person has had.
        body: what it says; without a code in it nobody answers.
        faults: what goes wrong.
        think_ms: how long the person takes.
    """
    if faults.undelivered:
        return [(_DELIVERED_MS, {"status": "undelivered", "error_code": 30003})]
    events: list[tuple[int, dict[str, str | int]]] = []
    if not faults.lost_receipt:
        times = 2 if faults.duplicate_receipt else 1
        events += [(_DELIVERED_MS, {"status": "delivered"})] * times
    code = _CODE.search(body)
    if code is None or faults.no_answer or faults.lost_answer:
        return events
    script = person.sms[min(before, len(person.sms) - 1)]
    said = "YES 00" if faults.wrong_key else script.format(code=code[1])
    after_ms = think_ms + faults.late_answer_ms
    times = 2 if faults.double_answer else 1
    return events + [(after_ms, {"body": said})] * (times if said else 0)
