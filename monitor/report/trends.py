"""The pictures of a session: SpO2, pulse, blood pressure, and all alarms as bars over time.

Behind each curve lie the alarms of its own families; grey is time without a valid sample, and a
curve is never drawn over it. Limits are those of the plan with what a physician changed in the
session. All pictures have the same time axis. Values come from a `Summary`; nothing is judged.

    pictures(summary)      -> [Picture(title="SpO2 %", svg="<svg ..."), ...]
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from msgspec import Struct

from alerts.condition import Priority
from monitor.report.oximetry import HOLD_MS
from monitor.report.stories import Story
from monitor.report.summary import Summary
from monitor.report.svg import STYLE, Frame, line, rect, runs, text
from monitor.report.words import after
from monitor.rows import ConfirmedRow, LimitRow, Row

__all__ = ["Picture", "pictures"]

_WIDTH, _HEIGHT, _LEFT, _RIGHT = 640, 92, 34, 14
_TOP, _FOOT = 12, 14
_LANE, _MOST_LANES = 12, 24
_MINUTE_MS = 60_000
_STEPS_MIN = (5, 10, 15, 30, 60, 120, 240)
_MOST_TICKS = 10
_NO_SIGNAL = "no_signal"
_FAMILIES = {
    "spo2": ("oxygen", _NO_SIGNAL),
    "pulse": ("pulse_slow", "pulse_fast", "pulse_step", _NO_SIGNAL),
    "bp": ("pressure_high", "pressure_low", "pressure_standing"),
}
# Rows whose limits are drawn, and the field that holds the limit.
_LIMITS = {"spo2": ("SPO2-LOW",), "pulse": ("PR-LOW", "PR-HIGH"), "bp": ("BP-WARN",)}


class Picture(Struct, frozen=True):
    """One picture with its title."""

    title: str
    svg: str


def pictures(summary: Summary) -> list[Picture]:
    """Return all pictures of a session, top to bottom."""
    return [
        Picture("SpO\u2082 %", _curve(summary, "spo2", summary.oximetry.spo2, 80, 100)),
        Picture("Pulse /min", _curve(summary, "pulse", summary.oximetry.pulse, 40, 130)),
        Picture("Blood pressure mmHg", _pressures(summary)),
        Picture("Alarms", _lanes(summary)),
    ]


def _frame(summary: Summary, low: float, high: float, height: int = _HEIGHT) -> Frame:
    to_ms = max(summary.watched_until_ms, summary.opened.at_ms + _MINUTE_MS)
    return Frame(summary.opened.at_ms, to_ms, low, high, _WIDTH, height)


def _curve(
    summary: Summary, name: str, samples: Sequence[tuple[int, int]], low: int, high: int
) -> str:
    values = [value / 100 for _, value in samples]
    frame = _frame(summary, *_scale(values, low, high))
    parts = [
        _bands(frame, summary.stories, _FAMILIES[name]),
        _gaps(frame, [at_ms for at_ms, _ in samples]),
        _axis(frame, summary),
        *_limits(frame, summary, name),
        runs(frame, samples, HOLD_MS, name),
    ]
    if name == "spo2":
        parts += [_check(frame, one.at_ms) for one in summary.people.checks]
    return _picture(frame, parts)


def _pressures(summary: Summary) -> str:
    readings = summary.pressures.readings
    values = [one.sbp_x100 / 100 for one in readings] + [one.dbp_x100 / 100 for one in readings]
    frame = _frame(summary, *_scale(values, 40, 180))
    parts = [
        _bands(frame, summary.stories, _FAMILIES["bp"]),
        _axis(frame, summary),
        *_limits(frame, summary, "bp"),
    ]
    for one in readings:
        if not frame.from_ms <= one.at_ms <= frame.to_ms:
            continue
        x, top, foot = frame.x(one.at_ms), frame.y(one.sbp_x100 / 100), frame.y(one.dbp_x100 / 100)
        points = f"{x - 3:g},{top:g} {x:g},{top + 4:g} {x + 3:g},{top:g}"
        feet = f"{x - 3:g},{foot:g} {x:g},{foot - 4:g} {x + 3:g},{foot:g}"
        parts.append(
            line(x, top + 4, x, foot - 4, "cuff")
            + f'<polyline points="{points}" class="cuff"/><polyline points="{feet}" class="cuff"/>'
        )
    return _picture(frame, parts)


def _lanes(summary: Summary) -> str:
    """One lane a family: full while the condition was present, pale until a person had reset it."""
    families = list(dict.fromkeys(story.family for story in summary.stories))
    shown = families[:_MOST_LANES]
    frame = _frame(summary, 0, 1, max(_LANE * len(shown), _LANE))
    parts = [_axis(frame, summary)]
    for story in summary.stories:
        if story.family not in shown:
            continue
        y = shown.index(story.family) * _LANE + 2
        gone_ms = frame.to_ms if story.gone_ms is None else story.gone_ms
        over_ms = frame.to_ms if story.over_ms is None else story.over_ms
        begin, gone, over = frame.x(story.raised_ms), frame.x(gone_ms), frame.x(over_ms)
        level = story.priority.value
        if over > gone:
            parts.append(rect(gone, y + 2, over - gone, _LANE - 8, f"bar {level} latched"))
        parts.append(rect(begin, y, gone - begin, _LANE - 4, f"bar {level}", story.id))
        if story.first is not None:
            x = frame.x(story.first.at_ms)
            parts.append(line(x, y - 1, x, y + _LANE - 3, "answer"))
    for number, family in enumerate(shown):
        words = family.replace("_", " ")
        # A bar may begin under its own name.
        parts.append(rect(1, number * _LANE + 1, 4.2 * len(words) + 4, _LANE - 2, "plate"))
        parts.append(text(3, number * _LANE + _LANE - 4, words, "lane"))
    if not shown:
        parts.append(text(3, _LANE - 3, "no alarm", "lane"))
    return _picture(frame, parts)


def _scale(values: Sequence[float], low: int, high: int) -> tuple[int, int]:
    """The usual scale, widened by tens to hold every value."""
    least, most = min(values, default=low), max(values, default=high)
    return min(low, int(least // 10) * 10), max(high, -int(-most // 10) * 10)


def _bands(frame: Frame, stories: Iterable[Story], families: Sequence[str]) -> str:
    parts = []
    for story in stories:
        if story.family not in families:
            continue
        x = frame.x(story.raised_ms)
        end_ms = frame.to_ms if story.gone_ms is None else story.gone_ms
        parts.append(rect(x, 0, frame.x(end_ms) - x, frame.height, f"band {story.priority.value}"))
    # The urgent ones lie on top.
    order = {Priority.LOW.value: 0, Priority.MEDIUM.value: 1, Priority.HIGH.value: 2}
    return "".join(sorted(parts, key=lambda part: order[part.split("band ")[1].split('"')[0]]))


def _gaps(frame: Frame, times: Sequence[int]) -> str:
    inside = [at_ms for at_ms in times if frame.from_ms <= at_ms <= frame.to_ms]
    edges = [frame.from_ms, *inside, frame.to_ms]
    return "".join(
        rect(frame.x(early), 0, frame.x(late) - frame.x(early), frame.height, "gap")
        for early, late in pairwise(edges)
        if late - early > HOLD_MS
    )


def _axis(frame: Frame, summary: Summary) -> str:
    """The scale of values at the left, minutes from the dose below, a line at each dose."""
    parts = [f'<rect width="{frame.width}" height="{frame.height}" class="frame"/>']
    if frame.high > 1:
        step = next(one for one in (5, 10, 20, 40, 80) if (frame.high - frame.low) / one <= 5)  # noqa: PLR2004 - at most five lines
        value = -(-frame.low // step) * step
        while value <= frame.high:
            y = frame.y(value)
            parts.append(
                line(0, y, frame.width, y, "grid") + text(-4, y + 3, f"{value:g}", "scale")
            )
            value += step
    zero_ms = summary.opened.at_ms if summary.dose_ms is None else summary.dose_ms
    step_ms = _MINUTE_MS * next(
        (one for one in _STEPS_MIN if frame.span_ms / (one * _MINUTE_MS) <= _MOST_TICKS), 480
    )
    tick_ms = zero_ms + -(-(frame.from_ms - zero_ms) // step_ms) * step_ms
    while tick_ms <= frame.to_ms:
        x, words = frame.x(tick_ms), after(tick_ms - zero_ms)
        if summary.dose_ms is None:
            words = f"+{(tick_ms - zero_ms) // _MINUTE_MS} min"
        parts.append(line(x, 0, x, frame.height, "grid"))
        parts.append(text(x, frame.height + 10, words, "tick"))
        tick_ms += step_ms
    for dose in summary.doses:
        x = frame.x(dose.at_ms)
        parts.append(line(x, 0, x, frame.height, "dose"))
        parts.append(text(x + 2, -3, "further dose" if dose.extra else "dose", "dose"))
    return "".join(parts)


def _limits(frame: Frame, summary: Summary, name: str) -> list[str]:
    """Each limit as a dashed line that steps where a physician has changed it."""
    rows = {row.id: row for row in summary.opened.plan.rows}
    parts = []
    for row_id in _LIMITS[name]:
        for value, moves in _values(rows.get(row_id)):
            steps = [(frame.from_ms, value)]
            if moves:
                changes = (one for one in summary.course.limits if one.row == row_id)
                steps += [(one.at_ms, one.limit_x100 / 100) for one in changes]
            ends = [*(when for when, _ in steps[1:]), frame.to_ms]
            for (from_ms, limit), to_ms in zip(steps, ends, strict=True):
                y = frame.y(limit)
                parts.append(line(frame.x(from_ms), y, frame.x(to_ms), y, "limit"))
    return parts


def _values(row: Row | None) -> list[tuple[float, bool]]:
    """The limits of a row, and of each whether a physician's change moves it."""
    found: list[tuple[float | None, bool]] = []
    if isinstance(row, ConfirmedRow):
        found = [(row.sbp_at_least, True), (row.dbp_at_least, False)]
    elif isinstance(row, LimitRow):
        first = row.criteria[0]
        found = [(first.below if first.above is None else first.above, True)]
    return [(limit, moves) for limit, moves in found if limit is not None]


def _check(frame: Frame, at_ms: int) -> str:
    x, y = frame.x(at_ms), frame.height
    return f'<polygon points="{x - 3:g},{y} {x + 3:g},{y} {x:g},{y - 6}" class="check"/>'


def _picture(frame: Frame, parts: Iterable[str]) -> str:
    width, height = frame.width + _LEFT + _RIGHT, frame.height + _TOP + _FOOT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">'
        f"<style>{STYLE}</style>"
        f'<g transform="translate({_LEFT},{_TOP})">{"".join(parts)}</g></svg>'
    )
