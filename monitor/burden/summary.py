"""The burden of many sessions, by patient, by release of the software, or as a whole.

Rates are an hour of watching, with the interval of `monitor/what_if/summary.py`. The time to a
person is of high and medium alarms: the median and the 95th percentile over those that somebody
took, and beside them how many nobody took. It judges nothing.

    groups_of(burdens, by="patient")     -> [Group(name="p1", sessions=4, ...), ...]
"""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from alerts.condition import Kind, Priority
from monitor.burden.session import AlarmBurden, Burden
from monitor.what_if.summary import Rate, percentile, rate

__all__ = ["BY", "Cause", "Group", "groups_of"]

BY: dict[str, Callable[[Burden], str]] = {
    "all": lambda _: "all sessions",
    "patient": lambda one: one.patient,
    "release": lambda one: one.software or "unknown release",
}
"""What sessions can be grouped by."""


class Cause(Struct, frozen=True):
    """One row as the highest of its alarms: how often an hour, its pages, what was said of it."""

    row: str
    kind: Kind
    priority: Priority
    rate: Rate
    pages: int
    verdicts: dict[str, int]


class Group(Struct, frozen=True):
    """Some sessions together. Times in ms; the shares are of `watched_ms`.

    `answered_median_ms` and `answered_p95_ms` are the time to a person, None where nobody took one;
    `unanswered` counts high and medium alarms that nobody took. `pages` are messages to physicians.
    """

    name: str
    sessions: int
    watched_ms: int
    alarms: Rate
    causes: tuple[Cause, ...]
    verdicts: dict[str, int]
    pages: int
    muted_ms: int
    unwatched_ms: int
    down_ms: int
    unknown_downs: int
    answered_median_ms: int | None
    answered_p95_ms: int | None
    unanswered: int


def groups_of(burdens: Sequence[Burden], by: str) -> list[Group]:
    """Return the groups in the order of their names.

    Raises:
        KeyError: `by` is none of `BY`.
    """
    name_of = BY[by]
    names = sorted({name_of(one) for one in burdens})
    return [_group(name, [one for one in burdens if name_of(one) == name]) for name in names]


def _group(name: str, burdens: Sequence[Burden]) -> Group:
    alarms = [alarm for one in burdens for alarm in one.alarms]
    watched_ms = sum(one.watched_ms for one in burdens)
    urgent = [one for one in alarms if one.priority is not Priority.LOW]
    answered = sorted(one.accept_ms for one in urgent if one.accept_ms is not None)
    return Group(
        name=name,
        sessions=len(burdens),
        watched_ms=watched_ms,
        alarms=rate(len(alarms), watched_ms / 3_600_000),
        causes=_causes(alarms, watched_ms / 3_600_000),
        verdicts=_counted(one.verdict or "none" for one in alarms),
        pages=sum(one.pages for one in alarms),
        muted_ms=sum(one.muted_ms for one in burdens),
        unwatched_ms=sum(one.unwatched_ms for one in burdens),
        down_ms=sum(one.down_ms for one in burdens),
        unknown_downs=sum(one.unknown_downs for one in burdens),
        answered_median_ms=percentile(answered, 50),
        answered_p95_ms=percentile(answered, 95),
        unanswered=len(urgent) - len(answered),
    )


def _causes(alarms: Sequence[AlarmBurden], hours: float) -> tuple[Cause, ...]:
    """The most frequent first, then the higher priority, then by name."""
    by_row: dict[tuple[str, Kind, Priority], list[AlarmBurden]] = {}
    for one in alarms:
        by_row.setdefault((one.row, one.kind, one.priority), []).append(one)
    causes = [
        Cause(
            row,
            kind,
            priority,
            rate(len(found), hours),
            sum(one.pages for one in found),
            _counted(one.verdict for one in found if one.verdict is not None),
        )
        for (row, kind, priority), found in by_row.items()
    ]
    return tuple(sorted(causes, key=lambda one: (-one.rate.count, -one.priority.rank, one.row)))


def _counted(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return dict(sorted(counts.items()))
