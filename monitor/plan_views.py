"""The plan in force as a physician reads it: every row with its limits, and what was changed.

Rows in, words out; nothing is judged. Limits of the shapes that pages draw are said as beside the
values; the other shapes say their numbers by the names that the plan gives them.

    rules(engine, lines)[0]     -> RuleView(row="SPO2-WARN", words="below 92 % for 20 s", ...)
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from alerts.condition import AlarmClass, Priority
from monitor.engine import Engine
from monitor.limit_views import limit_words
from monitor.off_rows import off_rows
from monitor.rows import Row

__all__ = ["ChangeView", "RuleView", "rules"]

# What stands elsewhere in the view, or says nothing to a reader.
_LEFT_OUT = frozenset(
    {
        "id",
        "family",
        "label",
        "why",
        "priority",
        "alarm_class",
        "kind",
        "shape",
        "latch",
        "metric",
        "p0",
    }
)


class ChangeView(Struct, frozen=True):
    """A limit was moved, by whom and why; both in the metric's unit x 100."""

    at_ms: int
    before_x100: int
    limit_x100: int
    by: str
    reason: str


class RuleView(Struct, frozen=True):
    """One row as it is in force now; `off`: why it cannot work, empty when it can."""

    row: str
    label: str
    priority: Priority
    alarm_class: AlarmClass | None
    words: str
    why: str
    off: str
    changes: tuple[ChangeView, ...]


def rules(engine: Engine, lines: Iterable[Mapping[str, Any]]) -> tuple[RuleView, ...]:
    """Return every row of the session: the changed ones first, then in plan order.

    Args:
        engine: the session.
        lines: what was listed of it (`monitor/feed_lines.py`); changes are read from there.
    """
    changes: dict[str, list[ChangeView]] = {}
    for line in lines:
        if line.get("effect") == "LimitChanged":
            values = (line[name] for name in ChangeView.__struct_fields__)
            changes.setdefault(line["row"], []).append(ChangeView(*values))
    off = {one.row: one.why for one in off_rows(engine.board)}
    views = [
        RuleView(
            row.id,
            row.label,
            row.priority,
            row.alarm_class,
            _words(row),
            row.why,
            off.get(row.id, ""),
            tuple(changes.get(row.id, ())),
        )
        for row in engine.chart.rows.values()
    ]
    return tuple(sorted(views, key=lambda view: not view.changes))


def _words(row: Row) -> str:
    """The row's limits in words."""
    plain = limit_words(row)
    if plain:
        return "; ".join(plain)
    fields = msgspec.to_builtins(row)
    return "; ".join(
        f"{key.replace('_', ' ')} {_value(value)}"
        for key, value in fields.items()
        if key not in _LEFT_OUT and value not in (None, False, [])
    )


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(
            f"{key.replace('_', ' ')} {_value(item)}"
            for key, item in value.items()
            if item not in (None, False, [])
        )
    if isinstance(value, list | tuple):
        return ", ".join(_value(item) for item in value)
    if value is True:
        return "yes"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
