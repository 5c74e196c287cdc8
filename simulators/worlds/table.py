"""Lays out many worlds' figures: JSON for programs, lines for a terminal or a page in Markdown.

It calculates nothing; numbers that are not known are shown as a dash.

>>> shown(None), shown(12.0), shown(3.456)
('-', '12', '3.46')
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from simulators.worlds.figures import RowFigure, Summary
from simulators.worlds.score import Verdict

__all__ = ["as_json", "lines", "page_rows", "shown", "state"]


def shown(value: float | None) -> str:
    """Return a number with three places at most that matter."""
    return "-" if value is None else f"{value:.3g}"


def state(summary: Summary) -> str:
    """Return how a scenario stands: passed, failed, or open for want of a row."""
    if summary.passed == summary.worlds:
        return "passed"
    return "no such row yet" if summary.unbuilt else "FAILED"


def as_json(summaries: Sequence[Summary], verdicts: Iterable[Verdict]) -> dict[str, Any]:
    """Return everything, for `--json`."""
    return {
        "scenarios": [msgspec.to_builtins(one) for one in summaries],
        "digests": {f"{one.scenario}#{one.seed}": one.digest for one in verdicts},
    }


def lines(summary: Summary) -> list[str]:
    """Return one scenario in lines: how it stands, each must, what was broken."""
    found = [f"{summary.scenario}: {state(summary)}, {summary.passed} of {summary.worlds} worlds"]
    found += [f"  {_row(row)}" for row in summary.rows]
    found += [f"  broken: {line}" for line in summary.broken[:_MOST]]
    if len(summary.broken) > _MOST:
        found.append(f"  broken: and {len(summary.broken) - _MOST} more")
    return found


_MOST = 5


def _row(row: RowFigure) -> str:
    if row.unbuilt:
        return f"{row.words}: the plan has no such row"
    words = f"{row.words}: met {row.met}, late {row.late}, missed {row.missed}"
    if row.void:
        words += f", never began {row.void}"
    if row.median_s is not None:
        words += f"; delay {shown(row.median_s)} / {shown(row.p95_s)} / {shown(row.max_s)} s"
    return words


def page_rows(summary: Summary) -> list[str]:
    """Return the rows of one scenario for a table in Markdown."""
    rows = []
    for row in summary.rows:
        judged = row.met + row.late + row.missed
        share = (
            f"{100 * row.share:.1f} % ({100 * (row.low or 0):.1f}..{100 * (row.high or 0):.1f})"
            if row.share is not None
            else "no such row yet"
            if row.unbuilt
            else "never began"
        )
        delays = " / ".join(shown(value) for value in (row.median_s, row.p95_s, row.max_s))
        rows.append(
            f"| {summary.scenario} | {row.words} | {judged} | {share} | {row.late} | {delays} |"
        )
    return rows
