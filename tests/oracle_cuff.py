"""When a row of pressures is present, calculated slowly from the words of `clinical.md` 2.3.

Nothing here is shared with the detectors: the whole list of readings is at hand, and each question
(what confirms this one? which reading ends it?) looks into the future of the list. Pressures are
mmHg, times whole seconds; it knows no facts, no phases and no failed attempts.

>>> readings = [Cuff(0, 185, 90), Cuff(60, 183, 90), Cuff(600, 120, 80), Cuff(900, 120, 80)]
>>> spells(readings, BP_SEV)
[Spell(present_s=0, full_s=60, how='confirmed', clear_s=900)]
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

__all__ = ["ROWS", "Cuff", "Pressure", "Spell", "is_isolated", "spells"]


@dataclass(frozen=True)
class Cuff:
    """One reading that was accepted."""

    t_s: int
    sbp: float
    dbp: float
    mean: float | None = None


Side = tuple[Callable[[Cuff], float], float, float]
"""What is looked at, its limit, and how far inside it a second reading may be."""


@dataclass(frozen=True)
class Pressure:
    """One row. `sign` is 1 for what looks up and -1 for what looks down (then strictly below)."""

    sides: tuple[Side, ...]
    back: Callable[[Cuff], bool]
    twice: bool = True
    sign: int = 1
    confirm: bool = True
    drop: float | None = None
    guard: float | None = None


@dataclass(frozen=True)
class Spell:
    """Present from `present_s`, in full from `full_s` on and why, over at `clear_s`."""

    present_s: int
    full_s: int | None
    how: str
    clear_s: int | None


def at(value: float, limit: float, sign: int) -> bool:
    """At or beyond: a high limit is met by itself, a low one only from below."""
    return value >= limit if sign > 0 else value < limit


def meets(row: Pressure, one: Cuff) -> bool:
    """Whether any side of this reading is at its limit."""
    allowed = row.guard is None or one.sbp < row.guard
    return allowed and any(at(look(one), limit, row.sign) for look, limit, _ in row.sides)


def mean_meets(row: Pressure, one: Cuff, two: Cuff) -> bool:
    """Confirm by "the mean of both meets the limit and the second is no more than 5 inside it"."""
    if row.guard is not None and (one.sbp + two.sbp) / 2 >= row.guard:
        return False
    for look, limit, inside in row.sides:
        mean = (look(one) + look(two)) / 2
        near = look(two) >= limit - inside if row.sign > 0 else look(two) < limit + inside
        if at(mean, limit, row.sign) and near:
            return True
    return False


def median_meets(row: Pressure, three: Sequence[Cuff]) -> bool:
    """Decide by the median of three, each side by itself."""
    if row.guard is not None and median(one.sbp for one in three) >= row.guard:
        return False
    return any(
        at(median(look(one) for one in three), limit, row.sign) for look, limit, _ in row.sides
    )


def following(readings: Sequence[Cuff], index: int) -> int | None:
    """The first reading of at least 60 s and less than 5 min after this one."""
    begin = readings[index].t_s
    for later in range(index + 1, len(readings)):
        if 60 <= readings[later].t_s - begin < 300:
            return later
    return None


def last_before(readings: Sequence[Cuff], t_s: int) -> int:
    """The place of the last reading before a time."""
    return max(i for i, one in enumerate(readings) if one.t_s < t_s)


def confirmed(readings: Sequence[Cuff], index: int, row: Pressure) -> tuple[int | None, str, int]:
    """When this first reading is believed (None: it is not), why, and the last reading used."""
    first = readings[index]
    if not row.confirm:
        return first.t_s, "at once", index
    second = following(readings, index)
    if second is None:
        return first.t_s + 300, "nobody", last_before(readings, first.t_s + 300)
    two = readings[second]
    if abs(first.sbp - two.sbp) <= 20 and abs(first.dbp - two.dbp) <= 15:
        sure = mean_meets(row, first, two)
        return (two.t_s if sure else None), "confirmed" if sure else "single", second
    third = following(readings, second)
    if third is None:
        return two.t_s + 300, "nobody", last_before(readings, two.t_s + 300)
    sure = median_meets(row, (first, two, readings[third]))
    end = readings[third]
    return (end.t_s if sure else None), "confirmed" if sure else "single", third


def over(readings: Sequence[Cuff], index: int, used: int, row: Pressure) -> int | None:
    """The reading that ends the row, when it has been believed by the reading `used`."""
    first = readings[index]
    since: int | None = None
    for place in range(used + 1, len(readings)):
        one = readings[place]
        if not row.back(one):
            since = None
            continue
        recheck = row.drop is not None and place == index + 1 and one.t_s - first.t_s <= 300
        if recheck and all(
            look(first) - look(one) >= (row.drop or 0)
            for look, limit, _ in row.sides
            if at(look(first), limit, row.sign)
        ):
            return place
        since = one.t_s if since is None else since
        if not row.twice or one.t_s - since >= 300:
            return place
    return None


def spells(readings: Sequence[Cuff], row: Pressure) -> list[Spell]:
    """Every time that the row was present, in order."""
    found: list[Spell] = []
    index = 0
    while index < len(readings):
        if not meets(row, readings[index]):
            index += 1
            continue
        full_s, how, used = confirmed(readings, index, row)
        end = used if full_s is None else over(readings, index, used, row)
        clear_s = None if end is None else readings[end].t_s
        found.append(Spell(readings[index].t_s, full_s, how, clear_s))
        if end is None:
            break
        index = end + 1
    return found


def is_isolated(readings: Sequence[Cuff], index: int) -> bool:
    """A spike of SBP 180 or more; the one before and both after 40 or more lower, and not high.

    Both after: a second that differs by more than 20 asks for a third, and the median decides.
    """
    if not 0 < index < len(readings) - 2 or readings[index].sbp < 180:
        return False
    one = readings[index]
    sides = readings[index - 1], *readings[index + 1 : index + 3]
    return all(one.sbp - side.sbp >= 40 and side.sbp < 160 and side.dbp < 100 for side in sides)


def sbp(one: Cuff) -> float:
    """The systolic pressure."""
    return one.sbp


def dbp(one: Cuff) -> float:
    """The diastolic pressure."""
    return one.dbp


def mean(one: Cuff) -> float:
    """The device's mean pressure, else DBP and a third of the pulse pressure, cut to 0.01."""
    if one.mean is not None:
        return one.mean
    return one.dbp + int((one.sbp - one.dbp) * 100 // 3) / 100


def apart(one: Cuff) -> float:
    """The pulse pressure."""
    return one.sbp - one.dbp


def high(s: float, d: float, back_s: float, back_d: float, **more: bool | float) -> Pressure:
    """A row that looks up at both pressures."""
    return Pressure(
        ((sbp, s, 5), (dbp, d, 4)),
        lambda one: one.sbp < back_s and one.dbp < back_d,
        **more,  # type: ignore[arg-type]
    )


BP_SEV = high(180, 120, 175, 110)
ROWS: dict[str, Pressure] = {
    "BP-WARN": high(160, 100, 155, 95),
    "BP-HIGH": high(170, 110, 165, 105),
    "BP-SEV": BP_SEV,
    "BP-CRIT": high(200, 130, 180, 110, confirm=False, drop=40),
    "BP-LOW2": Pressure(((sbp, 90, 5),), lambda one: one.sbp >= 100, twice=False, sign=-1),
    "BP-LOW3": Pressure(
        ((sbp, 80, 5),), lambda one: one.sbp >= 90, twice=False, sign=-1, confirm=False
    ),
    "MAP-HIGH": Pressure(((mean, 130, 5),), lambda one: mean(one) < 120, twice=False),
    "MAP-LOW": Pressure(
        ((mean, 65, 5),), lambda one: mean(one) >= 70, twice=False, sign=-1, guard=100
    ),
    "PP-WIDE": Pressure(((apart, 100.01, 5),), lambda one: apart(one) < 95, twice=False),
    "PP-NARROW": Pressure(((apart, 20, 4),), lambda one: apart(one) >= 25, twice=False, sign=-1),
}
