"""One session as the feed tells it: a snapshot for who joins, deltas for who is there.

Decisions come in as they are taken and go out after their commit, those of one moment together in
one delta. A delta holds only what changed. The last deltas are kept, so that a client that was
away hears what it missed; when they are too many for one go it gets a snapshot instead.

This module encodes messages and sends none; who may see them is decided in `rights`.

    room = FeedRoom("s1", patient)
    room.decided(412, event, effects, state)      at the decision
    room.committed()                              after the commit
    room.delta(look)                              -> b'{"type":"delta","session":"s1","seq":412,...'
    room.since(411)                               -> [b'...'], or None: send `snapshot()`
"""

from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from monitor.effects import Effect
from monitor.events import Event
from monitor.feed_lines import lines_of
from monitor.feed_words import Delta, SnapshotSent, encode
from monitor.history import History
from monitor.patient import Patient

__all__ = ["FeedRoom", "State"]

State = dict[str, Any]

_LINES = 200
# Of a night of eight hours that rings without end; longer ones are in the record alone.
_MOST_LINES = 6_000
_KEPT = 600
# Together with what a slow client has not read yet it stays under the 256 KiB at which it is cut.
_KEPT_BYTES = 96 * 1024
# What changes with every look says nothing by itself.
_ALWAYS = frozenset({"at_ms", "record"})


class _Decided(NamedTuple):
    n: int
    event: Event
    effects: Sequence[Effect]
    state: State | None


class _Told(NamedTuple):
    seq: int
    by_time: bool
    message: bytes


class FeedRoom:
    """What was told of one session, and what waits for its commit.

    `seq` is the number of the last record that was told, `number` counts the messages. While nobody
    watches no state is made (`state` None); `look` gives one when somebody comes.
    """

    def __init__(self, session: str, patient: Patient, seq: int = 0) -> None:
        self.session = session
        self.patient = patient.id
        self.seq = seq
        self.state: State | None = None
        self.history = History.of(patient)
        self._lines: deque[dict[str, Any]] = deque(maxlen=_MOST_LINES)
        self._listed = 0
        self._waiting: deque[_Decided] = deque()
        self._done: list[_Decided] = []
        self._kept: deque[_Told] = deque()
        self._kept_bytes = 0
        self.number = 0
        # Of who saw an earlier life of this room nobody knows what they saw.
        self._oldest = seq + 1

    def past(self, event: Event, effects: Sequence[Effect]) -> None:
        """Take one record of before the start: it is drawn and listed, and told to nobody."""
        self.history.take(event, effects)
        self._list(lines_of(event, effects))

    def decided(self, n: int, event: Event, effects: Sequence[Effect], state: State | None) -> None:
        """Take the decision of record `n`, with the state after it."""
        self._waiting.append(_Decided(n, event, tuple(effects), state))

    def committed(self) -> None:
        """Say that the oldest decision that waits is recorded, or is known not to be."""
        if self._waiting:
            self._done.append(self._waiting.popleft())

    @property
    def settled(self) -> bool:
        """Nothing waits, neither for its commit nor to be told."""
        return not self._waiting and not self._done

    def look(self, state: State) -> None:
        """Set the state, when there is none or it must be made anew."""
        self.state = state

    def delta(self, look: Callable[[], State | None] | None) -> bytes | None:
        """Return what was committed since the last time as one message; None when nothing was.

        `look` makes the state anew, for a decision of before somebody came; None: nobody watches.
        """
        if not self._done:
            return None
        lines: list[dict[str, Any]] = []
        for one in self._done:
            self.history.take(one.event, one.effects)
            lines += lines_of(one.event, one.effects)
        last = self._done[-1]
        self._done = []
        self._list(lines)
        before, after = self.state, last.state
        if after is None and look is not None:
            after = look()
        self.state = after
        if before is None or after is None:
            # Nobody has seen anything yet: whoever comes gets a snapshot.
            self._forget(last.n)
            return None
        return self._tell(last.n, last.event.at_ms, _changed(before, after), lines, False)

    def passed(self, at_ms: int, state: State) -> bytes | None:
        """Return what changed by time alone, with the number of the last record; None: nothing."""
        if self.state is None or not self.settled:
            return None
        patch = _changed(self.state, state)
        if _ALWAYS.issuperset(patch):
            return None
        self.state = state
        return self._tell(self.seq, at_ms, patch, [], True)

    def since(self, seq: int) -> list[bytes] | None:
        """Return the deltas after record `seq`; None when they are not all at hand."""
        if not self._oldest <= seq <= self.seq:
            return None
        # Who has seen a record may still have missed what changed by time after it.
        return [
            told.message
            for told in self._kept
            if told.seq > seq or (told.by_time and told.seq == seq)
        ]

    def after(self, number: int) -> list[bytes] | None:
        """Return the messages after that many; None when they are not all at hand."""
        missed = self.number - number
        if missed > len(self._kept):
            return None
        return [told.message for told in list(self._kept)[len(self._kept) - missed :]]

    def snapshot(self) -> bytes:
        """Return all of it as one message.

        Raises:
            ValueError: nobody gave a state (`look`).
        """
        if self.state is None:
            raise ValueError(f"room {self.session} has no state: look at the session first")
        return encode(
            SnapshotSent(
                session=self.session,
                seq=self.seq,
                state=self.state,
                history=self.history.view(),
                lines=list(self._lines)[-_LINES:],
                first_line=max(self._listed - _LINES, 0),
            )
        )

    def lines_before(self, number: int) -> tuple[int, list[dict[str, Any]]]:
        """Return up to 200 lines before line `number`, and the number of the first of them.

        Lines are numbered from 0 as they are listed; the last 6,000 are kept.
        """
        oldest = self._listed - len(self._lines)
        end = min(max(number, oldest), self._listed)
        first = max(end - _LINES, oldest)
        return first, list(islice(self._lines, first - oldest, end - oldest))

    def all_lines(self) -> list[dict[str, Any]]:
        """Return every line that is kept, oldest first."""
        return list(self._lines)

    def _list(self, lines: list[dict[str, Any]]) -> None:
        self._lines.extend(lines)
        self._listed += len(lines)

    def _tell(
        self, seq: int, at_ms: int, patch: State, lines: list[dict[str, Any]], by_time: bool
    ) -> bytes:
        message = encode(
            Delta(session=self.session, seq=seq, at_ms=at_ms, patch=patch, lines=lines)
        )
        self.number += 1
        self.seq = seq
        self._kept.append(_Told(seq, by_time, message))
        self._kept_bytes += len(message)
        while len(self._kept) > _KEPT or self._kept_bytes > _KEPT_BYTES:
            told = self._kept.popleft()
            self._kept_bytes -= len(told.message)
            self._oldest = told.seq + told.by_time
        return message

    def _forget(self, seq: int) -> None:
        """Nobody is told: who comes again with this number has missed what only time changed."""
        self._kept.clear()
        self._kept_bytes = 0
        self.number += 1
        self.seq = seq
        self._oldest = seq + 1


def _changed(before: State, after: State) -> State:
    return {key: value for key, value in after.items() if key not in before or before[key] != value}
