"""The systemd unit is accepted by systemd itself and says what the design asks of it."""

import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

UNIT = Path(__file__).parents[2] / "deploy" / "vigil.service"


def settings() -> dict[str, list[str]]:
    """Return every setting of the unit with all its values."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """No unknown setting, no bad value; only the program's path is replaced by one that is here."""
    assert shutil.which("systemd-analyze"), "install the package systemd: `make test` does"
    text = UNIT.read_text()
    program = settings()["ExecStart"][0].split()[0]
    unit = tmp_path / "vigil.service"
    unit.write_text(text.replace(program, "/bin/true"))
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout + run.stderr) == (0, "")


def test_the_unit_says_what_the_design_asks() -> None:
    """The supervisor is stopped alone, started again for ever, and watched."""
    asked = (
        "KillMode",
        "Restart",
        "Type",
        "WatchdogSec",
        "StartLimitIntervalSec",
        "StateDirectory",
    )
    assert [settings()[name] for name in asked] == [
        ["mixed"],
        ["always"],
        ["notify"],
        ["10"],
        ["0"],
        ["vigil"],
    ]


def test_the_unit_lets_the_hub_ask_for_the_clocks_state() -> None:
    """ProtectClock would make every outage unknown: it forbids to read the state as well."""
    found = settings()
    assert ("ProtectClock" in found, found["SystemCallFilter"]) == (
        False,
        ["@system-service", "adjtimex clock_adjtime clock_adjtime64"],
    )
