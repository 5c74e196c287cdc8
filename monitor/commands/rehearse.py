"""`vigil rehearse`: send a test alarm down a patient's whole chain and see who answers by name.

In an open session it is the rehearsal of its gate. With no session open (the day before) the hub
opens one for the rehearsal alone, which watches nobody, takes no dose and ends by itself. The
terminal is the outside thing; what a rehearsal proves is decided in the hub.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from monitor.commands.common import ask_hub, fail

__all__ = ["register"]

_LOOK_S = 0.25
# The longest answer is waited for 120 s; a hub that is slower than this has a fault of its own.
_LONGEST_S = 180.0
_PLAN = "rehearsal"
_STYLES = {"passed": "green", "failed": "bold red", "unproved": "yellow", "running": "cyan"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("rehearse")(rehearse)


def rehearse(
    patient: Annotated[str, typer.Argument(help="The patient's file, without .toml.")],
    config: Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)] = Path(
        "config.toml"
    ),
    session: Annotated[str, typer.Option(help="This session; else the patient's open one.")] = "",
) -> None:
    """Test the whole alarm chain: each person must answer a test alarm by name.

    Exit 0 when everybody answered and every way works, 1 when not, 2 when it could not be done.
    """
    name = session or _open_session(config, patient)
    if name:
        ask_hub(config, {"do": "rehearse", "session": name})
    else:
        name = _open_rehearsal(config, patient)
    view = _follow(config, name, Console(highlight=False, soft_wrap=True))
    typer.echo(f"rehearsal {view['state']}: {view['reason']}")
    raise typer.Exit(0 if view["state"] == "passed" else 1)


def _open_session(config: Path, patient: str) -> str:
    """The patient's open session; empty when there is none."""
    sessions = ask_hub(config, {"do": "list"})["sessions"]
    found = (str(one["session"]) for one in sessions if one["patient"] == patient)
    return next(found, "")


def _open_rehearsal(config: Path, patient: str) -> str:
    """Open a session that is a rehearsal and nothing else."""
    reply = ask_hub(config, {"do": "open", "patient": patient, "plan": _PLAN})
    typer.echo(
        f"session {reply['session']} is a rehearsal only ({reply['mode']}): it watches nobody,"
        " takes no dose and ends by itself"
    )
    return str(reply["session"])


def _follow(config: Path, session: str, console: Console) -> dict[str, Any]:
    """Show the rehearsal until it is over; return its last state."""
    ends_s = time.monotonic() + _LONGEST_S
    view: dict[str, Any] = {"state": "running"}
    with _shown(console) as show:
        while view["state"] == "running":
            reply = ask_hub(config, {"do": "rehearsal", "session": session})
            view = reply["rehearsal"] or view
            show(view, reply["now_ms"])
            if time.monotonic() > ends_s:
                fail(f"the rehearsal of {session} has no end after {_LONGEST_S:g} s; see the log")
            if view["state"] == "running":
                time.sleep(_LOOK_S)
    return view


class _shown:  # noqa: N801 - reads as a word
    """A live table on a terminal; without one, a plain line for each change."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live: Live | None = None
        self._said: set[str] = set()

    def __enter__(self) -> Callable[[dict[str, Any], int], None]:
        if self._console.is_terminal:
            self._live = Live(console=self._console, refresh_per_second=4)
            self._live.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def _show(self, view: dict[str, Any], now_ms: int) -> None:
        if self._live is not None:
            self._live.update(_table(view, now_ms), refresh=True)
            return
        for line in _lines(view):
            if line not in self._said:
                self._said.add(line)
                self._console.print(line, markup=False)


def _lines(view: dict[str, Any]) -> list[str]:
    """What is known of each way and each person, in plain lines."""
    lines = []
    for person in view.get("people", ()):
        who = f"{person['role']} {person['contact'] or '(nobody)'}"
        lines += [
            f"{who} by {way['channel']}: {way['state']}, {way['reason']}" for way in person["ways"]
        ]
        if person["state"] != "running":
            lines.append(f"{who}: {person['state']}, {person['reason']}")
    return lines


def _table(view: dict[str, Any], now_ms: int) -> Table:
    """One row for each person and for each of their ways."""
    table = Table(title=f"Test alarm {view.get('id', '')}: {view['state']}", title_justify="left")
    for heading in ("person", "way", "state", "what is known"):
        table.add_column(heading)
    for person in view.get("people", ()):
        left_s = max(0, person["until_ms"] - now_ms) // 1000
        words = person["reason"] or person["answered"] or f"{left_s} s left to answer"
        who = f"{person['role']} {person['name'] or '(nobody)'}"
        table.add_row(who, "", person["state"], words, style=_STYLES[person["state"]])
        for way in person["ways"]:
            style = _STYLES[way["state"]]
            table.add_row("", way["channel"], way["state"], way["reason"], style=style)
    return table
