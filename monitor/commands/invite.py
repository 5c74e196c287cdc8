"""`vigil invite`: a link and a QR code for one person, shown on this terminal and nowhere else.

The hub makes the token and keeps its hash alone; who loses the link asks for a new one.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import segno
import typer

from monitor.commands.common import ask_hub, fail

__all__ = ["register"]

ConfigOption = Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("invite")(invite)


def invite(
    person: Annotated[
        str, typer.Argument(help="A person of a patient's file, or a guest's name.")
    ] = "",
    config: ConfigOption = Path("config.toml"),
    patient: Annotated[
        str, typer.Option(help="Whose: for a person of several patients, or a guest of one.")
    ] = "",
    role: Annotated[str, typer.Option(help="viewer or admin, for a guest.")] = "",
    hours: Annotated[float, typer.Option(help="How long the link lasts, up to 24.")] = 12.0,
    listed: Annotated[
        bool, typer.Option("--list", help="Show who is invited, without their links.")
    ] = False,
    revoke: Annotated[str, typer.Option(help="End the invitation of this id at once.")] = "",
) -> None:
    """Print a person's link and QR code; it ends with the session, or after 12 hours."""
    if [bool(person), listed, bool(revoke)].count(True) != 1:
        fail("name one person, or use --list or --revoke ID")
    if listed:
        _list(config)
    elif revoke:
        one = ask_hub(config, {"do": "revoke", "id": revoke})
        typer.echo(f"the link of {one['person']} ({one['role']}) is revoked")
    else:
        request = {"person": person, "patient": patient, "role": role, "hours": hours}
        _show(ask_hub(config, {"do": "invite", **request}))


def _list(config: Path) -> None:
    invitations = ask_hub(config, {"do": "invites"})["invitations"]
    for one in invitations:
        seen = f"patient {one['patient']}" if one["patient"] else "all sessions"
        line = f"{one['id']}  {one['person']}  {one['role']}  {seen}"
        typer.echo(f"{line}  until {_time(one['expires_ms'])}")
    if not invitations:
        typer.echo("nobody is invited")


def _show(one: dict[str, Any]) -> None:
    seen = f"the session of {one['patient']}" if one["patient"] else "all sessions"
    typer.echo(f"{one['name']} ({one['role']}), {seen}, until {_time(one['expires_ms'])}")
    typer.echo(one["link"])
    if sys.stdout.isatty():
        segno.make(one["link"], error="m").terminal(compact=True)
    typer.echo(f"Whoever has this link is {one['person']}. Revoke it: vigil invite", nl=False)
    typer.echo(f" --revoke {one['id']}")


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000).astimezone().strftime("%a %H:%M")
