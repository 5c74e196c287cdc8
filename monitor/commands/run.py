"""`vigil run`: the supervisor with its children, the hub and the embedded broker.

The command prepares the broker's files and then becomes the supervisor, which imports the standard
library only. `vigil hub` is the child itself; nobody starts it by hand.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from alerts.channel_settings import pack
from alerts.secret_file import SecretError, read_secrets
from devices.broker import BrokerError, BrokerKind, broker_command, choose, prepare
from monitor.commands.common import fail, read_config, set_up_log
from monitor.config import BrokerMode, BrokerProgram, Config
from monitor.records.private import private_folder

__all__ = ["register"]

ConfigOption = Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)]
SpeedOption = Annotated[
    float,
    typer.Option(
        "--speed",
        min=0.01,
        max=10_000,
        help="Hub time for each second; above 1 only demo and test sessions can be opened.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("hub", hidden=True)(hub)


def run(config: ConfigOption = Path("config.toml"), speed: SpeedOption = 1.0) -> None:
    """Run the hub: readings in, alarms decided, people told. Stop it with Ctrl-C."""
    settings, base = read_config(config)
    data_dir = base / settings.hub.data_dir
    private_folder(data_dir)
    command = [sys.executable, "-m", "monitor.commands.main", "hub"]
    command += ["--config", str(config.resolve()), "--speed", f"{speed:g}"]
    orders = {
        "hub": command,
        "state_dir": str(data_dir),
        "broker": _broker(settings, data_dir),
        "address": ["127.0.0.1", settings.broker.port],
        "channels": pack(settings.ways),
        "secrets": _secrets(settings, base),
        "base": str(base),
    }
    # Become the supervisor: nothing of this process but the standard library stays in memory.
    reader, writer = os.pipe()
    os.write(writer, json.dumps(orders).encode())
    os.close(writer)
    os.dup2(reader, 3)
    os.set_inheritable(3, True)
    os.execv(sys.executable, [sys.executable, "-m", "alerts.supervise"])  # noqa: S606 - no shell


def hub(config: ConfigOption = Path("config.toml"), speed: SpeedOption = 1.0) -> None:
    """Run the hub itself, without anybody who watches it."""
    from monitor.wiring import run_hub  # noqa: PLC0415 - heavy, and only the child needs it

    settings, base = read_config(config)
    set_up_log(settings.log)
    raise SystemExit(asyncio.run(run_hub(settings, base, speed)))


def _broker(settings: Config, data_dir: Path) -> list[str] | None:
    if settings.broker.mode is not BrokerMode.EMBEDDED:
        return None
    try:
        kind = choose()
        if settings.broker.prefer is BrokerProgram.IOTCORE:
            kind = BrokerKind.IOTCORE
        prepare(kind, data_dir, settings.broker.port)
        return broker_command(kind, data_dir, settings.broker.port)
    except (BrokerError, OSError) as error:
        fail(str(error))


def _secrets(settings: Config, base: Path) -> dict[str, str]:
    """Secrets go to the supervisor through the pipe: no disk and no command line shows them."""
    try:
        return read_secrets(settings.ways.secrets, base, os.environ)
    except SecretError as error:
        fail(*str(error).splitlines())
