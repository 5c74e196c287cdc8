"""`vigil evaluate`: recordings through the engine, set by set: how often, how long, how late.

Files and the terminal are the outside things. A folder stands for its CSV files that hold readings.

    vigil evaluate night.csv more.csv.gz --json
"""

import gzip
import json
import sys
import zlib
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from monitor.plan import PlanError
from monitor.plans_dir import read_plan
from monitor.recordings import RecordingError, read_csv
from monitor.replay import replay_recording
from simulators.recorded import Counts, answered
from simulators.recorded_table import as_json, sections

__all__ = ["counted", "register", "sets_of"]

_NOT_POSSIBLE = 2


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate)


def evaluate(
    files: Annotated[list[Path], typer.Argument(help="Recordings (CSV, also .gz), or folders.")],
    as_json_: Annotated[bool, typer.Option("--json", help="All figures as JSON.")] = False,
    plan: Annotated[str, typer.Option(help="A plan's name.")] = "vitals_only",
) -> None:
    """Say how often each row alarms on recordings, for how long, and how late, set by set."""
    try:
        found = {name: counted(path, plan) for name, path in sets_of(files).items()}
    except (RecordingError, PlanError, OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        for line in str(error).splitlines():
            typer.echo(f"vigil evaluate: {line}", err=True)
        raise typer.Exit(_NOT_POSSIBLE) from None
    typer.echo(json.dumps(as_json(found), indent=1) if as_json_ else "\n".join(sections(found)))


def sets_of(files: list[Path]) -> dict[str, Path]:
    """Return the sets by name; of a folder, the files whose first line has a time.

    Raises:
        OSError: a file that cannot be read.
        RecordingError: a folder without a recording.
    """
    found: dict[str, Path] = {}
    for path in files:
        if not path.is_dir():
            found[path.name] = path
            continue
        inside = [one for one in sorted(path.iterdir()) if one.name.endswith((".csv", ".csv.gz"))]
        sets = {one.name: one for one in inside if "t_s" in _text(one).split("\n", 1)[0].split(",")}
        if not sets:
            raise RecordingError(f"{path} holds no recording; name files with a column t_s")
        found |= sets
    return found


def counted(path: Path, plan_name: str, *, asked: bool = False) -> Counts:
    """Replay one set and count; `asked`: its cuff readings a minute apart (`recorded.answered`).

    Raises:
        RecordingError: it is no recording.
        PlanError: there is no such plan.
        OSError: it cannot be read.
    """
    plan = read_plan(plan_name)
    recordings = read_csv(_text(path), path.name)
    counts = Counts()
    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty()) as progress:
        for recording in progress.track(recordings, description=path.name):
            one = answered(recording) if asked else recording
            counts.take(one, replay_recording(one, plan), plan)
    return counts


def _text(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
