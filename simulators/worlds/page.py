"""The HTML report of many worlds: one table, and pictures of the worst of them.

A page without scripts that needs nothing from outside. It shows what it is given.

    html = page(summaries, [(verdict, played)])
"""

from collections.abc import Sequence
from html import escape

from simulators.worlds.figures import Summary
from simulators.worlds.played import Played
from simulators.worlds.plot import plot
from simulators.worlds.score import Verdict
from simulators.worlds.table import shown, state

__all__ = ["page"]

_STYLE = """
body { font: 14px system-ui, sans-serif; margin: 2em; max-width: 70em; }
table { border-collapse: collapse; } td, th { border: 1px solid #ccc; padding: 2px 6px; }
th { text-align: left; } svg { width: 100%; border: 1px solid #ccc; }
"""
_KEY = (
    "Blue: SpO2 as shown; grey, dashed: in the artery. Green: pulse, purple: systolic pressure,"
    " both from 40 (bottom) to 220 (top). Bars: rows of alarms. Minutes count from the dose."
)


def page(summaries: Sequence[Summary], worst: Sequence[tuple[Verdict, Played]]) -> str:
    """Return the whole page."""
    rows = "".join(_row(one) for one in summaries)
    pictures = "".join(_picture(verdict, played) for verdict, played in worst)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Vigil: worlds</title>'
        f"<style>{_STYLE}</style></head><body><h1>Simulated worlds</h1>"
        "<p>Nobody here is a real patient; what is shown holds for the simulator.</p>"
        "<table><tr><th>scenario</th><th>result</th><th>worlds</th><th>must come</th>"
        "<th>met / late / missed</th><th>delay: median / p95 / max, s</th></tr>"
        f"{rows}</table><h2>The worst</h2><p>{_KEY}</p>{pictures}</body></html>"
    )


def _row(summary: Summary) -> str:
    words = "<br>".join(escape(row.words) for row in summary.rows)
    counts = "<br>".join(f"{row.met} / {row.late} / {row.missed}" for row in summary.rows)
    delays = "<br>".join(
        " / ".join(shown(value) for value in (row.median_s, row.p95_s, row.max_s))
        for row in summary.rows
    )
    cells = (
        escape(summary.scenario),
        state(summary),
        f"{summary.passed} of {summary.worlds}",
        words,
        counts,
        delays,
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _picture(verdict: Verdict, played: Played) -> str:
    said = [one.words + f": {one.mark.value}" for one in verdict.found if one.mark.value != "met"]
    lines = "".join(f"<li>{escape(line)}</li>" for line in [*said, *verdict.broken])
    title = escape(f"{verdict.scenario}, seed {verdict.seed}")
    return f"<h3>{title}</h3><ul>{lines}</ul>{plot(played)}"
