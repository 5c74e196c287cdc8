"""Which rows of people are present, calculated slowly from the words of `clinical.md` 2.6.

Nothing here is shared with the engine: every question is put to the whole list of what was said so
far. Times are seconds after the dose. What the words leave open is read so:

- What was not asked is unchanged; a sign stands until "none of these", a notice until it is over.
- Ratings of 3 and less stand until two of 4 and more, one after the other.
- Vomits are counted over the session, "none of these" ends nausea, a fall that was high stays so.
- "L" latches at every priority, "L at high" at high alone; N, or no mark: it clears itself.

>>> present([Word(60, "check", "W2 B0")], 60)
{'SED-3': ('high', 'A')}
"""

from collections.abc import Sequence

from tests.oracle_words import Test, Word, known_rating, latest, ratings, since, sunk, told

__all__ = ["LATCHING", "Level", "present"]

Level = tuple[str, str | None]
"""A priority, and the class of a high one."""

_L = (
    "SED-3 SED-4 SED-COMBO AGIT NV-ASP SI-1 SI-2 SYM-EMS SYM-LARYNX BREATH-NOISY BREATH-SLOW "
    "RR-NONE LIPS-PALE LIPS-BLUE FALL HYPO LEFT-HOME SYM-BLAD PANIC COMP-ABSENT COMP-IMPAIRED "
    "DOSE-EXTRA"
)
LATCHING: dict[str, str] = {**dict.fromkeys(_L.split(), "low"), "CI-MISS-C": "high"}
"""From which priority a row outlives its condition until a person resets it."""

_LOW, _MEDIUM = ("low", None), ("medium", None)
_A, _S, _E = ("high", "A"), ("high", "S"), ("high", "E")
_EMS = frozenset(f"X{n}" for n in range(1, 9))


def present(
    words: Sequence[Word],
    t_s: float,
    due: int | None = None,
    *,
    peak: bool = False,
    sugar: bool = False,
) -> dict[str, Level]:
    """Return every row that is present at `t_s`, with its own priority and class.

    `due` is when a look is due (None: never), `peak` whether the times of PEAK hold for one that is
    late, `sugar` whether the plan lists insulin.
    """
    now = told(words, t_s)
    known = known_rating(words, t_s, due)
    found: dict[str, Level | None] = {}
    for value, row, level in ((3, "SED-2", _MEDIUM), (2, "SED-3", _A), (0, "SED-4", _E)):
        found[row] = level if value in sunk(now) else None
    found |= looked(now, known)
    found |= signs(now, sugar=sugar)
    found |= noticed(now)
    gone = since(now, lambda w: w.says("must_go"), lambda w: w.ends("must_go"))
    if gone:
        long = t_s - now[gone[0]].t_s >= 300
        found["COMP-ABSENT"] = (_S if known == 5 else _A) if long else _MEDIUM
    if due is not None:
        stages = (60, 180, 300) if peak else (120, 240, 420)
        found["CI-MISS-C"] = (None, _LOW, _MEDIUM, _A)[sum(t_s - due >= one for one in stages)]
    return {row: level for row, level in found.items() if level is not None}


def looked(now: Sequence[Word], known: int | None) -> dict[str, Level | None]:
    """Breathing, colour and position, as they were answered last."""
    breathing, colour = latest(now, "B"), latest(now, "C")
    noisy = _A if known is not None and known <= 3 else _MEDIUM
    down = since(now, lambda w: "L2" in w.codes, lambda w: bool({"L0", "L1"} & w.codes))
    return {
        "BREATH-NOISY": noisy if breathing == "B1" else None,
        "BREATH-SLOW": _A if breathing == "B2" else None,
        "RR-NONE": _E if breathing == "B3" else None,
        "LIPS-PALE": _MEDIUM if colour == "C1" else None,
        "LIPS-BLUE": _E if colour == "C2" else None,
        "POS-RISK": _MEDIUM if down and lowest(now, down) <= 4 else None,
    }


def lowest(now: Sequence[Word], places: Sequence[int]) -> int:
    """Return the lowest rating that was known since the first of these words; 5: none was."""
    held = [one for one in (now[place].held for place in places) if one is not None]
    return min(
        [*held, *(rating for place, rating in ratings(now) if place >= places[0])], default=5
    )


