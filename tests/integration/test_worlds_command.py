"""`vigil worlds` by real processes: the catalogue at seed 0, twenty seeds of five scenarios."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.plans_dir import read_plan
from simulators.worlds.crew import read_all
from simulators.worlds.reader import ScenarioError
from simulators.worlds_command import seeds_of

FIVE = ("apnoea_sudden", "bp_emergency", "desat_then_dropout", "oversedation", "sedated_clip_off")
# A whole catalogue of sessions, on a machine that may have other work.
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def vigil(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    code = "from monitor.commands.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "worlds", *args], capture_output=True, text=True, check=False
    )


def told(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What it said as JSON."""
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_whole_catalogue_passes_at_seed_0(tmp_path: Path) -> None:
    """And every combination beside it; a scenario that waits for its row is the only exception."""
    html = tmp_path / "worst.html"
    result = vigil("--seeds", "0..0", "--jobs", "2", "--json", "--html", str(html))
    scenarios = told(result)["scenarios"]
    failed = [one["scenario"] for one in scenarios if one["passed"] < one["worlds"]]
    waiting = [one.name for one in read_all().values() if one.unbuilt(read_plan("default"))]
    assert (failed, [one["broken"] for one in scenarios if one["broken"]]) == (waiting, [])
    assert (len(scenarios), result.returncode) == (len(read_all()), 1 if waiting else 0)
    assert html.read_text(encoding="utf-8").count("<svg") == 12


def test_twenty_seeds_of_five_scenarios_pass() -> None:
    """The same on one process and on two: a world depends on its name and its seed alone."""
    names = [part for name in FIVE for part in ("--scenario", name)]
    result = vigil(*names, "--seeds", "0..19", "--jobs", "2", "--json")
    found = told(result)
    passed = {one["scenario"]: one["passed"] for one in found["scenarios"]}
    alone = told(vigil("--scenario", FIVE[0], "--seeds", "7", "--jobs", "1", "--json"))
    assert (passed, result.returncode) == (dict.fromkeys(FIVE, 20), 0)
    assert alone["digests"][f"{FIVE[0]}#7"] == found["digests"][f"{FIVE[0]}#7"]


def test_the_table_is_for_people() -> None:
    """A line for each must with its delays, and the whole at the end."""
    result = vigil("--scenario", "observer_wins")
    lines = result.stdout.splitlines()
    assert (lines[0], "all: 1 of 1 worlds passed" in lines, result.returncode) == (
        "observer_wins: passed, 1 of 1 worlds",
        True,
        0,
    )


def test_what_cannot_be_played_is_named() -> None:
    """Exit 2 and what to write."""
    unknown, seeds = vigil("--scenario", "x"), vigil("--seeds", "3..1")
    assert (unknown.returncode, seeds.returncode, seeds.stderr) == (
        2,
        2,
        "vigil worlds: --seeds is '3..1': write A..B, up to 100000 of them\n",
    )
    assert unknown.stderr.startswith("vigil worlds: --scenario: no scenario is called 'x': use ")


def test_seeds_are_read() -> None:
    """One, or from the first to the last."""
    assert (list(seeds_of("3")), list(seeds_of("3..5"))) == ([3], [3, 4, 5])
    with pytest.raises(ValueError, match="for example 0"):
        seeds_of("many")


def test_faults_of_a_folder_are_named_all_at_once(tmp_path: Path) -> None:
    """A file's name is the scenario's; each file's faults are there."""
    (tmp_path / "a.toml").write_text("name = 'b'\ntitle = 'x'\n", encoding="utf-8")
    (tmp_path / "c.toml").write_text("name = 'c'\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_all(tmp_path)
    assert caught.value.faults == (
        "a.toml: name is 'b'; write the file's own name",
        "c.toml: title: is missing; write a text of 1 to 200 characters",
    )
