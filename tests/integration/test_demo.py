"""`vigil demo` in a pipe: a whole session with a real hub, ended by itself, an alarm accepted."""

import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.integration


@pytest.mark.timeout(240)
def test_a_whole_session_in_a_pipe() -> None:
    """At 120 times real time the session ends with exit 0, every line marked, one alarm taken."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor.commands.main", "demo", "--speed", "120", "--seed", "1"],
        capture_output=True,
        text=True,
        timeout=230,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in lines} == {"DEMO"}
    assert [line for line in lines if re.search(r"oxygen high: accepted by \w+ within", line)]
    assert [line for line in lines if re.match(r"DEMO over at T\+1[3-9]\d:\d\d, phase dis", line)]


def test_an_unknown_scenario_is_named() -> None:
    """Exit 2, and the names that there are."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor.commands.main", "demo", "--scenario", "x"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        2,
        "vigil demo: --scenario: no scenario is called 'x': use standard, short, lifelike\n",
    )
