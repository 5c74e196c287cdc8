"""What a journal holds, as far as a what-if needs it: its events, and the alarms that it decided.

Of most records only the event is read. What was decided is taken from the record when today's
software wrote it, since a journal replays to the same bytes; a session of another version is run
again by its own plan, so that a what-if compares plans and never versions. It opens no file.

    session = read_session(read_records(path))
    session.events[0]                  -> SessionOpened(session="s1", ...)
"""

from collections.abc import Iterable

import msgspec
from msgspec import Raw, Struct

from monitor.effects import Effect, PhaseChanged
from monitor.events import Event, SessionOpened
from monitor.journal import JournalError
from monitor.session import OVER, Phase
from monitor.what_if.rerun import Rerun

__all__ = ["Recorded", "read_session"]


class Recorded(Struct, frozen=True):
    """One recorded session: its opening, every event with that first, and what it decided.

    `vain` are the places of the events that were refused. `watched_ms` is from the opening to the
    end of the phases in which devices are worn: what alarms an hour are counted by.
    """

    opened: SessionOpened
    events: tuple[Event, ...]
    run: Rerun
    watched_ms: int
    vain: frozenset[int] = frozenset()


class _Stored(Struct):
    """A record whose effects are read only where they matter."""

    n: int
    event: Event
    effects: Raw = Raw(b"[]")


_DECODER = msgspec.json.Decoder(_Stored)
_EFFECTS = msgspec.json.Decoder(tuple[Effect, ...])
_WANTED = (b'"AlarmChanged"', b'"Refused"', b'"RowOff"', b'"PhaseChanged"')
_WORN_NO_MORE = frozenset({Phase.FOLLOW_UP, *OVER})


def read_session(records: Iterable[tuple[int, bytes, bytes]]) -> Recorded:
    """Read `(n, body, hash)` of one journal.

    Raises:
        JournalError: a record cannot be read (it is named), or none opens a session.
    """
    events: list[Event] = []
    run = Rerun()
    vain: set[int] = set()
    watched_until_ms: int | None = None
    for n, body, _ in records:
        try:
            stored = _DECODER.decode(body)
            raw = bytes(stored.effects)
            if any(word in raw for word in _WANTED):
                effects = _EFFECTS.decode(raw)
                run.take(effects)
                if watched_until_ms is None and any(_ends_watching(one) for one in effects):
                    watched_until_ms = stored.event.at_ms
            if b'"Refused"' in raw:
                vain.add(len(events))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise JournalError(f"record {n}: {error}") from None
        events.append(stored.event)
    if not events or not isinstance(events[0], SessionOpened):
        raise JournalError("no record opens a session: name the journal of one that was opened")
    opened, run.end_ms = events[0], events[-1].at_ms
    until_ms = run.end_ms if watched_until_ms is None else watched_until_ms
    return Recorded(opened, tuple(events), run, until_ms - opened.at_ms, frozenset(vain))


def _ends_watching(effect: Effect) -> bool:
    return isinstance(effect, PhaseChanged) and Phase(effect.phase) in _WORN_NO_MORE
