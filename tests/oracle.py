"""When a row is present on a recording, calculated slowly from the words of `clinical.md` 2.0-2.1.

Nothing here is shared with the detectors: every answer is worked out again at every sample from the
whole list of values so far, so that it can be checked by reading. Values are `Decimal`, so that
97.7 - 91.7 is 6. It knows limits, falls, gaps and doubtful values; no phases and no facts, and
no pulse steps (give it pulses that do not step).

>>> low = [Sample(t, Decimal(85), None) for t in range(12)]
>>> episodes(low, SPO2_LOW, interval_s=1)
[Episode(present_s=10, clear_s=None)]
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

__all__ = ["ROWS", "Episode", "Row", "Sample", "Spell", "episodes"]


@dataclass(frozen=True)
class Sample:
    """One report of the oximeter at `t_s`; None is a value that was not measured."""

    t_s: int
    spo2: Decimal | None
    pulse: Decimal | None


@dataclass(frozen=True)
class Spell:
    """One way to become present: beyond for `delay_s`, with at least `needs` samples beyond.

    `beyond(values, at, baseline)` judges one value; `at` is its place among the usable values so
    far; the baseline is None before it is frozen, or when there is none.
    """

    beyond: "Beyond"
    delay_s: int
    needs: int = 1
    doubtful: bool = False


@dataclass(frozen=True)
class Row:
    """One row: what it looks at, how it becomes present, how it clears.

    `back(value, baseline)` tells whether a value is at or beyond the clearing level.
    """

    metric: str
    spells: tuple[Spell, ...]
    back: Callable[[Decimal, Decimal | None], bool]
    clear_s: int


@dataclass(frozen=True)
class Episode:
    """Present from `present_s`; clear at `clear_s`, or still present when the recording ends."""

    present_s: int
    clear_s: int | None


Seen = Sequence[tuple[int, Decimal]]
Beyond = Callable[[Seen, int, Decimal | None], bool]


def valid(samples: Sequence[Sample], metric: str) -> list[tuple[int, Decimal]]:
    """Time and value of the valid samples: "SpO2 1-100"; a pulse of 0 or above 250 is none."""
    found = []
    for sample in samples:
        if sample.spo2 is None or not 1 <= sample.spo2 <= 100:
            continue
        value = sample.spo2 if metric == "spo2" else sample.pulse
        if value is not None and 1 <= value <= 250:
            found.append((sample.t_s, value))
    return found


def is_doubtful(metric: str, value: Decimal) -> bool:
    """Tell "SpO2 1-49 and PR 1-24": they count for CRIT and BRADY, never for clearing."""
    return value < (50 if metric == "spo2" else 25)


def fires(
    seen: Seen, beyond: Sequence[bool], spell: Spell, interval_s: int, over_s: int | None = None
) -> bool:
    """Whether this spell fires on the last of these usable values (2.0 "delay").

    `over_s` is when the row was over last: what went before has been told, a new delay begins.
    """
    if not beyond[-1]:
        return False
    # "starts at the first valid sample beyond the limit ... is reset by 3 successive valid samples
    # back inside": so it starts after the last three inside that stand together.
    first = 0
    for at in range(len(seen) - 2):
        if not any(beyond[at : at + 3]):
            first = at + 3
    while not beyond[first] or (over_s is not None and seen[first][0] <= over_s):
        first += 1
    now_s, start_s = seen[-1][0], seen[first][0]
    count = sum(beyond[first:])
    if now_s - start_s < spell.delay_s or count < spell.needs:
        return False
    expected = (now_s - start_s) // interval_s + 1
    if 2 * count >= expected:
        return True
    last_minute = [is_so for (t_s, _), is_so in zip(seen, beyond, strict=True) if t_s > now_s - 60]
    return len(last_minute) >= 5 and all(last_minute)


def baseline_of(seen: Seen, metric: str) -> tuple[int, Decimal | None]:
    """When a recording's baseline is frozen and what it is: the first five minutes of values.

    "median of valid samples T-5..T0, at least 150 of them", doubtful ones never (2.0); a recording
    has no T0, so its first five minutes serve (design section 4, `vigil replay`).
    """
    frozen_s = seen[0][0] + 300
    first = [v for t_s, v in seen if t_s < frozen_s and not is_doubtful(metric, v)]
    return frozen_s, median(first) if len(first) >= 150 else None


def cleared(seen: Seen, row: Row, interval_s: int) -> bool:
    """Whether the last of these valid values ends the clear time (2.0 "clear time")."""
    frozen_s, baseline = baseline_of(seen, row.metric)
    since_s = None
    before_s = None
    for t_s, value in seen:
        gap = before_s is not None and t_s - before_s >= max(10, 3 * interval_s)
        is_back = row.back(value, baseline if t_s >= frozen_s else None)
        if is_doubtful(row.metric, value) or not is_back:
            since_s = None
        elif since_s is None or gap:
            since_s = t_s
        before_s = t_s
    return since_s is not None and seen[-1][0] - since_s >= row.clear_s


class Spells:
    """The spells of a row on a recording, with what is beyond at every usable value."""

    def __init__(self, seen: Seen, row: Row, interval_s: int) -> None:
        self.interval_s = interval_s
        self.all: list[tuple[Spell, list[tuple[int, Decimal]], list[bool]]] = []
        frozen_s, baseline = baseline_of(seen, row.metric) if seen else (0, None)
        for spell in row.spells:
            usable = [v for v in seen if spell.doubtful or not is_doubtful(row.metric, v[1])]
            beyond = [
                spell.beyond(usable, at, baseline if usable[at][0] >= frozen_s else None)
                for at in range(len(usable))
            ]
            self.all.append((spell, usable, beyond))

    def fire(self, now_s: int, over_s: int | None) -> bool:
        """Whether one of them fires on the value of now."""
        for spell, usable, beyond in self.all:
            end = sum(t_s <= now_s for t_s, _ in usable)
            if end == 0 or usable[end - 1][0] != now_s:
                continue
            if fires(usable[:end], beyond[:end], spell, self.interval_s, over_s):
                return True
        return False


def episodes(samples: Sequence[Sample], row: Row, interval_s: int) -> list[Episode]:
    """Every time that the row was present, in order."""
    seen = valid(samples, row.metric)
    spells = Spells(seen, row, interval_s)
    found: list[Episode] = []
    present_s: int | None = None
    over_s: int | None = None
    for at, (t_s, _) in enumerate(seen):
        if present_s is None:
            present_s = t_s if spells.fire(t_s, over_s) else None
        elif cleared(seen[: at + 1], row, interval_s):
            found.append(Episode(present_s, t_s))
            present_s, over_s = None, t_s
    return found if present_s is None else [*found, Episode(present_s, None)]


def below(limit: int) -> Beyond:
    """Strict: "<92" is 91.99 and less."""
    return lambda seen, at, _baseline: seen[at][1] < limit


def above(limit: int) -> Beyond:
    """Strict: ">120" is 120.01 and more."""
    return lambda seen, at, _baseline: seen[at][1] > limit


def dropped(points: int, less_than: Decimal) -> Beyond:
    """At least so many points under the session baseline, and less than a floor."""
    return lambda seen, at, baseline: (
        baseline is not None and baseline - seen[at][1] >= points and seen[at][1] < less_than
    )


def risen(points: int) -> Beyond:
    """At least so many points above the session baseline."""
    return lambda seen, at, baseline: baseline is not None and seen[at][1] - baseline >= points


def fallen(seen: Seen, at: int, _baseline: Decimal | None) -> bool:
    """Tell ">=6 points below the median of valid samples 20-60 s ago and <=91 %" (SPO2-FAST).

    The row does not say how many samples a median needs. "usable: >=50 %" (2.0) is read as the
    answer: 20 of the 40 that one sample a second gives.
    """
    now_s, value = seen[at]
    before = [v for t_s, v in seen[:at] if now_s - 60 <= t_s <= now_s - 20]
    return len(before) >= 20 and median(before) - value >= 6 and value <= 91


def back_up(level: int, limit: int) -> Callable[[Decimal, Decimal | None], bool]:
    """SpO2 at the level, but "a clearing level is never above max(limit +1, baseline -1)" (1.4)."""

    def back(value: Decimal, baseline: Decimal | None) -> bool:
        if baseline is not None and value >= limit + 1 and value >= baseline - 1:
            return True
        return value >= level

    return back


def under(points: int) -> Callable[[Decimal, Decimal | None], bool]:
    """Clear at no more than so many points under the baseline."""
    return lambda value, baseline: baseline is not None and baseline - value <= points


def over(points: int) -> Callable[[Decimal, Decimal | None], bool]:
    """Clear at no more than so many points above the baseline."""
    return lambda value, baseline: baseline is not None and value - baseline <= points


def at_least(level: int) -> Callable[[Decimal, Decimal | None], bool]:
    """Clear at this level and above."""
    return lambda value, _baseline: value >= level


def at_most(level: int) -> Callable[[Decimal, Decimal | None], bool]:
    """Clear at this level and below."""
    return lambda value, _baseline: value <= level


SPO2_FAST = Row("spo2", (Spell(fallen, 4),), back_up(94, 92), 30)  # "<=91" is "<92"
SPO2_WARN = Row("spo2", (Spell(below(92), 20),), back_up(94, 92), 30)
SPO2_LOW = Row("spo2", (Spell(below(90), 30), Spell(below(88), 10)), back_up(92, 90), 60)
SPO2_CRIT = Row("spo2", (Spell(below(80), 3, needs=2, doubtful=True),), back_up(90, 80), 60)
PR_BRADY = Row("pulse", (Spell(below(40), 10, doubtful=True),), at_least(46), 60)
PR_HIGH = Row("pulse", (Spell(above(120), 60),), at_most(112), 60)
SPO2_DROP = Row("spo2", (Spell(dropped(4, Decimal(94)), 30),), under(2), 0)
# "<=92": values have two decimals, so that is "<92.01".
SPO2_DROP2 = Row("spo2", (Spell(dropped(6, Decimal("92.01")), 30),), under(3), 0)
PR_SUST = Row("pulse", (Spell(above(110), 600),), at_most(105), 0)
PR_REL = Row("pulse", (Spell(risen(30), 120),), over(15), 0)
PR_TACHY = Row("pulse", (Spell(above(140), 20),), at_most(130), 60)

ROWS: dict[str, Row] = {
    "SPO2-FAST": SPO2_FAST,
    "SPO2-WARN": SPO2_WARN,
    "SPO2-LOW": SPO2_LOW,
    "SPO2-CRIT": SPO2_CRIT,
    "SPO2-DROP": SPO2_DROP,
    "SPO2-DROP2": SPO2_DROP2,
    "PR-SUST": PR_SUST,
    "PR-REL": PR_REL,
    "PR-BRADY": PR_BRADY,
    "PR-HIGH": PR_HIGH,
    "PR-TACHY": PR_TACHY,
}
