"""`vigil cert`: the hub's own certificate, so that phones hold the connection for safe.

Only over a connection that it trusts does a browser keep the screen awake.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.common import fail, read_config
from monitor.config import Config
from monitor.tls_files import TlsFiles

__all__ = ["register"]

ConfigOption = Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)]

_STEPS = """\
Each phone must trust the hub's authority once. Open https://{name}:{port}/vigil-ca.crt on it (the
browser warns this first time), or send it the file {ca} in another way.
  Android  Settings, search for "CA certificate", Install anyway, choose vigil-ca.crt.
  iPhone   Allow the profile; Settings, Profile Downloaded, Install. Then Settings, General, About,
           Certificate Trust Settings: switch on "Vigil hub CA".
  Compare  SHA-256 {fingerprint}
Then open the link of `vigil invite`: the browser shows a lock and no warning."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cert")(cert)


def cert(
    config: ConfigOption = Path("config.toml"),
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name or address by which phones reach the hub; may be repeated."),
    ] = None,
    new_ca: Annotated[
        bool, typer.Option("--new-ca", help="Make a new authority; phones must trust it anew.")
    ] = False,
) -> None:
    """Make the hub's certificate, or renew it, and say how a phone trusts it."""
    # Only this command needs the library.
    from monitor.tls_make import CertificateError, make_tls  # noqa: PLC0415

    settings, base = read_config(config)
    files = TlsFiles.of(base / settings.hub.data_dir)
    names = name or ["hub.home"]
    try:
        made = make_tls(files, names, replace_ca=new_ca, now=datetime.now(UTC))
    except (CertificateError, OSError) as error:
        fail(str(error))
    typer.echo(f"certificate for {', '.join(made.names)}, until {made.ends:%Y-%m-%d}")
    if made.is_new_ca:
        steps = {"name": names[0], "port": settings.hub.web_port, "ca": files.ca}
        typer.echo(_STEPS.format(fingerprint=made.fingerprint, **steps))
    else:
        typer.echo("phones that trust the hub already need nothing new")
    typer.echo(_next(settings, names[0]))


def _next(settings: Config, name: str) -> str:
    if settings.hub.tls:
        return "Start the hub again to use it."
    url = f"https://{name}:{settings.hub.web_port}"
    return f'To use it, write in config.toml, [hub]: tls = true, public_url = "{url}"'
