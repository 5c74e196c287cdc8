"""Write the reference pages that can be read off the code: events, rows, commands, the feed.

The words stand where they are born, in the docstrings and in the plan; these pages only lay them
out. `make pages` runs this, and a test compares, so a page cannot fall behind.

Usage: python docs/make_pages.py [--check]
"""

import sys
import types
import typing
from collections.abc import Iterable
from enum import Enum
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from alerts.condition import Kind, Priority
from docs.command_pages import commands_page
from docs.device_pages import devices_page
from docs.export_pages import export_page
from docs.feed_pages import asyncapi_text, feed_page
from docs.link_pages import bluetooth_page
from docs.phase_pages import phases_page
from monitor import effects, events
from monitor.plan import Plan, load_plan
from monitor.rows import Row

DOCS = Path(__file__).parent
PLANS = DOCS.parent / "monitor" / "plans"

EVENTS_HEAD = """\
# Events: what can happen to a session

An event is the only way into the engine, and a session's journal is its events in order with the
effects that each one had. All events have `at_ms`, the hub time at which the hub took the event
from its queue: integer milliseconds that run through suspend and never step. An event earlier than
the last one is refused.

Values are integers in units of 0.01: an SpO2 of 97 % is `9700`. In JSON the key `event` names the
event, and a field that has its default is left out.
"""

EFFECTS_HEAD = """\
# Effects: what the engine asks of the world

An effect is a decision with its reason. Shells carry it out and decide nothing. Every "no" is an
effect too, so that it reaches the journal and the screens. All effects have `at_ms`, the hub time
of the decision. In JSON the key `effect` names the effect, and a field that has its default is left
out.
"""

ROWS_HEAD = (DOCS / "rows_words.txt").read_text(encoding="utf-8")


def type_text(kind: Any) -> str:
    """Return a type as a reader writes it: `int`, `text`, `list of Way`, `Mode or nothing`."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return type_text(args[0])
    if origin is typing.Literal:
        return ", ".join(f"`{value}`" for value in args)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(type_text(arg) for arg in args)
    if origin in (tuple, list):
        return f"list of {type_text(args[0])}"
    if origin is dict:
        return f"table of {type_text(args[1])} by {type_text(args[0])}"
    plain = {
        str: "text",
        int: "whole number",
        float: "number",
        bool: "yes/no",
        type(None): "nothing",
        msgspec.UnsetType: "left out",
        typing.Any: "anything",
    }
    return plain.get(kind, f"`{kind.__name__}`")


def default_text(field: Any) -> str:
    """Return a field's default in JSON, "required" when it has none."""
    if field.default is msgspec.UNSET:
        return "left out"
    if field.default is not msgspec.NODEFAULT:
        return f"`{msgspec.json.encode(field.default).decode()}`"
    if field.default_factory is not msgspec.NODEFAULT:
        return f"`{msgspec.json.encode(field.default_factory()).decode()}`"
    return "required"


def doc_of(cls: type) -> str:
    """Return the class's docstring, as paragraphs."""
    return cleandoc(cls.__doc__ or "")


def struct_section(
    cls: type[Struct], hidden: frozenset[str] = frozenset(), name: str | None = None
) -> str:
    """Return one Struct as a heading, its docstring and a table of its fields."""
    hints = typing.get_type_hints(cls, include_extras=True)
    fields = [one for one in msgspec.structs.fields(cls) if one.name not in hidden]
    lines = [f"### {name or cls.__name__}", "", doc_of(cls), ""]
    if fields:
        lines += ["| field | type | default |", "|---|---|---|"]
        lines += [
            f"| `{one.encode_name}` | {type_text(hints[one.name])} | {default_text(one)} |"
            for one in fields
        ]
        lines.append("")
    return "\n".join(lines)


def enum_section(cls: type[Enum]) -> str:
    """Return one enumeration as a heading, its docstring and its words."""
    words = ", ".join(f"`{member.value}`" for member in cls)
    return "\n".join([f"### {cls.__name__}", "", doc_of(cls), "", words, ""])


def parts_of(kind: Any) -> Iterable[type]:
    """Yield the Structs and enumerations that a type mentions, itself included."""
    if isinstance(kind, type) and issubclass(kind, Struct | Enum):
        yield kind
    for arg in typing.get_args(kind):
        yield from parts_of(arg)


def mentioned(roots: Iterable[type[Struct]]) -> list[type]:
    """Return what the fields of these Structs mention, each once, in reading order.

    A plan is shown on its own page, so the search stops there.
    """
    known = list(roots)
    found: list[type] = []
    waiting: list[type] = list(known)
    while waiting:
        cls = waiting.pop(0)
        for hint in typing.get_type_hints(cls, include_extras=True).values():
            for part in parts_of(hint):
                if part in known or part in found or part is Plan:
                    continue
                found.append(part)
                if issubclass(part, Struct):
                    waiting.append(part)
    return found


