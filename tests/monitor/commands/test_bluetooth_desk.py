"""Nothing takes the radio from a patient who is watched."""

from pathlib import Path
from typing import Any

import pytest

from monitor.commands import bluetooth_desk
from monitor.commands.bluetooth_desk import DeskError, busy
from monitor.config import Config, PatientsConfig
from monitor.control import ControlError, NoHubError

SETTINGS = Config(patients=PatientsConfig(dir="patients"))
PEOPLE = "".join(
    f'[[contacts]]\nid = "{role}"\nrole = "{role}"\nname = "N"\n'
    'ways = [{ channel = "console" }]\n'
    for role in ("companion", "physician")
)
BY_AIR = 'address = "AA:00:00:00:00:01"\nmodel = "standard-cuff"\n'
KEPT = (
    "session s1 of {} is open and listens by Bluetooth; end it first, so that nothing takes the"
    " radio from a patient who is watched"
)


def refusal(monkeypatch: pytest.MonkeyPatch, folder: Path, answer: Any) -> str:
    """What `busy` says when the hub answers so; empty when it lets us go on."""

    def ask(_: Path, request: dict[str, Any]) -> dict[str, Any]:
        assert request == {"do": "list"}
        if isinstance(answer, Exception):
            raise answer
        return {"sessions": answer}

    monkeypatch.setattr(bluetooth_desk, "ask", ask)
    (folder / "patients").mkdir(exist_ok=True)
    for name, device in (("air", BY_AIR), ("wire", "")):
        (folder / "patients" / f"{name}.toml").write_text(
            f'[patient]\nid = "{name}"\nmode = "demo"\nname = "A"\nplan = "default"\n'
            f'[[devices]]\nid = "{name}-cuff"\nkind = "cuff"\n{device}{PEOPLE}'
        )
    try:
        busy(SETTINGS, folder)
    except DeskError as error:
        return str(error)
    return ""


def session(patient: str, phase: str) -> dict[str, str]:
    """One session of the hub's list."""
    return {"session": "s1", "patient": patient, "phase": phase}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (NoHubError("no hub runs"), ""),
        ([], ""),
        ([session("wire", "peak")], ""),
        ([session("air", "discharged"), session("air", "follow_up")], ""),
        (
            [session("wire", "peak"), session("air", "gate")],
            KEPT.format("air"),
        ),
        # Nobody knows what it listens by.
        (
            [session("gone", "peak")],
            KEPT.format("gone"),
        ),
        (
            ControlError("the hub gave no answer"),
            "the hub gave no answer; wait until the hub answers, or stop it",
        ),
    ],
)
def test_an_open_session_keeps_the_radio(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: Any, words: str
) -> None:
    """Unless it listens by MQTT alone, or only asks questions any more."""
    assert refusal(monkeypatch, tmp_path, answer) == words
