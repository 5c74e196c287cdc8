"""`vigil support`: a zip for whoever helps from afar, without health data and without secrets.

It holds only what `monitor/records/support.py` lets through. Nothing is sent: the person who asks
for help reads it and sends it.
"""

import ast
import json
import platform
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Annotated, Any

import typer

import alerts
import devices
import monitor
from monitor.commands.common import fail, read_config
from monitor.database import StoreError
from monitor.hub_file import read_ledger
from monitor.journal import JournalError
from monitor.journal_file import is_open, session_files
from monitor.journal_reader import opener_of, read_format, read_stored, said_of_key
from monitor.records.ledger import read
from monitor.records.private import private_file
from monitor.records.shelf import verdict_of
from monitor.records.support import (
    check_lines,
    ledger_counts,
    log_lines,
    record_facts,
    settings_of,
)
from monitor.records.versions import outline

__all__ = ["register"]

_CHECK_S = 60.0
_LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("support")(support)


def support(
    out: Annotated[Path, typer.Option(help="Where to write the zip.")] = Path("vigil-support.zip"),
    log: Annotated[
        Path | None, typer.Option(help="The hub's log as JSON lines (log.format = json).")
    ] = None,
    config: Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)] = Path(
        "config.toml"
    ),
) -> None:
    """Pack versions, settings without texts, counts and sizes; no name, no reading, no message.

    Read it before you send it: it is a handful of short texts.
    """
    settings, base = read_config(config)
    data_dir = base / settings.hub.data_dir
    told = settings_of(settings)
    parts: dict[str, Any] = {
        "versions.json": _versions(),
        "settings.json": told,
        "check.json": check_lines(_check(config), set(told)),
        "records.json": [_record(path) for path in session_files(data_dir)],
        "ledger.json": _ledger(data_dir / "hub.db"),
        "files.json": _sizes(data_dir),
    }
    if log is not None:
        parts["log.json"] = log_lines(_lines(log), _sentences())
    if out.exists():
        fail(f"{out} is there already: name another file with --out")
    try:
        private_file(out)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, part in parts.items():
                bundle.writestr(name, json.dumps(part, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        fail(f"{out} cannot be written ({error.strerror})")
    typer.echo(f"{out}: {', '.join(parts)}. Read it before you send it.")


def _versions() -> dict[str, str]:
    found = {"vigil": version("vigil"), "python": platform.python_version()}
    found |= {"system": platform.system(), "machine": platform.machine()}
    found |= {"kernel": platform.release(), "sqlite": sqlite3.sqlite_version}
    for line in requires("vigil") or ():
        name = line.partition(";")[0].split("[")[0]
        name = name[: next((i for i, c in enumerate(name) if c in "<>=!~ "), len(name))]
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _check(config: Path) -> list[str]:
    command = [sys.executable, "-m", "monitor.commands.main", "check", "--config", str(config)]
    try:
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            command, capture_output=True, text=True, timeout=_CHECK_S, check=False
        )
    except subprocess.TimeoutExpired:
        return []
    return (done.stdout + done.stderr).splitlines()


def _record(path: Path) -> dict[str, Any]:
    """One record's facts; one that cannot be read is that and its size."""
    try:
        return record_facts(
            _kinds(path),
            size_bytes=path.stat().st_size,
            file_format=read_format(path),
            is_open=is_open(path),
            is_sealed=said_of_key(path) is not None,
            fault=verdict_of(path).fault,
        )
    except (StoreError, sqlite3.Error, OSError):
        return {"unreadable": True, "size_bytes": path.stat().st_size}


def _kinds(path: Path) -> Iterator[str]:
    try:
        opener = opener_of(path)
    except StoreError:
        # Without the key: how many, and nothing more.
        yield from ("sealed" for _ in read_stored(path))
        return
    for row in read_stored(path):
        with suppress(ValueError, TypeError):
            found = outline(opener(row.n, row.body))
            yield "" if found is None else found.event.kind


def _ledger(path: Path) -> Any:
    try:
        return ledger_counts(read(body) for _, body, _ in read_ledger(path))
    except (StoreError, sqlite3.Error, JournalError):
        return "it cannot be read"


def _sizes(data_dir: Path) -> dict[str, int]:
    """Sizes by kind: a session's name may say whose it is."""
    sizes: dict[str, int] = {}
    for name in ("hub.db", "hub.db-wal", "hub.db-shm"):
        if (data_dir / name).is_file():
            sizes[name] = (data_dir / name).stat().st_size
    files = [path for path in (data_dir / "sessions").glob("*") if path.is_file()]
    sizes["sessions"] = sum(path.stat().st_size for path in files)
    sizes["session_files"] = len(files)
    return sizes


def _lines(log: Path) -> list[str]:
    try:
        return log.read_text("utf-8", "replace").splitlines()
    except OSError as error:
        fail(f"{log} cannot be read ({error.strerror}); name the hub's log with --log")


def _sentences() -> set[str]:
    """Every sentence that our own code writes to the log, read off the code."""
    found: set[str] = set()
    for package in (alerts, devices, monitor):
        for path in Path(package.__path__[0]).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                first = node.args[0] if node.args else None
                if node.func.attr in _LEVELS and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found
