"""Plays the evaluation over all cores and writes its page: `make evaluate`.

The processes, the machine's name for itself and the page are the outside things.

    python -m simulators.evaluate --part 0.05 --out docs/evaluation.md
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from simulators.evaluate_command import counted, sets_of
from simulators.mutation import hunt
from simulators.mutation import sections as planted_defects
from simulators.recorded_table import sections
from simulators.worlds.crew import read_all, shipped_plan
from simulators.worlds.evaluation import evaluation_page
from simulators.worlds.figures import summarise
from simulators.worlds.mutants import own_scenarios
from simulators.worlds.seeds import many
from simulators.worlds_command import play_many

__all__ = ["main"]


def main() -> int:
    """Play, write; always 0: what was missed is told on the page."""
    parser = argparse.ArgumentParser(prog="python -m simulators.evaluate", description=__doc__)
    parser.add_argument("--part", type=float, default=1.0, help="share of the seeds, 0 to 1")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--data", type=Path, help="a folder of recordings, when it is there")
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation.md"), help="the page")
    asked = parser.parse_args()
    begun_s = time.monotonic()
    numbers = many(read_all(), asked.part)
    verdicts = play_many(
        [(name, seed) for name, count in numbers.items() for seed in range(count)], asked.jobs
    )
    summaries = [summarise([one for one in verdicts if one.scenario == name]) for name in numbers]
    minutes = (time.monotonic() - begun_s) / 60
    about = {
        "commit": _commit(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.python_version()}",
        "seeds": _seeds(numbers, asked.part),
        "time": f"{len(verdicts)} worlds in {minutes:.0f} min with {asked.jobs} processes",
    }
    rows = list(own_scenarios(read_all(), shipped_plan()))
    with ProcessPoolExecutor(asked.jobs) as pool:
        defects = dict(zip(rows, pool.map(hunt, rows), strict=True))
    more = [*planted_defects(defects), *_recordings(asked.data)]
    asked.out.write_text(evaluation_page(summaries, about, more), encoding="utf-8")
    sys.stdout.write(f"{asked.out}: {len(verdicts)} worlds\n")
    return 0


def _recordings(folder: Path | None) -> list[str]:
    if folder is None or not folder.is_dir():
        return ["No recordings were at hand."]
    return sections(
        {name: counted(path, "vitals_only") for name, path in sets_of([folder]).items()}
    )


def _seeds(numbers: dict[str, int], part: float) -> str:
    most, least = max(numbers.values()), min(numbers.values())
    whole = "the full numbers" if part == 1.0 else f"a part of {part:g} of the full numbers"
    return f"0 to {least - 1} at least, 0 to {most - 1} at most: {whole}"


def _commit() -> str:
    git = ["git", "describe", "--always", "--dirty"]
    told = subprocess.run(git, capture_output=True, text=True, check=False)  # noqa: S603
    return told.stdout.strip() or "unknown"


if __name__ == "__main__":
    raise SystemExit(main())
