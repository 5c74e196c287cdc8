"""Draws one world as SVG: saturation, pulse and pressure over time, with its alarms as bars.

Own SVG: a chart package would be larger than all of this. Colours are those of the priorities and
are never the only sign: each bar names its row.

>>> plot(Played("calm", 0)).startswith("<svg")
True
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from alerts.condition import Priority, Transition
from simulators.worlds.played import Played, Trace

__all__ = ["plot"]

_Scale = Callable[[int], float]

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BAR = 900, 260, 130, 60, 14, 13
_MOST_BARS = 14
_LABEL = 'font-size="10" font-family="system-ui, sans-serif"'
_SHOWN, _TRUE, _PULSE, _PRESSURE = "#1c4ed8", "#666666", "#2b8a3e", "#862e9c"
_COLOURS = {Priority.HIGH: "#c0212d", Priority.MEDIUM: "#b58900", Priority.LOW: "#0b7285"}
_BEGINS = (Transition.RAISED, Transition.JOINED, Transition.UPGRADED)
_ENDS = (Transition.CLEARED, Transition.RESET)


def plot(played: Played) -> str:
    """Return one world's picture; times are minutes after the dose."""
    bars = _bars(played)[:_MOST_BARS]
    height = _HEIGHT + _BAR * len(bars) + 30
    end_ms = max(played.watched_ms, 1)

    def x(at_ms: int) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * at_ms / end_ms

    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img"'
    parts = [f'{head} aria-label="{escape(played.scenario)} seed {played.seed}">']
    parts += _grid(played, x, end_ms)
    trace = played.trace
    for values, colour, dash in (
        ([(one.at_ms, one.spo2_pct) for one in trace], _TRUE, ' stroke-dasharray="3 2"'),
        ([(one.at_ms, one.shown_pct) for one in trace], _SHOWN, ""),
        ([(one.at_ms, _scaled(one.pulse_bpm)) for one in trace], _PULSE, ""),
        ([(one.at_ms, _scaled(one.sbp_mmhg)) for one in trace], _PRESSURE, ""),
    ):
        parts += _line(values, x, colour, dash)
    parts += _names(trace)
    for index, (row, priority, from_ms, until_ms) in enumerate(bars):
        top = _HEIGHT + 20 + index * _BAR
        width = max(x(until_ms) - x(from_ms), 2.0)
        parts.append(
            f'<rect x="{x(from_ms):.1f}" y="{top}" width="{width:.1f}" height="{_BAR - 3}"'
            f' fill="{_COLOURS[priority]}"/>'
            f'<text x="2" y="{top + 9}" {_LABEL}>{escape(row)} {priority.value}</text>'
        )
    return "".join(parts) + "</svg>"


def _scaled(value: float) -> float:
    """Pulse and pressure on the scale of per cent: 40..220 on 60..100."""
    return 60 + (value - 40) * 40 / 180


def _y(percent: float) -> float:
    return _TOP + (100 - min(max(percent, 60.0), 100.0)) * (_HEIGHT - _TOP) / 40


def _grid(played: Played, x: _Scale, end_ms: int) -> list[str]:
    """Return the scales: per cent on the left, pulse and pressure on the right; and the marks."""
    parts = []
    for percent in (60, 70, 80, 90, 100):
        y, other = _y(percent), 40 + (percent - 60) * 4.5
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
            f' stroke="#dddddd"/><text x="{_LEFT - 38}" y="{y + 3:.1f}" {_LABEL}>{percent} %</text>'
            f'<text x="{_WIDTH - _RIGHT + 4}" y="{y + 3:.1f}" {_LABEL}>{other:.0f}</text>'
        )
    dose_ms = played.dose_ms or 0
    for minute in range(-10, 300, 10):
        at_ms = dose_ms + minute * 60_000
        if 0 <= at_ms <= end_ms:
            parts.append(f'<text x="{x(at_ms):.1f}" y="{_HEIGHT + 13}" {_LABEL}>{minute}</text>')
    for name, at_ms in played.seen.marks.items():
        if name != "open" and not name.endswith(".end") and at_ms <= end_ms:
            parts.append(
                f'<line x1="{x(at_ms):.1f}" x2="{x(at_ms):.1f}" y1="{_TOP}" y2="{_HEIGHT}"'
                f' stroke="#555555" stroke-dasharray="1 3"/>'
                f'<text x="{x(at_ms) + 2:.1f}" y="{_TOP - 4}" {_LABEL}>{escape(name)}</text>'
            )
    return parts


def _names(trace: Sequence[Trace]) -> list[str]:
    """Return each curve's name at its end, in its own colour."""
    if not trace:
        return []
    last = trace[-1]
    ends = (
        ("SpO2", last.spo2_pct, _SHOWN),
        ("pressure", _scaled(last.sbp_mmhg), _PRESSURE),
        ("pulse", _scaled(last.pulse_bpm), _PULSE),
    )
    return [
        f'<text x="{_WIDTH - _RIGHT - 52}" y="{_y(value) + 16:.1f}" {_LABEL} fill="{colour}"'
        f' stroke="#ffffff" stroke-width="3" paint-order="stroke">'
        f"{name}</text>"
        for name, value, colour in ends
    ]


def _line(
    values: Iterable[tuple[int, float | None]], x: _Scale, colour: str, dash: str
) -> list[str]:
    """Return a curve that breaks where nothing was shown."""
    runs: list[list[str]] = [[]]
    for at_ms, value in values:
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x(at_ms):.1f},{_y(value):.1f}")
    return [
        f'<polyline fill="none" stroke="{colour}"{dash} points="{" ".join(run)}"/>'
        for run in runs
        if len(run) > 1
    ]


def _bars(played: Played) -> list[tuple[str, Priority, int, int]]:
    """Return from when until when each row was open, with the highest priority it had."""
    open_rows: dict[str, tuple[Priority, int]] = {}
    done: list[tuple[str, Priority, int, int]] = []
    for line in played.lines:
        if line.transition in _BEGINS:
            priority, from_ms = open_rows.get(line.row, (line.priority, line.at_ms))
            higher = max(priority, line.priority, key=lambda one: one.rank)
            open_rows[line.row] = (higher, from_ms)
        elif line.transition in _ENDS and line.row in open_rows:
            priority, from_ms = open_rows.pop(line.row)
            done.append((line.row, priority, from_ms, line.at_ms))
    done += [(row, one[0], one[1], played.watched_ms) for row, one in open_rows.items()]
    return sorted(done, key=lambda bar: (-bar[1].rank, bar[2]))
