"""Semi-synthetic sessions are made of real recordings and named so; without them that is said."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.semi.series import SeriesError
from simulators.semi.sets import semi_one, semi_played, semi_scenarios
from simulators.worlds.score import Mark
from tests.house import ROOT

DATA = ROOT.parent / "shared" / "data"
pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
real = pytest.mark.skipif(not DATA.is_dir(), reason="the recordings in ../shared/data are not here")


def vigil(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    code = "from monitor.commands.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "worlds", *args], capture_output=True, text=True, check=False
    )


def test_they_are_named_so() -> None:
    """In the scenario's name and in its title."""
    assert [
        (one.name.startswith("semi_"), one.title.startswith("semi-synthetic: "))
        for one in semi_scenarios().values()
    ] == [(True, True)] * 2


def test_without_recordings_that_is_said(tmp_path: Path) -> None:
    """Exit 2 and which file; a broken one likewise; nothing can be laid over them."""
    missing = vigil("--semi", str(tmp_path), "--jobs", "1")
    (tmp_path / "bidmc_1hz.csv.gz").write_bytes(b"no zip")
    with pytest.raises(SeriesError, match="cannot be read"):
        semi_one(("semi_bidmc", 0), tmp_path)
    laid = vigil("--semi", str(tmp_path), "--with", "batch")
    assert (missing.returncode, laid.returncode) == (2, 2)
    assert f"{tmp_path} holds no bidmc_1hz.csv.gz: the recordings are no part" in missing.stderr
    assert "--with and --semi" in laid.stderr


@real
def test_a_real_fall_is_found_in_a_real_session() -> None:
    """Critical 3 s after the device's own crossing, as in the recording alone; the same again."""
    verdict, played = semi_played(("semi_uw", 0), DATA)
    crit = [one for one in verdict.found if "CRIT" in one.words]
    assert [(one.mark, one.delay_s) for one in crit] == [(Mark.MET, 3.0)]
    assert (verdict.broken, played.unkept) == ([], [])
    assert semi_one(("semi_uw", 0), DATA).digest == verdict.digest


@real
def test_the_command_plays_them() -> None:
    """As any other scenario."""
    found = json.loads(vigil("--semi", str(DATA), "--scenario", "semi_bidmc", "--json").stdout)
    assert [(one["scenario"], one["worlds"]) for one in found["scenarios"]] == [("semi_bidmc", 1)]
