"""`vigil demo` in a pipe: a whole session with a real hub, ended by itself, an alarm accepted."""

import contextlib
import itertools
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.hub_house import free_port

pytestmark = pytest.mark.integration

_DEMO = (sys.executable, "-m", "monitor.commands.main", "demo")


@pytest.mark.timeout(240)
def test_a_whole_session_in_a_pipe() -> None:
    """At 120 times real time the session ends with exit 0, every line marked, one alarm taken.

    However busy the machine is, nothing was silent: the hub's time waits for its devices.
    """
    done = subprocess.run(
        [*_DEMO, "--speed", "120", "--seed", "1", "--port", str(free_port())],
        capture_output=True,
        text=True,
        timeout=230,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in lines} == {"DEMO"}
    pages = [re.sub(r"(:\d+|#t=[\w-]{43}$)", "", line) for line in lines[1:5]]
    assert pages == [
        "DEMO wall       http://127.0.0.1/",
        "DEMO companion  http://127.0.0.1/companion.html",
        "DEMO patient    http://127.0.0.1/patient.html",
        "DEMO physician  http://127.0.0.1/",
    ]
    assert [line for line in lines if re.search(r"oxygen high: accepted by \w+ within", line)]
    assert [line for line in lines if "nothing comes from" in line] == []
    over = r"DEMO over at T\+1[3-9]\d:\d\d, discharged, in follow-up: "
    assert [line for line in lines if re.match(over, line)]


def test_told_to_stop_it_takes_everything_along(tmp_path: Path) -> None:
    """SIGTERM in the middle of a session ends hub, supervisor and broker too, and the folder."""
    demo = subprocess.Popen(
        [*_DEMO, "--speed", "60", "--port", str(free_port())],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert demo.stdout is not None
    # In the middle of a session: its devices and people are connected.
    lines = list(itertools.takewhile(lambda line: " is open, " not in line, demo.stdout))
    running = _commands_with(str(tmp_path))
    demo.send_signal(signal.SIGTERM)
    _, errors = demo.communicate(timeout=40)
    assert (lines[1][:5], len(running) >= 2) == ("DEMO ", True), errors
    assert (demo.returncode, errors) == (
        143,
        "vigil demo: told to stop before the session was over\n",
    )
    assert (_commands_with(str(tmp_path)), list(tmp_path.iterdir())) == ([], [])


def _commands_with(text: str) -> list[str]:
    """Command lines of running processes that name this text."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # a process may end while we look
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if text in command:
                found.append(command)
    return found


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
        (
            "vigil demo: --scenario: no scenario is called 'x': "
            "use standard, short, lifelike, troubled\n"
        ),
    )
