r"""What may go to whoever helps from afar: facts of the machine and the program, none of a person.

Everything here is let through by name, never taken out by name: a setting is a number, a choice or
"set"; a line of the log is one of our own sentences with its time; a record is its size, its
format, and how often the hub itself was in trouble; a line of the check is the setting that it is
about. What is not known to be harmless is counted and not told. Reads no file.

>>> from monitor.config import load_config
>>> settings_of(load_config("[hub]\nname = 'Ann at home'"))["hub.name"]
'set'
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from typing import Any, Final

from msgspec import Struct, structs

from monitor.journal import ChainFault
from monitor.records.ledger import Line

__all__ = ["check_lines", "ledger_counts", "log_lines", "record_facts", "settings_of"]

TROUBLE: Final = ("MonitorDown", "RecordGap", "ClockSettled", "HubCondition", "Tick", "Woke")
"""Events of the hub's own; every other kind may say how somebody is."""

_LOG_LEVELS: Final = frozenset({"debug", "info", "warning", "error", "critical"})
_MOST_LINES: Final = 2_000
_TIME_CHARS: Final = 32
_TIME: Final = frozenset("0123456789-:.TZ+")


def settings_of(config: Struct, prefix: str = "") -> dict[str, Any]:
    """Return every setting by its name: numbers and choices as they are, texts as set or not."""
    found: dict[str, Any] = {}
    for name in structs.fields(config):
        value, key = getattr(config, name.name), f"{prefix}{name.name}"
        if isinstance(value, Struct):
            found |= settings_of(value, f"{key}.")
        elif isinstance(value, Enum):
            found[key] = value.value
        elif isinstance(value, bool | int | float):
            found[key] = value
        else:
            # A path, a name, an address, a list of them: whether there is one.
            found[key] = "set" if value else ""
    return found


def check_lines(lines: Iterable[str], settings: Collection[str]) -> dict[str, int]:
    """Count the lines of `vigil check` by the setting that each is about; others together."""
    counts: Counter[str] = Counter()
    for line in lines:
        words = {word.strip(":,;'\"`()") for word in line.split()}
        known = sorted(words.intersection(settings))
        counts[known[0] if known else "another line"] += 1
    return dict(sorted(counts.items()))


def log_lines(lines: Iterable[str], sentences: Collection[str]) -> list[str]:
    """Return our own sentences of a log of JSON lines with their level and time, the newest last.

    Names, values and reasons stand in other fields, which are left out; a line that is none of
    ours is counted.
    """
    kept: list[str] = []
    left_out = 0
    for line in lines:
        told = _log_line(line, sentences)
        if told is None:
            left_out += 1
        else:
            kept.append(told)
    kept = kept[-_MOST_LINES:]
    return [*kept, f"{left_out} lines are not told"] if left_out else kept


def _log_line(line: str, sentences: Collection[str]) -> str | None:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict):
        return None
    event, level, at = (fields.get(name) for name in ("event", "level", "timestamp"))
    if not isinstance(event, str) or event not in sentences or level not in _LOG_LEVELS:
        return None
    is_time = isinstance(at, str) and len(at) <= _TIME_CHARS and _TIME.issuperset(at)
    return f"{at if is_time else '-'} {level} {event}"


def record_facts(
    kinds: Iterable[str],
    *,
    size_bytes: int,
    file_format: int,
    is_open: bool,
    is_sealed: bool,
    fault: ChainFault | None,
) -> dict[str, Any]:
    """Return what is told of one session's record: no name, no value, no time of a person."""
    counts = Counter(kinds)
    return {
        "records": sum(counts.values()),
        "size_bytes": size_bytes,
        "format": file_format,
        "open": is_open,
        "sealed": is_sealed,
        "first_fault_at": None if fault is None else fault.n,
        "trouble": {kind: counts[kind] for kind in TROUBLE if counts[kind]},
    }


def ledger_counts(lines: Iterable[Line]) -> Mapping[str, int]:
    """Return how often each act stands in the ledger; not whose record, not by whom."""
    return dict(sorted(Counter(line.what for line in lines).items()))
