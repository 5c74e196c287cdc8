"""What alarms asked of the people of one session, and for how long nobody was watching.

Everything is read from the record as it is; what a report says of a session is read by the same
collector (`monitor/report/summary.py`). Nothing is judged anew.

    collector = BurdenCollector()
    for record in records: collector.take(record)
    collector.burden()        -> Burden(session="s1", watched_ms=8520000, alarms=(...), ...)
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from alerts.condition import Kind, Priority, Transition
from alerts.contact import Contact, Role
from alerts.signal import SignalState
from monitor.effects import AlarmChanged, Refused, Send, SignalChanged
from monitor.journal import Record
from monitor.report.oximetry import HOLD_MS, Span
from monitor.report.stories import Story
from monitor.report.summary import Collector, Summary
from monitor.verdict_events import AlarmJudged
from monitor.what_if.spells import spells_of

__all__ = ["AlarmBurden", "Burden", "BurdenCollector", "outside", "union"]

_NO_SIGNAL: Final = ("no_signal", "link")


class AlarmBurden(Struct, frozen=True):
    """One alarm: its highest row, and what came of it.

    `accept_ms`: from its raising to the first person who took it (None: nobody did); `pages`:
    messages about it to physicians; `verdict`: a physician's last word about it, None without one.
    """

    row: str
    kind: Kind
    priority: Priority
    accept_ms: int | None
    pages: int
    verdict: str | None


class Burden(Struct, frozen=True):
    """One session.

    `watched_ms`: from the opening to the end of watching. `muted_ms`: for how long at least one
    alarm's sound was paused by somebody. `unwatched_ms`: since the dose, for how long there was
    neither a valid SpO2 of the last 15 s nor an alarm about its absence from a hub that ran.
    `down_ms`: for how long the hub did not run, as far as it knows; `unknown_downs` counts the
    times of which it does not.
    """

    session: str
    patient: str
    software: str
    watched_ms: int
    alarms: tuple[AlarmBurden, ...]
    muted_ms: int
    unwatched_ms: int
    down_ms: int
    unknown_downs: int


class BurdenCollector:
    """Takes the records of one session in their order."""

    def __init__(self) -> None:
        self._collector = Collector(replays=False)
        self._lines: list[AlarmChanged] = []
        self._accepted_ms: dict[str, int] = {}
        self._pauses: list[Span] = []
        self._paused_since: dict[str, int] = {}
        self._sends: list[Send] = []
        self._verdicts: dict[str, str] = {}

    def take(self, record: Record) -> None:
        """Take the next record."""
        self._collector.take(record)
        refused = False
        for effect in record.effects:
            if isinstance(effect, AlarmChanged):
                self._lines.append(effect)
                if effect.transition is Transition.ACCEPTED:
                    self._accepted_ms.setdefault(effect.id, effect.at_ms)
            elif isinstance(effect, SignalChanged):
                self._signal(effect)
            elif isinstance(effect, Send):
                self._sends.append(effect)
            else:
                refused |= isinstance(effect, Refused)
        event = record.event
        if isinstance(event, AlarmJudged) and not refused:
            self._verdicts[event.alarm] = event.verdict.value

    def burden(self) -> Burden | None:
        """Return what was taken so far; None: no session was opened."""
        summary = self._collector.summary()
        if summary is None:
            return None
        opened, until_ms = summary.opened, summary.watched_until_ms
        downs = summary.course.downs
        pages = Counter(
            send.alarm for send in self._sends if _is_doctor(summary.contacts.get(send.contact))
        )
        pauses = [*self._pauses, *((since, until_ms) for since in self._paused_since.values())]
        return Burden(
            session=opened.session,
            patient=opened.patient.id,
            software=opened.software,
            watched_ms=until_ms - opened.at_ms,
            alarms=tuple(self._alarm(story, pages[story.id]) for story in summary.stories),
            muted_ms=_length(union(pauses)),
            unwatched_ms=_length(self._unwatched(summary)),
            down_ms=sum(down.down_ms or 0 for down in downs),
            unknown_downs=sum(down.down_ms is None for down in downs),
        )

    def _signal(self, change: SignalChanged) -> None:
        since_ms = self._paused_since.pop(change.id, None)
        if since_ms is not None:
            self._pauses.append((since_ms, change.at_ms))
        if change.state is SignalState.ACKNOWLEDGED:
            self._paused_since[change.id] = change.at_ms

    def _alarm(self, story: Story, pages: int) -> AlarmBurden:
        accepted_ms = self._accepted_ms.get(story.id)
        return AlarmBurden(
            row=story.top_row,
            kind=story.kind,
            priority=story.priority,
            accept_ms=None if accepted_ms is None else accepted_ms - story.raised_ms,
            pages=pages,
            verdict=self._verdicts.get(story.id),
        )

    def _unwatched(self, summary: Summary) -> list[Span]:
        """Time since the dose that neither a valid sample nor an alarm about its absence covers."""
        if summary.dose_ms is None:
            return []
        samples = [(at_ms, at_ms + HOLD_MS) for at_ms, _ in summary.oximetry.spo2]
        alarms = spells_of(self._lines, summary.last_ms).alarms
        told = [(one.from_ms, one.to_ms) for one in alarms if one.name in _NO_SIGNAL]
        # What became due while the hub did not run was heard by nobody.
        downs = [(one.at_ms - (one.down_ms or 0), one.at_ms) for one in summary.course.downs]
        return outside(summary.spans, union([*samples, *outside(told, union(downs))]))


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the same time as spans that do not touch, in their order.

    >>> union([(5, 9), (0, 5), (12, 13)])
    [(0, 9), (12, 13)]
    """
    joined: list[Span] = []
    for from_ms, to_ms in sorted(spans):
        if joined and from_ms <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], to_ms))
        else:
            joined.append((from_ms, to_ms))
    return joined


def outside(spans: Iterable[Span], covers: Sequence[Span]) -> list[Span]:
    """Return what of `spans` no one of `covers` covers; these do not overlap and are in order.

    >>> outside([(0, 10)], [(2, 3), (8, 20)])
    [(0, 2), (3, 8)]
    """
    left: list[Span] = []
    for from_ms, to_ms in spans:
        at_ms = from_ms
        for cover_from_ms, cover_to_ms in covers:
            if cover_to_ms <= at_ms or cover_from_ms >= to_ms:
                continue
            if cover_from_ms > at_ms:
                left.append((at_ms, cover_from_ms))
            at_ms = cover_to_ms
        if at_ms < to_ms:
            left.append((at_ms, to_ms))
    return left


def _length(spans: Iterable[Span]) -> int:
    return sum(to_ms - from_ms for from_ms, to_ms in spans)


def _is_doctor(contact: Contact | None) -> bool:
    return contact is not None and contact.role in (Role.PHYSICIAN, Role.BACKUP)
