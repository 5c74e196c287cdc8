"""`vigil records`: list, back up, put back and take away sessions' records, each act on the ledger.

Works beside a running hub and without one. Nothing is taken away before the ledger has it, and
nothing counts as copied before the copy's own chain was followed.
"""

import sqlite3
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.common import fail, read_config, user_name
from monitor.database import StoreError
from monitor.hub_file import read_ledger
from monitor.journal import JournalError
from monitor.records.desk import note
from monitor.records.keys import write_key_file
from monitor.records.ledger import Ledger, Line, What, read
from monitor.records.retention import due
from monitor.records.shelf import Kept, back_up, copy_hub_file, kept, put_back, take_away

__all__ = ["register"]

ConfigOption = Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)]
ByOption = Annotated[str, typer.Option("--by", help="Who does it, by name.")]
SessionsArgument = Annotated[list[str], typer.Argument(help="Sessions, by name.")]

records = typer.Typer(help="Sessions' records: kept, copied and deleted.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(records, name="records")


@records.command("list")
def list_records(config: ConfigOption = Path("config.toml")) -> None:
    """List every record, and what the ledger knows to be deleted or lost.

    Exit code 1: a record that the ledger knows is neither there nor deleted on record.
    """
    data_dir = _data_dir(config)
    unreadable: list[str] = []
    there = kept(data_dir, unreadable)
    for one in there:
        state = "open" if one.is_open else "closed"
        when = _date(one.wall_ms) if one.wall_ms is not None else "clock never set"
        size = f"{one.size_bytes / 1e6:.1f} MB"
        typer.echo(f"{one.session}  {state}  {one.last_n} records  {size}  last {when}")
    ledger = _ledger(data_dir)
    names = {path.stem for path in (data_dir / "sessions").glob("*.db")}
    for session, line in ledger.deleted.items():
        still = " AND IS STILL THERE: delete it again" if session in names else ""
        head = f"{line.last_n} records, hash {line.head}"
        typer.echo(
            f"{session}  deleted {_date(line.wall_ms)} by {line.by}: {line.detail} ({head}){still}"
        )
    for line_of_fault in unreadable:
        typer.echo(line_of_fault, err=True)
    lost = ledger.lost(names)
    for session in lost:
        typer.echo(f"{session}  LOST: it was recorded, and nobody deleted it on record", err=True)
    if lost or unreadable:
        raise SystemExit(1)


@records.command("ledger")
def show_ledger(config: ConfigOption = Path("config.toml")) -> None:
    """Show what was done with records, oldest first; `vigil verify var/hub.db` proves it."""
    for line in _lines(_data_dir(config)):
        detail = f"  {line.detail}" if line.detail else ""
        typer.echo(f"{_date(line.wall_ms)}  {line.what}  {line.session}  by {line.by}{detail}")


@records.command("key")
def make_key(
    file: Annotated[Path, typer.Argument(help="Where to: not inside the data folder.")],
) -> None:
    """Make a key for records that are written from now on; name it as record.key_file."""
    try:
        write_key_file(file)
    except (StoreError, OSError) as error:
        fail(str(error))
    typer.echo(f"{file}: a new key. Keep a copy at another place, on paper if need be:")
    typer.echo("WITHOUT THIS KEY NOBODY CAN EVER READ THE RECORDS THAT ARE SEALED WITH IT.")


@records.command("backup")
def backup(
    folder: Annotated[Path, typer.Argument(help="Where to: a folder, made when missing.")],
    sessions: Annotated[list[str] | None, typer.Argument(help="Only these sessions.")] = None,
    config: ConfigOption = Path("config.toml"),
) -> None:
    """Copy records, also open ones, while the hub runs; each copy is verified.

    With no session named, all of them and the hub's own file with the ledger.
    """
    data_dir = _data_dir(config)
    faults = 0
    for one in _chosen(data_dir, sessions or []):
        try:
            verdict = back_up(one.path, folder / "sessions" / f"{one.session}.db")
            head = verdict.head.hex()
            _note(
                data_dir, "backed_up", one.session, user_name(), str(folder), verdict.last_n, head
            )
            typer.echo(f"{one.session}: {verdict.count} records copied, unchanged, hash {head}")
        except (StoreError, OSError) as error:
            sys.stderr.write(f"vigil: {error}\n")
            faults += 1
    if not sessions and (data_dir / "hub.db").is_file():
        try:
            copy_hub_file(data_dir / "hub.db", folder / "hub.db")
            typer.echo("hub.db: copied")
        except (StoreError, OSError) as error:
            sys.stderr.write(f"vigil: {error}\n")
            faults += 1
    if faults:
        fail(f"{faults} of them could not be copied")


@records.command("restore")
def restore(
    files: Annotated[list[Path], typer.Argument(help="Copies of journals (.db).")],
    by: ByOption,
    config: ConfigOption = Path("config.toml"),
) -> None:
    """Put copies back as sessions that are over; a record that is there is never replaced."""
    data_dir = _data_dir(config)
    for path in files:
        try:
            session, verdict = put_back(path, data_dir)
            head = verdict.head.hex()
            _note(data_dir, "restored", session, by, str(path), verdict.last_n, head)
        except (StoreError, OSError) as error:
            fail(str(error))
        typer.echo(f"{session}: {verdict.count} records put back, unchanged, hash {head}")


@records.command("delete")
def delete(
    sessions: SessionsArgument,
    by: ByOption,
    reason: Annotated[str, typer.Option(help="Why.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigOption = Path("config.toml"),
) -> None:
    """Delete records for ever, on the ledger. What a disk still holds of them is not wiped."""
    data_dir = _data_dir(config)
    chosen = _chosen(data_dir, sessions)
    _refuse_open(chosen)
    names = ", ".join(one.session for one in chosen)
    if not yes and not typer.confirm(f"delete {names} for ever?"):
        fail("nothing was deleted")
    _delete(data_dir, chosen, by, reason)


@records.command("prune")
def prune(
    by: ByOption,
    keep_days: Annotated[
        int | None, typer.Option(min=1, help="In place of record.keep_days.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which.")] = False,
    config: ConfigOption = Path("config.toml"),
) -> None:
    """Delete the closed records whose time is over, on the ledger."""
    days = keep_days or read_config(config)[0].record.keep_days
    if not days:
        fail("records are kept for ever: set record.keep_days in config.toml, or say --keep-days")
    data_dir = _data_dir(config)
    there = {one.session: one for one in kept(data_dir)}
    triples = [(one.session, one.is_open, one.wall_ms) for one in there.values()]
    chosen = [there[name] for name in due(triples, keep_days=days, now_ms=_now_ms())]
    if dry_run:
        for one in chosen:
            typer.echo(f"{one.session}: would be deleted")
    else:
        _delete(data_dir, chosen, by, f"kept for {days} days")
    typer.echo(f"{len(chosen)} of {len(there)} records are older than {days} days")


def _delete(data_dir: Path, chosen: list[Kept], by: str, reason: str) -> None:
    for one in chosen:
        try:
            # First on record, then gone: a journal that is missing must never look lost.
            _note(data_dir, "deleted", one.session, by, reason, one.last_n, one.head.hex())
            take_away(one.path)
        except (StoreError, OSError) as error:
            fail(f"session {one.session} was not deleted: {error}")
        typer.echo(f"{one.session}: deleted ({one.last_n} records, hash {one.head.hex()})")


def _refuse_open(chosen: list[Kept]) -> None:
    still = [one.session for one in chosen if one.is_open]
    if still:
        fail(f"session {still[0]} is open: close it first; nothing was deleted")


def _chosen(data_dir: Path, sessions: list[str]) -> list[Kept]:
    unreadable: list[str] = []
    there = {one.session: one for one in kept(data_dir, unreadable)}
    for line in unreadable:
        sys.stderr.write(f"vigil: {line}\n")
    unknown = [session for session in sessions if session not in there]
    if unknown:
        fail(f"there is no record of session {unknown[0]}: `vigil records list` names them")
    return [there[session] for session in sessions] if sessions else list(there.values())


def _note(
    data_dir: Path, what: What, session: str, by: str, detail: str, last_n: int, head: str
) -> None:
    note(
        data_dir,
        Line(
            wall_ms=_now_ms(),
            what=what,
            session=session,
            by=by,
            detail=detail[-300:],
            last_n=last_n,
            head=head,
        ),
    )


def _data_dir(config: Path) -> Path:
    settings, base = read_config(config)
    return base / settings.hub.data_dir


def _lines(data_dir: Path) -> list[Line]:
    try:
        return [read(body) for _, body, _ in read_ledger(data_dir / "hub.db")]
    except (StoreError, sqlite3.Error, JournalError) as error:
        fail(f"the ledger cannot be read: {error}; see `vigil verify {data_dir / 'hub.db'}`")


def _ledger(data_dir: Path) -> Ledger:
    return Ledger(_lines(data_dir))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _date(wall_ms: int) -> str:
    return f"{datetime.fromtimestamp(wall_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"
