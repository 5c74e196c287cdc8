"""A what-if as one page of HTML: the figures, then the sessions that changed most, each with lanes.

Each lane is an alarm family: above what the session's own plan had, below what the other plan has.
The page holds everything that it shows, runs no script and escapes every word. It reads no clock.

    html = page_of(whole, worst, title="night plan")
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from alerts.condition import Priority
from monitor.report.svg import Frame, rect, text
from monitor.what_if.compare import Change, Half
from monitor.what_if.session import Asked
from monitor.what_if.summary import Figure, Rate, Whole
from monitor.what_if.words import CAUTION, change_words, clock, heading, span

__all__ = ["page_of"]

_STYLE: Final = (
    "body{font:14px/1.45 'DejaVu Sans','Liberation Sans',Arial,sans-serif;color:#16202b;"
    "max-width:60rem;margin:1.5rem auto;padding:0 1rem}h1{font-size:1.5rem;margin:0}"
    "h2{font-size:1.1rem;margin:1.6rem 0 .4rem;border-bottom:1px solid #9aa7b4}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:right;padding:.2rem .5rem;"
    "border-bottom:1px solid #d5dce3}th:first-child,td:first-child,td.words{text-align:left}"
    "th{color:#3b4a59}"
    ".caution{border-left:4px solid #b45309;background:#fff7e6;padding:.4rem .7rem}"
    "code{font-size:.85rem;overflow-wrap:anywhere}svg{display:block;width:100%;height:auto}"
    "text{font:9px 'DejaVu Sans','Liberation Sans',Arial,sans-serif;fill:#3b4a59}"
    ".high{fill:#d40000}.medium{fill:#eab308}.low{fill:#5aa9b8}.lane{fill:#f3f6f8}"
    ".tick{text-anchor:middle}"
)
_WIDTH, _LEFT, _LANE, _AXIS = 900, 120, 26, 16
_TICK_MS: Final = 30 * 60_000
_HEAD: Final = (
    "", "before, an hour", "after, an hour", "gained", "lost", "earlier", "later",
    "median", "95 %", "higher", "lower",
)  # fmt: skip


def page_of(whole: Whole, worst: Sequence[tuple[Asked, str]], title: str) -> str:
    """Return the page.

    Args:
        whole: the figures of all sessions.
        worst: the sessions to show, the worst first, each with the command that shows it again.
        title: the other plan's name.
    """
    parts = [
        "<!doctype html>",
        f'<html lang="en"><meta charset="utf-8"><title>What if: {escape(title)}</title>',
        f"<style>{_STYLE}</style>",
        f"<h1>What if: {escape(title)}</h1>",
        f"<p>{escape(heading(whole, title))}</p>",
        f'<p class="caution">{escape(CAUTION)}</p>',
        "<h2>Alarms by priority</h2>",
        _table(whole.priorities),
        "<h2>Alarms by family</h2>",
        _table([one for one in whole.alarms if one.is_changed]),
        "<h2>Rows</h2>",
        _table([one for one in whole.rows if one.is_changed]),
        *_notes(whole),
        "<h2>The sessions that change most</h2>",
        _contents([asked for asked, _ in worst]),
        *(_session(f"s{at}", *one) for at, one in enumerate(worst, start=1)),
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _table(figures: Iterable[Figure]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in _HEAD)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(one)) + "</tr>"
        for one in figures
    )
    if not rows:
        return "<p>No difference.</p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cells(one: Figure) -> list[str]:
    counts = [one.gained, one.lost, one.earlier, one.later]
    shifts = [span(one.shift_median_ms), span(one.shift_p95_ms)]
    steps = [str(one.higher), str(one.lower)]
    return [one.name, _rate(one.before), _rate(one.after), *map(str, counts), *shifts, *steps]


def _rate(one: Rate) -> str:
    return f"{one.per_h:.3g} ({one.low:.2g}..{one.high:.2g}) of {one.count}"


def _notes(whole: Whole) -> list[str]:
    said = [
        f"Refused only by this plan: {what} ({count})." for what, count in whole.refused.items()
    ]
    said += [
        f"No longer about anything: {what} ({count})." for what, count in whole.no_longer.items()
    ]
    said += [f"Row {row} is off: {why}." for row, why in whole.off.items()]
    if not said:
        return []
    items = "".join(f"<li>{escape(one)}</li>" for one in said)
    return ["<h2>What did not fit</h2>", f"<ul>{items}</ul>"]


def _contents(worst: Sequence[Asked]) -> str:
    if not worst:
        return "<p>None.</p>"
    links = "".join(
        f'<li><a href="#s{at}">{escape(one.session)}</a> ({escape(one.patient)})</li>'
        for at, one in enumerate(worst, start=1)
    )
    return f"<ol>{links}</ol>"


def _session(anchor: str, asked: Asked, command: str) -> str:
    rows = "".join(
        f'<tr><td>{clock(one.at_ms - asked.opened_ms)}</td><td class="words">'
        f"{escape(change_words(one))}</td></tr>"
        for one in (*asked.alarms, *asked.rows)
        if change_words(one)
    )
    return (
        f'<h2 id="{anchor}">{escape(asked.session)}, {escape(asked.patient)},'
        f" opened by {escape(asked.plan)}</h2>{_lanes(asked)}"
        f"<table><tbody>{rows}</tbody></table><p><code>{escape(command)}</code></p>"
    )


def _lanes(asked: Asked) -> str:
    """The alarm families of one session over its hours: before above, after below."""
    names = sorted({one.name for one in asked.alarms})
    end_ms = asked.opened_ms + max(asked.watched_ms, 1)
    frame = Frame(asked.opened_ms, end_ms, 0, 1, _WIDTH - _LEFT, _LANE)
    height = _LANE * len(names) + _AXIS
    parts = []
    for at, name in enumerate(names):
        top = at * _LANE
        parts.append(rect(_LEFT, top + 1, _WIDTH - _LEFT, _LANE - 2, "lane"))
        parts.append(text(0, top + _LANE / 2 + 3, name, "name"))
        for change in (one for one in asked.alarms if one.name == name):
            parts += _bars(frame, change, top)
    for at_ms in range(asked.opened_ms, end_ms + 1, _TICK_MS):
        minutes = (at_ms - asked.opened_ms) // 60_000
        parts.append(text(_LEFT + frame.x(at_ms), height - 4, f"{minutes} min", "tick"))
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img">{"".join(parts)}</svg>'


def _bars(frame: Frame, change: Change, top: float) -> list[str]:
    halves: list[tuple[Half | None, float, str]] = [
        (change.before, top + 3, "before"),
        (change.after, top + _LANE / 2 + 1, "after"),
    ]
    bars = []
    for half, y, which in halves:
        if half is not None:
            left = _LEFT + frame.x(half.from_ms)
            width = frame.x(half.to_ms) - frame.x(half.from_ms)
            words = f"{which}: {_word(half.priority)}"
            bars.append(rect(left, y, width, _LANE / 2 - 4, _word(half.priority), words))
    return bars


def _word(priority: Priority) -> str:
    return priority.value
