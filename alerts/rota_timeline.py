"""From spans that overlap to one line of shifts and gaps, without holes and without overlaps.

Where spans overlap the one that **starts later** wins, because a swap is written on top of a
standing week; of two that start together the shorter wins. When the winner ends, whoever lies
beneath is on call again. A span that names nobody whom we know gives no shift: whoever lies beneath
stays on call, and the shift is marked with a doubt. This module knows no names; `People` does.

>>> people = People(frozenset({"lee", "roy"}), {})
>>> entries, doubts = entries_of([Span(0, 90, "lee"), Span(30, 60, "roy")], people, 0, 90)
>>> [(part.contact, part.from_ms) for part in merged(swept(entries, 0, 90))]
[('lee', 0), ('roy', 30), ('lee', 60)]
"""

from collections.abc import Iterable
from heapq import heappop, heappush
from itertools import pairwise

from msgspec import Struct, structs

from alerts.rota_words import Gap, People, Shift, Span, Substitute, nobody

__all__ = ["Entry", "entries_of", "merged", "replaced", "swept"]

NOBODY = "nobody is on the rota"


class Entry(Struct, frozen=True):
    """All spans of one time: whom they name (None: nobody whom we know), and what is doubtful."""

    from_ms: int
    to_ms: int
    contact: str | None
    doubt: str


def entries_of(
    spans: Iterable[Span], people: People, from_ms: int, to_ms: int
) -> tuple[list[Entry], tuple[tuple[Span, str], ...]]:
    """Resolve names; spans of the very same time become one entry."""
    named: dict[tuple[int, int], list[str]] = {}
    why_not: dict[tuple[int, int], list[str]] = {}
    doubts: dict[str, tuple[Span, str]] = {}
    for span in sorted(spans, key=lambda span: (span.from_ms, span.to_ms, span.title)):
        if span.to_ms <= from_ms or span.from_ms >= to_ms or span.to_ms <= span.from_ms:
            continue
        contact, why = people.find(span)
        time = (span.from_ms, span.to_ms)
        if contact is None:
            why_not.setdefault(time, []).append(why)
            doubts.setdefault(why, (span, why))
        else:
            named.setdefault(time, []).append(contact)
    entries = []
    for time in sorted({*named, *why_not}):
        contacts = sorted(set(named.get(time, [])))
        doubt = why_not.get(time, [])[:1]
        if len(contacts) > 1:
            doubt.append(f"the rota names {' and '.join(contacts)} at once")
        entries.append(Entry(*time, contacts[0] if contacts else None, "; ".join(doubt)))
    return entries, tuple(doubts.values())


def swept(entries: list[Entry], from_ms: int, to_ms: int) -> list[Shift | Gap]:
    """Cut the time at every beginning and end, and give each piece to the winner there."""
    edges = {edge for one in entries for edge in (one.from_ms, one.to_ms)}
    cuts = sorted({from_ms, to_ms} | {edge for edge in edges if from_ms < edge < to_ms})
    waiting = list(reversed(entries))
    anyone: list[tuple[int, int, Entry]] = []
    known: list[tuple[int, int, Entry]] = []
    parts = []
    for start_ms, end_ms in pairwise(cuts):
        while waiting and waiting[-1].from_ms <= start_ms:
            one = waiting.pop()
            # No two entries have the same time, so that the entries themselves never compare.
            item = (-one.from_ms, one.to_ms, one)
            heappush(anyone, item)
            if one.contact is not None:
                heappush(known, item)
        top, who = _top(anyone, start_ms), _top(known, start_ms)
        parts.append(_part(top, who, start_ms, end_ms))
    return parts


def _top(heap: list[tuple[int, int, Entry]], at_ms: int) -> Entry | None:
    """The winner of those that still last; one that has ended is dropped when it comes up."""
    while heap and heap[0][1] <= at_ms:
        heappop(heap)
    return heap[0][2] if heap else None


def _part(top: Entry | None, who: Entry | None, from_ms: int, to_ms: int) -> Shift | Gap:
    if top is None:
        return Gap(from_ms, to_ms, NOBODY)
    if who is None or who.contact is None:
        return Gap(from_ms, to_ms, top.doubt)
    return Shift(who.contact, from_ms, to_ms, top.doubt)


def merged(parts: list[Shift | Gap]) -> list[Shift | Gap]:
    """Neighbours that say the same are one."""
    merged: list[Shift | Gap] = []
    for part in parts:
        if merged and structs.replace(part, from_ms=merged[-1].from_ms) == structs.replace(
            merged[-1], to_ms=part.to_ms
        ):
            merged[-1] = structs.replace(merged[-1], to_ms=part.to_ms)
        else:
            merged.append(part)
    return merged


def replaced(parts: list[Shift | Gap], one: Substitute, people: People) -> list[Shift | Gap]:
    """Lay a substitute over the timeline; one whom nobody knows only casts a doubt."""
    after: list[Shift | Gap] = []
    for part in parts:
        start_ms, end_ms = max(part.from_ms, one.from_ms), min(part.to_ms, one.to_ms)
        held = part.contact if isinstance(part, Shift) else ""
        if start_ms >= end_ms or (one.instead_of and one.instead_of != held):
            after.append(part)
            continue
        if part.from_ms < start_ms:
            after.append(structs.replace(part, to_ms=start_ms))
        if one.who in people.ids:
            after.append(Shift(one.who, start_ms, end_ms))
        elif isinstance(part, Shift):
            after.append(Shift(part.contact, start_ms, end_ms, nobody(one.who)))
        else:
            after.append(Gap(start_ms, end_ms, nobody(one.who)))
        if end_ms < part.to_ms:
            after.append(structs.replace(part, from_ms=end_ms))
    return after
