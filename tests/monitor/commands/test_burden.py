"""`vigil burden`: lines for reading, JSON, and every fault named."""

import json
from pathlib import Path

import pytest

from tests.journals import write
from tests.monitor.commands.test_what_if import vigil
from tests.monitor.what_if.sessions import fall


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a quiet session and one with a fall."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "var" / "sessions").mkdir(parents=True)
    write(folder / "var" / "sessions" / "a.db", fall(97).records)
    write(folder / "var" / "sessions" / "b.db", fall(86).records)
    (folder / "config.toml").write_text("", encoding="utf-8")
    return folder


def test_all_sessions_of_the_hub(nights: Path) -> None:
    """Both sessions are one patient's; the causes come with what was said of them."""
    result = vigil("burden", "--config", nights / "config.toml")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "p1: 2 sessions, 0:20:20 watched"
    assert "  sound paused by somebody: 0:00:00" in lines
    assert [line.split(":")[0].split("  ")[-1] for line in lines[-2:]] == [
        "CI-MISS-C (workflow, low)",
        "SPO2-LOW (physiological, high)",
    ]


def test_figures_as_json_by_release(nights: Path) -> None:
    """One group for each version that recorded."""
    result = vigil("burden", nights / "var" / "sessions", "--json", "--by", "release")
    (group,) = json.loads(result.stdout)["groups"]
    assert (group["name"], group["sessions"], group["alarms"]["count"]) == ("unknown release", 2, 3)


def test_faults_are_named(nights: Path, tmp_path: Path) -> None:
    """A wrong grouping, a patient who is not there, a file that is no journal."""
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"SQLite format 3\x00" + b"x" * 4000)
    sessions = nights / "var" / "sessions"
    cases = [
        (("--by", "moon", sessions), "write all, patient, release"),
        (("--patient", "nobody", sessions), "no session of patient 'nobody' is there"),
        ((bad,), f"{bad} cannot be read as a journal"),
    ]
    for arguments, words in cases:
        result = vigil("burden", *arguments)
        assert (result.exit_code, result.stdout, words in result.stderr) == (2, "", True), words
    both = vigil("burden", sessions, bad)
    assert (both.exit_code, both.stdout.startswith("p1: 2 sessions")) == (2, True)
