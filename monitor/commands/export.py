"""`vigil export`: a session's record as FHIR, PCD-04, CSV or JSON lines, also without names.

Reads the journal and writes one file that only its owner can read. What the file says is made in
`monitor/export/`; nothing is sent anywhere, and no record is changed.
"""

import os
import re
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.commands.common import fail, note_look, read_config
from monitor.commands.write_out import write_out
from monitor.database import StoreError
from monitor.events import SessionOpened
from monitor.export.csv_rows import csv_text
from monitor.export.deidentify import Mask
from monitor.export.fhir_bundle import bundle_text
from monitor.export.fhir_log import Document
from monitor.export.json_lines import json_lines
from monitor.export.pcd04 import pcd04_text
from monitor.export.story import read_story
from monitor.export.times import Dates, DatesError
from monitor.journal import JournalError, Record, decode
from monitor.journal_file import is_open, session_path
from monitor.journal_reader import opener_of, read_commits, read_format, read_stored
from monitor.records.checking import Commit, examine

__all__ = ["Format", "register"]

_KEY_BYTES = 32
_NO_DATES = Dates(0, at_ms=0, is_synchronised=False)
_MEDIA = {".html": "text/html", ".pdf": "application/pdf"}


class Format(StrEnum):
    """What can be written."""

    FHIR = "fhir"
    PCD04 = "pcd04"
    CSV = "csv"
    JSONL = "jsonl"


_SUFFIX = {Format.FHIR: "fhir.json", Format.PCD04: "hl7", Format.CSV: "csv", Format.JSONL: "jsonl"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(  # noqa: PLR0913, PLR0917 - one for each option
    session: Annotated[str, typer.Argument(help="A session's name, or the path of its .db file.")],
    as_format: Annotated[
        Format, typer.Option("--format", help="fhir, pcd04, csv or jsonl.")
    ] = Format.FHIR,
    out: Annotated[
        Path | None, typer.Option(help="Where to write; left out: beside you, by its name.")
    ] = None,
    deidentify: Annotated[
        bool, typer.Option("--deidentify", help="Names replaced, dates shifted, no free text.")
    ] = False,
    key: Annotated[
        Path | None,
        typer.Option(
            help="The secret of --deidentify; left out: deidentify.key of the hub's data."
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="A report (HTML or PDF) to put into the FHIR bundle.")
    ] = None,
    opened_at: Annotated[
        str, typer.Option(help="When it was opened (2026-01-31T20:00Z), if the record has no date.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file.")] = False,
    config: Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)] = Path(
        "config.toml"
    ),
) -> None:
    """Write a session's record in the words of others (see docs/export.md).

    The same record gives the same bytes. A session that is still open is told up to its last
    commit. A record that was changed is not exported: `vigil verify` says what is wrong with it.
    """
    try:
        path = Path(session) if _is_path(session) else session_path(_data_dir(config), session)
        document = _document(report, as_format, deidentify=deidentify)
        note_look(path, f"vigil export {as_format.value}{' --deidentify' if deidentify else ''}")
        records, dates, head = _read(path)
        dates = _opened(opened_at, records) if opened_at else dates
        if deidentify:
            mask = _mask(records, _key(key, config))
            records = [mask.record(one) for one in records]
            dates, head = None if dates is None else mask.dates(dates), ""
        data = _made(as_format, records, dates, head, document)
        target = out or Path(f"{_name(records)}.{_SUFFIX[as_format]}")
        write_out(target, data, [path], force=force)
    except (StoreError, JournalError, DatesError, ValueError) as error:
        fail(*str(error).splitlines())
    typer.echo(f"{target}: {len(data) / 1024:.0f} KiB, readable by you only")


def _is_path(session: str) -> bool:
    return session.endswith(".db") or "/" in session


def _data_dir(config: Path) -> Path:
    settings, base = read_config(config)
    return base / settings.hub.data_dir


def _document(report: Path | None, as_format: Format, *, deidentify: bool) -> Document | None:
    if report is None:
        return None
    if as_format is not Format.FHIR or deidentify:
        fail("--report goes into a FHIR bundle with names only; leave it out")
    media = _MEDIA.get(report.suffix)
    if media is None:
        fail(f"{report} is no report: name an .html or a .pdf file that `vigil report` wrote")
    try:
        return Document(report.read_bytes(), media, report.stem)
    except OSError as error:
        fail(f"{report} cannot be read ({error.strerror}); name a report")


def _read(path: Path) -> tuple[list[Record], Dates | None, str]:
    """Return the records, what the wall clock showed, and the last hash.

    Raises:
        StoreError, JournalError: it is no journal, it was changed, or it is of another version.
    """
    commits = list(read_commits(path))
    rows = list(read_stored(path))
    if is_open(path) and commits:
        # The hub goes on writing while we read.
        rows = [row for row in rows if row.n <= commits[-1].last_n]
    opener = opener_of(path)
    verdict = examine(iter(rows), iter(commits), read_format(path), opener)
    if verdict.fault is not None:
        where = f"{path}: record {verdict.fault.n} {verdict.fault.what}"
        raise StoreError(f"{where}; nothing was written: run `vigil verify`")
    records = []
    for row in rows:
        try:
            records.append(decode(opener(row.n, row.body)))
        except JournalError as error:
            raise JournalError(f"{path}: record {row.n}: {error}") from error
    if not records:
        raise StoreError(f"{path} holds no record: name the journal of a session that was opened")
    return records, _dates(commits), verdict.head.hex()


def _dates(commits: list[Commit]) -> Dates | None:
    """The first commit at which the wall clock was set."""
    for one in commits:
        if one.wall_synced:
            return Dates(one.wall_ms, at_ms=one.at_ms, is_synchronised=True)
    return None


def _mask(records: list[Record], key: bytes) -> Mask:
    opened = records[0].event
    if not isinstance(opened, SessionOpened):
        raise StoreError("the record does not begin with the session's opening")
    return Mask(key, opened.patient.id, opened.at_ms)


def _key(path: Path | None, config: Path) -> bytes:
    """Return the secret; the hub's own is made when it is needed first."""
    place = path or _data_dir(config) / "deidentify.key"
    try:
        if path is None and not place.exists():
            fd = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(fd, "wb") as file:
                file.write(os.urandom(_KEY_BYTES))
        return place.read_bytes()
    except OSError as error:
        raise StoreError(f"{place} cannot be read ({error.strerror}): name a --key file") from error


def _made(
    as_format: Format,
    records: list[Record],
    dates: Dates | None,
    head: str,
    document: Document | None,
) -> bytes:
    """Return the bytes of the file."""
    match as_format:
        case Format.FHIR:
            return bundle_text(read_story(records, dates), head, document).encode()
        case Format.PCD04:
            return pcd04_text(read_story(records, dates)).encode()
        case Format.CSV:
            # No date stands in it.
            return csv_text(read_story(records, _NO_DATES)).encode()
        case Format.JSONL:
            return json_lines(records)


def _name(records: list[Record]) -> str:
    """The session's name as a file may have it."""
    opened = records[0].event
    name = opened.session if isinstance(opened, SessionOpened) else "session"
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)


def _opened(text: str, records: list[Record]) -> Dates:
    """Return the dates of a session that was opened then."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise DatesError(f"--opened-at {text!r} is no date like 2026-01-31T20:00Z") from None
    if at.tzinfo is None:
        raise DatesError(f"--opened-at {text!r} has no zone: end it with Z or +01:00")
    start_ms = records[0].event.at_ms
    return Dates(round(at.timestamp() * 1000), at_ms=start_ms, is_synchronised=False)
