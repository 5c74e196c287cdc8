"""The same engine over what was recorded: a recording's decisions, or a journal's, checked.

A bare recording is replayed by a plan; a journal is replayed by its own frozen plan and compared
with the effects that it holds, by row, id, transition, priority, class, values and time (words are
made from them and may change). This module opens no file and prints nothing.

    for line in replay_recording(recording, plan): ...
    replay_journal(records) -> Compared(records=812, differs=None)
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from monitor.effects import AlarmChanged, Effect
from monitor.engine import Engine, EventOrderError
from monitor.journal import Record, encode
from monitor.recordings import Recording, opened

__all__ = ["Compared", "Difference", "json_line", "replay_journal", "replay_recording", "same"]


class Difference(Struct, frozen=True):
    """The first record whose replayed effects differ from the recorded ones, and how."""

    n: int
    what: str


class Compared(Struct, frozen=True):
    """What a journal's replay found. `bytes_same`: also every word is the same."""

    records: int
    differs: Difference | None
    bytes_same: bool


def replay_recording(
    recording: Recording, plan: Any, progress: Callable[[int], None] | None = None
) -> Iterator[Effect]:
    """Run one record as a test session; it ends at the last sample."""
    engine = Engine()
    yield from engine.handle(opened(recording, plan))
    for number, reading in enumerate(recording.readings, start=1):
        yield from engine.handle(reading)
        if progress is not None:
            progress(number)


def replay_journal(records: Iterable[Record], on_effect: Callable[[Effect], None]) -> Compared:
    """Run a journal's events again; stop at the first difference.

    An event that the engine refuses (no opening first, a time that goes back) is a difference.
    """
    engine = Engine()
    count, bytes_same = 0, True
    for record in records:
        try:
            effects = tuple(engine.handle(record.event))
        except EventOrderError as error:
            return Compared(count, Difference(record.n, f"refused: {error}"), bytes_same=False)
        for effect in effects:
            on_effect(effect)
        what = same(record.effects, effects)
        if what is not None:
            return Compared(count, Difference(record.n, what), bytes_same=False)
        bytes_same &= encode(Record(record.n, record.event, effects)) == encode(record)
        count += 1
    return Compared(count, None, bytes_same)


def same(recorded: tuple[Effect, ...], now: tuple[Effect, ...]) -> str | None:
    """Say how two lists of effects differ in what was decided, or None."""
    for index in range(max(len(recorded), len(now))):
        if index >= len(now):
            return f"recorded {_short(recorded[index])}, now nothing"
        if index >= len(recorded):
            return f"now {_short(now[index])}, recorded nothing"
        if _decided(recorded[index]) != _decided(now[index]):
            return f"recorded {_short(recorded[index])}, now {_short(now[index])}"
    return None


def json_line(record: str, line: AlarmChanged, start_ms: int = 0) -> dict[str, Any]:
    """One line of `vigil replay --json`; times from `start_ms`, values in their unit."""
    return {
        "record": record,
        "at_ms": line.at_ms - start_ms,
        "id": line.id,
        "family": line.family,
        "alarm": line.row,
        "transition": line.transition.value,
        "priority": line.priority.value,
        "class": None if line.alarm_class is None else line.alarm_class.value,
        "kind": line.kind.value,
        "value": None if line.value_x100 is None else line.value_x100 / 100,
        "limit": None if line.limit_x100 is None else line.limit_x100 / 100,
        "reason": line.reason,
    }


def _decided(effect: Effect) -> dict[str, Any]:
    """An effect without its words."""
    fields: dict[str, Any] = msgspec.to_builtins(effect)
    fields.pop("reason", None)
    fields.pop("why", None)
    return fields


def _short(effect: Effect) -> str:
    """An effect in one line, without its words, and without the address of anybody."""
    fields = msgspec.to_builtins(effect)
    fields.pop("reason", None)
    fields.pop("address", None)
    return " ".join(f"{name}={value}" for name, value in fields.items())
