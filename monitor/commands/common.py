"""What several commands do alike: read the settings, ask the hub, say a fault and end with 2.

config, base = read_config(Path("config.toml"))
fail("what, where and what to do")
"""

import getpass
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import structlog

from monitor.config import Config, ConfigError, LogConfig, LogFormat, load_config
from monitor.control import ControlError, ask
from monitor.database import StoreError
from monitor.records.desk import data_dir_of, note
from monitor.records.keys import KeySource, use
from monitor.records.ledger import Line

__all__ = ["ask_hub", "fail", "note_look", "read_config", "set_up_log", "user_name"]


def fail(*lines: str) -> NoReturn:
    """Say what is wrong on standard error and end with exit code 2."""
    for line in lines:
        sys.stderr.write(f"vigil: {line}\n")
    raise SystemExit(2)


def read_config(path: Path) -> tuple[Config, Path]:
    """Read the settings; every fault is named, then the command ends."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{path} cannot be read ({error}); name your settings with --config")
    try:
        config, base = load_config(text, path.name), path.resolve().parent
    except ConfigError as error:
        fail(*_lines(error.faults))
    use_key_of(config, base)
    return config, base


def user_name() -> str:
    """Return who runs this command, as the machine knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def note_look(path: Path, what: str) -> None:
    """Put on record who reads a session's journal, and by which command.

    A copy outside a data folder has no ledger. A look that cannot be written is said and hinders
    nobody from reading.
    """
    data_dir = data_dir_of(path)
    if data_dir is None:
        return
    wall_ms = time.time_ns() // 1_000_000
    line = Line(wall_ms=wall_ms, what="looked", session=path.stem, by=user_name(), detail=what)
    try:
        note(data_dir, line)
    except StoreError as error:
        sys.stderr.write(f"vigil: this look is not on record: {error}\n")


def use_key_of(config: Config, base: Path) -> None:
    """Let every reader and writer of this process take the key of records from these settings."""
    name = config.record.key_file
    key_file = base / name if name else None
    salt_file = base / config.hub.data_dir / "record.salt"
    use(KeySource(key_file, salt_file=salt_file))


def ask_hub(config: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Ask the running hub; a refusal is said and ends the command."""
    settings, base = read_config(config)
    try:
        reply = ask(base / settings.hub.data_dir, request)
    except ControlError as error:
        fail(str(error))
    if not reply["ok"]:
        fail(*reply["error"].splitlines())
    if not reply.get("recorded", True):
        sys.stderr.write("RECORDING HAS STOPPED: this was done and is not recorded\n")
    return reply


def set_up_log(log: LogConfig) -> None:
    """Lines for whoever keeps the machine, on standard error."""
    renderer: structlog.typing.Processor = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    if log.format is LogFormat.JSON:
        renderer = structlog.processors.JSONRenderer()
    levels = {"debug": 10, "info": 20, "warning": 30, "error": 40}
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(levels[log.level.value]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _lines(faults: Iterable[str]) -> list[str]:
    found = list(faults)
    return found if len(found) == 1 else [f"{len(found)} faults:", *found]
