"""`vigil replay`: a recording or a journal through the same engine that runs live."""

import gzip
import io
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from monitor.commands.common import fail, note_look
from monitor.commands.what_if import journals_of, tell_what_if
from monitor.database import StoreError
from monitor.effects import AlarmChanged, Effect, RowOff
from monitor.journal import JournalError, Record, decode
from monitor.journal_file import read_records
from monitor.plan import Plan, PlanError
from monitor.plans_dir import plan_texts, read_plan, read_plan_file
from monitor.recordings import Recording, RecordingError, read_csv, read_jsonl
from monitor.records.versions import unread
from monitor.replay import json_line, replay_journal, replay_recording

__all__ = ["read_any_plan", "register"]

_SQLITE = b"SQLite format 3\x00"
_MOST_BYTES = 256 << 20
_COLUMNS = ("record", "time", "alarm", "what", "priority", "reason")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay")(replay)


def replay(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="A journal (.db), a CSV or JSON lines (also .gz)."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    plan: Annotated[
        str, typer.Option(help="A plan's name or file: for journals, what if it had been theirs.")
    ] = "",
    html: Annotated[
        Path | None, typer.Option(help="Write a what-if as a page, with the worst sessions.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes of a what-if; 0: all cores.")] = 0,
) -> None:
    """Run a recording or a journal through the engine and show what it decides.

    A journal is compared with what it recorded: exit code 1 at the first difference. With --plan,
    journals and folders of them are run by another plan, and what it would have changed is shown.
    """
    file = files[0]
    try:
        if plan and (len(files) > 1 or file.is_dir() or _read(file)[0].startswith(_SQLITE)):
            what_if = read_any_plan(plan)
            tell_what_if(journals_of(files), what_if, plan, as_json=as_json, html=html, jobs=jobs)
            return
        if len(files) > 1:
            fail("several files are only run with --plan; replay one, or name a plan")
        if html is not None:
            fail("--html is for what another plan would have done: name journals and a --plan")
        head, text = _read(file)
        if head.startswith(_SQLITE):
            _replay_journal(file, as_json=as_json)
        else:
            _replay_recordings(file, text, plan, as_json=as_json)
    except (RecordingError, PlanError, StoreError, JournalError) as error:
        fail(*str(error).splitlines())
    except BrokenPipeError:
        # The reader of our output has gone away; Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read(path: Path) -> tuple[bytes, str]:
    """Read the beginning, and the whole text if it is no journal; a pipe is read once."""
    try:
        with path.open("rb") as stream:
            head = stream.read(len(_SQLITE))
            if head == _SQLITE:
                return head, ""
            data = head + stream.read(_MOST_BYTES)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(data)) as stream:
                data = stream.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            fail(f"{path} has more than {_MOST_BYTES >> 20} MiB of text; cut it into records")
        return head, data.decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        fail(f"{path} cannot be read ({error}); name a journal, a CSV or JSON lines")


def _recordings(path: Path, text: str) -> list[Recording]:
    reader: Callable[[str, str], list[Recording]] = read_csv
    if text.lstrip().startswith("{"):
        reader = read_jsonl
    return reader(text, path.name)


def read_any_plan(name: str) -> Plan:
    """Read a plan by its name, or from a file that ends in .toml; none is `vitals_only`."""
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
    plan = read_any_plan(plan_name)
    recordings = _recordings(path, text)
    total = sum(len(recording.readings) for recording in recordings)
    show = _Show(as_json=as_json)
    with _progress(total, lines_shown=as_json and sys.stdout.isatty()) as advance:
        for recording in recordings:
            if not recording.readings:
                typer.echo(f"{recording.name}: nothing in it can be judged", err=True)
            for effect in replay_recording(recording, plan, lambda _: advance()):
                show.effect(recording.name, effect, 0)
    show.end()


def _replay_journal(path: Path, *, as_json: bool) -> None:
    note_look(path, "vigil replay")
    show = _Show(as_json=as_json)
    start_ms: list[int] = []

    def records() -> Iterator[Record]:
        for n, body, _ in read_records(path):
            try:
                record = decode(body)
            except JournalError:
                _fail_of_version(path, n)
            if not start_ms:
                start_ms.append(record.event.at_ms)
            yield record

    compared = replay_journal(records(), lambda effect: show.effect(path.stem, effect, start_ms[0]))
    if not start_ms:
        fail(f"{path} holds no record; name the journal of a session that was opened")
    show.end()
    if compared.differs is not None:
        typer.echo(
            f"{path}: record {compared.differs.n} differs: {compared.differs.what}", err=True
        )
        raise SystemExit(1)
    words = "to the same bytes" if compared.bytes_same else "with other words"
    typer.echo(f"{path}: {compared.records} records replay {words}", err=True)


def _fail_of_version(path: Path, first_n: int) -> NoReturn:
    """Say of every record that this version cannot read why not."""
    lines = unread((n, body) for n, body, _ in read_records(path, first_n))
    here = f"this version ({version('vigil')}) cannot replay it"
    fail(
        f"{path}: {here}; `vigil verify` says whether the file was changed",
        *(f"{path}: {line}" for line in lines),
    )


class _Show:
    """Alarm lines at once: JSON, or plain text; on a terminal one table at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self._json = as_json
        self._table = None if as_json or not sys.stdout.isatty() else Table(*_COLUMNS, box=None)
        if not as_json and self._table is None:
            sys.stdout.write("\t".join(_COLUMNS) + "\n")

    def effect(self, name: str, effect: Effect, start_ms: int) -> None:
        if isinstance(effect, RowOff):
            typer.echo(f"{name}: {effect.row} is off: {effect.why}", err=True)
        if not isinstance(effect, AlarmChanged):
            return
        line = json_line(name, effect, start_ms)
        if self._json:
            sys.stdout.write(json.dumps(line) + "\n")
            return
        priority = line["priority"] + (f" {line['class']}" if line["class"] else "")
        at = _clock(line["at_ms"])
        cells = (name, at, line["alarm"], line["transition"], priority, line["reason"])
        if self._table is None:
            sys.stdout.write("\t".join(cells) + "\n")
        else:
            self._table.add_row(*(Text(cell) for cell in cells))

    def end(self) -> None:
        if self._table is not None:
            Console(highlight=False).print(self._table)


def _clock(at_ms: int) -> str:
    """Hours, minutes and seconds; negative before the record's zero."""
    seconds, millis = divmod(abs(at_ms), 1000)
    sign = "-" if at_ms < 0 else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{millis:03}"


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
    """A bar on long work: only on a terminal that does not show our lines meanwhile."""

    def __init__(self, total: int, *, lines_shown: bool) -> None:
        shown = sys.stderr.isatty() and not lines_shown
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
