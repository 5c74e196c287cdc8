"""`vigil worlds`: scenarios times seeds over all cores, with a progress bar, scored.

The terminal and the pool of processes are the outside things; what a world is and how it is judged
stands in `simulators/worlds/`. Ends with 0, with 1 when a scenario of the catalogue failed at seed
0, with 2 when it could not run.

    vigil worlds --scenario apnoea_sudden --seeds 0..19 --html worst.html
"""

import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from simulators.semi.series import SeriesError
from simulators.semi.sets import semi_played, semi_scenarios
from simulators.worlds.crew import played_one, read_all
from simulators.worlds.figures import Summary, summarise
from simulators.worlds.laid import laid_over
from simulators.worlds.page import page
from simulators.worlds.played import Played
from simulators.worlds.reader import ScenarioError
from simulators.worlds.scenario import Scenario
from simulators.worlds.score import Verdict
from simulators.worlds.table import as_json, lines

__all__ = ["play_many", "register", "seeds_of"]

_NOT_POSSIBLE = 2
_MOST_SEEDS = 100_000
_WORST = 12

Look = Callable[[tuple[str, int]], tuple[Verdict, Played]]
"""Plays one world, by its scenario and seed, and judges it."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worlds")(worlds)


def worlds(
    scenario: Annotated[
        list[str] | None, typer.Option(help="A scenario's name, more than once; left out: all.")
    ] = None,
    seeds: Annotated[str, typer.Option(help="From the first to the last, A..B, or one.")] = "0..0",
    as_json_: Annotated[bool, typer.Option("--json", help="All figures as JSON.")] = False,
    faults: Annotated[
        list[str] | None,
        typer.Option("--with", help="A fault over every scenario, NAME[:FIELD=VALUE,...]."),
    ] = None,
    html: Annotated[Path | None, typer.Option(help="A page with pictures of the worst.")] = None,
    semi: Annotated[
        Path | None, typer.Option(help="A folder of recordings: play semi-synthetic sessions.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; left out: all cores.")] = None,
) -> None:
    """Play scenarios in virtual time against the real engine, and score what came of them.

    Exit code 1 when a scenario of the catalogue does not pass at seed 0; with a fault laid over
    them, when a checker found a promise broken.
    """
    laid = tuple(faults or ())
    try:
        known, look = _stage(semi, laid)
        numbers = seeds_of(seeds)
        names = _names(scenario, known)
        todo = [(name, seed) for name in names for seed in numbers]
        verdicts = play_many(todo, jobs or os.cpu_count() or 1, look)
    except (ScenarioError, SeriesError, ValueError) as error:
        _fail(str(error))
    summaries = [summarise([one for one in verdicts if one.scenario == name]) for name in names]
    _tell(summaries, verdicts, whole=as_json_)
    if html is not None:
        shown = [look(one) for one in _worst(verdicts)]
        html.write_text(page(summaries, shown), "utf-8")
    failed = _failed(verdicts, known, laid)
    if failed:
        typer.echo(f"vigil worlds: {failed}", err=True)
        raise typer.Exit(1)


def _stage(semi: Path | None, faults: tuple[str, ...]) -> tuple[dict[str, Scenario], Look]:
    """Return the scenarios, and what plays one.

    Raises:
        ValueError: a fault that there is not, or none can be laid over.
        ScenarioError: a scenario's file has faults.
    """
    laid_over(Scenario(name="any", title="any"), faults)
    if semi is None:
        return read_all(), partial(played_one, faults=faults)
    if faults:
        raise ValueError("--with and --semi: recordings are played as they are, write one of them")
    return semi_scenarios(), partial(semi_played, folder=semi)


def _names(asked: list[str] | None, known: Mapping[str, Scenario]) -> list[str]:
    names = list(dict.fromkeys(asked or known))
    for name in names:
        if name not in known:
            use = ", ".join(known)
            raise ValueError(f"--scenario: no scenario is called {name!r}: use {use}")
    return names


def _tell(summaries: list[Summary], verdicts: list[Verdict], *, whole: bool) -> None:
    """Print all figures as JSON, or a table for people."""
    if whole:
        typer.echo(json.dumps(as_json(summaries, verdicts), indent=1))
        return
    for summary in summaries:
        for line in lines(summary):
            typer.echo(line)
    for line in _overall(summaries):
        typer.echo(line)


def _failed(
    verdicts: list[Verdict], known: Mapping[str, Scenario], faults: Sequence[str]
) -> str | None:
    """Return what makes the command fail. A scenario's deadlines do not hold under any fault."""
    if faults:
        broken = [f"{one.scenario}#{one.seed}" for one in verdicts if one.unkept]
        return f"promises broken in: {', '.join(broken)}" if broken else None
    late = [
        one.scenario
        for one in verdicts
        if one.seed == 0 and not one.passed and known[one.scenario].number is not None
    ]
    return f"not passed at seed 0: {', '.join(late)}" if late else None


def seeds_of(text: str) -> range:
    """Read `A..B`, both included, or one number.

    Raises:
        ValueError: anything else, with what to write.
    """
    match = re.fullmatch(r"(\d{1,9})(?:\.\.(\d{1,9}))?", text)
    if match is None:
        raise ValueError(f"--seeds is {text!r}: write A..B, for example 0..19")
    first, last = int(match[1]), int(match[2] or match[1])
    if not first <= last < first + _MOST_SEEDS:
        raise ValueError(f"--seeds is {text!r}: write A..B, up to {_MOST_SEEDS} of them")
    return range(first, last + 1)


def play_many(todo: list[tuple[str, int]], jobs: int, look: Look = played_one) -> list[Verdict]:
    """Play worlds over so many processes; the order is that of `todo`."""
    verdicts = []
    play = partial(_verdict, look)
    console = Console(stderr=True)
    with Progress(console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("worlds", total=len(todo))
        if jobs == 1 or len(todo) == 1:
            for world in todo:
                verdicts.append(play(world))
                progress.advance(task)
            return verdicts
        with ProcessPoolExecutor(jobs) as pool:
            for verdict in pool.map(play, todo, chunksize=1):
                verdicts.append(verdict)
                progress.advance(task)
    return verdicts


def _verdict(look: Look, world: tuple[str, int]) -> Verdict:
    return look(world)[0]


def _overall(summaries: list[Summary]) -> list[str]:
    worlds = sum(one.worlds for one in summaries)
    passed = sum(one.passed for one in summaries)
    found = [f"all: {passed} of {worlds} worlds passed"]
    for one in summaries:
        rates = [
            f"{name} {rate.per_h:.3f} ({rate.low:.3f}..{rate.high:.3f})"
            for name, rate in one.false.items()
            if rate.count
        ]
        if rates:
            found.append(f"false alarms/h in {one.scenario}: {'; '.join(rates)}")
    return found


def _worst(verdicts: list[Verdict]) -> list[tuple[str, int]]:
    """Return the worlds that did not pass, then those that were slowest."""

    def badness(one: Verdict) -> tuple[bool, int, float]:
        slowest = max((found.delay_s or 0.0 for found in one.found), default=0.0)
        return (not one.passed and not one.unbuilt, len(one.broken), slowest)

    ordered = sorted(verdicts, key=badness, reverse=True)
    return [(one.scenario, one.seed) for one in ordered[:_WORST]]


def _fail(message: str) -> NoReturn:
    for line in message.splitlines():
        typer.echo(f"vigil worlds: {line}", err=True)
    raise typer.Exit(_NOT_POSSIBLE)
