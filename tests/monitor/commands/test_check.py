"""`vigil check` names every fault at once: settings, plan, patients."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitor.commands.main import app

ROOT = Path(__file__).parents[3]


def vigil(*arguments: str | Path) -> Result:
    """Run the command line."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def faults(result: Result) -> list[str]:
    """Return the faults that it named, without their heading."""
    assert (result.exit_code, result.stdout.count("no fault")) == (2, 0)
    heading, *named = [line.removeprefix("vigil: ") for line in result.stderr.splitlines()]
    assert heading == f"{len(named)} fault{'s' if len(named) > 1 else ''}:"
    return named


def test_the_shipped_settings_and_patient_have_no_fault() -> None:
    """Plans that no clinician has signed are noted."""
    result = vigil("check", "--config", ROOT / "config.toml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == "no fault found"
    assert (
        "note: plan default is signed by no clinician: for demonstrations and tests"
        in result.stdout
    )


def test_settings_with_five_faults_get_all_five(tmp_path: Path) -> None:
    """Wrong type, out of range, unknown key, unknown word, unknown table."""
    config = tmp_path / "config.toml"
    config.write_text(
        "[hub]\nport = 99999\nmax_sessions = 'many'\nspeed = 3\n"
        "[broker]\nmode = 'carrier pigeon'\n[kitchen]\n"
    )
    named = faults(vigil("check", "--config", config))
    keys = ["hub.port", "hub.max_sessions", "hub.speed", "broker.mode", "kitchen"]
    assert [[key for key in keys if key in fault] for fault in sorted(named)] == [
        [key] for key in sorted(keys)
    ]
    assert all(fault.startswith("config.toml: ") for fault in named)


def test_a_plan_with_five_faults_gets_all_five(tmp_path: Path) -> None:
    """Two words that are none, an unknown key, a text for a number, a number out of range."""
    plan = tmp_path / "own.toml"
    plan.write_text(
        'extends = "default"\nname = "own"\nstart = "moon"\ncolour = "red"\n'
        '[oximeter]\nrequired_in = ["lunch"]\n[cuff_schedule]\nprompt_s = "soon"\n'
        "[check_in_schedule]\nstale_s = -1\n"
    )
    named = faults(vigil("check", "--plan", plan))
    assert sorted(fault.split(";")[0] for fault in named) == [
        "own.toml: check_in_schedule.stale_s: -1 is too small",
        "own.toml: colour: unknown key",
        "own.toml: cuff_schedule.prompt_s: expected int, got 'soon'",
        "own.toml: oximeter.required_in[0]: got 'lunch'",
        "own.toml: start: got 'moon'",
    ]


@pytest.mark.parametrize("option", ["--config", "--plan"])
def test_a_file_that_is_not_there_is_a_fault(option: str, tmp_path: Path) -> None:
    """It says which option to use."""
    (fault, *_) = faults(vigil("check", option, tmp_path / "none.toml"))
    assert fault.startswith(f"{tmp_path / 'none.toml'} cannot be read ([Errno 2]")


def test_patients_and_secrets_are_checked_beside_the_settings(tmp_path: Path) -> None:
    """A patient with an unknown plan, one that is no TOML, one of bad bytes, a missing secret."""
    (tmp_path / "config.toml").write_text("[alarm]\nwebhook_token_file = 'gone'\n")
    folder = tmp_path / "patients"
    folder.mkdir()
    shipped = (ROOT / "patients" / "demo.toml").read_text(encoding="utf-8")
    (folder / "demo.toml").write_text(
        "\n".join('plan = "moon"' if ln.startswith("plan =") else ln for ln in shipped.splitlines())
    )
    (folder / "broken.toml").write_text("[patient\n")
    (folder / "bytes.toml").write_bytes(b"\xff")
    named = faults(vigil("check", "--config", tmp_path / "config.toml"))
    assert [fault.split(":")[0] for fault in named] == [
        "broken.toml",
        "bytes.toml",
        "demo.toml",
        "config.toml",
    ]
    assert named[2] == (
        "demo.toml: patient.plan: there is no plan 'moon'; write one of default, vitals_only"
    )
