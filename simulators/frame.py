"""The words of one screen of a demonstration: numbers with their age, trends, alarms, who was told.

Everything here is plain text with a style's name beside it, cut to the width that is asked for; a
terminal gives it colour (`view`). A value that has grown old becomes "- -": it is never left
standing as if it were live. Priorities are marked !!! !! ! in characters, so that colour alone
carries nothing.

It never reads a clock: how long the hub has been silent is handed in.

>>> sparkline([80, None, 100], low=80, high=100)
'▁ █'
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from devices.observation import Metric
from simulators.board import MARKS, Board, Line, Seen, Told

__all__ = [
    "SILENT_AFTER_MS",
    "STALE_AFTER_MS",
    "Cell",
    "History",
    "age_text",
    "alarm_cells",
    "header",
    "number_cells",
    "plain_line",
    "prompt_text",
    "session_time",
    "sparkline",
    "told_cells",
]

STALE_AFTER_MS = 10_000
SILENT_AFTER_MS = 4_000
_TREND_POINTS = 20
_TREND_STEP_MS = 30_000
_BARS = "▁▂▃▄▅▆▇█"
_NO_VALUE = "- -"
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text and the name of its style (see `view`)."""

    text: str
    style: str = ""


_TRENDS = {Metric.SPO2: (80, 100), Metric.PULSE: (40, 140), Metric.SBP: (80, 200)}


@dataclass(slots=True)
class History:
    """Three metrics, a point each half minute at most; None where nothing new came.

    So a cuff reading is one mark at its time, never a line between readings.
    """

    points: dict[Metric, deque[int | None]] = field(
        default_factory=lambda: {metric: deque(maxlen=_TREND_POINTS) for metric in _TRENDS}
    )
    _kept_ms: int | None = None

    def take(self, board: Board) -> None:
        """Keep what came since the last point, if that is half a minute ago."""
        since_ms = -1 if self._kept_ms is None else self._kept_ms
        if self._kept_ms is not None and board.at_ms < since_ms + _TREND_STEP_MS:
            return
        self._kept_ms = board.at_ms
        for metric, points in self.points.items():
            seen = board.values.get(metric)
            points.append(seen.value_x100 if seen and seen.at_ms > since_ms else None)


