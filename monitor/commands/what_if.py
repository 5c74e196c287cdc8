"""`vigil replay --plan PLAN JOURNAL ...`: what another plan would have done with recorded sessions.

Journals are read and run on all cores, one process each; figures come out in the order of the
files' names, whatever process was first. What they mean is decided in `monitor/what_if/`. One that
cannot be read is named with its reason, and the others are done. No record is changed.
"""

import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from monitor.commands.common import fail, note_look
from monitor.commands.write_out import write_out
from monitor.database import StoreError
from monitor.engine import EventOrderError
from monitor.journal import JournalError
from monitor.journal_file import read_records
from monitor.plan import Plan
from monitor.what_if.page import page_of
from monitor.what_if.recorded import read_session
from monitor.what_if.session import Asked, ask, badness
from monitor.what_if.summary import Figure, Whole, whole_of
from monitor.what_if.words import CAUTION, change_words, clock, heading

__all__ = ["ask_all", "fault_of", "journals_of", "tell_what_if"]

_WORST = 10
_ON_PAGE = 20
_COLUMNS = ("", "before/h", "after/h", "gained", "lost", "earlier", "later", "higher", "lower")


def journals_of(paths: Iterable[Path]) -> list[Path]:
    """Return the journals that are meant: files, and those in folders, in the order of names."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.db")) if path.is_dir() else [path]
        if not inside:
            fail(f"{path} holds no journal; name a folder with .db files, or the files")
        found += [one for one in inside if one not in found]
    return found


def ask_all(paths: Sequence[Path], plan: Plan, jobs: int) -> Iterator[Asked | str]:
    """Yield what came of each journal, in their order; a text says why one cannot be read."""
    software = version("vigil")
    work = partial(_asked, plan=plan, software=software)
    if jobs == 1 or len(paths) == 1:
        yield from map(work, paths)
        return
    chunk = max(1, min(8, len(paths) // (4 * jobs)))
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(work, paths, chunksize=chunk)


def _asked(path: Path, plan: Plan, software: str) -> Asked | str:
    try:
        return ask(read_session(read_records(path)), plan, software)
    except (StoreError, JournalError, EventOrderError) as error:
        return fault_of(path, error)


def fault_of(path: Path, error: Exception) -> str:
    """Say why a journal cannot be read; half of the reasons name the file themselves."""
    return str(error) if str(path) in str(error) else f"{path}: {error}"


def tell_what_if(
    paths: Sequence[Path], plan: Plan, name: str, *, as_json: bool, html: Path | None, jobs: int
) -> None:
    """Run every journal by `plan`, say what is different, and end with 2 if one was unreadable."""
    for path in paths:
        note_look(path, f"replay --plan {name}")
    done: list[tuple[Path, Asked]] = []
    faults: list[str] = []
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("what if", total=len(paths))
        for path, asked in zip(paths, ask_all(paths, plan, jobs or _cores()), strict=True):
            if isinstance(asked, str):
                faults.append(asked)
            else:
                done.append((path, asked))
            bar.advance(task)
    if done:
        _tell(done, name, as_json=as_json, html=html)
    if faults:
        fail(*faults)


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _tell(
    done: Sequence[tuple[Path, Asked]], name: str, *, as_json: bool, html: Path | None
) -> None:
    whole = whole_of([asked for _, asked in done])
    worst = sorted(done, key=lambda one: badness(one[1]), reverse=True)
    moved = [one for one in worst if any(change_words(change) for change in one[1].alarms)]
    moved += [one for one in worst if one not in moved and _words(one[1])]
    if html is not None:
        page = [(asked, _command(path, name)) for path, asked in moved[:_ON_PAGE]]
        write_out(html, page_of(whole, page, name).encode(), [path for path, _ in done])
    if as_json:
        sessions = [{"journal": str(path)} | msgspec.to_builtins(asked) for path, asked in worst]
        told = {"plan": name, "whole": msgspec.to_builtins(whole), "sessions": sessions}
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        return
    _print(whole, moved, name)


def _print(whole: Whole, moved: Sequence[tuple[Path, Asked]], name: str) -> None:
    typer.echo(heading(whole, name))
    typer.echo(CAUTION)
    _figures("alarms by priority", whole.priorities)
    _figures("alarms", [one for one in whole.alarms if one.is_changed])
    _figures("rows", [one for one in whole.rows if one.is_changed])
    for what, count in whole.refused.items():
        typer.echo(f"refused only by this plan: {what}, {count} times")
    for what, count in whole.no_longer.items():
        typer.echo(f"no longer about anything: {what}, {count} times")
    for row, why in whole.off.items():
        typer.echo(f"row {row} is off: {why}")
    for path, asked in moved[:_WORST]:
        typer.echo(f"\n{asked.session} ({asked.patient}): {_command(path, name)}")
        for at_ms, words in _words(asked):
            typer.echo(f"  {clock(at_ms - asked.opened_ms)}  {words}")
    if len(moved) > _WORST:
        typer.echo(f"\nand {len(moved) - _WORST} more sessions with a difference (--json, --html)")


def _words(asked: Asked) -> list[tuple[int, str]]:
    said = [(one.at_ms, change_words(one)) for one in (*asked.alarms, *asked.rows)]
    return sorted(((at_ms, words) for at_ms, words in said if words), key=lambda one: one[0])


def _command(path: Path, name: str) -> str:
    return shlex.join(["vigil", "replay", "--plan", name, str(path)])


def _figures(title: str, figures: Sequence[Figure]) -> None:
    if not figures:
        return
    rows = [
        (
            one.name,
            f"{one.before.per_h:.3g}",
            f"{one.after.per_h:.3g}",
            *map(str, (one.gained, one.lost, one.earlier, one.later, one.higher, one.lower)),
        )
        for one in figures
    ]
    if not sys.stdout.isatty():
        typer.echo("\n" + "\t".join((title, *_COLUMNS[1:])))
        for row in rows:
            typer.echo("\t".join(row))
        return
    table = Table(title, *_COLUMNS[1:], box=None)
    for row in rows:
        table.add_row(*row)
    Console(highlight=False).print(table)
