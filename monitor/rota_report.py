"""A rota in words, for whoever keeps it: gaps, names that are nobody's, hand-overs, the shifts.

Gaps and unknown names are faults: nobody should open a session before they are mended. A hand-over
in the usual hours of sessions and a substitute that changes nothing are notes. Times are written in
the rota's zone. Reads nothing and has no clock.

>>> from datetime import UTC
>>> from alerts.rota_words import People
>>> rota = Rota((), People(frozenset(), {}), (), 0, 86_400_000)
>>> faults_of(rota, "main", UTC, 0, 86_400_000)
['rota main: Thu 1 Jan 00:00 to Fri 2 Jan 00:00: nobody is on the rota']
"""

from datetime import UTC, datetime, timedelta, tzinfo

from alerts.rota import Rota
from alerts.rota_words import Shift

__all__ = ["DAY_MS", "faults_of", "notes_of", "shifts_of"]

DAY_MS = 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = 20
# "hand-overs that fall in the usual session time": sessions are held by day.
_FROM_HOUR, _TO_HOUR = 8, 20


def faults_of(rota: Rota, name: str, zone: tzinfo, from_ms: int, to_ms: int) -> list[str]:
    """Return every gap and every doubt between two instants, each a line.

    Args:
        rota: the timeline.
        name: the rota's name.
        zone: the rota's zone.
        from_ms: wall ms from which on gaps count.
        to_ms: wall ms up to which they do.
    """
    lines = [
        f"{_when(gap.from_ms, zone)} to {_when(gap.to_ms, zone)}: {gap.why}"
        for gap in rota.gaps(from_ms, to_ms)
    ]
    lines += [
        f"{_when(part.from_ms, zone)}: {part.contact} is on call, and {part.doubt}"
        for part in rota.parts
        if isinstance(part, Shift) and part.doubt and part.from_ms < to_ms and part.to_ms > from_ms
    ]
    lines += [
        f"{_when(span.from_ms, zone)}: {why}; add the name to people, or the contact"
        for span, why in rota.doubts
        if span.from_ms < to_ms and span.to_ms > from_ms and not any(why in line for line in lines)
    ]
    more = len(lines) - _MOST
    rest = [f"and {more} more"] if more > 0 else []
    return [f"rota {name}: {line}" for line in (*lines[:_MOST], *rest)]


def notes_of(rota: Rota, name: str, zone: tzinfo, from_ms: int, to_ms: int) -> list[str]:
    """Return hand-overs in the usual hours, and substitutes that change nothing."""
    lines = []
    for change in rota.changes(from_ms, to_ms):
        hour = _local(change.at_ms, zone).hour
        if change.contact is not None and _FROM_HOUR <= hour < _TO_HOUR:
            lines.append(f"{_when(change.at_ms, zone)}: hand-over to {change.contact} by day")
    lines += [
        f"{_when(one.from_ms, zone)}: the substitute {one.who} ({one.reason}) changes nothing"
        for one in rota.unused
        if one.from_ms < to_ms and one.to_ms > from_ms
    ]
    return [f"rota {name}: {line}" for line in lines[:_MOST]]


def shifts_of(rota: Rota, zone: tzinfo, from_ms: int, to_ms: int) -> list[tuple[str, ...]]:
    """Return the shifts and gaps of a time, cut to it: from, to, who, and what is doubtful."""
    return [
        (
            _when(max(part.from_ms, from_ms), zone),
            _when(min(part.to_ms, to_ms), zone),
            part.contact if isinstance(part, Shift) else "NOBODY",
            part.doubt if isinstance(part, Shift) else part.why,
        )
        for part in rota.parts
        if part.from_ms < to_ms and part.to_ms > from_ms
    ]


def _local(wall_ms: int, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=wall_ms)).astimezone(zone)


def _when(wall_ms: int, zone: tzinfo) -> str:
    at = _local(wall_ms, zone)
    return f"{at:%a} {at.day} {at:%b %H:%M}"
