"""`vigil burden`: what alarms ask of people, by patient or by release, from recorded sessions.

Reads journals and prints. What the figures mean is decided in `monitor/burden/`. A journal that
cannot be read is named and the others are done; no record is changed.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from monitor.burden.session import Burden, BurdenCollector
from monitor.burden.summary import BY, Group, groups_of
from monitor.commands.common import fail, note_look, read_config
from monitor.commands.what_if import fault_of, journals_of
from monitor.database import StoreError
from monitor.journal import JournalError, decode
from monitor.journal_file import read_records
from monitor.what_if.words import clock

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("burden")(burden)


def burden(
    journals: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[JOURNAL...]", help="Journals or folders; left out: all of the hub."
        ),
    ] = None,
    patient: Annotated[str, typer.Option(help="Only sessions of this patient.")] = "",
    by: Annotated[str, typer.Option(help="all, patient or release.")] = "patient",
    as_json: Annotated[bool, typer.Option("--json", help="All figures as JSON.")] = False,
    config: Annotated[Path, typer.Option(help="The settings.")] = Path("config.toml"),
) -> None:
    """Show what alarms ask of people: how many an hour and why, pages, answers, time unwatched."""
    if by not in BY:
        fail(f"--by is {by!r}: write {', '.join(BY)}")
    if journals is None:
        settings, base = read_config(config)
        journals = [base / settings.hub.data_dir / "sessions"]
    found, faults = _read_all(journals_of(journals))
    chosen = [one for one in found if patient in ("", one.patient)]
    if chosen:
        groups = groups_of(chosen, by)
        _tell(groups, as_json=as_json)
    elif not faults:
        faults.append(f"no session of patient {patient!r} is there: check --patient")
    if faults:
        fail(*faults)


def _read_all(paths: Sequence[Path]) -> tuple[list[Burden], list[str]]:
    burdens: list[Burden] = []
    faults: list[str] = []
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("burden", total=len(paths))
        for path in paths:
            note_look(path, "burden")
            try:
                burdens.append(_read(path))
            except (StoreError, JournalError) as error:
                faults.append(fault_of(path, error))
            bar.advance(task)
    return burdens, faults


def _read(path: Path) -> Burden:
    collector = BurdenCollector()
    for n, body, _ in read_records(path):
        try:
            collector.take(decode(body))
        except JournalError as error:
            raise JournalError(f"record {n}: {error}") from error
    found = collector.burden()
    if found is None:
        raise JournalError("no record opens a session: name the journal of one that was opened")
    return found


def _tell(groups: Sequence[Group], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode({"groups": msgspec.to_builtins(groups)}).decode())
        sys.stdout.write("\n")
        return
    for at, group in enumerate(groups):
        typer.echo(("\n" if at else "") + "\n".join(_lines(group)))


def _lines(group: Group) -> Iterable[str]:
    alarms = group.alarms
    answered = [group.answered_median_ms, group.answered_p95_ms]
    yield f"{group.name}: {group.sessions} sessions, {clock(group.watched_ms)} watched"
    yield f"  alarms an hour: {alarms.per_h:.3g} ({alarms.low:.2g}..{alarms.high:.2g})"
    yield f"  messages to physicians: {group.pages}, {group.pages / group.sessions:.2g} a session"
    if None in answered:
        yield f"  time to a person: nobody took one of {group.unanswered} high and medium alarms"
    else:
        median, most = (clock(ms) for ms in answered if ms is not None)
        yield (
            f"  time to a person: median {median}, 95 % within {most};"
            f" {group.unanswered} high and medium alarms were taken by nobody"
        )
    yield f"  sound paused by somebody: {clock(group.muted_ms)}"
    yield f"  unwatched after the dose: {clock(group.unwatched_ms)}"
    down = f"  hub down: {clock(group.down_ms)}"
    yield f"{down}, and {group.unknown_downs} times for nobody knows how long"
    yield f"  verdicts: {_counts(group.verdicts) or 'no alarm'}"
    for cause in group.causes:
        said = f"; said: {_counts(cause.verdicts)}" if cause.verdicts else ""
        yield (
            f"  {cause.rate.per_h:8.3g}/h  {cause.row} ({cause.kind.name.lower()},"
            f" {cause.priority.value}): {cause.rate.count}, {cause.pages} messages{said}"
        )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{word} {count}" for word, count in counts.items())
