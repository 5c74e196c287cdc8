"""A frame fits the terminal and is marked; a pipe gets lines."""

import io
import re

import msgspec
import pytest
from rich.console import Console

from alerts.condition import Priority
from devices.observation import Mode
from simulators.board import Board, Line, Row, Seen, Told, Value
from simulators.frame import History
from simulators.view import View, render

NOW = 3_080_000
LOW = Row("SPO2-LOW", Priority.HIGH, "SpO2 86 % < 88 % for 10 s")
BOARD = Board(
    "s1",
    Mode.DEMO,
    NOW,
    "peak",
    dose_ms=600_000,
    patient_name="Alex",
    values={"spo2": Value(86_00, NOW), "sbp": Value(132_00, NOW), "dbp": Value(84_00, NOW)},
    alarms=tuple(
        Seen(f"oxygen@{n}", "oxygen", Priority.HIGH, NOW - n, rows=(LOW,)) for n in range(7)
    ),
    told=tuple(Told(f"d{n}", "sam", "console", "sent", NOW, "oxygen@1") for n in range(9)),
    record=42,
)
LOG = [Line(NOW, "a story that is far too long for a line of a narrow terminal " * 3)] * 90


def frame(width: int, height: int, board: Board = BOARD, silent_ms: int = 0) -> list[str]:
    """The lines of one frame as text."""
    console = Console(record=True, width=width, height=height, file=io.StringIO())
    shown = render(board, LOG, History(), width=width, height=height, speed=60, silent_ms=silent_ms)
    console.print(shown)
    return console.export_text().splitlines()


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_the_fullest_frame_fits(width: int, height: int) -> None:
    """Seven alarms, nine messages and a long log fit both sizes, nothing wraps."""
    lines = frame(width, height)
    assert (len(lines) <= height, max(len(line) for line in lines) <= width) == (True, True)


def test_a_frame_says_everything_that_matters() -> None:
    """Demo mark, numbers, alarm with its mark and reason, who was told."""
    lines = [line.rstrip() for line in frame(80, 24)]
    assert lines[:3] == [
        " DEMO  not a real patient | Alex | peak T+41:20 | x60 | record 42",
        "SpO2      86      %     0 s",
        "Pulse     - -     /min  never",
    ]
    assert lines[5] == "!!! oxygen, 0 s, on: SpO2 86 % < 88 % for 10 s"
    assert lines[8] == "!!! and 4 more"
    assert lines[11:13] == [f"{'Told ':─<80}", "T+41:20 sam by console: sent"]


def test_links_are_whole() -> None:
    """A link that is longer than the terminal goes on in the next line, below the frame."""
    links = ["DEMO wall       " + "w" * 60, "DEMO companion  " + "c" * 100]
    out = io.StringIO()
    console = Console(file=out, width=80, height=26, force_terminal=True, color_system=None)
    with View(console, speed=60, links=links) as view:
        view.show(BOARD, silent_ms=0)
    lines = re.sub(r"\x1b\[[?\d;]*[a-zA-Z]", "", out.getvalue()).replace("\r", "").split("\n")
    first = next(at for at, line in enumerate(lines) if line.startswith("DEMO wall"))
    assert [line.rstrip() for line in lines[first : first + 3]] == [
        links[0],
        links[1][:80],
        links[1][80:],
    ]


def test_a_silent_hub_is_the_first_thing_to_see() -> None:
    """The header says it, still marked as a demonstration."""
    assert frame(80, 24, silent_ms=9000)[0].rstrip() == (
        " DEMO  HUB SILENT for 9 s: values are not live"
    )


def test_a_pipe_gets_marked_lines() -> None:
    """News as they come, numbers at first and every ten minutes, no control codes."""
    out = io.StringIO()
    calm = msgspec.structs.replace(BOARD, alarms=(), told=())
    with View(Console(file=out, width=200), speed=60) as view:
        view.show(calm, silent_ms=0)
        view.show(calm, silent_ms=0)
        later = msgspec.structs.replace(calm, at_ms=NOW + 1000, phase="offset")
        view.show(later, silent_ms=0)
    assert out.getvalue().splitlines() == [
        "DEMO T+41:20 session s1 is open, phase peak",
        "DEMO T+41:20 peak: SpO2 86 % (0 s), Pulse - - /min (never), Pressure 132/84 mmHg (0 s)",
        "DEMO T+41:21 phase peak -> offset",
    ]


def test_a_terminal_gets_frames() -> None:
    """On a terminal the screen is taken, drawn and given back."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80, height=24)
    with View(console, speed=1) as view:
        view.show(BOARD, silent_ms=0)
        view.note(Line(NOW, "refused: dose"), BOARD)
        view.show(BOARD, silent_ms=0)
    text = out.getvalue()
    assert ("\x1b[?1049h" in text, "DEMO" in text, "\x1b[?1049l" in text) == (True, True, True)
