"""`vigil session`: open, list and close sessions of the running hub, and answer an alarm.

Each command asks the hub through its control socket and prints what it says; a refusal ends with 2.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.commands.common import ask_hub

__all__ = ["register"]

ConfigOption = Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)]
ByOption = Annotated[str, typer.Option("--by", help="Who does it: one of the session's people.")]

session = typer.Typer(help="Sessions of the running hub.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(session, name="session")


@session.command("open")
def open_session(
    patient: Annotated[str, typer.Argument(help="The patient's file, without .toml.")],
    config: ConfigOption = Path("config.toml"),
    plan: Annotated[str, typer.Option(help="Another plan than the patient's.")] = "",
    mode: Annotated[str, typer.Option(help="demo or test instead of the patient's mode.")] = "",
) -> None:
    """Open a session for a patient."""
    request: dict[str, Any] = {"do": "open", "patient": patient}
    if plan:
        request["plan"] = plan
    if mode:
        request["mode"] = mode
    reply = ask_hub(config, request)
    typer.echo(f"session {reply['session']} is open ({reply['mode']}, plan {reply['plan']})")
    if "note" in reply:
        typer.echo(f"note: {reply['note']}")


@session.command("list")
def list_sessions(config: ConfigOption = Path("config.toml")) -> None:
    """List the open sessions and their alarms."""
    reply = ask_hub(config, {"do": "list"})
    if not reply["recording"]:
        typer.echo(f"RECORDING HAS STOPPED: {reply['record_fault']}")
    if not reply["sessions"]:
        typer.echo("no session is open")
    for one in reply["sessions"]:
        line = f"{one['session']}  {one['mode']}  {one['phase']}  {one['records']} records"
        typer.echo(f"{line}  patient {one['patient']}")
        for words in one["follow_up"]:
            typer.echo(f"    {words}")
        for alarm in one["alarms"]:
            typer.echo(f"    {alarm['priority']:6} {alarm['row']:14} {alarm['id']}")
    for name, detail in reply["faults"].items():
        typer.echo(f"fault: {name}: {detail}")
    for name, count in sorted(reply["refused"].items()):
        typer.echo(f"refused: {count} x {name}")


@session.command("close")
def close_session(
    name: Annotated[str, typer.Argument(help="The session.")],
    by: ByOption,
    config: ConfigOption = Path("config.toml"),
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """End a session. Only a physician ends one whose criteria are open; else it is END-EARLY."""
    reply = ask_hub(config, {"do": "close", "session": name, "by": by, "reason": reason})
    if reply["phase"] in ("ended", "aborted", "discharged", "completed"):
        typer.echo(f"session {name} is {reply['phase']}")
    else:
        typer.echo(f"session {name} goes on ({reply['phase']}): the physician has been told")


@session.command("answer")
def answer(
    name: Annotated[str, typer.Argument(help="The session.")],
    alarm: Annotated[str, typer.Argument(help="The alarm, as `vigil session list` shows it.")],
    what: Annotated[str, typer.Argument(help="accept, acknowledge, reject or reset")],
    by: ByOption,
    config: ConfigOption = Path("config.toml"),
) -> None:
    """Answer an alarm by name: accept, acknowledge, reject or reset it."""
    order = {"do": what, "alarm": alarm}
    ask_hub(config, {"do": "order", "session": name, "by": by, "order": order})
    typer.echo(f"{by}: {what} {alarm}")