def sparkline(values: Iterable[int | None], *, low: int, high: int) -> str:
    """Return one character for each value: eight heights from `low` to `high`, blank for None."""
    top = len(_BARS) - 1
    return "".join(
        " " if value is None else _BARS[min(max((value - low) * top // (high - low), 0), top)]
        for value in values
    )


def age_text(age_ms: int) -> str:
    """Return an age as `7 s`, `3 min` or `2 h 05`."""
    seconds = max(age_ms, 0) // 1000
    if seconds < _MINUTE_S:
        return f"{seconds} s"
    minutes = seconds // _MINUTE_S
    return f"{minutes} min" if minutes < _MINUTE_S else f"{minutes // 60} h {minutes % 60:02}"


def session_time(board: Board, at_ms: int | None = None) -> str:
    """Return the time since the dose, `T+41:20`, or `before dose`."""
    if board.dose_ms is None:
        return "before dose"
    seconds = ((board.at_ms if at_ms is None else at_ms) - board.dose_ms) // 1000
    sign = "-" if seconds < 0 else "+"
    return f"T{sign}{abs(seconds) // 60}:{abs(seconds) % 60:02}"


def header(board: Board, *, speed: float, silent_ms: int) -> Cell:
    """Return the first line: what this is, whose session, when; or that the hub is silent."""
    mode = board.mode.value.upper()
    if silent_ms > SILENT_AFTER_MS:
        silent = f"HUB SILENT for {age_text(silent_ms)}: values are not live"
        return Cell(f" {mode}  {silent}", "high")
    parts = [
        f"{mode}  not a real patient",
        board.patient_name or board.session,
        f"{board.phase} {session_time(board)}",
        f"x{speed:g}",
        f"record {board.record}" if board.recording else "NOT RECORDING",
    ]
    return Cell(" " + " | ".join(parts), "bar" if board.recording else "high")


def number_cells(board: Board, history: History, *, silent_ms: int) -> list[tuple[Cell, ...]]:
    """Return a row for each number: name, value, unit, age, trend."""
    live = silent_ms <= SILENT_AFTER_MS
    rows = [
        _stream_row("SpO2", Metric.SPO2, "%", board, live=live),
        _stream_row("Pulse", Metric.PULSE, "/min", board, live=live),
        _cuff_row(board, live=live),
    ]
    names = {Metric.SPO2: "spo2", Metric.PULSE: "pulse", Metric.SBP: "cuff"}
    found = []
    for row, (metric, (low, high)) in zip(rows, _TRENDS.items(), strict=True):
        points = [None if value is None else value // 100 for value in history.points[metric]]
        found.append((*row, Cell(sparkline(points, low=low, high=high), names[metric])))
    return found


def _stream_row(
    name: str, metric: Metric, unit: str, board: Board, *, live: bool
) -> tuple[Cell, ...]:
    seen = board.values.get(metric)
    if seen is None:
        return Cell(name), Cell(_NO_VALUE, "stale"), Cell(unit, "dim"), Cell("never", "dim")
    value_x100 = board.value(metric, STALE_AFTER_MS) if live else None
    age = age_text(board.at_ms - seen.at_ms)
    if value_x100 is None:
        return Cell(name), Cell(_NO_VALUE, "stale"), Cell(unit, "dim"), Cell(age, "medium")
    return Cell(name), Cell(_plain(value_x100), metric.value), Cell(unit, "dim"), Cell(age, "dim")


def _cuff_row(board: Board, *, live: bool) -> tuple[Cell, ...]:
    """A cuff reading is an event: it stays, with its age, while the hub speaks."""
    name, unit = Cell("Pressure"), Cell("mmHg", "dim")
    sbp, dbp = board.values.get(Metric.SBP), board.values.get(Metric.DBP)
    if sbp is None or dbp is None:
        return name, Cell(_NO_VALUE, "stale"), unit, Cell("never", "dim")
    age = Cell(age_text(board.at_ms - sbp.at_ms), "dim")
    if not live or sbp.value_x100 is None or dbp.value_x100 is None:
        return name, Cell(_NO_VALUE, "stale"), unit, age
    return name, Cell(f"{_plain(sbp.value_x100)}/{_plain(dbp.value_x100)}", "cuff"), unit, age


def _plain(value_x100: int) -> str:
    return f"{value_x100 / 100:g}"


def alarm_cells(board: Board, limit: int) -> list[tuple[Cell, Cell]]:
    """Return mark and words of the open alarms, the highest first, at most `limit` lines."""
    if not board.alarms:
        return [(Cell(""), Cell("no alarms", "dim"))]
    ordered = sorted(board.alarms, key=lambda alarm: (-alarm.rank, alarm.raised_ms))
    shown = [
        (Cell(f"{MARKS[alarm.priority]:<3}", alarm.priority.value), _alarm_words(alarm, board))
        for alarm in ordered[:limit]
    ]
    hidden = len(ordered) - limit
    if hidden > 0:
        shown[-1] = (shown[-1][0], Cell(f"and {hidden + 1} more", "dim"))
    return shown


def _alarm_words(alarm: Seen, board: Board) -> Cell:
    since = age_text(board.at_ms - alarm.raised_ms)
    state = "over, to be reset" if alarm.is_over else alarm.signal
    if alarm.accepted_by is not None:
        state = f"accepted by {alarm.accepted_by}"
    # The state comes before the reason: a narrow screen may cut the reason, never who took it.
    words = f"{alarm.family.replace('_', ' ')}, {since}, {state}: {alarm.reason}"
    return Cell(words, alarm.priority.value if alarm.signal == "on" else "")


def prompt_text(board: Board) -> Cell:
    """Return what the companion is asked to do, and by when."""
    if not board.prompts:
        return Cell("nothing is asked of the companion", "dim")
    asked = []
    for prompt in board.prompts:
        left_ms = prompt.due_ms - board.at_ms
        when = f"in {age_text(left_ms)}" if left_ms >= 0 else f"{age_text(-left_ms)} ago"
        asked.append(f"{prompt.prompt.value.replace('_', ' ')} due {when}")
    return Cell("asked: " + ", ".join(asked))


def told_cells(told: Sequence[Told], board: Board, limit: int) -> list[Cell]:
    """Return who was told, by which way, when, and what is known of it; the newest last."""
    newest = sorted(told, key=lambda one: one.at_ms)[-limit:]
    if not newest:
        return [Cell("nobody was told anything", "dim")]
    return [
        Cell(f"{session_time(board, one.at_ms)} {one.contact} by {one.channel}: {one.state}")
        for one in newest
    ]


def plain_line(line: Line, board: Board) -> str:
    """Return one log line for a pipe: marked, with the session's time."""
    return f"{board.mode.value.upper()} {session_time(board, line.at_ms)} {line.text}"
