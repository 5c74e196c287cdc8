"""Plays the evaluation over all cores, keeps each piece, and writes its page: `make evaluate`.

What is played is kept in a folder of this commit; a second call goes on where the first was
stopped. A tree with changed code is refused, for its numbers would belong to no commit; `--dirty`
keeps them apart under a name that says so. Git, the files and the terminal are the outside things.

    python -m simulators.evaluate --part 0.05 --out docs/evaluation.md
"""

import argparse
import os
import platform
import sys
from pathlib import Path

import msgspec

from simulators.checkers import checkers
from simulators.evaluate_command import sets_of
from simulators.evaluate_progress import Progress
from simulators.evaluate_tree import DirtyTreeError, tree_name
from simulators.evaluate_work import Piece, play_all
from simulators.mutation import mutated_rows
from simulators.mutation import sections as planted_defects
from simulators.semi.series import SeriesError
from simulators.semi.sets import semi_scenarios
from simulators.worlds.blocks import BlockError, read_block, rounds
from simulators.worlds.crew import read_all, shipped_plan
from simulators.worlds.evaluation import evaluation_page
from simulators.worlds.evaluation_parts import (
    checkers_part,
    digests_part,
    promise,
    semi_part,
)
from simulators.worlds.figures import Summary, summarise
from simulators.worlds.ledger import Ledger
from simulators.worlds.mutants import Defect
from simulators.worlds.notes import NotesError, read_notes
from simulators.worlds.seeds import many

__all__ = ["main", "pieces_of"]

_NOT_POSSIBLE, _STOPPED = 2, 130
_NOTES = Path(__file__).parent / "evaluation_notes.toml"
_DEFECTS_WEIGHT = 10.0
_MOST_SEMI = 60
_CUFFS = "eicu_nibp_300_stays.csv.gz"


def main() -> int:
    """Play, write; 0 when all is played, whatever was missed: that is told on the page."""
    asked = _asked()
    try:
        notes = read_notes(_NOTES.read_text("utf-8"))
        commit = asked.of or tree_name(allow_dirty=asked.dirty)
        ledger = Ledger(asked.keep / commit)
        numbers = _in_turn(many(read_all(), asked.part))
        pieces = pieces_of(numbers, asked.data)
        minutes = 0.0 if asked.so_far or asked.of else asked.minutes
        with Progress() as progress:
            whole = play_all(pieces, ledger, jobs=asked.jobs, told=progress.tell, minutes=minutes)
        if not whole and minutes is None:
            sys.stderr.write(f"evaluate: stopped; kept in {ledger.folder}, call again to go on\n")
            return _STOPPED
        summaries = _summaries(numbers, ledger)
    except (DirtyTreeError, NotesError, BlockError, SeriesError, OSError) as error:
        sys.stderr.write(f"evaluate: {error}\n")
        return _NOT_POSSIBLE
    about = {
        "commit": commit,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.python_version()}",
        "seeds": _seeds(summaries, numbers, asked.part),
        "time": _time(summaries, ledger, asked.jobs),
    }
    # What watched another commit's worlds is not known here: only what was found is told.
    watched = [] if asked.of else [type(one).__name__ for one in checkers(shipped_plan())]
    names = [promise(one) for one in watched]
    more = _more(pieces, summaries, ledger, asked.data, numbers, names)
    asked.out.write_text(evaluation_page(summaries, about, more, notes), encoding="utf-8")
    sys.stdout.write(f"{asked.out}: {sum(one.worlds for one in summaries)} worlds\n")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulators.evaluate", description=__doc__)
    parser.add_argument("--part", type=float, default=1.0, help="share of the seeds, 0 to 1")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--data", type=Path, help="a folder of recordings, when it is there")
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation.md"), help="the page")
    parser.add_argument("--keep", type=Path, default=Path("var/evaluate"), help="what was played")
    parser.add_argument("--minutes", type=float, help="stop then, and write what there is")
    parser.add_argument("--so-far", action="store_true", help="play nothing, write what there is")
    parser.add_argument("--of", help="the same for another commit that was played, by its name")
    parser.add_argument("--dirty", action="store_true", help="play changed code, named so")
    return parser.parse_args()


