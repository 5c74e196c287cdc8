"""The terminal of a demonstration: a live screen, or plain lines when nobody is looking.

The console is the one thing that this shell touches. `render` makes one frame from a board, the
log and the trends, for a width and height (80x24 and up); the words come from `frame`, the colours
from here. Every frame and every plain line says that it is a demonstration.

    with View(Console(), speed=60) as view:
        view.show(board, silent_ms=0)
"""

from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from simulators.board import Board, Line, changes
from simulators.frame import (
    Cell,
    History,
    alarm_cells,
    header,
    number_cells,
    plain_line,
    prompt_text,
    session_time,
    told_cells,
)

__all__ = ["View", "render"]

# Contrasts of `ui.md` 2; low is steady yellow, because cyan is the saturation's colour.
_STYLES = {
    "": "#f1f5f9",
    "bar": "bold #0b0f14 on #f1f5f9",
    "dim": "#a7b4c2",
    "stale": "#7c8a99",
    "high": "bold #ffffff on #d40000",
    "medium": "bold #000000 on #ffd60a",
    "low": "bold #ffd60a",
    "refused": "#ffd60a",
    "spo2": "bold #22d3ee",
    "pulse": "bold #4ade80",
    "cuff": "bold #f5f5f5",
}
_ALARM_LINES = 4
_TOLD_LINES = 3
_FIXED_LINES = 15
_LOG_KEPT = 200
_STATUS_EVERY_MS = 10 * 60_000


def render(
    board: Board,
    log: Sequence[Line],
    history: History,
    *,
    width: int,
    height: int,
    speed: float = 1.0,
    silent_ms: int = 0,
) -> RenderableType:
    """Return one frame. It fits `width` x `height` characters from 80x24 on."""
    numbers = Table.grid(padding=(0, 2))
    for row in number_cells(board, history, silent_ms=silent_ms):
        numbers.add_row(*(_text(cell) for cell in row))
    alarms = Table.grid(padding=(0, 1))
    for mark, words in alarm_cells(board, _ALARM_LINES):
        alarms.add_row(_text(mark), _text(words))
    top = _text(header(board, speed=speed, silent_ms=silent_ms))
    top.truncate(width, overflow="ellipsis", pad=True)
    told = [_text(cell) for cell in told_cells(board.told, board, _TOLD_LINES)]
    room = max(height - _FIXED_LINES - _TOLD_LINES, 1)
    lines = [
        _text(Cell(f"{session_time(board, line.at_ms):>8} {line.text}", line.style))
        for line in log[-room:]
    ]
    return Group(
        top,
        numbers,
        _rule(f"Alarms ({len(board.alarms)})"),
        alarms,
        _rule("Companion"),
        _text(prompt_text(board)),
        _rule("Told"),
        *told,
        _rule("Log"),
        *lines,
    )


def _text(cell: Cell) -> Text:
    style = Style.parse(_STYLES[cell.style])
    return Text(cell.text, style=style, no_wrap=True, overflow="ellipsis")


def _rule(title: str) -> Rule:
    return Rule(Text(title, style=_STYLES["dim"]), style=_STYLES["dim"], align="left")


class View:
    """A screen on a terminal; one line for each happening in a pipe."""

    def __init__(self, console: Console, *, speed: float, links: Sequence[str] = ()) -> None:
        self._console = console
        self._links = links
        self._speed = speed
        self._history = History()
        self._log: deque[Line] = deque(maxlen=_LOG_KEPT)
        self._last: Board | None = None
        self._next_status_ms = 0
        self._live: Live | None = None
        if console.is_terminal:
            self._live = Live(console=console, auto_refresh=False, screen=True)

    def __enter__(self) -> Self:
        """Take the screen."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the screen back."""
        if self._live is not None:
            self._live.stop()

    def note(self, line: Line, board: Board) -> None:
        """Add one line to the log, and say it at once where there is no screen."""
        self._log.append(line)
        if self._live is None:
            self._print(plain_line(line, board))

    def show(self, board: Board, *, silent_ms: int) -> None:
        """Show a board: its news in the log, itself on the screen."""
        if board is not self._last:
            for line in changes(self._last, board):
                self.note(line, board)
            self._history.take(board)
            self._last = board
        if self._live is None:
            self._status(board)
            return
        width = self._console.width
        links = [
            Text(link[at : at + width], style=_STYLES["dim"])
            for link in self._links
            for at in range(0, len(link), width)
        ]
        frame = render(
            board,
            tuple(self._log),
            self._history,
            width=width,
            height=self._console.height - len(links),
            speed=self._speed,
            silent_ms=silent_ms,
        )
        # Below the rest and never cut off: half a link opens nothing.
        self._live.update(Group(frame, *links), refresh=True)

    def _status(self, board: Board) -> None:
        """In a pipe the numbers come every ten minutes of session time."""
        if board.at_ms < self._next_status_ms:
            return
        self._next_status_ms = board.at_ms + _STATUS_EVERY_MS
        words = []
        for name, value, unit, age, _trend in number_cells(board, self._history, silent_ms=0):
            words.append(f"{name.text} {value.text} {unit.text} ({age.text})")
        line = Line(board.at_ms, f"{board.phase}: " + ", ".join(words))
        self._print(plain_line(line, board))

    def _print(self, text: str) -> None:
        """A line stays a line, however narrow a pipe pretends to be."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
