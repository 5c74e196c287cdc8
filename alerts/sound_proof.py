"""Proof of sound: the hub plays a number of short bursts, and the companion says how many.

"Raised" is not "heard": a loudspeaker may be unplugged, turned down or in another room. The number
is 2 to 4, follows from the instant of asking, counted from the session's opening (so that a journal
decides the same again), and is shown nowhere. Three wrong numbers leave the sound unproved. Nothing
is played here.

>>> proof = SoundProof(opened_ms=0)
>>> proof.play(1_000).bursts == proof.bursts
True
>>> proof.heard(proof.bursts, 5_000)
<Heard.PROVED: 'proved'>
"""

import zlib
from enum import StrEnum
from typing import Final

from alerts.effects import EffectBase

__all__ = ["TRIES", "VALID_MS", "Heard", "SoundProof", "TestSound"]

TRIES: Final = 3
"""So many wrong numbers in a row leave the sound unproved."""

VALID_MS: Final = 60_000
"""A number is asked for this long; who says it later may have been told."""

_LEAST: Final = 2
_CHOICES: Final = 3


class TestSound(EffectBase, frozen=True, kw_only=True):
    """Play this many short bursts once, over whatever sounds; no screen shows the number."""

    __test__ = False  # no test of ours, whatever its name begins with

    bursts: int


class Heard(StrEnum):
    """What a number that the companion said has shown."""

    PROVED = "proved"
    WRONG = "wrong"
    UNPROVED = "unproved"


class SoundProof:
    """The sound tests of one session.

    `bursts` is the number that is waited for (0: none was played), `wrong` counts the wrong answers
    of this series, `asked_ms` is when the last bursts were ordered.
    """

    def __init__(self, opened_ms: int) -> None:
        self._opened_ms = opened_ms
        self.bursts = 0
        self.wrong = 0
        self.asked_ms: int | None = None
        self.proved_ms: int | None = None

    def ask(self, at_ms: int) -> TestSound:
        """Begin a series: the first bursts."""
        self.wrong = 0
        return self.play(at_ms)

    def play(self, at_ms: int) -> TestSound:
        """Order a new number of bursts."""
        self.asked_ms = at_ms
        self.bursts = _LEAST + zlib.crc32(str(at_ms - self._opened_ms).encode()) % _CHOICES
        return TestSound(at_ms=at_ms, bursts=self.bursts)

    def why_not(self, at_ms: int) -> str | None:
        """Why a number says nothing now, or None."""
        if not self.bursts or self.asked_ms is None:
            return "no test sound waits for a number: ask for one"
        if at_ms - self.asked_ms > VALID_MS:
            return f"the test sound was {(at_ms - self.asked_ms) // 1000} s ago: ask for another"
        return None

    def heard(self, bursts: int, at_ms: int) -> Heard:
        """Take the number that the companion says."""
        right, self.bursts = bursts == self.bursts, 0
        if right:
            self.proved_ms = at_ms
            return Heard.PROVED
        self.wrong += 1
        return Heard.WRONG if self.wrong < TRIES else Heard.UNPROVED
