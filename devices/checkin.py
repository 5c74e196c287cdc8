"""The companion's 20-second check-in as codes: `W4 B0 C0 D1 X0`.

Each code is one button of `cards.md` section 2; L (position), M (mouth) and F (the clip on the own
finger) are asked only when they matter. This module knows what was tapped and what MOAA/S rating an
answer means, never what follows from it.

>>> CheckIn.parse("W4 B0 C0 D1 X0").moaas
4
"""

from enum import StrEnum

from msgspec import Struct

__all__ = [
    "Answer",
    "Breathing",
    "CheckIn",
    "CheckInError",
    "Clip",
    "Colour",
    "Mood",
    "Mouth",
    "Position",
    "Sign",
]


class CheckInError(ValueError):
    """The codes name no check-in; the message says which code and what is allowed."""


class Answer(StrEnum):
    """How did the patient answer to the name? (MOAA/S 5, 4, 3, 2, 0-1.)"""

    AT_ONCE = "W5"
    SLOW = "W4"
    LOUD = "W3"
    SHAKEN = "W2"
    NONE = "W0"


class Breathing(StrEnum):
    """What the chest does."""

    QUIET = "B0"
    NOISY = "B1"
    SLOW = "B2"
    NOT = "B3"


class Colour(StrEnum):
    """Lips and tongue."""

    NORMAL = "C0"
    PALE = "C1"
    BLUE = "C2"


class Mood(StrEnum):
    """How the patient seems."""

    CALM = "D0"
    UNEASY = "D1"
    UPSET = "D2"
    FIGHTING = "D3"


class Sign(StrEnum):
    """Anything else. X0 says that none of them was seen."""

    NONE = "X0"
    CHEST_PAIN = "X1"
    BREATHLESS = "X2"
    WORST_HEADACHE = "X3"
    SIGHT_LOST = "X4"
    FACE_ARM_SPEECH = "X5"
    FIT = "X6"
    FAINTED = "X7"
    SWELLING = "X8"
    FELL = "X9"
    VOMITED = "X10"
    CHOKING = "X11"
    SWEATY = "X12"
    DIZZY = "X13"


class Position(StrEnum):
    """How the patient lies."""

    SIDE = "L0"
    BACK = "L1"
    FACE_DOWN = "L2"


class Mouth(StrEnum):
    """What is left of the lozenge."""

    EMPTY = "M0"
    STILL_THERE = "M1"


class Clip(StrEnum):
    """Is the clip on the patient's own finger?"""

    ON = "F0"
    OFF = "F1"


_MOAAS = {Answer.AT_ONCE: 5, Answer.SLOW: 4, Answer.LOUD: 3, Answer.SHAKEN: 2, Answer.NONE: 0}


class CheckIn(Struct, frozen=True, omit_defaults=True):
    """One check-in. A question that was not asked is None (or no sign at all), never a default."""

    answer: Answer
    breathing: Breathing | None = None
    colour: Colour | None = None
    mood: Mood | None = None
    signs: tuple[Sign, ...] = ()
    position: Position | None = None
    mouth: Mouth | None = None
    clip: Clip | None = None

    @property
    def moaas(self) -> int:
        """MOAA/S 0..5; a lay companion gives no pain stimulus, so "no answer" is 0."""
        return _MOAAS[self.answer]

    @property
    def answers_quiet(self) -> bool:
        """Awake or easily woken (MOAA/S 4 or 5), breathing quiet (`clinical.md` 1.5)."""
        return self.moaas >= 4 and self.breathing is Breathing.QUIET  # noqa: PLR2004 - MOAA/S 4

    @property
    def codes(self) -> str:
        """The codes in question order, the extra ones last, as `parse` reads them."""
        five = (self.answer, self.breathing, self.colour, self.mood, *self.signs)
        asked = (*five, self.position, self.mouth, self.clip)
        return " ".join(code.value for code in asked if code is not None)

    @classmethod
    def parse(cls, text: str) -> "CheckIn":
        """Read codes in any order.

        Raises:
            CheckInError: no answer code, an unknown code, a question answered twice, or X0 beside
                another sign.
        """
        found: dict[str, StrEnum] = {}
        signs: list[Sign] = []
        for code in text.split():
            kind = _QUESTIONS.get(code[:1])
            try:
                if kind is None:
                    raise ValueError(code)
                value = kind(code)
            except ValueError:
                raise CheckInError(
                    f"check-in code {code!r} is unknown: use W B C D X L M F codes"
                ) from None
            if isinstance(value, Sign):
                signs.append(value)
            elif code[0] in found:
                raise CheckInError(f"check-in answers question {code[0]} twice: {text!r}")
            else:
                found[code[0]] = value
        if "W" not in found:
            raise CheckInError(f"check-in has no answer code (W5 W4 W3 W2 W0): {text!r}")
        if Sign.NONE in signs and len(signs) > 1:
            raise CheckInError(f"check-in says X0 (none) beside another sign: {text!r}")
        return cls(
            Answer(found["W"]),
            Breathing(found["B"]) if "B" in found else None,
            Colour(found["C"]) if "C" in found else None,
            Mood(found["D"]) if "D" in found else None,
            tuple(signs),
            Position(found["L"]) if "L" in found else None,
            Mouth(found["M"]) if "M" in found else None,
            Clip(found["F"]) if "F" in found else None,
        )


_QUESTIONS: dict[str, type[StrEnum]] = {
    "W": Answer,
    "B": Breathing,
    "C": Colour,
    "D": Mood,
    "X": Sign,
    "L": Position,
    "M": Mouth,
    "F": Clip,
}
