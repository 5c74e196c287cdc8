"""`vigil report`: a session's record as one page for a physician and the pages behind it.

Reads the journal and writes one file that only its owner can read: HTML, or PDF with the extra
`[pdf]`. What the figures mean is decided in `monitor/report/`, what the chain proves in
`monitor/records/`. Nothing is sent anywhere, and no record is changed.
"""

import os
import sys
from collections.abc import Iterator
from datetime import tzinfo
from importlib import resources
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.console import Console
from rich.progress import Progress

from monitor.commands.common import fail, note_look, read_config
from monitor.commands.report_pdf import PdfError, pdf_of
from monitor.commands.write_out import write_out
from monitor.config import PressureUnit
from monitor.database import StoreError
from monitor.events import SessionOpened
from monitor.journal import JournalError, Record, decode
from monitor.journal_file import session_files, session_path
from monitor.journal_reader import opener_of, read_at_once, read_format, read_records
from monitor.outage import ClockStamp
from monitor.records.checking import examine
from monitor.report.page import Proof, render, safe_name
from monitor.report.patient_page import Session, render_patient
from monitor.report.readers import reader_named
from monitor.report.show import Options
from monitor.report.summary import Collector, Summary
from monitor.report.wall import Wall

__all__ = ["register"]

_LOCALTIME = Path("/etc/localtime")
_ZONES = "zoneinfo/"
_STEP = 500
# Smaller ones are done before anybody could read a bar.
_LONG = 20_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(  # noqa: PLR0913, PLR0917 - one for each option
    session: Annotated[
        str, typer.Argument(help="A session's name, or the path of its .db file.")
    ] = "",
    patient: Annotated[
        str, typer.Option(help="All sessions of this patient on one page instead.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Where to write; left out: beside you, by its name.")
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="A PDF instead of HTML.")] = False,
    reader: Annotated[
        str, typer.Option(help="For whom: physician, patient, companion or viewer.")
    ] = "physician",
    zone: Annotated[
        str, typer.Option(help="The time zone, like Europe/Berlin; left out: this machine's.")
    ] = "",
    made_at: Annotated[str, typer.Option(help="A date to print on it; left out: none.")] = "",
    config: Annotated[Path, typer.Option("--config", help="The settings.", dir_okay=False)] = Path(
        "config.toml"
    ),
) -> None:
    """Write the report of a session, or of all sessions of a patient.

    The first page is one A4 sheet. The same record gives the same bytes. A session that is still
    open is reported up to its last record, and says so.
    """
    if bool(session) == bool(patient):
        fail("name one session, or --patient and a patient's id")
    folder, kpa = _settings(config, needed=not _is_path(session))
    try:
        options = Options(zone=_zone(zone), reader=reader_named(reader), kpa=kpa, made=made_at)
        if patient:
            html, sources = _patient(folder, patient, options)
            name = f"patient-{patient}"
        else:
            path = Path(session) if _is_path(session) else session_path(folder, session)
            html, sources, name = _session(path, options), [path], path.stem
        data = pdf_of(html) if pdf else html.encode()
        target = out or Path(f"report-{safe_name(name)}.{'pdf' if pdf else 'html'}")
        write_out(target, data, sources)
        for source in sources:
            note_look(source, f"vigil report for {reader}")
    except (StoreError, JournalError, PdfError, ValueError) as error:
        fail(*str(error).splitlines())
    typer.echo(f"{target}: {len(data) / 1024:.0f} KiB, readable by you only")


def _is_path(session: str) -> bool:
    return session.endswith(".db") or "/" in session


def _settings(config: Path, *, needed: bool) -> tuple[Path, bool]:
    """The data folder and whether pressures are shown in kPa; a file alone needs no settings."""
    if not needed and not config.exists():
        return Path(), False
    settings, base = read_config(config)
    return base / settings.hub.data_dir, settings.hub.pressure_unit is PressureUnit.KPA


