"""The figures of many worlds: shares with their intervals, delays, false alarms an hour, pages.

Shares have the 95 % interval of Wilson; rates an hour treat each alarm as a Poisson count and have
the interval of the square root, which is enough to see whether a target is near. Nothing here knows
where the numbers come from.

>>> low, high = wilson(198, 200)
>>> round(low, 3), round(high, 3)
(0.964, 0.997)
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, sqrt

from msgspec import Struct

from alerts.condition import Kind, Priority
from simulators.worlds.score import FalseAlarm, Mark, Verdict

__all__ = ["Rate", "RowFigure", "Summary", "quantile", "rate", "summarise", "wilson"]

_Z = 1.959964


class Rate(Struct, frozen=True):
    """So many in so many hours, and an hour's rate with its 95 % interval."""

    count: int
    hours: float
    per_h: float
    low: float
    high: float


class RowFigure(Struct, frozen=True):
    """One must over all worlds; delays in seconds, None when it never came."""

    words: str
    met: int
    late: int
    missed: int
    void: int
    unbuilt: int
    share: float | None
    low: float | None
    high: float | None
    median_s: float | None
    p95_s: float | None
    max_s: float | None


class Summary(Struct, frozen=True):
    """One scenario over its seeds. `failed` are the seeds that did not pass.

    `false_rows` are false alarms by kind, priority and row; `causes` the physician's pages by row;
    `unkept` what checkers found, by checker.
    """

    scenario: str
    worlds: int
    passed: int
    unbuilt: bool
    failed: tuple[int, ...]
    rows: tuple[RowFigure, ...]
    broken: tuple[str, ...]
    false: dict[str, Rate]
    pages: float
    hours: float = 0.0
    false_rows: dict[str, int] = {}
    causes: dict[str, int] = {}
    unkept: dict[str, int] = {}


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); (0, 1) of nothing."""
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    below = 1 + _Z * _Z / of
    middle = share + _Z * _Z / (2 * of)
    half = _Z * sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of))
    return max((middle - half) / below, 0.0), min((middle + half) / below, 1.0)


def rate(count: int, hours: float) -> Rate:
    """Return a rate an hour; the interval is that of sqrt(count), variance-stabilised."""
    if hours <= 0:
        return Rate(count, hours, 0.0, 0.0, 0.0)
    root = sqrt(count + 0.25)
    low = max(root - _Z / 2, 0.0) ** 2 if count else 0.0
    return Rate(count, hours, count / hours, low / hours, (root + _Z / 2) ** 2 / hours)


def quantile(values: Iterable[float], share: float) -> float | None:
    """Return the smallest value that at least this share (0..1) does not exceed; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[max(ceil(share * len(ordered)), 1) - 1]


def summarise(verdicts: Sequence[Verdict]) -> Summary:
    """Sum up the worlds of one scenario.

    Raises:
        ValueError: no world at all.
    """
    if not verdicts:
        raise ValueError("no world was played: nothing can be summed up")
    words = dict.fromkeys(found.words for verdict in verdicts for found in verdict.found)
    hours = sum(verdict.hours for verdict in verdicts)
    broken: dict[str, None] = {}
    for verdict in verdicts:
        for line in verdict.broken:
            broken[f"seed {verdict.seed}: {line}"] = None
    return Summary(
        scenario=verdicts[0].scenario,
        worlds=len(verdicts),
        passed=sum(verdict.passed for verdict in verdicts),
        unbuilt=any(verdict.unbuilt for verdict in verdicts),
        failed=tuple(verdict.seed for verdict in verdicts if not verdict.passed),
        rows=tuple(_row(one, verdicts) for one in words),
        broken=tuple(broken),
        false=_false(verdicts, hours),
        pages=sum(verdict.pages for verdict in verdicts) / len(verdicts),
        hours=hours,
        false_rows=_total({_words(one): 1} for verdict in verdicts for one in verdict.false),
        causes=_total(verdict.causes for verdict in verdicts),
        unkept=_total(verdict.unkept for verdict in verdicts),
    )


def _words(one: FalseAlarm) -> str:
    kind = "physiological" if one.kind is Kind.PHYSIOLOGICAL else "technical"
    return f"{kind} {one.priority.value} {one.row}"


def _total(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Add up counts; the most frequent comes first, then by name."""
    found: Counter[str] = Counter()
    for one in counts:
        found.update(one)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _row(words: str, verdicts: Sequence[Verdict]) -> RowFigure:
    found = [one for verdict in verdicts for one in verdict.found if one.words == words]
    marks = [one.mark for one in found]
    delays = [one.delay_s for one in found if one.delay_s is not None]
    judged = sum(mark in (Mark.MET, Mark.LATE, Mark.MISSED) for mark in marks)
    met = marks.count(Mark.MET)
    low, high = wilson(met, judged) if judged else (None, None)
    return RowFigure(
        words=words,
        met=met,
        late=marks.count(Mark.LATE),
        missed=marks.count(Mark.MISSED),
        void=marks.count(Mark.VOID),
        unbuilt=marks.count(Mark.UNBUILT),
        share=met / judged if judged else None,
        low=low,
        high=high,
        median_s=quantile(delays, 0.5),
        p95_s=quantile(delays, 0.95),
        max_s=quantile(delays, 1.0),
    )


def _false(verdicts: Sequence[Verdict], hours: float) -> dict[str, Rate]:
    """Return false alarms an hour by kind and priority, physiological ones in all as well."""
    found = [one for verdict in verdicts for one in verdict.false]
    body = [one for one in found if one.kind is Kind.PHYSIOLOGICAL]
    other = [one for one in found if one.kind is not Kind.PHYSIOLOGICAL]
    counts = {"physiological": len(body)}
    for name, ones in (("physiological", body), ("technical", other)):
        for priority in Priority:
            count = sum(one.priority is priority for one in ones)
            counts[f"{name} {priority.value}"] = count
    return {name: rate(count, hours) for name, count in counts.items()}
