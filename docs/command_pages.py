"""Lay out the command line as a page: every command, its words and its options.

The words are those that `vigil COMMAND --help` prints; this module adds none but the page's head.
"""

from importlib.metadata import entry_points
from typing import Any

from typer.main import get_command

from monitor.commands.main import app

__all__ = ["commands_page"]

HEAD = """\
# Commands

`vigil COMMAND --help` prints the same. A command that cannot do what it was asked says what is
wrong, where, and what to do, and exits with 2; 1 means that it did its work and the answer is no.
"""


def commands_page() -> str:
    """Return the page of all commands, those that other packages add included."""
    for entry in entry_points(group="vigil.commands"):
        entry.load()(app)
    lines = [HEAD]
    for path, command in _leaves("vigil", get_command(app)):
        lines += [f"## {path}", "", _paragraphs(command.help), ""]
        params = [one for one in command.params if not getattr(one, "hidden", False)]
        if params:
            lines += ["| option | default | meaning |", "|---|---|---|"]
            lines += [_row(one) for one in params]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _leaves(path: str, command: Any) -> list[tuple[str, Any]]:
    """Return the commands below a group, in the order in which they were added."""
    children = getattr(command, "commands", None)
    if children is None:
        return [(path, command)]
    return [leaf for name, child in children.items() for leaf in _leaves(f"{path} {name}", child)]


def _paragraphs(text: str | None) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n"))


def _row(param: Any) -> str:
    if param.param_type_name == "argument":
        name = f"`{param.name.upper()}`"
    else:
        name = ", ".join(f"`{one}`" for one in [*param.opts, *param.secondary_opts])
    if param.required:
        default = "required"
    elif param.default in (None, False, "") or callable(param.default):
        default = ""
    else:
        default = f"`{param.default}`"
    return f"| {name} | {default} | {getattr(param, 'help', '') or ''} |"
