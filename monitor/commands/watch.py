"""`vigil watch`: the watcher on another machine, which pages when a hub falls silent.

It takes the leases of the hubs in `watch.toml` and pages by its own ways to people. With `--status`
or `--end` it asks the watcher that runs here instead.
"""

import asyncio
import signal
import ssl
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from alerts.lease import MIN_SECRET_CHARS, Person
from alerts.open_channels import open_channels
from alerts.outside import Outside, OutsideSettings
from alerts.secret_file import SecretError, address_of, read_secret
from monitor.commands.common import fail
from monitor.control import ControlError, ControlServer, ask
from monitor.watch_config import is_loopback
from monitor.watcher_config import WatcherConfig, WatcherError, load_watcher

__all__ = ["register"]

ConfigOption = Annotated[
    Path, typer.Option("--config", help="The watcher's settings.", dir_okay=False)
]
StatusOption = Annotated[bool, typer.Option("--status", help="Show what is known of each hub.")]
EndOption = Annotated[str, typer.Option("--end", metavar="HUB", help="End this hub's lease.")]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who ends it.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("watch")(watch)


def watch(
    config: ConfigOption = Path("watch.toml"),
    status: StatusOption = False,
    end: EndOption = "",
    by: ByOption = "",
) -> None:
    """Watch hubs from another machine: page when one is silent with an open session."""
    settings = _read(config)
    base = config.resolve().parent
    data_dir = base / settings.watch.data_dir
    if status:
        for hub in _ask(data_dir, {"do": "status"})["hubs"]:
            heard = hub["heard_s_ago"]
            ago = "not heard since the start" if heard is None else f"heard {heard} s ago"
            by_whom = f", {hub['by']} has it" if hub["state"] == "answered" else ""
            typer.echo(f"{hub['hub']}: {hub['state']}{by_whom}, {ago}")
    elif end:
        _ask(data_dir, {"do": "end", "hub": end, "by": by})
        typer.echo(f"the lease of {end} is ended")
    else:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        raise SystemExit(asyncio.run(_run(settings, base, data_dir)))


def _read(path: Path) -> WatcherConfig:
    try:
        return load_watcher(path.read_text("utf-8"), path.name)
    except WatcherError as error:
        fail(*error.faults)
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{path} cannot be read ({error}); name the watcher's settings with --config")


def _ask(data_dir: Path, request: dict[str, Any]) -> dict[str, Any]:
    if not (data_dir / "control.sock").exists():
        fail(f"no watcher runs with the data folder {data_dir}; start it with `vigil watch`")
    try:
        reply = ask(data_dir, request)
    except ControlError as error:
        fail(f"the watcher cannot be asked: {error}")
    if not reply["ok"]:
        fail(str(reply["error"]))
    return reply


async def _run(config: WatcherConfig, base: Path, data_dir: Path) -> int:
    """Watch until a signal; 1 when the watching itself has failed."""
    try:
        outside = Outside(
            _settings(config, base, data_dir),
            lambda on_news: open_channels(config.ways, base, on_news),
            _say,
            lambda address: address_of(address, base),
        )
        port = await outside.start()
    except (SecretError, OSError) as error:
        fail(str(error))
    table = config.watch
    if not table.certificate_file and not is_loopback(table.host):
        _say("the door speaks plain HTTP: names and numbers of people can be read on the way")
    control = ControlServer(data_dir, outside.request)
    await control.start()
    names = ", ".join(hub.id for hub in config.hubs)
    _say(f"watches {names}, listens at {table.host}:{port}")
    failed = await _until_stopped(outside)
    await control.close()
    for hub in await outside.stop():
        _say(f"STOPPED WITH AN OPEN SESSION: nobody outside watches {hub} now")
    return int(failed)


async def _until_stopped(outside: Outside) -> bool:
    """Run until a signal, or until the watching ends by our own bug: True then."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    watching = asyncio.create_task(outside.run())
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({watching, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if watching.done():
        _say(f"our bug, the watching has ended: {watching.exception()!r}")
        waiting.cancel()
        return True
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    return False


def _settings(config: WatcherConfig, base: Path, data_dir: Path) -> OutsideSettings:
    table = config.watch
    tls = None
    if table.certificate_file:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.minimum_version = ssl.TLSVersion.TLSv1_2
        tls.load_cert_chain(base / table.certificate_file, base / table.key_file)
    secrets = {}
    for hub in config.hubs:
        secret = read_secret(base / hub.secret_file)
        if len(secret) < MIN_SECRET_CHARS:
            raise SecretError(
                f"the secret's file {base / hub.secret_file} holds fewer than {MIN_SECRET_CHARS}"
                " characters: write a longer one to it and to the hub's"
            )
        secrets[hub.id] = secret.encode()
    return OutsideSettings(
        secrets=secrets,
        state_dir=data_dir,
        host=table.host,
        port=table.port,
        tls=tls,
        # Whoever keeps the watcher is told of real sessions; the mode is set when paging.
        people=tuple(Person(one.name, "real", one.ways) for one in config.people),
        speaker=table.speaker,
    )


def _say(line: str) -> None:
    # Nobody reading is no reason to stop watching.
    with suppress(OSError, ValueError):
        sys.stderr.write(f"vigil watch: {line}\n")
        sys.stderr.flush()