def pieces_of(numbers: dict[str, int], data: Path | None) -> list[Piece]:
    """Return all pieces in the order of playing: a first block of each scenario comes early."""
    pieces = [Piece(f"again.{name}", again=name) for name in numbers]
    pieces += [
        Piece(f"recording.{name}", weight=_DEFECTS_WEIGHT, recording=str(path))
        for name, path in _sets(data).items()
    ]
    if _CUFFS in _sets(data):
        path = str(_sets(data)[_CUFFS])
        key = f"recording.{_CUFFS}.asked"
        pieces.append(Piece(key, weight=_DEFECTS_WEIGHT, recording=path, asked=True))
    semi = [
        Piece(one.key, weight=len(one.seeds), block=one, semi=str(data))
        for one in rounds(_semi_numbers(numbers) if _sets(data) else {})
    ]
    defects = [Piece(f"defects.{row}", weight=_DEFECTS_WEIGHT, row=row) for row in mutated_rows()]
    blocks = [Piece(one.key, weight=len(one.seeds), block=one) for one in rounds(numbers)]
    return [*pieces, *blocks[: len(numbers)], *semi, *defects, *blocks[len(numbers) :]]


def _in_turn(numbers: dict[str, int]) -> dict[str, int]:
    """Return the uneventful scenarios before others: most targets rest on them."""
    known = read_all()
    return dict(sorted(numbers.items(), key=lambda one: not known[one[0]].uneventful))


def _semi_numbers(numbers: dict[str, int]) -> dict[str, int]:
    """As many semi-synthetic sessions as an event that is played least has, 60 at most."""
    return dict.fromkeys(semi_scenarios(), min(*numbers.values(), _MOST_SEMI))


def _sets(data: Path | None) -> dict[str, Path]:
    return {} if data is None or not data.is_dir() else sets_of([data])


def _summaries(numbers: dict[str, int], ledger: Ledger) -> list[Summary]:
    """Sum up what is there, one scenario after another: never all worlds at once in memory."""
    found = []
    for name, count in numbers.items():
        kept = [(one, ledger.get(one.key)) for one in rounds({name: count})]
        verdicts = [v for one, piece in kept if piece is not None for v in read_block(one, piece)]
        if verdicts:
            found.append(summarise(verdicts))
    return found


def _seeds(summaries: list[Summary], numbers: dict[str, int], part: float) -> str:
    words = "the full numbers" if part == 1.0 else f"a part of {part:g} of the full numbers"
    played = sum(one.worlds for one in summaries)
    if played < sum(numbers.values()):
        words += f"; stopped after {played} of {sum(numbers.values())} worlds"
    each = [one.worlds for one in summaries]
    if not each:
        return f"none yet: {words}"
    return f"0 to {min(each) - 1} at least, 0 to {max(each) - 1} at most: {words}"


def _time(summaries: list[Summary], ledger: Ledger, jobs: int) -> str:
    minutes = float(ledger.get("spent") or 0) / 60
    worlds = sum(one.worlds for one in summaries)
    return f"{worlds} worlds, defects and recordings in {minutes:.0f} min with {jobs} processes"


def _more(
    pieces: list[Piece],
    summaries: list[Summary],
    ledger: Ledger,
    data: Path | None,
    numbers: dict[str, int],
    names: list[str],
) -> list[str]:
    """Return what stands beside the worlds: checkers, digests, planted defects, recordings."""
    more = checkers_part(names, summaries)
    firsts = {
        one.block.scenario: one.key
        for one in pieces
        if one.block is not None and one.block.first == 0 and not one.semi
    }
    again: dict[str, bool] = {}
    defects: dict[str, dict[Defect, bool]] = {}
    recorded: list[str] = []
    for piece in pieces:
        kept = ledger.get(piece.key)
        if kept is None:
            continue
        if piece.again:
            first = ledger.get(firsts[piece.again])
            if first is not None:
                digest = msgspec.json.decode(first)[0]["digest"]
                again[piece.again] = digest == msgspec.json.decode(kept)
        elif piece.row:
            defects[piece.row] = msgspec.json.decode(kept, type=dict[Defect, bool])
        elif piece.recording:
            recorded += msgspec.json.decode(kept, type=list[str])
    more += [*digests_part(again), *planted_defects(defects)]
    if not _sets(data):
        return [*more, "No recordings were at hand."]
    semi = _summaries(_semi_numbers(numbers), ledger)
    return [*more, *recorded, *semi_part(semi)]


if __name__ == "__main__":
    raise SystemExit(main())
