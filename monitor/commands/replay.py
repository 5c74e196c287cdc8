"""`vigil replay`: a recording or a journal through the same engine that runs live."""

import gzip
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from monitor.commands.common import fail
from monitor.database import StoreError
from monitor.effects import AlarmChanged, Effect, RowOff
from monitor.journal import JournalError, Record, decode
from monitor.journal_file import read_records
from monitor.plan import Plan, PlanError
from monitor.plans_dir import plan_texts, read_plan, read_plan_file
from monitor.recordings import Recording, RecordingError, read_csv, read_jsonl
from monitor.replay import json_line, replay_journal, replay_recording

__all__ = ["register"]

_SQLITE = b"SQLite format 3\x00"
_MOST_BYTES = 1 << 30


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    file: Annotated[Path, typer.Argument(help="A journal (.db), a CSV or JSON lines (also .gz).")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    plan: Annotated[str, typer.Option(help="A plan's name or file; journals have their own.")] = "",
) -> None:
    """Run a recording or a journal through the engine and show what it decides.

    A journal is compared with what it recorded: exit code 1 at the first difference.
    """
    try:
        head, text = _read(file)
        if head.startswith(_SQLITE):
            _replay_journal(file, as_json=as_json)
        else:
            _replay_recordings(file, text, plan, as_json=as_json)
    except (RecordingError, PlanError, StoreError, JournalError) as error:
        fail(*str(error).splitlines())
    except BrokenPipeError:
        # The reader of our output has gone away.
        sys.stderr.close()


def _read(path: Path) -> tuple[bytes, str]:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES)
        if data.startswith(_SQLITE):
            return data[:16], ""
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(path) as stream:
                data = stream.read(_MOST_BYTES)
        return data[:16], data.decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        fail(f"{path} cannot be read ({error}); name a journal, a CSV or JSON lines")


def _recordings(path: Path, text: str) -> list[Recording]:
    reader: Callable[[str, str], list[Recording]] = read_csv
    if text.lstrip().startswith("{"):
        reader = read_jsonl
    return reader(text, path.name)


def _plan(name: str) -> Plan:
    if not name:
        return read_plan("vitals_only")
    path = Path(name)
    if path.suffix == ".toml":
        try:
            return read_plan_file(path, plan_texts())
        except (OSError, UnicodeDecodeError) as error:
            fail(f"{path} cannot be read ({error}); name a plan's file")
    return read_plan(name)


def _replay_recordings(path: Path, text: str, plan_name: str, *, as_json: bool) -> None:
    plan = _plan(plan_name)
    recordings = _recordings(path, text)
    total = sum(len(recording.readings) for recording in recordings)
    show = _Show(as_json=as_json)
    with _progress(total, quiet=as_json) as advance:
        for recording in recordings:
            effects = replay_recording(recording, plan, lambda _: advance())
            show.record(recording.name, effects)
    show.end()


def _replay_journal(path: Path, *, as_json: bool) -> None:
    show = _Show(as_json=as_json)
    start_ms: list[int] = []

    def records() -> Iterator[Record]:
        for _, body, _ in read_records(path):
            record = decode(body)
            if not start_ms:
                start_ms.append(record.event.at_ms)
            yield record

    compared = replay_journal(records(), lambda effect: show.effect(path.stem, effect, start_ms[0]))
    show.end()
    if compared.differs is not None:
        typer.echo(
            f"{path}: record {compared.differs.n} differs: {compared.differs.what}", err=True
        )
        raise SystemExit(1)
    words = "to the same bytes" if compared.bytes_same else "with other words"
    typer.echo(f"{path}: {compared.records} records replay {words}", err=True)


class _Show:
    """Alarm lines as JSON at once, or as one table at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self._json = as_json
        self._table = Table("record", "time", "alarm", "what", "priority", "reason", box=None)

    def record(self, name: str, effects: Iterator[Effect]) -> None:
        for effect in effects:
            self.effect(name, effect, 0)

    def effect(self, name: str, effect: Effect, start_ms: int) -> None:
        if isinstance(effect, RowOff):
            typer.echo(f"{name}: {effect.row} is off: {effect.why}", err=True)
        if not isinstance(effect, AlarmChanged):
            return
        line = json_line(name, effect)
        line["at_ms"] -= start_ms
        if self._json:
            sys.stdout.write(json.dumps(line) + "\n")
            return
        seconds = line["at_ms"] / 1000
        hours, rest = divmod(seconds, 3600)
        at = f"{int(hours)}:{int(rest // 60):02}:{rest % 60:04.1f}"
        priority = line["priority"] + (f" {line['class']}" if line["class"] else "")
        self._table.add_row(name, at, line["alarm"], line["transition"], priority, line["reason"])

    def end(self) -> None:
        if not self._json:
            Console(highlight=False).print(self._table)


class _Advance:
    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._task = progress.add_task("replay", total=total)
        self._count = 0

    def __call__(self) -> None:
        self._count += 1
        if self._count % 500 == 0:
            self._progress.update(self._task, completed=self._count)


class _progress:  # noqa: N801 - reads as a word
    """A bar on long work, on a terminal only."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        shown = not quiet and sys.stderr.isatty()
        self._progress = Progress(console=Console(stderr=True), transient=True) if shown else None
        self._total = total

    def __enter__(self) -> Callable[[], None]:
        if self._progress is None:
            return lambda: None
        self._progress.start()
        return _Advance(self._progress, self._total)

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()