def _zone(name: str) -> tzinfo:
    """Return the named zone, or this machine's; without one, UTC."""
    if not name:
        place = os.environ.get("TZ", "") or str(_LOCALTIME.resolve())
        name = place.partition(_ZONES)[2] if _ZONES in place else place.lstrip(":")
        if name.startswith("/"):
            name = "UTC"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}: name one like Europe/Berlin") from error


def _session(path: Path, options: Options) -> str:
    summary, proof, stamps = _read(path, replays=True)
    return render(summary, proof, options, stamps, _templates())


def _patient(folder: Path, patient: str, options: Options) -> tuple[str, list[Path]]:
    found: list[Session] = []
    sources: list[Path] = []
    for path in session_files(folder):
        if _whose(path) != patient:
            continue
        sources.append(path)
        summary, proof, stamps = _read(path, replays=False)
        opened = summary.opened
        wall = Wall(stamps, opened.wall_ms, summary.course.cuts, options.zone, opened.at_ms)
        if proof.fault:
            typer.echo(f"{path}: {proof.fault}; only what is unchanged is shown", err=True)
        found.append(Session(summary, wall, proof.head))
    if not found:
        _nobody(folder, patient)
    return render_patient(found, patient, options, _templates()), sources


def _nobody(folder: Path, patient: str) -> NoReturn:
    raise StoreError(f"{folder} has no session of a patient {patient!r}: `vigil session list`")


def _whose(path: Path) -> str | None:
    """Whose session a file is; None for one that tells nothing, or only rehearsed."""
    try:
        first = next(iter(read_records(path)), None)
        event = None if first is None else decode(first[1]).event
    except (StoreError, JournalError) as error:
        typer.echo(f"{path} is left out: {error}", err=True)
        return None
    if not isinstance(event, SessionOpened) or event.plan.only_rehearsal:
        return None
    return event.patient.id


def _read(path: Path, *, replays: bool) -> tuple[Summary, Proof, list[ClockStamp]]:
    """Read a journal as far as its chain holds.

    Raises:
        StoreError, JournalError: there is nothing that could be reported.
    """
    opener = opener_of(path)
    with read_at_once(path) as (rows, stored):
        commits = list(stored)
        verdict = examine(rows, iter(commits), read_format(path), opener)
    collector = Collector(replays=replays)
    for record in _shown(path, verdict.count):
        collector.take(record)
    summary = collector.summary()
    if summary is None:
        why = "holds no record" if verdict.fault is None else verdict.fault.what
        raise StoreError(f"{path} {why}: name the journal of a session that was opened")
    fault = "" if verdict.fault is None else f"record {verdict.fault.n} {verdict.fault.what}"
    stamps = [
        ClockStamp(
            at_ms=one.at_ms,
            boot_id=one.boot_id,
            boottime_ms=one.boottime_ms,
            wall_ms=one.wall_ms,
            wall_synced=bool(one.wall_synced),
        )
        for one in commits
        if one.last_n <= summary.last_n
    ]
    return summary, Proof(verdict.head.hex(), verdict.count, fault), stamps


def _shown(path: Path, count: int) -> Iterator[Record]:
    """Yield the first records, with a bar on a terminal when there are many."""
    with Progress(
        console=Console(stderr=True),
        transient=True,
        disable=count < _LONG or not sys.stderr.isatty(),
    ) as progress:
        task = progress.add_task(path.name, total=count)
        for number, (n, body, _) in enumerate(read_records(path), start=1):
            if number > count:
                return
            try:
                yield decode(body)
            except JournalError as error:
                raise JournalError(
                    f"{path}: record {n} is of another version of Vigil: {error}"
                ) from error
            if number % _STEP == 0:
                progress.update(task, completed=number)


def _templates() -> dict[str, str]:
    folder = resources.files("monitor.report").joinpath("templates")
    return {entry.name: entry.read_text("utf-8") for entry in folder.iterdir()}
