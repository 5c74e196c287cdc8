"""Many sessions under another plan, as figures: what was gained, lost, earlier or later, an hour.

Hours are hours of watching: from each opening to the last report of a device. The interval of a
rate is Byar's approximation of the exact Poisson limits at 95 % (Breslow and Day 1987, Statistical
Methods in Cancer Research II, p. 69). Shifts are of happenings that both plans have. Order is that
of the names, so the same sessions give the same figures in any order of reading. It judges nothing.

>>> rate(0, 10.0).per_h, rate(4, 2.0).per_h
(0.0, 2.0)
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec import Struct

from alerts.condition import Priority
from monitor.what_if.compare import Change
from monitor.what_if.session import Asked

__all__ = ["Figure", "Rate", "Whole", "percentile", "rate", "whole_of"]

_Z: Final = 1.959964
_HOUR_MS: Final = 3_600_000


class Rate(Struct, frozen=True):
    """How many an hour, with its 95 % interval."""

    count: int
    per_h: float
    low: float
    high: float


class Figure(Struct, frozen=True):
    """One row, family or priority over all sessions.

    `shift_ms` has the median and the 95th percentile of how much later (below 0: earlier) the
    other plan has what both have, over those that moved; None where nothing moved.
    """

    name: str
    before: Rate
    after: Rate
    gained: int
    lost: int
    earlier: int
    later: int
    higher: int
    lower: int
    shift_median_ms: int | None
    shift_p95_ms: int | None

    @property
    def is_changed(self) -> bool:
        """Whether the other plan makes any difference here."""
        return any((self.gained, self.lost, self.earlier, self.later, self.higher, self.lower))


class Whole(Struct, frozen=True):
    """All sessions together."""

    sessions: int
    changed: int
    hours: float
    priorities: tuple[Figure, ...]
    alarms: tuple[Figure, ...]
    rows: tuple[Figure, ...]
    refused: dict[str, int]
    no_longer: dict[str, int]
    off: dict[str, str]


def whole_of(asked: Sequence[Asked]) -> Whole:
    """Return the figures of all sessions."""
    hours = sum(one.watched_ms for one in asked) / _HOUR_MS
    alarms = [change for one in asked for change in one.alarms]
    rows = [change for one in asked for change in one.rows]
    return Whole(
        sessions=len(asked),
        changed=sum(any(_moved(change) for change in (*one.alarms, *one.rows)) for one in asked),
        hours=hours,
        priorities=_by_priority(alarms, hours),
        alarms=_by_name(alarms, hours),
        rows=_by_name(rows, hours),
        refused=_added(one.refused for one in asked),
        no_longer=_added(one.no_longer for one in asked),
        off={row: why for one in asked for row, why in one.off.items()},
    )


def rate(count: int, hours: float) -> Rate:
    """Return a rate with Byar's 95 % interval; without any hours everything is 0."""
    if hours <= 0:
        return Rate(count, 0.0, 0.0, 0.0)
    low = 0.0
    if count > 0:
        low = count * (1 - 1 / (9 * count) - _Z / (3 * count**0.5)) ** 3
    more = count + 1
    high = more * (1 - 1 / (9 * more) + _Z / (3 * more**0.5)) ** 3
    return Rate(count, count / hours, max(low, 0.0) / hours, high / hours)


def _moved(change: Change) -> bool:
    return bool(change.is_gained or change.is_lost or change.shift_ms or change.step)


def _by_name(changes: Iterable[Change], hours: float) -> tuple[Figure, ...]:
    names: dict[str, list[Change]] = {}
    for change in changes:
        names.setdefault(change.name, []).append(change)
    return tuple(_figure(name, names[name], hours) for name in sorted(names))


def _by_priority(changes: Sequence[Change], hours: float) -> tuple[Figure, ...]:
    """An alarm counts where it was, or where it is when only the other plan has it."""

    def of(change: Change) -> Priority:
        half = change.before or change.after
        assert half is not None  # noqa: S101 - a change has at least one half
        return half.priority

    figures = []
    for priority in (Priority.HIGH, Priority.MEDIUM, Priority.LOW):
        mine = [change for change in changes if of(change) is priority]
        after = [one for one in changes if one.after and one.after.priority is priority]
        figures.append(_figure(priority.value, mine, hours, rate(len(after), hours)))
    return tuple(figures)


def _figure(
    name: str, changes: Sequence[Change], hours: float, after: Rate | None = None
) -> Figure:
    shifts = sorted(one.shift_ms for one in changes if one.shift_ms)

    def count(holds: Callable[[Change], bool]) -> int:
        return sum(1 for one in changes if holds(one))

    return Figure(
        name=name,
        before=rate(count(lambda one: one.before is not None), hours),
        after=after or rate(count(lambda one: one.after is not None), hours),
        gained=count(lambda one: one.is_gained),
        lost=count(lambda one: one.is_lost),
        earlier=sum(shift < 0 for shift in shifts),
        later=sum(shift > 0 for shift in shifts),
        higher=count(lambda one: one.step > 0),
        lower=count(lambda one: one.step < 0),
        shift_median_ms=percentile(shifts, 50),
        shift_p95_ms=percentile(shifts, 95),
    )


def percentile(values: Sequence[int], percent: int) -> int | None:
    """The nearest-rank percentile of sorted values."""
    if not values:
        return None
    return values[max(-(-len(values) * percent // 100) - 1, 0)]


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in counts:
        for name, count in one.items():
            total[name] = total.get(name, 0) + count
    return dict(sorted(total.items()))
