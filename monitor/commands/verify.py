"""`vigil verify`: a session's record, record by record, against its chain of hashes."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.common import fail
from monitor.database import StoreError
from monitor.journal import JournalError, check, decode
from monitor.journal_file import read_records

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify)


def verify(
    journal: Annotated[Path, typer.Argument(help="A session's .db file.", exists=False)],
) -> None:
    """Check that nothing in a session's record was changed, left out or added.

    The last hash names the whole record: compare it with the one that was written down elsewhere.
    """
    try:
        count, head, fault = check(read_records(journal))
        if fault is None:
            for n, body, _ in read_records(journal):
                try:
                    decode(body)
                except JournalError as error:
                    fail(f"{journal}: record {n}: {error}")
    except StoreError as error:
        fail(str(error))
    if fault is not None:
        typer.echo(f"{journal}: the first {count} records are unchanged (hash {head.hex()})")
        typer.echo(f"{journal}: record {fault.n}: {fault.what}", err=True)
        raise SystemExit(1)
    typer.echo(f"{journal}: {count} records, unchanged, hash {head.hex()}")
