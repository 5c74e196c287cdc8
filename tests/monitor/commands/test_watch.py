"""`vigil watch` says what is wrong before it watches; `vigil check` says when nobody does."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitor.commands.main import app

HUB = '[[hubs]]\nid = "home"\nsecret_file = "home.secret"\n'


def vigil(*arguments: str | Path) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def said(result: Result) -> list[str]:
    """Return its lines on standard error, after a failure."""
    assert (result.exit_code, result.stdout) == (2, "")
    return [line.removeprefix("vigil: ") for line in result.stderr.splitlines()]


def test_settings_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    """No file; a fault in it; no secret; a secret that is too short."""
    config = tmp_path / "watch.toml"
    missing = said(vigil("watch", "--config", config))
    config.write_text("[watch]\nport = 0\n")
    faulty = said(vigil("watch", "--config", config))
    config.write_text(HUB)
    secretless = said(vigil("watch", "--config", config))
    (tmp_path / "home.secret").write_text("short")
    short = said(vigil("watch", "--config", config))
    assert missing[0].endswith("name the watcher's settings with --config")
    assert faulty[0] == "watch.toml: watch.port: 0 is too small; write a port from 1 to 65535"
    assert "home.secret cannot be read" in secretless[0]
    assert "holds fewer than 16 characters" in short[0]


@pytest.mark.parametrize("words", [("--status",), ("--end", "home", "--by", "Ann")])
def test_a_watcher_that_does_not_run_cannot_be_asked(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """It says which folder, and how to start one."""
    config = tmp_path / "watch.toml"
    config.write_text(HUB)
    (line,) = said(vigil("watch", "--config", config, *words))
    assert line == (
        f"no watcher runs with the data folder {tmp_path}/watch; start it with `vigil watch`"
    )


def test_check_says_that_nobody_outside_watches(tmp_path: Path) -> None:
    """A note while [watch] is off; files that are missing are faults; plain HTTP is a note."""
    config = tmp_path / "config.toml"
    config.write_text("")
    off = vigil("check", "--config", config)
    config.write_text('[watch]\nurl = "http://10.0.0.9:8790"\nsecret_file = "home.secret"\n')
    on = vigil("check", "--config", config)
    assert "note: nobody outside watches this hub: set [watch], see docs/watch.md" in off.stdout
    assert (
        "note: watch.url: names and numbers of people can be read on the way; use https"
        in on.stdout
    )
    assert (
        "vigil: config.toml: watch.secret_file: 'home.secret' is no file; write the file's path"
        in on.stderr
    )
