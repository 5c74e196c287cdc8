"""Lay out the feed as a page for people and as AsyncAPI for programs, both off the message types.

Every message, order and right is read off `monitor/feed_words.py`, `devices/command.py` and
`monitor/rights.py`; the words are their docstrings. YAML is written here, because its few forms
that are needed take fewer lines than a dependency.
"""

import json
from collections.abc import Callable
from inspect import cleandoc
from pathlib import Path
from typing import Any, get_args

import msgspec

from alerts.contact import Role
from devices import command as told
from monitor.effects import Effect, Sound, TestSound
from monitor.feed_lines import LISTED
from monitor.feed_words import (
    AnswerOrder,
    CheckInOrder,
    CorrectOrder,
    FromClient,
    FromHub,
    OpenOrder,
)
from monitor.rights import RIGHTS
from monitor.snapshot import Snapshot

__all__ = ["asyncapi_text", "feed_page"]

HEAD = (Path(__file__).parent / "feed_words.txt").read_text(encoding="utf-8")
IMPLIED = frozenset({"session", "mode"})
OWN_ORDERS = (OpenOrder, CheckInOrder, CorrectOrder, AnswerOrder)


def feed_page(section: Callable[..., str], mentioned: Callable[..., list[type]]) -> str:
    """Return docs/feed.md.

    Args:
        section: lays out one Struct under a name.
        mentioned: the Structs and enumerations that the fields of Structs name.
    """
    none: frozenset[str] = frozenset()
    said, told_back = get_args(FromClient), get_args(FromHub)
    lines = [HEAD + "## What a client says\n"]
    lines += [section(cls, none, _tag(cls)) for cls in said]
    lines.append("## What the hub says\n")
    lines += [section(cls, none, _tag(cls)) for cls in told_back]
    lines.append("## What is in these messages\n")
    lines.append(section(Snapshot, none, "The state of a snapshot"))
    parts = mentioned([*said, *told_back, Snapshot])
    lines += [section(cls) for cls in parts if issubclass(cls, msgspec.Struct)]
    lines.append("## Orders\n")
    lines.append(
        "Each order is an object with `do`, in the field `order` of a message. An `id` of one's\n"
        "own makes a repetition count once.\n"
    )
    lines += [section(cls, IMPLIED, _tag(cls)) for cls in _orders()]
    lines += ["## Who may give which order\n", rights_table()]
    return "\n".join(lines).rstrip() + "\n"


def rights_table() -> str:
    """Return the table of roles and orders."""
    lines = ["| order | " + " | ".join(Role) + " |", "|---|" + "---|" * len(Role)]
    for order, roles in RIGHTS.items():
        marks = ("yes" if role in roles else "" for role in Role)
        lines.append(f"| `{order}` | " + " | ".join(marks) + " |")
    return "\n".join(lines)


def _listed() -> dict[str, Any]:
    """What is known of a line that is an event of a person; its fields are in docs/events.md."""
    names = [cls.__name__ for cls in LISTED]
    return {
        "type": "object",
        "properties": {"event": {"enum": names}, "at_ms": {"type": "integer"}},
        "required": ["event", "at_ms"],
    }


def asyncapi_text() -> str:
    """Return docs/asyncapi.yaml."""
    messages = [*get_args(FromClient), *get_args(FromHub)]
    effects = [cls for cls in get_args(Effect) if cls not in (Sound, TestSound)]
    orders = _orders()
    kinds = [*messages, *orders, *effects, Snapshot]
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    for cls in orders:
        _without(schemas[cls.__name__], IMPLIED)
    schemas["Order"] = {"oneOf": [_ref("schemas", cls) for cls in orders]}
    schemas["Line"] = {"oneOf": [*(_ref("schemas", cls) for cls in effects), _listed()]}
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Vigil live feed",
            "version": "1",
            "description": "What a screen shows and what a person does; docs/feed.md says more.",
        },
        "defaultContentType": "application/json",
        "servers": {
            "hub": {
                "host": "127.0.0.1:8765",
                "protocol": "ws",
                "security": [{"type": "http", "scheme": "bearer"}],
            }
        },
        "channels": {
            "feed": {
                "address": "/ws",
                "messages": {_tag(cls): _ref("messages", cls) for cls in messages},
            }
        },
        "operations": {
            "hear": _operation("receive", get_args(FromClient)),
            "tell": _operation("send", get_args(FromHub)),
        },
        "components": {
            "messages": {
                cls.__name__: {
                    "name": _tag(cls),
                    "summary": cleandoc(cls.__doc__ or "").split("\n")[0],
                    "payload": _ref("schemas", cls),
                }
                for cls in messages
            },
            "schemas": dict(sorted(schemas.items())),
        },
    }
    # JSON Schema has the regular expressions of JavaScript, which know no \\Z.
    text = "\n".join(_yaml(document, 0)).replace("\\\\Z", "$")
    return f"# Made by `make pages` from the message types.\n{text}\n"


def _orders() -> list[Any]:
    own = {_tag(cls) for cls in OWN_ORDERS}
    return [*OWN_ORDERS, *(cls for cls in get_args(told.Order) if _tag(cls) not in own)]


def _tag(cls: Any) -> str:
    return str(cls.__struct_config__.tag)


def _ref(kind: str, cls: Any) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{cls.__name__}"}


def _operation(action: str, classes: tuple[Any, ...]) -> dict[str, Any]:
    messages = [{"$ref": f"#/channels/feed/messages/{_tag(cls)}"} for cls in classes]
    return {"action": action, "channel": {"$ref": "#/channels/feed"}, "messages": messages}


def _without(schema: dict[str, Any], names: frozenset[str]) -> None:
    for name in names & set(schema["properties"]):
        del schema["properties"][name]
    schema["required"] = [one for one in schema["required"] if one not in names]


def _yaml(value: Any, depth: int) -> list[str]:
    """Return a value in YAML's block style; scalars as JSON, which YAML reads."""
    pad = "  " * depth
    if isinstance(value, dict) and value:
        lines = []
        for key, item in value.items():
            name = key if key.replace("_", "").isalnum() and not key.isdigit() else json.dumps(key)
            lines += _joined(f"{pad}{name}:", item, depth)
        return lines
    if isinstance(value, list) and value:
        lines = []
        for item in value:
            inner = _yaml(item, depth + 1)
            lines += [f"{pad}- {inner[0].lstrip()}", *inner[1:]]
        return lines
    return [pad + json.dumps(value, ensure_ascii=False)]


def _joined(head: str, item: Any, depth: int) -> list[str]:
    if isinstance(item, dict | list) and item:
        return [head, *_yaml(item, depth + 1)]
    return [f"{head} {json.dumps(item, ensure_ascii=False)}"]
