"""`vigil evaluate` by a real process, on a file of our own and on the real recordings."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulators.evaluate_command import counted, sets_of
from tests.house import ROOT

DATA = ROOT.parent / "shared" / "data"
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def vigil(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    code = "from monitor.commands.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "evaluate", *args],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_recording_is_evaluated(tmp_path: Path) -> None:
    """As JSON and as a page; a folder holds its recordings and nothing else."""
    rows = [f"{t},{97 if t < 100 else 85}" for t in range(131)]
    (tmp_path / "fall.csv").write_text("\n".join(["t_s,spo2", *rows]), encoding="utf-8")
    (tmp_path / "other.csv").write_text("name,value\na,1\n", encoding="utf-8")
    (tmp_path / "notes.md").write_text("# notes\n", encoding="utf-8")
    figures = json.loads(vigil(str(tmp_path), "--json").stdout)
    page = vigil(str(tmp_path / "fall.csv"))
    assert (list(figures), figures["fall.csv"]["rows"]["SPO2-LOW"]["delay_s"]["p95"]) == (
        ["fall.csv"],
        10.0,
    )
    assert (page.returncode, "## Recordings: fall.csv" in page.stdout) == (0, True)


def test_what_is_no_recording_is_named(tmp_path: Path) -> None:
    """Exit 2 and what to do."""
    empty, missing = vigil(str(tmp_path)), vigil(str(tmp_path / "x.csv"))
    assert (empty.returncode, missing.returncode, empty.stderr) == (
        2,
        2,
        f"vigil evaluate: {tmp_path} holds no recording; name files with a column t_s\n",
    )


@pytest.mark.skipif(not DATA.is_dir(), reason="the recordings in ../shared/data are not here")
def test_the_real_recordings_are_judged_set_by_set() -> None:
    """Two falls of real people: critical 3 s after the crossing; 20 ICU records: none critical."""
    sets = sets_of([DATA])
    hypoxia = counted(sets["uw_varied_fio2.csv.gz"], "vitals_only")
    icu = counted(sets["bidmc_1hz.csv.gz"], "vitals_only")
    assert (hypoxia.rows["SPO2-CRIT"], hypoxia.delays_ms["SPO2-CRIT"]) == (2, [3_000, 3_000])
    assert (icu.records, icu.rows["SPO2-CRIT"]) == (20, 0)


@pytest.mark.skipif(not DATA.is_dir(), reason="the recordings in ../shared/data are not here")
def test_an_isolated_spike_of_real_cuffs_is_not_confirmed() -> None:
    """84,588 readings, taken a minute apart as if each answered the prompt.

    An isolated one of 180 and more is cleared as a single reading, a lasting one is confirmed.
    """
    path = sets_of([DATA])["eicu_nibp_300_stays.csv.gz"]
    spikes = counted(path, "vitals_only", asked=True).spikes
    assert set(spikes) == {"isolated: cleared as a single reading", "lasting: confirmed"}
    assert (min(spikes.values()) >= 25, spikes["lasting: confirmed"] > 100) == (True, True)
