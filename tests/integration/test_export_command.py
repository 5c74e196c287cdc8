"""`vigil export` on real journals: four formats for their owner, without names, faults in words."""

import json
import stat
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from monitor.commands.main import app
from monitor.events import SessionOpened
from monitor.journal import Record, chain
from monitor.journal_file import Entry, JournalFile
from tests.canonical import records
from tests.fhir_check import faults
from tests.journals import edit, entries, named

pytestmark = pytest.mark.integration


def vigil(*arguments: str | Path) -> Result:
    """Run `vigil`."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def write(path: Path, rows: list[Entry], *, closed: bool = True) -> Path:
    """Write a journal as the hub does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(JournalFile(path, chain)) as journal:
        journal.write(rows)
        if closed:
            journal.mark_closed()
    return path


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with settings and one session."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "config.toml").write_text('[hub]\ndata_dir = "var"\n')
    write(folder / "var" / "sessions" / "press.db", entries(named("press", records("pressure"))))
    return folder


def test_four_formats_are_files_for_their_owner(
    house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each format is written beside the caller by the session's name, mode 0600; a second time
    only by force; and the CSV is replayed.
    """
    monkeypatch.chdir(tmp_path)
    config = ("--config", house / "config.toml")
    for name, file in (
        ("fhir", "press.fhir.json"),
        ("pcd04", "press.hl7"),
        ("csv", "press.csv"),
        ("jsonl", "press.jsonl"),
    ):
        made = vigil("export", "press", "--format", name, *config)
        assert (made.exit_code, made.stderr) == (0, "")
        assert stat.S_IMODE((tmp_path / file).stat().st_mode) == 0o600
    before = (tmp_path / "press.fhir.json").read_bytes()
    refused = vigil("export", "press", *config)
    assert (refused.exit_code, "is there already" in refused.stderr) == (2, True)
    assert vigil("export", "press", "--force", *config).exit_code == 0
    assert (tmp_path / "press.fhir.json").read_bytes() == before
    assert faults(json.loads(before)) == []
    lines = (tmp_path / "press.jsonl").read_bytes().splitlines()
    assert len(lines) == len(records("pressure"))
    replayed = vigil("replay", tmp_path / "press.csv", "--json")
    rows = {json.loads(line)["alarm"] for line in replayed.stdout.splitlines()}
    assert (replayed.exit_code, "BP-HIGH" in rows) == (0, True)


def test_without_names_the_same_key_gives_the_same_file(house: Path, tmp_path: Path) -> None:
    """The hub's own key is made once, for its owner; another key gives another file; no name, no
    date and no hash of the record is in it.
    """
    config = ("--config", house / "config.toml", "--deidentify")
    for out in ("one.json", "two.json"):
        assert vigil("export", "press", "--out", tmp_path / out, *config).exit_code == 0
    (tmp_path / "key").write_bytes(b"x" * 32)
    other = vigil(
        "export", "press", "--out", tmp_path / "o.json", "--key", tmp_path / "key", *config
    )
    assert other.exit_code == 0
    one, two, three = ((tmp_path / n).read_text() for n in ("one.json", "two.json", "o.json"))
    assert (one == two, one == three) == (True, False)
    key = house / "var" / "deidentify.key"
    assert (stat.S_IMODE(key.stat().st_mode), len(key.read_bytes())) == (0o600, 32)
    told = [word for word in ("Alex", "Dr Lee", '"Sam"', "journal-head") if word in one]
    assert told == []
    # A key of chance may lead into the same month; this one does not.
    assert "2023-11" not in three


def test_a_report_goes_into_the_bundle(house: Path, tmp_path: Path) -> None:
    """The named report is a document in the bundle; it goes nowhere else."""
    config = ("--config", house / "config.toml")
    report = tmp_path / "r.html"
    report.write_text("<html>")
    made = vigil("export", "press", "--report", report, "--out", tmp_path / "b.json", *config)
    assert made.exit_code == 0
    assert "DocumentReference" in (tmp_path / "b.json").read_text()
    for more in (("--format", "csv"), ("--deidentify",)):
        refused = vigil("export", "press", "--report", report, *more, *config)
        assert (refused.exit_code, "leave it out" in refused.stderr) == (2, True)
    (tmp_path / "r.txt").write_text("")
    for name, word in (("r.txt", "is no report"), ("none.html", "cannot be read")):
        refused = vigil("export", "press", "--report", tmp_path / name, *config)
        assert (refused.exit_code, word in refused.stderr) == (2, True)


def test_a_record_that_was_changed_is_not_exported(tmp_path: Path) -> None:
    """The first bad record is named, and nothing is written."""
    path = write(tmp_path / "s.db", entries(records("fall")[:50]))
    edit(path, "UPDATE records SET body = replace(body, 'Alex', 'Axel') WHERE n = 1")
    made = vigil("export", path, "--out", tmp_path / "x.json")
    assert (made.exit_code, "record 1" in made.stderr) == (2, True)
    assert not (tmp_path / "x.json").exists()


def test_what_cannot_be_exported_is_said_in_one_line(tmp_path: Path) -> None:
    """No file, an empty journal, the record itself, a short key, no folder: each has its words."""
    path = write(tmp_path / "s.db", entries(records("fall")[:5]))
    empty = write(tmp_path / "e.db", [])
    (tmp_path / "key").write_bytes(b"abc")
    config = ("--config", tmp_path / "none.toml")
    for arguments, word in (
        ((tmp_path / "none.db",), "there is no record"),
        ((empty,), "holds no record"),
        ((path, "--out", path), "is the record itself"),
        ((path, "--deidentify", "--key", tmp_path / "key"), "the key has 3 bytes"),
        ((path, "--deidentify", "--key", tmp_path / "gone"), "name a --key file"),
        ((path, "--deidentify"), "none.toml cannot be read"),
        ((path, "--out", tmp_path / "no" / "x.json"), "choose another file"),
        ((path, "--opened-at", "today"), "is no date"),
        ((path, "--opened-at", "2026-01-31T20:00"), "has no zone"),
    ):
        made = vigil("export", *arguments, *config)
        assert (made.exit_code, word in made.stderr, made.stdout) == (2, True, "")


def test_a_record_without_a_date_needs_one(tmp_path: Path) -> None:
    """Without a synchronised clock and a date at the opening, somebody must say when; the CSV
    holds no date and needs none. A session that is still open is told up to its last commit.
    """
    first = records("fall")[0]
    assert isinstance(first.event, SessionOpened)
    bare = msgspec.structs.replace(first.event, wall_ms=None)
    rows = entries([Record(1, bare, first.effects), *records("fall")[1:20]])
    rows = [
        row._replace(stamp=msgspec.structs.replace(row.stamp, wall_synced=False)) for row in rows
    ]
    path = write(tmp_path / "s.db", rows, closed=False)
    made = vigil("export", path, "--out", tmp_path / "a.json")
    assert (made.exit_code, "--opened-at" in made.stderr) == (2, True)
    assert vigil("export", path, "--format", "csv", "--out", tmp_path / "a.csv").exit_code == 0
    when = ("--opened-at", "2026-01-31T20:00:00Z", "--out", tmp_path / "a.json")
    assert vigil("export", path, *when).exit_code == 0
    assert "2026-01-31T20:00:00.000Z" in (tmp_path / "a.json").read_text()
