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
td { vertical-align: top; } .failed { color: #c0212d; font-weight: bold; }
"""
_KEY = (
    "SpO2 (scale on the left): blue as the device shows it, with gaps where it shows nothing; grey,"
    " dashed, in the artery. Pulse and systolic pressure: scale on the right. Bars: rows that were"
    " present, with the highest priority that their alarm had. Minutes count from the dose."
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
    """Return a scenario's lines: its own cells once, and one line for each must."""
    result = state(summary)
    mark = ' class="failed"' if result == "FAILED" else ""
    span = f' rowspan="{max(len(summary.rows), 1)}"'
    head = (
        f"<td{span}>{escape(summary.scenario)}</td><td{span}{mark}>{result}</td>"
        f"<td{span}>{summary.passed} of {summary.worlds}</td>"
    )
    musts = [
        f"<td>{escape(row.words)}</td><td>{row.met} / {row.late} / {row.missed}</td>"
        f"<td>{' / '.join(shown(value) for value in (row.median_s, row.p95_s, row.max_s))}</td>"
        for row in summary.rows
    ] or ["<td></td><td></td><td></td>"]
    return f"<tr>{head}" + "</tr><tr>".join(musts) + "</tr>"


def _picture(verdict: Verdict, played: Played) -> str:
    said = [one.words + f": {one.mark.value}" for one in verdict.found if one.mark.value != "met"]
    lines = "".join(f"<li>{escape(line)}</li>" for line in [*said, *verdict.broken])
    title = escape(f"{verdict.scenario}, seed {verdict.seed}")
    return f"<h3>{title}</h3><ul>{lines}</ul>{plot(played)}"
