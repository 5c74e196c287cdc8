"""Figures as one table: what was measured, what came out, what was aimed at.

A figure is a few words, a value with its unit, and the aim or the ratio that makes it mean
something. On a terminal the table is drawn; elsewhere it is plain lines. Nothing is written
anywhere else.

    show([Figure("engine", "all rows", "60,200 reports/s", "aim 50,000")])
"""

import sys
from collections.abc import Iterable
from statistics import median

from msgspec import Struct
from rich.console import Console
from rich.table import Table

__all__ = ["Figure", "medians_ms", "shares_ms", "show"]

_HEAD = ("part", "what", "figure", "beside")


class Figure(Struct, frozen=True):
    """One line. `beside` is the aim, or a ratio of the same run."""

    part: str
    what: str
    value: str
    beside: str = ""


def show(figures: Iterable[Figure], title: str) -> None:
    """Print all figures as one table."""
    rows = [(f.part, f.what, f.value, f.beside) for f in figures]
    if sys.stdout.isatty():
        table = Table(*_HEAD, title=title)
        for row in rows:
            table.add_row(*row)
        Console().print(table)
        return
    widths = [max(len(row[i]) for row in [_HEAD, *rows]) for i in range(len(_HEAD))]
    print(title)
    for row in [_HEAD, *rows]:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )


def shares_ms(seconds: Iterable[float]) -> tuple[float, float, float]:
    """Return p50, p99 and p99.9 of some times, in ms.

    Raises:
        ValueError: there is no time at all.
    """
    ordered = sorted(1000 * value for value in seconds)
    if not ordered:
        raise ValueError("nothing was timed: the stream had no such event")
    last = len(ordered) - 1
    p50, p99, p999 = (ordered[min(last, int(share * len(ordered)))] for share in (0.5, 0.99, 0.999))
    return p50, p99, p999


def medians_ms(rounds: Iterable[tuple[float, float, float]]) -> str:
    """Return the median round's p50, p99 and p99.9, each for itself."""
    return " / ".join(f"{median(column):.2f}" for column in zip(*rounds, strict=True)) + " ms"
