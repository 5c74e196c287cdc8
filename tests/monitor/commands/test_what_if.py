"""`vigil replay --plan` on journals: figures, worst sessions, a page, JSON, unreadable files."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitor.commands.main import app
from tests.house import ROOT
from tests.journals import write
from tests.monitor.what_if.sessions import fall

PLAN = ROOT / "monitor" / "plans" / "default.toml"


def vigil(*arguments: str | Path) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two journals, one of them with a fall, and another plan beside it."""
    folder = tmp_path_factory.mktemp("nights")
    (folder / "sessions").mkdir()
    write(folder / "sessions" / "a.db", fall(97).records)
    write(folder / "sessions" / "b.db", fall(86).records)
    text = PLAN.read_text("utf-8")
    assert "{ below = 88, delay_s = 10 }" in text
    other = text.replace("{ below = 88, delay_s = 10 }", "{ below = 80, delay_s = 10 }")
    (folder / "night.toml").write_text(other, encoding="utf-8")
    return folder


def test_a_folder_of_journals_by_another_plan(nights: Path) -> None:
    """The caution, the figures, and the session that changed with the command that shows it."""
    result = vigil("replay", "--plan", nights / "night.toml", nights / "sessions", "--jobs", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    said = result.stdout
    assert "1 of 2 sessions would have been different" in said
    assert "says nothing about what people would have done" in said
    # Both sessions are 610 s; the row was there once, and would not have been.
    assert "SPO2-LOW\t2.95\t0\t0\t1\t0\t0\t0\t0" in said
    name, command = next(line for line in said.splitlines() if line.startswith("s")).split(": ", 1)
    assert command == f"vigil replay --plan {nights / 'night.toml'} {nights / 'sessions' / 'b.db'}"
    assert name.endswith(")")
    assert "  0:08:01  SPO2-LOW: lost, was high" in said


def test_the_same_figures_as_json_and_as_a_page(nights: Path) -> None:
    """On two processes as on one; the page is for its owner only."""
    page = nights / "page.html"
    options = ("--plan", nights / "night.toml", nights / "sessions", "--json")
    alone = vigil("replay", *options, "--jobs", "1", "--html", page)
    both = vigil("replay", *options, "--jobs", "2")
    assert (alone.exit_code, alone.stdout) == (0, both.stdout)
    told = json.loads(alone.stdout)
    assert [Path(one["journal"]).name for one in told["sessions"]] == ["b.db", "a.db"]
    assert (told["whole"]["sessions"], told["whole"]["changed"]) == (2, 1)
    assert page.stat().st_mode & 0o777 == 0o600
    assert "SPO2-LOW: lost, was high" in page.read_text("utf-8")


def test_one_journal_that_cannot_be_read_is_named_and_the_others_are_done(nights: Path) -> None:
    """Exit code 2, after everything else has been said."""
    bad = nights / "bad.db"
    bad.write_bytes(b"SQLite format 3\x00" + b"x" * 4000)
    result = vigil("replay", "--plan", "default", nights / "sessions", bad)
    assert result.exit_code == 2
    assert result.stdout.startswith("default: 0 of 2 sessions would have been different")
    assert f"vigil: {bad} cannot be read as a journal" in result.stderr
    alone = vigil("replay", "--plan", "default", bad, bad)
    assert (alone.exit_code, alone.stdout) == (2, "")


def test_what_cannot_be_meant_is_said(nights: Path, tmp_path: Path) -> None:
    """Several files without a plan, a page of one replay, an empty folder, a page over a record."""
    journals = [nights / "sessions" / name for name in ("a.db", "b.db")]
    cases = [
        ((*journals,), "several files are only run with --plan"),
        ((journals[0], "--html", tmp_path / "x.html"), "--html is for what another plan"),
        (("--plan", "default", tmp_path), "holds no journal"),
        (("--plan", "default", journals[0], "--html", journals[0]), "is the record itself"),
        (("--plan", "default", journals[0], "--html", tmp_path / "no" / "x"), "cannot be written"),
    ]
    for arguments, words in cases:
        result = vigil("replay", *arguments)
        assert (result.exit_code, words in result.stderr) == (2, True), (words, result.stderr)
