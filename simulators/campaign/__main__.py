"""Play the campaign over all cores and write its table: `make campaign`.

python -m simulators.campaign                      single faults and kills, to the terminal
python -m simulators.campaign --pairs --out docs/campaign.md
"""

import argparse
import logging
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import structlog
from rich.progress import Progress

from simulators.campaign.crew import play_cell
from simulators.campaign.matrix import Cell, Row, cells, kill_cells, total
from simulators.campaign.table import page

__all__ = ["main"]


def _quiet() -> None:
    """The hub's log lines of thousands of runs are nobody's reading."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _play(todo: list[Cell], jobs: int) -> list[Row]:
    with (
        Progress(disable=not sys.stderr.isatty()) as progress,
        ProcessPoolExecutor(jobs, initializer=_quiet) as pool,
    ):
        task = progress.add_task("campaign", total=len(todo))
        rows = []
        for row in pool.map(play_cell, todo):
            rows.append(row)
            progress.advance(task)
    return rows


def _commit() -> str:
    git = ["git", "describe", "--always", "--dirty"]
    told = subprocess.run(git, capture_output=True, text=True, check=False)  # noqa: S603
    return told.stdout.strip() or "unknown"


def main() -> int:
    """Play, print, write; 1 when a single fault or a kill broke a promise."""
    parser = argparse.ArgumentParser(prog="python -m simulators.campaign", description=__doc__)
    parser.add_argument("--pairs", action="store_true", help="every pair of faults too")
    parser.add_argument("--step", type=int, default=1, help="kill at every n-th record")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--out", type=Path, help="write the page there")
    asked = parser.parse_args()
    begun_s = time.monotonic()
    singles = _play(cells(), asked.jobs)
    kills = _play(kill_cells(asked.step), asked.jobs)
    doubles = _play(cells(singles=False, both=True), asked.jobs) if asked.pairs else []
    took_s = time.monotonic() - begun_s
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    text = page(singles, kills, doubles, f"Commit {_commit()}, {machine}, {took_s:.0f} s.")
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    _, _, problems = total([*singles, *kills])
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
