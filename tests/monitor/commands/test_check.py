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
        "demo.toml: patient.plan: there is no plan 'moon'; write one of default,"
        " rehearsal, vitals_only"
    )


SID = "AC" + "0" * 32
SERVICES = f"""
[channels.ntfy]
enabled = true
base_url = "http://ntfy.home"
answer_topic = "answers"
[channels.twilio]
enabled = true
account_sid = "{SID}"
from_number = "+15550100"
token_file = "twilio"
[channels.pagerduty]
enabled = true
[channels.email]
enabled = true
user = "vigil"
[channels.apprise]
enabled = true
[channels.light]
enabled = true
[channels.spoken]
enabled = true
"""


def ways(folder: Path, mode: str, *lines: str) -> None:
    """Write a patient whose physician has these ways."""
    (folder / "patients").mkdir(exist_ok=True)
    shipped = (ROOT / "patients" / "demo.toml").read_text(encoding="utf-8")
    head = shipped.split("[[contacts]]")[0].replace('mode = "demo"', f'mode = "{mode}"')
    (folder / "patients" / "demo.toml").write_text(
        f'{head}[[contacts]]\nid = "c"\nrole = "companion"\nname = "C"\n'
        'ways = [{ channel = "page" }]\n'
        f'[[contacts]]\nid = "p"\nrole = "physician"\nname = "P"\nways = [{", ".join(lines)}]\n'
    )


def test_every_way_is_listed_with_what_it_can_prove(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing on the machine, and what others can read, is noted."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("VIGIL_EMAIL_PASSWORD", "p")
    monkeypatch.delenv("VIGIL_NTFY_TOKEN", raising=False)
    (tmp_path / "config.toml").write_text(SERVICES)
    (tmp_path / "twilio").write_text("t")
    (tmp_path / "twilio").chmod(0o644)
    (tmp_path / "topic").write_text("lee")
    (tmp_path / "topic").chmod(0o600)
    ways(tmp_path, "real", '{ channel = "ntfy", address = "file:topic" }')
    result = vigil("check", "--config", tmp_path / "config.toml")
    said = [line.removeprefix("note: ") for line in result.stdout.splitlines()]
    assert result.exit_code == 0, result.stderr
    assert {
        "way page: proves sent and delivered and answered",
        "way webhook: proves sent, not delivered",
        "way ntfy: proves sent and answered, not delivered",
        "way sms: proves sent and delivered and answered",
        "way pagerduty: proves sent, not delivered",
        "way email: proves sent, not delivered",
        "way apprise: proves sent, not delivered",
        "way voice: is not there until channels.twilio.answer_url is set",
        f"{tmp_path / 'twilio'}: others on this machine can read the secret; chmod 600",
        "channels.ntfy.base_url: messages can be read on the way; use https",
        (
            "channels.ntfy: without a token the answers to messages from before a restart of the"
            " hub are not understood"
        ),
        "channels.spoken: no speech program; install the package espeak-ng",
    } <= set(said)


def test_every_fault_of_the_ways_is_named_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Secrets that cannot be had, addresses in files that are wrong, ways that are not set up."""
    monkeypatch.delenv("VIGIL_EMAIL_PASSWORD", raising=False)
    (tmp_path / "config.toml").write_text(SERVICES)
    (tmp_path / "topic").write_text("no/topic")
    ways(
        tmp_path,
        "real",
        '{ channel = "ntfy", address = "file:topic" }',
        '{ channel = "ntfy", address = "file:gone" }',
        '{ channel = "voice", address = "+15550111" }',
    )
    named = faults(vigil("check", "--config", tmp_path / "config.toml"))
    at = "demo.toml: contacts[p].ways:"
    assert named == [
        (
            "config.toml: channels.twilio.token_file: the secret's file"
            f" {tmp_path / 'twilio'} cannot be read (No such file or directory): write the secret"
            " to it"
        ),
        (
            "config.toml: channels.email.password_file: is empty and VIGIL_EMAIL_PASSWORD is not"
            " set: name the file that holds the secret of email"
        ),
        (
            f"{at} what {tmp_path / 'topic'} holds is no topic: use 1 to 64 letters, digits, - and"
            " _; write the topic"
        ),
        (
            f"{at} the secret's file {tmp_path / 'gone'} cannot be read (No such file or"
            " directory): write the secret to it"
        ),
        f"{at} needs voice; set channels.twilio.answer_url in config.toml",
    ]


def test_an_oximeter_that_the_gate_would_stop_is_noted(tmp_path: Path) -> None:
    """The day before is better than the evening itself."""
    (tmp_path / "patients").mkdir()
    shipped = (ROOT / "patients" / "demo.toml").read_text(encoding="utf-8")
    slow = shipped.replace("interval_ms = 1000", "interval_ms = 2500")
    (tmp_path / "patients" / "demo.toml").write_text(slow)
    (tmp_path / "config.toml").write_text('[broker]\nmode = "none"\n[patients]\ndir = "patients"\n')
    result = vigil("check", "--config", tmp_path / "config.toml")
    note = (
        "note: patient demo: demo-oximeter sends every 2.5 s: the gate stops an oximeter that is"
        " slower than every 2 s"
    )
    assert (result.exit_code, note in result.stdout.splitlines()) == (0, True)


def test_a_real_patient_without_an_address_is_noted(tmp_path: Path) -> None:
    """An ambulance must be told where to come; a demonstration needs none."""
    (tmp_path / "patients").mkdir()
    shipped = (ROOT / "patients" / "demo.toml").read_text(encoding="utf-8")
    head, _, rest = shipped.partition("[ambulance]")
    (tmp_path / "config.toml").write_text('[broker]\nmode = "none"\n[patients]\ndir = "patients"\n')

    def noted(text: str) -> bool:
        (tmp_path / "patients" / "demo.toml").write_text(text)
        result = vigil("check", "--config", tmp_path / "config.toml")
        return "note: patient demo: no [ambulance] in the file" in result.stdout

    real = head.replace('mode = "demo"', 'mode = "real"')
    told = [noted(text) for text in (head, real, f"{real}[ambulance]{rest}")]
    assert told == [False, True, False]
