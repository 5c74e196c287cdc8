"""`vigil session` asks the hub and prints its answer in words that a person can act on."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitor.commands import session
from monitor.commands.main import app

ALARM = {"priority": "high", "row": "SPO2-LOW", "id": "oxygen@5000"}
ONE = {
    "session": "demo-1",
    "mode": "demo",
    "phase": "peak",
    "records": 812,
    "patient": "demo",
    "follow_up": ["the evening's question: asked 3 min ago, no answer yet"],
    "alarms": [ALARM],
}


class Hub:
    """A hub that gives one answer and remembers what it was asked."""

    def __init__(self, reply: dict[str, Any]) -> None:
        self.reply = reply
        self.asked: list[tuple[Path, dict[str, Any]]] = []

    def __call__(self, config: Path, request: dict[str, Any]) -> dict[str, Any]:
        """Answer as the control socket does."""
        self.asked.append((config, request))
        return self.reply


def run(
    monkeypatch: pytest.MonkeyPatch, reply: dict[str, Any], *arguments: str
) -> tuple[Result, list[tuple[Path, dict[str, Any]]]]:
    """Run `vigil session ...`; return the result and what the hub was asked."""
    hub = Hub(reply)
    monkeypatch.setattr(session, "ask_hub", hub)
    result = CliRunner().invoke(app, ["session", *arguments])
    assert (result.exit_code, result.stderr) == (0, "")
    return result, hub.asked


CONFIG = Path("config.toml")


def test_open_says_name_mode_and_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a note of the hub, if there is one."""
    reply = {"session": "demo-1", "mode": "demo", "plan": "default"}
    result, asked = run(monkeypatch, reply, "open", "demo")
    assert result.stdout == "session demo-1 is open (demo, plan default)\n"
    assert asked == [(CONFIG, {"do": "open", "patient": "demo"})]
    result, asked = run(
        monkeypatch,
        {**reply, "note": "not recorded"},
        *("open", "demo", "--plan", "own", "--mode", "test", "--config", "c.toml"),
    )
    assert result.stdout.splitlines()[1:] == ["note: not recorded"]
    request = {"do": "open", "patient": "demo", "plan": "own", "mode": "test"}
    assert asked == [(Path("c.toml"), request)]


def test_list_names_what_is_open_and_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alarms under their session, then faults, then what was refused."""
    reply = {
        "recording": True,
        "record_fault": "",
        "sessions": [ONE],
        "faults": {"broker": "no answer"},
        "refused": {"mode": 2, "json": 3},
    }
    result, asked = run(monkeypatch, reply, "list")
    assert result.stdout.splitlines() == [
        "demo-1  demo  peak  812 records  patient demo",
        "    the evening's question: asked 3 min ago, no answer yet",
        "    high   SPO2-LOW       oxygen@5000",
        "fault: broker: no answer",
        "refused: 3 x json",
        "refused: 2 x mode",
    ]
    assert asked == [(CONFIG, {"do": "list"})]


def test_a_list_says_first_that_recording_has_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when no session is open."""
    reply = {
        "recording": False,
        "record_fault": "disk full",
        "sessions": [],
        "faults": {},
        "refused": {},
    }
    result, _ = run(monkeypatch, reply, "list")
    assert result.stdout.splitlines() == [
        "RECORDING HAS STOPPED: disk full",
        "no session is open",
    ]


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        ("ended", "session demo-1 is ended"),
        ("aborted", "session demo-1 is aborted"),
        ("discharged", "session demo-1 is discharged"),
        ("peak", "session demo-1 goes on (peak): the physician has been told"),
    ],
)
def test_close_says_whether_it_is_closed(
    phase: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """END-EARLY goes on, and says so."""
    result, asked = run(
        monkeypatch, {"phase": phase}, "close", "demo-1", "--by", "ann", "--reason", "tired"
    )
    assert result.stdout == f"{said}\n"
    request = {"do": "close", "session": "demo-1", "by": "ann", "reason": "tired"}
    assert asked == [(CONFIG, request)]


def test_answer_sends_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """By name."""
    result, asked = run(monkeypatch, {}, "answer", "demo-1", "oxygen@5000", "accept", "--by", "ann")
    assert result.stdout == "ann: accept oxygen@5000\n"
    order = {"do": "accept", "alarm": "oxygen@5000"}
    request = {"do": "order", "session": "demo-1", "by": "ann", "order": order}
    assert asked == [(CONFIG, request)]