def none_of_these(word: Word) -> bool:
    """Tell whether the last question was answered so."""
    return "X0" in word.codes


def signs(now: Sequence[Word], *, sugar: bool) -> dict[str, Level | None]:
    """What stands until a check-in says "none of these"."""

    def stand(code: str, *names: str) -> list[int]:
        return since(
            now,
            lambda w: code in w.codes or w.says(*names),
            lambda w: none_of_these(w) or w.ends(*names),
        )

    fell, vomited = stand("X9", "head_hit"), stand("X10")
    hit = [place for place in fell if now[place].kind == "head_hit"]
    vomits = sum("X10" in word.codes for word in now)
    blood = stand("-", "vomited_blood")
    nausea = since(
        now,
        lambda w: w.kind == "nausea" and int(w.said) >= 7,
        lambda w: w.kind == "nausea" or none_of_these(w),
    )
    found: dict[str, Level | None] = {
        "SYM-EMS": _E if since(now, lambda w: bool(_EMS & w.codes), none_of_these) else None,
        "SYM-LARYNX": _E if stand("X11", "noisy_throat") else None,
        "FALL": (_E if hit or lowest(now, fell) <= 3 else _MEDIUM) if fell else None,
        "NV-1": _LOW if vomited or nausea else None,
        "NV-2": _MEDIUM if blood or (vomited and vomits >= 3) else None,
        "NV-ASP": _A if breathed_in(now) else None,
    }
    return found | (low_sugar(now) if sugar else {})


def breathed_in(now: Sequence[Word]) -> bool:
    """NV-ASP: "vomiting with MOAA/S <=3 or cough/wheeze after"; "coughs: over" ends it."""
    vomited = blood = stands = False
    for word in now:
        vomited = "X10" in word.codes or (vomited and not none_of_these(word))
        over = none_of_these(word) or word.ends("vomited_blood")
        blood = word.says("vomited_blood") or (blood and not over)
        sick = vomited or blood
        rating = word.rating if word.held is None else word.held
        looked = bool(word.codes) or word.says("vomited_blood")
        asleep = looked and rating is not None and rating <= 3
        if word.says("coughs") or (sick and (asleep or "B1" in word.codes)):
            stands = True
        elif none_of_these(word) or word.ends("coughs"):
            stands = False
    return stands


def low_sugar(now: Sequence[Word]) -> dict[str, Level | None]:
    """HYPO: "sweaty, shaky or confused, or glucose <70 / <54 or MOAA/S <=3"."""

    def on(word: Word) -> bool:
        return "X12" in word.codes or (word.kind == "glucose" and int(word.said) < 70)

    low = since(now, on, lambda w: none_of_these(w) or w.kind == "glucose")
    if not low:
        return {}
    worst = min((int(now[place].said) for place in low if now[place].kind == "glucose"), default=99)
    return {"HYPO": _E if worst < 54 or lowest(now, low) <= 3 else _MEDIUM}


def noticed(now: Sequence[Word]) -> dict[str, Level | None]:
    """Mood, and what stands until it is over."""

    def stands(name: str) -> bool:
        return bool(since(now, lambda w: w.says(name), lambda w: w.ends(name)))

    def mood(on: Test, name: str) -> list[int]:
        def off(word: Word) -> bool:
            return any(code[0] == "D" for code in word.codes) or word.kind == name

        return since(now, on, off)

    much = mood(
        lambda w: "D2" in w.codes or (w.kind == "distress" and int(w.said) >= 7), "distress"
    )
    moved = mood(lambda w: "D3" in w.codes or w.says("restless"), "restless")
    fighting = any("D3" in now[place].codes for place in moved)
    return {
        "DIS-DISTRESS": _MEDIUM if much else None,
        "AGIT": (_S if fighting else _MEDIUM) if moved else None,
        "SI-1": _MEDIUM if stands("ideation") else None,
        "SI-2": _S if stands("intent") else None,
        "LEFT-HOME": _MEDIUM if stands("left_home") else None,
        "COMP-IMPAIRED": _MEDIUM if stands("impaired") else None,
        "MOVE-ALONE": _LOW if stands("stands_alone") else None,
        "SYM-BLAD": _LOW if stands("bladder") else None,
        "PANIC": _A if stands("panic") else None,
    }
