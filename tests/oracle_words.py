"""What was said in a session and when a look is due, from the words of `clinical.md` 1.4 and 2.0.

Nothing here is shared with the engine: the words are read from the first for each question.
Times are seconds after the dose; it knows the first 75 min (ONSET, PEAK, and EMERGENCY from a given
time) and no high-risk profile. A correction changes what the last check-in said, not when somebody
looked, and asks again from its own time.

>>> due_s([Word(10, "check", "W3")], 10, None)
70
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Test", "Word", "due_s", "known_rating", "latest", "ratings", "since", "sunk", "told"]


@dataclass(frozen=True)
class Word:
    """Something that was said at `t_s`.

    `kind` is `check` or `correct` (`said`: the codes), or the name of a notice (`said`: its number,
    `over`, or nothing). `held` is the rating that was known when a notice was made,
    `again_s` when a check-in was corrected.
    """

    t_s: int
    kind: str
    said: str = ""
    held: int | None = None
    again_s: int | None = None

    @property
    def codes(self) -> frozenset[str]:
        """The codes of a check-in; none of anything else."""
        return frozenset(self.said.split() if self.kind == "check" else ())

    @property
    def rating(self) -> int | None:
        """The MOAA/S of a check-in."""
        return next((int(code[1]) for code in self.codes if code[0] == "W"), None)

    def says(self, *names: str) -> bool:
        """Whether it is a notice of one of these that is so."""
        return self.kind in names and self.said != "over"

    def ends(self, *names: str) -> bool:
        """Whether it says that one of these is over."""
        return self.kind in names and self.said == "over"


Test = Callable[[Word], bool]


def told(words: Sequence[Word], t_s: float) -> list[Word]:
    """Return what counts at `t_s`: a correction has taken the place of what it corrects."""
    found: list[Word] = []
    for word in words:
        if word.t_s > t_s:
            break
        if word.kind != "correct":
            found.append(word)
            continue
        place = max(i for i, one in enumerate(found) if one.kind == "check")
        found[place] = Word(found[place].t_s, "check", word.said, again_s=word.t_s)
    return found


def since(now: Sequence[Word], on: Test, off: Test) -> list[int]:
    """Return the places of all `on` since the last `off`; a word that is both is `on`."""
    found: list[int] = []
    for place, word in enumerate(now):
        if on(word):
            found.append(place)
        elif off(word):
            found = []
    return found


def ratings(now: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the place and the rating of each check-in."""
    return [(place, word.rating) for place, word in enumerate(now) if word.rating is not None]


def latest(now: Sequence[Word], question: str) -> str | None:
    """Return the last answer to a question of the check-in."""
    found = [code for word in now for code in word.codes if code[0] == question]
    return found[-1] if found else None


def sunk(now: Sequence[Word]) -> set[int]:
    """Return the ratings of 3 and less that stand: "clears by two ratings >=4"."""
    stand: set[int] = set()
    awake = 0
    for _, rating in ratings(now):
        awake = awake + 1 if rating >= 4 else 0
        stand = (stand | {rating} if rating <= 3 else stand) if awake < 2 else set()
    return stand


def due_s(words: Sequence[Word], t_s: float, emergency_s: int | None) -> int:
    """Return when a look is due at `t_s`: it stands until somebody looks.

    "T+5, T+10, T+20", then every 10 min after the last look in PEAK and EMERGENCY; "second rating
    asked after 60 s, then every 3 min until two of >=4". A look up to 2 min early counts.
    """
    begins = [1200] if emergency_s is None else sorted({1200, emergency_s})
    due, seen_low, now = 300, False, told(words, t_s)
    looks = [(now[place].again_s or now[place].t_s, place) for place, _ in ratings(now)]
    for word_s, place in sorted([*looks, *((one, len(now)) for one in begins if one <= t_s)]):
        at_s = word_s if place == len(now) else now[place].t_s
        often = [at_s + 600] if word_s >= begins[0] else []
        if place == len(now):
            # A phase asks for what its clock says, also when somebody has just looked.
            due = min([due, *often, *(one for one in (300, 600, 1200) if one > at_s)])
            continue
        due = min([*often, *(one for one in (300, 600, 1200) if one > at_s + 120)], default=1800)
        low = bool(sunk(now[: place + 1]))
        if low:
            due = min(due, word_s + (180 if seen_low else 60))
        seen_low = low
    return due


def known_rating(words: Sequence[Word], t_s: float, due: int | None) -> int | None:
    """Return the last rating: "older than its next due time +3 min it is unknown"."""
    rated = ratings(told(words, t_s))
    return rated[-1][1] if rated and (due is None or t_s <= due + 180) else None