def words_page(head: str, union: Any) -> str:
    """Return a page of all members of a union, and of the words that their fields use."""
    members = typing.get_args(union)
    used = mentioned(members)
    sections = [head, "## All of them\n"]
    sections += [struct_section(cls, frozenset({"at_ms"})) for cls in members]
    sections.append("## Words in their fields\n")
    sections += [
        struct_section(cls) if issubclass(cls, Struct) else enum_section(typing.cast("Any", cls))
        for cls in used
    ]
    return "\n".join(sections).rstrip() + "\n"


def value_text(value: Any) -> str:
    """Return a plan's value in plain words."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {value_text(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(value_text(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def summary_text(row: Row) -> str:
    """Return what a row is, as one line."""
    who = {"P": "physiological", "T": "technical", "O": "observed", "W": "workflow"}[Kind(row.kind)]
    parts = [f"{row.priority.capitalize()} priority", who]
    if row.alarm_class is not None:
        parts.append(f"class {row.alarm_class} when it is high")
    if row.p0:
        parts.append("P0: the physician is told at once")
    if row.latch is None:
        parts.append("clears itself")
    else:
        parts.append(f"stays from {row.latch} on until a person resets it")
    return "; ".join(parts)


def row_section(row: Row) -> str:
    """Return one row as a heading, its line and every number that it holds."""
    fields = typing.cast("dict[str, Any]", msgspec.to_builtins(row))
    label = row.label[:1].upper() + row.label[1:].rstrip(".")
    lines = [f"### {row.id}", "", f"{label}. {summary_text(row)}.", ""]
    for key, value in fields.items():
        if key in _IN_SUMMARY:
            continue
        if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            lines.append(f"- `{key}`, any of:" if key == "criteria" else f"- `{key}`:")
            lines += [f"  - {value_text(item)}" for item in value]
        else:
            lines.append(f"- `{key}`: {value_text(value)}")
    lines.append("")
    if row.why:
        lines += [f"Why: {row.why}.", ""]
    return "\n".join(lines)


def gate_lines(plan: Plan) -> list[str]:
    """Return one line for each item of the gate, and one for each of its questions."""
    lines = []
    for item in plan.gate:
        notes = {
            "a stop is final": item.stop_final,
            "by its proof alone": item.proof,
            "with its value": item.measure,
            f"by the {item.by} alone": item.by,
            f"only with {item.only}": item.only,
            "answers are shown to nobody": item.private,
        }
        more = ", ".join(note for note, so in notes.items() if so)
        lines.append(f"- `{item.id}`{f' ({more})' if more else ''}: {item.words}")
        lines += [
            f"  - {ask.words} {'No' if ask.good else 'Yes'}: {ask.wrong}." for ask in item.ask
        ]
    return lines


def rows_page(plan: Plan) -> str:
    """Return a page of a plan's rows by family, of its gate and of its ladder."""
    signed = f"signed by {plan.signed_by}" if plan.signed_by else "signed by nobody"
    lines = [ROWS_HEAD.format(name=plan.name, version=plan.version, signed=signed)]
    for family in dict.fromkeys(row.family for row in plan.rows):
        lines.append(f"## Family {family}\n")
        lines += [row_section(row) for row in plan.rows if row.family == family]
    lines += [f"## The gate\n\nIt lapses after {plan.gate_min} min.\n", *gate_lines(plan), ""]
    lines.append("## The ladder\n")
    for priority in Priority:
        lines += [f"Of a {priority} alarm that nobody has accepted:", ""]
        for rung in typing.cast("Any", getattr(plan.ladder, priority)):
            fields = msgspec.to_builtins(rung)
            rest = {key: item for key, item in fields.items() if key not in {"at_s", "to"}}
            more = f" ({value_text(rest)})" if rest else ""
            lines.append(f"- {rung.at_s} s: {rung.to}{more}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


_IN_SUMMARY = frozenset(
    {"id", "family", "label", "why", "priority", "alarm_class", "kind", "latch", "p0"}
)


def pages() -> dict[str, str]:
    """Return every page by its file name."""
    made = {
        "events.md": words_page(EVENTS_HEAD, events.Event),
        "effects.md": words_page(EFFECTS_HEAD, effects.Effect),
        "commands.md": commands_page(),
        "feed.md": feed_page(struct_section, mentioned),
        "asyncapi.yaml": asyncapi_text(),
        "devices.md": devices_page(),
        "bluetooth.md": bluetooth_page(),
        "export.md": export_page(),
    }
    default = PLANS / "default.toml"
    if default.exists():
        plan = load_plan(default.read_text(encoding="utf-8"), default.name)
        made["rows.md"] = rows_page(plan)
        made["phases.md"] = phases_page(plan)
    return made


def main() -> int:
    """Write the pages, or with --check only say which ones are behind (exit 1)."""
    behind = []
    for name, text in pages().items():
        path = DOCS / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        behind.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    for name in behind:
        print(f"docs/{name} {'is behind: run make pages' if '--check' in sys.argv else 'written'}")
    return 1 if behind and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
