"""`vigil verify`: sessions' records, record by record, against their chains and what others know.

A chain that fits proves that nothing before its last hash was changed; that the last hash is the
right one, only somebody else can prove: whoever wrote it down, or the watcher outside.
"""

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress

from alerts.heads_asked import ask_heads
from alerts.record_heads import HeadsError, RecordHead, mark_of
from alerts.secret_file import SecretError, read_secret
from monitor.commands.common import fail, read_config
from monitor.database import StoreError
from monitor.hub_file import read_ledger
from monitor.journal import JournalError
from monitor.journal_reader import opener_of, read_format, read_head, said_of_key, session_of
from monitor.records.checking import Claim, Opener, Verdict, compare
from monitor.records.keys import source
from monitor.records.ledger import Ledger, check_ledger, read
from monitor.records.shelf import verdict_of

__all__ = ["register"]

_GOOD, _CHANGED, _UNREADABLE = 0, 1, 2
_LEAST_HEAD_CHARS: Final = 16
# Smaller ones are done before anybody could read a bar.
_LARGE_BYTES: Final = 16 << 20
_STEP: Final = 2_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify)


def verify(
    journals: Annotated[list[Path], typer.Argument(help="Sessions' .db files.", exists=False)],
    head: Annotated[
        str, typer.Option(help="The hash that a report of this session shows (16 digits or more).")
    ] = "",
    watcher: Annotated[
        bool, typer.Option("--watcher", help="Ask the watcher outside what it knows of them.")
    ] = False,
    config: Annotated[
        Path, typer.Option("--config", help="The settings that name the watcher.", dir_okay=False)
    ] = Path("config.toml"),
) -> None:
    """Check that nothing in a session's record was changed, left out or added.

    The last hash names the whole record: compare it with the one that was written down elsewhere,
    by --head or --watcher. Beside the hub's own ledger (hub.db) it is compared with that, too; the
    ledger itself can be named like a journal. Exit code 1: a record was changed, or the watcher
    knows nothing of it; 2: a file cannot be read.
    """
    claims = [Claim("the head that you gave", _head(head))] if head else []
    if claims and len(journals) > 1:
        fail("--head is the hash of one session: name one journal")
    told = _ask(config) if watcher else None
    codes = {
        _verify_ledger(path) if path.name == "hub.db" else _verify(path, claims, told)
        for path in journals
    }
    for code in (_CHANGED, _UNREADABLE):
        if code in codes:
            raise SystemExit(code)


def _head(text: str) -> bytes:
    try:
        head = bytes.fromhex(text)
    except ValueError:
        fail(f"--head {text!r} is no hash: write the hexadecimal digits that the report shows")
    if len(text) < _LEAST_HEAD_CHARS:
        fail(f"--head {text!r} is too short: write {_LEAST_HEAD_CHARS} digits or more")
    return head


def _ask(config: Path) -> dict[str, RecordHead]:
    settings, base = read_config(config)
    watch = settings.watch
    if not watch.url:
        fail("nobody outside watches this hub: config.toml names no watch.url")
    try:
        secret = read_secret(base / watch.secret_file).encode()
        ca_file = str(base / watch.ca_file) if watch.ca_file else ""
        return ask_heads(watch.url, watch.hub, secret, ca_file)
    except (HeadsError, SecretError, OSError) as error:
        fail(str(error))


def _verify_ledger(path: Path) -> int:
    """Check the ledger of what was done with records."""
    try:
        rows = read_ledger(path)
        fault = check_ledger(rows)
    except (StoreError, sqlite3.Error) as error:
        return _unreadable(f"{path} cannot be read as a hub's own file: {error}")
    if fault is not None:
        typer.echo(f"{path}: line {fault.n} of the ledger: {fault.what}", err=True)
        return _CHANGED
    head = rows[-1][2].hex() if rows else "none"
    typer.echo(f"{path}: {len(rows)} lines of the ledger, unchanged, hash {head}")
    return _GOOD


def _claims_of(session: str, path: Path, told: dict[str, RecordHead] | None) -> list[Claim]:
    """What the hub's ledger beside this journal says, and what the watcher told."""
    claims = []
    hub_file = path.absolute().parent.parent / "hub.db"
    if path.absolute().parent.name == "sessions" and hub_file.is_file():
        with suppress(StoreError, sqlite3.Error, JournalError):
            end = Ledger(read(body) for _, body, _ in read_ledger(hub_file)).ended.get(session)
            if end is not None:
                head = bytes.fromhex(end.head)
                claims.append(Claim("the hub's ledger", head, end.last_n, final=True))
    known = None if told is None else told.get(mark_of(session))
    if known is not None:
        claims.append(Claim("the watcher", bytes.fromhex(known.head), known.n))
    return claims


def _verify(path: Path, given: list[Claim], told: dict[str, RecordHead] | None) -> int:
    """Check one journal and say what is true of it."""
    try:
        session = session_of(path)
        claims = [*given, *_claims_of(session, path, told)]
        file_format, total = read_format(path), read_head(path)[0]
        opener = _opener(path)
        verdict = verdict_of(path, claims, lambda rows: _shown(path, rows, total), opener)
    except StoreError as error:
        return _unreadable(str(error))
    if verdict.fault is not None:
        if verdict.count:
            first = f"the first {verdict.count} records are unchanged"
            typer.echo(f"{path}: {first} (hash {verdict.head.hex()})")
        typer.echo(f"{path}: record {verdict.fault.n}: {verdict.fault.what}", err=True)
        return _CHANGED
    code = _say(path, verdict, file_format, claims)
    if told is not None and mark_of(session) not in told:
        typer.echo(f"{path}: the watcher knows nothing of session {session}", err=True)
        return _CHANGED
    return code


def _opener(path: Path) -> Opener:
    """How to read what is sealed; without the key the chain is followed all the same."""
    has_key = any(source()[:2])
    if said_of_key(path) is None or has_key:
        return opener_of(path)
    typer.echo(f"{path}: sealed, and no key is named: hashes are checked, words are not")
    return lambda _, __: None


def _say(path: Path, verdict: Verdict, file_format: int, claims: Iterable[Claim]) -> int:
    """The chain fits: say so, and whether it is the right one."""
    code = _GOOD
    typer.echo(f"{path}: {verdict.count} records, unchanged, hash {verdict.head.hex()}")
    if verdict.session not in ("", path.stem):
        code = _CHANGED if path.absolute().parent.name == "sessions" else code
        words = f"{path}: this is the record of session {verdict.session}, under another name"
        typer.echo(words, err=code == _CHANGED)
    if verdict.unread:
        words = f"{verdict.unread} of them are none of this version, the first"
        code = max(code, _unreadable(f"{path}: {words} {verdict.first_unread}"))
    if file_format == 1:
        typer.echo(f"{path}: written in format 1: the clocks of its commits have no seal")
    for claim in claims:
        is_good, words = compare(verdict, claim)
        typer.echo(f"{path}: {words}", err=not is_good)
        code = code if is_good else _CHANGED
    return code


def _unreadable(line: str) -> int:
    sys.stderr.write(f"vigil: {line}\n")
    return _UNREADABLE


_T = TypeVar("_T")


def _shown(path: Path, rows: Iterator[_T], total: int) -> Iterator[_T]:
    """A bar beside long work, on a terminal only."""
    if not sys.stderr.isatty() or path.stat().st_size < _LARGE_BYTES:
        yield from rows
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(path.name, total=total)
        for count, row in enumerate(rows, start=1):
            if count % _STEP == 0:
                progress.update(task, completed=count)
            yield row
